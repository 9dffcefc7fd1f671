import type { GroupVerb } from '../../model/plan/change.ts';
import type { PlanAttachment, PlanChange } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import {
  attachmentWords,
  besidesWriting,
  place,
  referenceWrites,
  replaceDeletes,
  submissionWords,
} from '../words/plan-words.ts';
import { count } from '../words/wording.ts';
import { renderConsequence, replacedCombination } from './consequences.ts';
import { code, details, fence, link, type MarkdownContext, tableRow, word } from './markdown.ts';
import {
  countTypes,
  documentLinks,
  type SameDocument,
  saidBlocks,
  statusCell,
  type ValueSign,
  valueLines,
} from './values.ts';

/** A group of a plan becomes a row of the table and a text with everything about it. */

/** The mark for each verb. The same row and summary also say it in words. */
export const SIGNS: Readonly<Record<GroupVerb, ValueSign>> = {
  delete: { mark: '🔴', words: 'delete' },
  replace: { mark: '🟠', words: 'replace' },
  update: { mark: '🟡', words: 'update' },
  create: { mark: '🟢', words: 'create' },
  adopt: { mark: '🔵', words: 'adopt' },
  unchanged: { mark: '🔵', words: 'submit' },
};

const ATTACH: ValueSign = { mark: '🔵', words: 'attach' };

export function signOf(change: PlanChange): ValueSign {
  const isAttachedOnly = verbOf(change) === 'unchanged' && !change.actions.includes('submit');
  return isAttachedOnly ? ATTACH : SIGNS[verbOf(change)];
}

function verbOf(change: PlanChange): GroupVerb {
  return change.group?.verb ?? 'unchanged';
}

export const DESTRUCTIVE: readonly GroupVerb[] = ['delete', 'replace'];

export function isDestructive(change: PlanChange): boolean {
  return DESTRUCTIVE.includes(verbOf(change));
}

export function renderGroupRow(change: PlanChange): string {
  return tableRow([
    `${signOf(change).mark} ${extent(change)}`,
    code(change.name),
    `${combination(change)}<br>${statusCell(change)}`,
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

/** Returns the extent of the change: `**update**: 1 document, 1 value, **resubmit**` */
function extent(change: PlanChange): string {
  const verb = verbOf(change);
  if (verb === 'delete') return '**delete**';
  if (verb === 'unchanged')
    return besidesWriting(change)
      .map((text) => `**${text}**`)
      .join(', ');
  const written = [
    ...countTypes(change.group?.values ?? []),
    ...referenceWrites(change).map(() => 'reference'),
  ];
  const orders = change.group?.attaches?.length ?? 0;
  const followed = orders === 0 ? [] : [`**attach to ${count(orders, 'order')}**`];
  if (verb === 'update')
    return [`**update**`, [...written, ...submission(change), ...followed].join(', ')].join(': ');
  const rest = [...written, ...followed];
  return [`**${verb}**`, ...(rest.length > 0 ? [rest.join(', ')] : [])].join(': ');
}

function submission({ actions, group }: PlanChange): string[] {
  if (!actions.includes('submit')) return [];
  const isFirst = !group?.status || group.status === 'unapproved';
  return [isFirst ? '**submit**' : '**resubmit**'];
}

/** Renders everything about a group, folded under a line that says what happens. */
export function renderGroup(change: PlanChange, context: MarkdownContext, { isOpen, same }: Picture): string {
  const { mark } = signOf(change);
  const summary = [`${mark} <b>${code(change.name, 'html')}</b>`, deed(change)];
  const consequences =
    verbOf(change) === 'delete' ? [] : change.consequences.map((text) => `⚠️ ${renderConsequence(text)}`);
  const lines = diffLines(change, same);
  const differences = lines.length === 0 ? [] : [fence(lines, 'diff')];
  // The links are not in the summary, because a click there folds the details.
  const body = [
    whereFrom(change, context),
    ...differences,
    ...saidBlocks(change),
    ...documentLinks(change, same, context),
    ...consequences,
  ].join('\n\n');
  return details(summary.join(' · '), body, isOpen);
}

/** The options for rendering a change in full. */
export interface Picture {
  readonly isOpen: boolean;
  readonly same: SameDocument;
}

function deed(change: PlanChange): string {
  const verb = verbOf(change);
  const submit = submission(change).map((text) => text.replaceAll('*', ''));
  if (verb === 'unchanged') return besidesWriting(change).join(' and ');
  const attach = change.group?.attaches === undefined ? [] : ['attach'];
  const deeds = verb === 'update' || verb === 'create' ? [verb, ...submit, ...attach] : [verb, ...attach];
  return deeds.join(' and ');
}

function whereFrom({ source }: PlanChange, { sourceUrl }: MarkdownContext): string {
  if (source === null) return 'no manifest';
  return link(code(place(source)), sourceUrl?.(source.file, source.line));
}

/**
 * Returns the lines for a `diff` block, which GitHub colours: `+` for new, `!` for changed, `-` for deleted.
 */
function diffLines(change: PlanChange, same: SameDocument): string[] {
  const { group } = change;
  return [
    ...valueLines(change, same),
    ...referenceWrites(change).map((write) => `! ${write}`),
    ...submissionWords(change).map((words) => `+ ${words}`),
    ...(group?.attaches ?? []).map(attachLine),
    ...[...deletions(change), ...(group ? replaceDeletes(group) : [])].map((deletion) => `- ${deletion}`),
  ];
}

function attachLine(attachment: PlanAttachment): string {
  const { order, status, names } = attachmentWords(attachment);
  return visible(`! attach to ${order} (${status}): ${names}`);
}

/** Returns the consequences of a delete, and a line for each deleted group that none of them names. */
function deletions({ group, consequences }: PlanChange): string[] {
  if (group?.verb !== 'delete') return [];
  const unnamed = group.deletes.filter((id) => !consequences.some((consequence) => consequence.includes(id)));
  return [...unnamed.map((id) => `group ${id} is deleted`), ...consequences];
}
