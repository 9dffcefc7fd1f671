import { wordsOf } from '../../model/kinds.ts';
import type { GroupVerb } from '../../model/plan/change.ts';
import type { PlanAttachment, PlanChange, PlanSetting } from '../../model/plan/plan.ts';
import {
  attachmentWords,
  besidesWriting,
  isAttachedOnly,
  orderFacts,
  orderWords,
  referenceWrites,
  replaceDeletes,
  settingWords,
  startWords,
  statusWay,
  submissionWords,
  valuesOf,
  verbOf,
} from '../words/plan-words.ts';
import { count, given } from '../words/wording.ts';
import { renderConsequence, replacedCombination } from './consequences.ts';
import { code, details, fence, type MarkdownContext, sourceLink, tableRow, word } from './markdown.ts';
import { countTypes, documentLinks, type SameDocument, saidBlocks, valueLines } from './values.ts';

/** A group or an order of a plan becomes a row of the table and a text with everything about it. */

interface ChangeSign {
  readonly mark: string;
  /** The words as an infinitive: `2 to create` */
  readonly words: string;
}

/** The mark for each verb. The same row and summary also say it in words. */
export const SIGNS: Readonly<Record<GroupVerb, ChangeSign>> = {
  delete: { mark: '🔴', words: 'delete' },
  replace: { mark: '🟠', words: 'replace' },
  update: { mark: '🟡', words: 'update' },
  create: { mark: '🟢', words: 'create' },
  adopt: { mark: '🔵', words: 'adopt' },
  unchanged: { mark: '🔵', words: 'submit' },
};

export function signOf(change: PlanChange): ChangeSign {
  const sign = SIGNS[verbOf(change)];
  if (isAttachedOnly(change)) return { ...sign, words: 'attach' };
  if (change.order?.verb === 'unchanged') return { ...sign, words: 'start' };
  if (change.order?.verb !== 'create') return sign;
  const { make, counted } = wordsOf(change.kind);
  return { ...sign, words: `${make} ${counted}` };
}

export const DESTRUCTIVE: readonly GroupVerb[] = ['delete', 'replace'];

export function isDestructive(change: PlanChange): boolean {
  return DESTRUCTIVE.includes(verbOf(change));
}

export function renderRow(change: PlanChange): string {
  const purpose = change.order === undefined ? combination(change) : orderWords(change);
  return tableRow([
    `${signOf(change).mark} ${extent(change)}`,
    code(change.name),
    `${purpose}<br>${statusCell(change)}`,
  ]);
}

/** Returns the combination of the group. A replace shows the old and the new parts. */
function combination({ group, consequences }: PlanChange): string {
  if (group === undefined) return '';
  const parts = [group.country_code, group.phone_number_type, group.action];
  const before = group.verb === 'replace' ? replacedCombination(consequences) : null;
  return parts
    .map((part, index) => {
      const was = before?.[index] ?? part;
      return was === part ? word(part) : `~~${word(was)}~~ → ${word(part)}`;
    })
    .join(' · ');
}

function statusCell(change: PlanChange): string {
  const { from, to } = statusWay(change);
  const start = from === null ? '–' : code(from);
  return to === null ? start : `${start} → ${code(to)}`;
}

/** Returns the extent of the change: `**update**: 1 document, 1 value, **resubmit**`, `**place order**: 2 values` */
function extent(change: PlanChange): string {
  const { group, order } = change;
  if (group?.verb === 'delete') return '**delete**';
  if (group?.verb === 'unchanged') return besidesWriting(change).map(bold).join(', ');
  const orders = group?.attaches?.length ?? 0;
  const isPlaced = order?.verb === 'create';
  const written = given(
    ...countTypes(valuesOf(change)),
    !isPlaced && referenceWrites(change).length > 0 && 'reference',
    !isPlaced && order?.settings.length && count(order.settings.length, 'setting'),
    order?.starts && count(order.starts.length, 'action'),
    ...(group?.verb === 'update' ? submission(change).map(bold) : []),
    orders > 0 && bold(`attach to ${count(orders, 'order')}`),
  );
  return given(bold(signOf(change).words), written.join(', ')).join(': ');
}

function bold(words: string): string {
  return `**${words}**`;
}

function submission({ actions, group }: PlanChange): string[] {
  if (!actions.includes('submit')) return [];
  return [!group?.status || group.status === 'unapproved' ? 'submit' : 'resubmit'];
}

/** The options for rendering a change in full. */
export interface Picture {
  readonly isOpen: boolean;
  readonly same: SameDocument;
}

/** Renders everything about a change, folded under a line that says what happens. */
export function renderChange(
  change: PlanChange,
  context: MarkdownContext,
  { isOpen, same }: Picture,
): string {
  const { name, source, group } = change;
  const deed = group === undefined ? orderDeed(change) : groupDeed(change);
  const summary = `${signOf(change).mark} <b>${code(name, 'html')}</b> · ${deed}`;
  const lines = diffLines(change, same);
  const consequences = group?.verb === 'delete' ? [] : change.consequences;
  // The links are not in the summary, because a click there folds the details.
  const body = given(
    source === null ? 'no manifest' : sourceLink(source, context),
    lines.length > 0 && fence(lines, 'diff'),
    ...saidBlocks(change),
    ...documentLinks(change, same, context),
    ...consequences.map((text) => `⚠️ ${renderConsequence(text)}`),
  );
  return details(summary, body.join('\n\n'), isOpen);
}

function groupDeed(change: PlanChange): string {
  const verb = verbOf(change);
  if (verb === 'unchanged') return besidesWriting(change).join(' and ');
  const submit = verb === 'update' || verb === 'create' ? submission(change) : [];
  return given(verb, ...submit, change.group?.attaches && 'attach').join(' and ');
}

function orderDeed(change: PlanChange): string {
  const verb = change.order?.verb === 'create' ? 'place' : signOf(change).words;
  return `${verb} ${orderWords(change)}`;
}

/**
 * Returns the lines for a `diff` block, which GitHub colours: `+` for new, `!` for changed, `-` for deleted.
 */
function diffLines(change: PlanChange, same: SameDocument): string[] {
  const { group, order } = change;
  const sign = order?.verb === 'create' ? '+' : '!';
  return [
    ...valueLines(change, same),
    ...(order?.settings ?? []).map(settingLine),
    ...[...referenceWrites(change), ...orderFacts(change)].map((fact) => `${sign} ${fact}`),
    ...submissionWords(change).map((words) => `+ ${words}`),
    ...(group?.attaches ?? []).map(attachLine),
    ...startWords(change).map(({ what, names }) => `+ ${what}  ${names}`),
    ...[...deletions(change), ...replaceDeletes(change)].map((deletion) => `- ${deletion}`),
  ];
}

/** Returns a setting with `!` in place of `~`, which a `diff` block does not colour. */
function settingLine(setting: PlanSetting): string {
  const { symbol, words } = settingWords(setting);
  return `${symbol === '~' ? '!' : symbol} ${setting.name}  ${words}`;
}

function attachLine(attachment: PlanAttachment): string {
  const { order, status, names } = attachmentWords(attachment);
  return `! attach to ${order} (${status}): ${names}`;
}

/** Returns the consequences of a delete, and a line for each deleted group that none of them names. */
function deletions({ group, consequences }: PlanChange): string[] {
  if (group?.verb !== 'delete') return [];
  const unnamed = group.deletes.filter((id) => !consequences.some((consequence) => consequence.includes(id)));
  return [...unnamed.map((id) => `group ${id} is deleted`), ...consequences];
}
