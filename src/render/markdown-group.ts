import type { GroupVerb, PlanAttachment, PlanChange } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { code, details, fence, link, type MarkdownContext, tableRow, word } from './markdown.ts';
import { countTypes, type Sign, saidBlocks, statusCell, valueLines } from './markdown-values.ts';
import { attachmentWords, besidesWriting, place, referenceWrites, replaceDeletes } from './plan-words.ts';
import { count } from './wording.ts';

/** One group of a plan, as a row of the table and in full. */

/** The mark is never alone: the same row and summary say it in words. */
export const SIGNS: Readonly<Record<GroupVerb, Sign>> = {
  delete: { mark: '🔴', words: 'delete' },
  replace: { mark: '🟠', words: 'replace' },
  update: { mark: '🟡', words: 'update' },
  create: { mark: '🟢', words: 'create' },
  adopt: { mark: '🔵', words: 'adopt' },
  unchanged: { mark: '🔵', words: 'submit' },
};

const ATTACH: Sign = { mark: '🔵', words: 'attach' };

export function signOf(change: PlanChange): Sign {
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
    signOf(change).mark,
    code(change.name),
    combination(change),
    statusCell(change),
    extent(change),
  ]);
}

function combination({ group }: PlanChange): string {
  if (group === undefined) return '';
  return [group.country_code, group.phone_number_type, group.action].map(word).join(' · ');
}

/** `1 document, 1 value, **resubmit**`; the verb itself where it is not an update. */
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
  if (verb === 'update') return [...written, ...submission(change), ...followed].join(', ');
  const rest = [...written, ...followed];
  return [`**${verb}**`, ...(rest.length > 0 ? [rest.join(', ')] : [])].join(': ');
}

function submission({ actions, group }: PlanChange): string[] {
  if (!actions.includes('submit')) return [];
  const isFirst = !group?.status || group.status === 'unapproved';
  return [isFirst ? '**submit**' : '**resubmit**'];
}

/** Everything about it, folded under a line that says what happens. */
export function renderGroup(change: PlanChange, context: MarkdownContext, isOpen: boolean): string {
  const { mark } = signOf(change);
  const summary = [`${mark} <b>${code(change.name, 'html')}</b>`, deed(change), whereFrom(change, context)];
  const consequences =
    verbOf(change) === 'delete' ? [] : change.consequences.map((text) => `⚠️ ${code(text)}`);
  const lines = diffLines(change);
  const differences = lines.length === 0 ? [] : [fence(lines, 'diff')];
  const body = [...differences, ...saidBlocks(change), ...consequences].join('\n\n');
  return details(summary.join(' · '), body, isOpen);
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
  return link(code(place(source), 'html'), sourceUrl?.(source.file, source.line));
}

/** Lines that a viewer of differences colours: `+` what is new, `!` what changes, `-` what goes. */
function diffLines(change: PlanChange): string[] {
  const { group, actions } = change;
  return [
    ...valueLines(group?.values ?? []),
    ...referenceWrites(change).map((write) => `! ${write}`),
    ...(actions.includes('submit') ? ['+ submit for approval'] : []),
    ...(group?.attaches ?? []).map(attachLine),
    ...[...deletions(change), ...(group ? replaceDeletes(group) : [])].map((deletion) => `- ${deletion}`),
  ];
}

function attachLine(attachment: PlanAttachment): string {
  const { order, status, names } = attachmentWords(attachment);
  return visible(`! attach to ${order} (${status}): ${names}`);
}

/** The consequences of a delete name the group that goes; should one not be named there, its id is. */
function deletions({ group, consequences }: PlanChange): string[] {
  if (group?.verb !== 'delete') return [];
  const unnamed = group.deletes.filter((id) => !consequences.some((consequence) => consequence.includes(id)));
  return [...unnamed.map((id) => `group ${id} is deleted`), ...consequences];
}
