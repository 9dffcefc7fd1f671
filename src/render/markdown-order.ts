import type { OrderVerb, PlanChange, PlanSetting } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { code, details, fence, link, type MarkdownContext, tableRow } from './markdown.ts';
import { countTypes, type Sign, saidBlocks, statusCell, valueLines } from './markdown-values.ts';
import { orderFacts, orderWords, place, referenceWrites, settingWords } from './plan-words.ts';
import { count } from './wording.ts';

/** One order of a plan, as a row of the table and in full. */

const SIGNS: Readonly<Record<OrderVerb, Sign>> = {
  create: { mark: '🟢', words: 'place' },
  update: { mark: '🟡', words: 'update' },
  adopt: { mark: '🔵', words: 'adopt' },
};

export function signOfOrder({ order }: PlanChange): Sign {
  return SIGNS[order?.verb ?? 'update'];
}

export function renderOrderRow(change: PlanChange): string {
  return tableRow([
    signOfOrder(change).mark,
    code(change.name),
    orderWords(change),
    statusCell(change),
    extent(change),
  ]);
}

/** `**place**: with its group, 2 values` */
function extent(change: PlanChange): string {
  const { order } = change;
  const { words } = signOfOrder(change);
  const written = [
    ...countTypes(order?.values ?? []),
    ...(order?.verb === 'create' ? [] : referenceWrites(change).map(() => 'reference')),
    ...(order?.verb === 'create' || !order?.settings.length ? [] : [count(order.settings.length, 'setting')]),
  ].join(', ');
  if (order?.verb === 'update') return written;
  return written === '' ? `**${words}**` : `**${words}**: ${written}`;
}

export function renderOrder(change: PlanChange, context: MarkdownContext, isOpen: boolean): string {
  const { mark, words } = signOfOrder(change);
  const { source } = change;
  const where =
    source === null
      ? 'no manifest'
      : link(code(place(source), 'html'), context.sourceUrl?.(source.file, source.line));
  const summary = [`${mark} <b>${code(change.name, 'html')}</b>`, `${words} ${orderWords(change)}`, where];
  const consequences = change.consequences.map((text) => `⚠️ ${code(text)}`);
  const lines = diffLines(change);
  const differences = lines.length === 0 ? [] : [fence(lines, 'diff')];
  const body = [...differences, ...saidBlocks(change), ...consequences].join('\n\n');
  return details(summary.join(' · '), body, isOpen);
}

/** In a difference, `~` is no colour. */
function settingLines(settings: readonly PlanSetting[]): string[] {
  return settings.map((setting) => {
    const { symbol, words } = settingWords(setting);
    return visible(`${symbol === '~' ? '!' : symbol} ${setting.name}  ${words}`);
  });
}

function diffLines(change: PlanChange): string[] {
  const sign = change.order?.verb === 'create' ? '+' : '!';
  return [
    ...valueLines(change.order?.values ?? []),
    ...settingLines(change.order?.settings ?? []),
    ...[...referenceWrites(change), ...orderFacts(change)].map((fact) => visible(`${sign} ${fact}`)),
  ];
}
