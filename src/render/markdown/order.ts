import { wordsOf } from '../../model/kinds.ts';
import type { OrderVerb } from '../../model/plan/change.ts';
import type { PlanChange, PlanSetting } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import {
  orderFacts,
  orderWords,
  place,
  referenceWrites,
  settingWords,
  startWords,
} from '../words/plan-words.ts';
import { count } from '../words/wording.ts';
import { renderConsequence } from './consequences.ts';
import type { Picture } from './group.ts';
import { code, details, fence, link, type MarkdownContext, tableRow } from './markdown.ts';
import {
  countTypes,
  documentLinks,
  type SameDocument,
  saidBlocks,
  statusCell,
  type ValueSign,
  valueLines,
} from './values.ts';

/** An order of a plan becomes a row of the table and a text with everything about it. */

const SIGNS: Readonly<Record<OrderVerb, ValueSign>> = {
  create: { mark: '🟢', words: 'create' },
  update: { mark: '🟡', words: 'update' },
  adopt: { mark: '🔵', words: 'adopt' },
  unchanged: { mark: '🔵', words: 'start' },
};

export function signOfOrder({ kind, order }: PlanChange): ValueSign {
  const sign = SIGNS[order?.verb ?? 'update'];
  const { make, counted } = wordsOf(kind);
  return order?.verb === 'create' ? { ...sign, words: `${make} ${counted}` } : sign;
}

export function renderOrderRow(change: PlanChange): string {
  return tableRow([
    `${signOfOrder(change).mark} ${extent(change)}`,
    code(change.name),
    `${orderWords(change)}<br>${statusCell(change)}`,
  ]);
}

/** Returns the extent of the change: `**place order**: 2 values` */
function extent(change: PlanChange): string {
  const { order } = change;
  const { words } = signOfOrder(change);
  const written = [
    ...countTypes(order?.values ?? []),
    ...(order?.verb === 'create' ? [] : referenceWrites(change).map(() => 'reference')),
    ...(order?.verb === 'create' || !order?.settings.length ? [] : [count(order.settings.length, 'setting')]),
    ...(order?.starts === undefined ? [] : [count(order.starts.length, 'action')]),
  ].join(', ');
  return written === '' ? `**${words}**` : `**${words}**: ${written}`;
}

export function renderOrder(change: PlanChange, context: MarkdownContext, { isOpen, same }: Picture): string {
  const { mark, words } = signOfOrder(change);
  const { source } = change;
  const where =
    source === null
      ? 'no manifest'
      : link(code(place(source)), context.sourceUrl?.(source.file, source.line));
  const what =
    change.order?.verb === 'create' ? `place ${orderWords(change)}` : `${words} ${orderWords(change)}`;
  const summary = [`${mark} <b>${code(change.name, 'html')}</b>`, what];
  const consequences = change.consequences.map((text) => `⚠️ ${renderConsequence(text)}`);
  const lines = diffLines(change, same);
  const differences = lines.length === 0 ? [] : [fence(lines, 'diff')];
  const body = [
    where,
    ...differences,
    ...saidBlocks(change),
    ...documentLinks(change, same, context),
    ...consequences,
  ].join('\n\n');
  return details(summary.join(' · '), body, isOpen);
}

/** Returns the settings with `!` in place of `~`, which a `diff` block does not colour. */
function settingLines(settings: readonly PlanSetting[]): string[] {
  return settings.map((setting) => {
    const { symbol, words } = settingWords(setting);
    return visible(`${symbol === '~' ? '!' : symbol} ${setting.name}  ${words}`);
  });
}

function diffLines(change: PlanChange, same: SameDocument): string[] {
  const sign = change.order?.verb === 'create' ? '+' : '!';
  return [
    ...valueLines(change, same),
    ...settingLines(change.order?.settings ?? []),
    ...[...referenceWrites(change), ...orderFacts(change)].map((fact) => visible(`${sign} ${fact}`)),
    ...startWords(change).map(({ what, names }) => visible(`+ ${what}  ${names}`)),
  ];
}
