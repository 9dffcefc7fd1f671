import { type Attention, changeIdentity, type Plan, type PlanChange } from '../../model/plan/plan.ts';
import { PARTS, textOf } from '../../model/text/sentence.ts';
import { changedGroups, changedOrders, isPlaced, isPressing } from '../words/plan-words.ts';
import { count, countMore, given } from '../words/wording.ts';
import { type Budget, FRAME } from './budget.ts';
import { DESTRUCTIVE, isDestructive, renderChange, renderRow, SIGNS, signOf } from './change.ts';
import { alert, code, link, type MarkdownContext, requestOf, sourceLink, table } from './markdown.ts';
import { renderMessageLines } from './message.ts';
import { sameDocuments } from './values.ts';

interface SectionsContext extends MarkdownContext {
  readonly drift?: ReadonlySet<string>;
}

/**
 * Renders changes, drift and attention within the budget. Spends it on one line for each change first, then
 * on details, and counts changes without a line. Deletes and replaces come first, and keep at least their
 * names while these fit.
 */
export function renderSections(plan: Plan, context: SectionsContext, budget: Budget): string[] {
  const changes = [...changedGroups(plan), ...changedOrders(plan)];
  const isDrift = (change: PlanChange) => context.drift?.has(changeIdentity(change)) ?? false;
  const [own, before] = [changes.filter((change) => !isDrift(change)), changes.filter(isDrift)];
  const pointers = whole(context).repeat(MAX_POINTERS);
  for (const block of [...warnings(own), ...warnings(before), FRAME, pointers]) budget.spend(block);

  const destructive = changes.filter(isDestructive);
  const others = [...own, ...before].filter((change) => !isDestructive(change));
  const open = new Set([...openOnes(own), ...openOnes(before)]);
  const lines = budget.fitAll(destructive, renderRow);
  const names = lines === null ? budget.fit(destructive, ({ name }) => code(name)) : NONE;
  const rows = new Map([...(lines ?? []), ...budget.fit(others, renderRow)]);
  const pressing = plan.attention.filter(isPressing);
  const quiet = plan.attention.filter((entry) => !isPressing(entry));
  const attention = budget.fit([...pressing, ...quiet], (entry) => attentionEntry(entry, context, false));
  const same = sameDocuments([...own, ...before]);
  const pictures = budget.fit([...destructive, ...others], (change) =>
    renderChange(change, context, { isOpen: open.has(change), same }),
  );
  for (const entry of attention.keys())
    if (isSaidIn([...pictures.keys()], entry)) attention.set(entry, attentionEntry(entry, context, true));
  const section = (changes: readonly PlanChange[]) =>
    renderSection(changes, { rows, names, pictures, context });
  const request = requestOf(context);
  return given(
    before.length > 0 && `#### From this ${request}${own.length > 0 ? '' : OWN_IS_NOTHING}`,
    ...section(own),
    before.length > 0 &&
      `#### Not from this ${request}\n\nThese differences existed before this ${request}. Merging applies them, too:`,
    ...section(before),
    ...renderAttention(plan.attention, attention, context),
  );
}

const OWN_IS_NOTHING = '\n\nNothing. The differences below existed before it.';

/**
 * The number of links to the full plan: below the rows and the details of both sections, and below attention.
 */
const MAX_POINTERS = 5;

/**
 * Returns the changes that start unfolded: all that a reviewer has to read, and three creates as examples.
 */
function openOnes(changes: readonly PlanChange[]): PlanChange[] {
  const isCreate = ({ group }: PlanChange) => group?.verb === 'create';
  return [...changes.filter((change) => !isCreate(change)), ...changes.filter(isCreate).slice(0, 3)];
}

interface Shown {
  readonly rows: ReadonlyMap<PlanChange, string>;
  /** The names of deletes and replaces whose rows do not fit. */
  readonly names: ReadonlyMap<PlanChange, string>;
  readonly pictures: ReadonlyMap<PlanChange, string>;
  readonly context: MarkdownContext;
}

/** The most rows above a warning. Below more of them, it would be out of sight. */
const MAX_ROWS_ABOVE = 20;

const NONE: ReadonlyMap<PlanChange, string> = new Map();

function renderSection(changes: readonly PlanChange[], { rows, names, pictures, context }: Shown): string[] {
  const inRows = changes.flatMap((change) => rows.get(change) ?? []);
  const inFull = changes.flatMap((change) => pictures.get(change) ?? []);
  const leftOut = changes.filter((change) => !rows.has(change) && !names.has(change));
  const withoutDetails = changes.length - leftOut.length - inFull.length;
  const isLong = inRows.length > MAX_ROWS_ABOVE;
  const hasOrders = changes.some(({ order }) => order !== undefined);
  const heads = ['Change', hasOrders ? 'Group or order' : 'Group', 'Purpose and status'];
  return given(
    ...(isLong ? warnings(changes) : []),
    ...renderNames(changes, names),
    inRows.length > 0 && table(heads, inRows),
    leftOut.length > 0 && `**And ${countMore(leftOut)}:** ${tally(leftOut)}. ${whole(context)}`,
    ...(isLong ? [] : warnings(changes)),
    ...inFull,
    withoutDetails > 0 &&
      `The details of ${count(withoutDetails, hasOrders ? 'change' : 'group')} do not fit here. ${whole(context)}`,
  );
}

function renderNames(changes: readonly PlanChange[], names: ReadonlyMap<PlanChange, string>): string[] {
  return DESTRUCTIVE.flatMap((verb) => {
    const listed = changes.flatMap((change) =>
      change.group?.verb === verb ? (names.get(change) ?? []) : [],
    );
    const { mark, words } = SIGNS[verb];
    return listed.length === 0 ? [] : [`${mark} **${listed.length} to ${words}:** ${listed.join(', ')}`];
  });
}

function tally(changes: readonly PlanChange[]): string {
  const counts = new Map<string, number>();
  for (const change of changes) {
    const { words } = signOf(change);
    counts.set(words, (counts.get(words) ?? 0) + 1);
  }
  return [...counts].map(([words, number]) => `${number} to ${words}`).join(', ');
}

function whole({ runUrl }: MarkdownContext): string {
  return runUrl === undefined ? '`regsync plan` shows all.' : `${link('The run', runUrl)} has the full plan.`;
}

/* ---- Warnings ---- */

function warnings(changes: readonly PlanChange[]): string[] {
  const deletes = changes.filter((change) => change.group?.verb === 'delete');
  const replaces = changes.filter((change) => change.group?.verb === 'replace');
  const reviews = changes.filter(restartsReview);
  const placed = changes.filter(isPlaced);
  const approved = deletes.filter((change) => change.group?.status === 'approved').length;
  const lines = given(
    deletes.length > 0 &&
      `**${count(deletes.length, 'group')} will be deleted at Telnyx${named(deletes)}${lost(approved, deletes)}`,
    replaces.length > 0 &&
      `**${count(replaces.length, 'group')} will be replaced${named(replaces)} Apply creates and submits the new one first, and then deletes the old one.`,
    placed.length > 0 &&
      `**${count(placed.length, 'order')} will be placed, which costs money${named(placed)}`,
    reviews.length > 0 &&
      `**${count(reviews.length, 'approved group')} will go through review again${named(reviews)}`,
  );
  return lines.length === 0 ? [] : [alert('WARNING', lines.join('\n\n').split('\n'))];
}

function restartsReview({ group, actions }: PlanChange): boolean {
  return group?.verb === 'update' && group.status === 'approved' && actions.includes('update');
}

function lost(approved: number, deletes: readonly PlanChange[]): string {
  if (approved === 0) return '';
  const which = deletes.length === 1 ? 'It is' : `${approved} of them ${approved === 1 ? 'is' : 'are'}`;
  return ` ${which} approved; a new group starts unapproved.`;
}

/** Returns the names if they are few and short, because the table has them too. Ends the bold part. */
function named(changes: readonly PlanChange[]): string {
  const names = changes.map(({ name }) => name);
  const isShort = names.length <= 10 && names.join('').length <= 1_000;
  return isShort ? `:** ${names.map((name) => code(name)).join(', ')}.` : '.**';
}

/* ---- Attention ---- */

function renderAttention(
  attention: readonly Attention[],
  rows: ReadonlyMap<Attention, string>,
  context: MarkdownContext,
): string[] {
  if (attention.length === 0) return [];
  const more = attention.length - rows.size;
  return given(
    `#### Attention · ${attentionCount(attention)}`,
    [...rows.values()].join('\n'),
    more > 0 && `**And ${more} more** that ${more === 1 ? 'needs' : 'need'} attention. ${whole(context)}`,
  );
}

/** Counts the entries that need no action separately. */
function attentionCount(attention: readonly Attention[]): string {
  const pressing = attention.filter(isPressing).length;
  const quiet = attention.length - pressing;
  if (quiet === 0) return `${pressing}`;
  return pressing === 0 ? `${quiet} for information` : `${pressing}, and ${quiet} for information`;
}

/**
 * Returns an entry of a list. A table would squeeze its sentences into a third of a phone's width.
 */
function attentionEntry(entry: Attention, context: MarkdownContext, isRepeated: boolean): string {
  const { name, source } = entry;
  const head = given(`**${code(name)}**`, source && sourceLink(source, context)).join(' · ');
  const [first, ...others] = isRepeated ? [SAID_ABOVE] : renderMessageLines(entry);
  // No line ends after the break, because comments show the end of a line as a second one.
  return [
    `- ${isPressing(entry) ? '⚠️' : 'ℹ️'} ${head}<br>${first}`,
    ...others.map((line) => (line === '' ? '' : `  ${line}`)),
  ].join('\n');
}

const SAID_ABOVE = 'A reviewer wrote what is shown beside the new values above.';

/** Returns true if one of the changes shows everything that the entry quotes. */
function isSaidIn(changes: readonly PlanChange[], { [PARTS]: parts = [] }: Attention): boolean {
  const quotations = parts.filter((part) => typeof part !== 'string' && part.as === 'said');
  const isShownIn = ({ said = [] }: PlanChange) =>
    quotations.every((part) => said.some((words) => words.endsWith(textOf([part]))));
  return quotations.length > 0 && changes.some(isShownIn);
}
