import { KIND_WORDS, OTHER_KINDS, type OtherKind, wordsOf } from '../../model/kinds.ts';
import type { GroupVerb } from '../../model/plan/change.ts';
import {
  type Attention,
  type AttentionCode,
  closesPlan,
  groupOrderedWith,
  type KindCounts,
  leavesOneOut,
  type Plan,
  type PlanAttachment,
  type PlanChange,
  type PlanSetting,
  type PlanSummary,
  type PlanValue,
} from '../../model/plan/plan.ts';
import { POLICY_VIOLATED } from '../../model/plan/policy.ts';
import { isResubmitted } from '../../model/plan/resubmission.ts';
import type { PlainValue } from '../../model/text/plain-values.ts';
import { count, countByWord, countManifests, formatBytes, given, type Numbers } from './wording.ts';

/** The words that every format of a plan shares. They are not escaped for any of them. */

export function changedGroups(plan: Plan): PlanChange[] {
  return plan.changes.filter((change) => change.kind === 'RequirementGroup');
}

/** Returns the changes of every other kind that a run acts on by name. */
export function changedOrders(plan: Plan): PlanChange[] {
  return plan.changes.filter(({ kind }) => kind !== 'RequirementGroup' && kind in KIND_WORDS);
}

export function verbOf({ group, order }: PlanChange): GroupVerb {
  return (group ?? order)?.verb ?? 'unchanged';
}

/** Returns true if orders get the values of a group, and nothing else becomes of it. */
export function isAttachedOnly({ group, actions }: PlanChange): boolean {
  return group?.verb === 'unchanged' && !actions.includes('submit');
}

/** Returns the options that narrow the run. Empty if there are none. */
export function narrowings({ options: { paths, targets, excludes = [], shard } }: Plan): string[] {
  return given(...paths, ...targets, ...excludes.map((name) => `not ${name}`), shard && `shard ${shard}`);
}

/** Returns true if the change costs money. */
export function isPlaced({ kind, order }: PlanChange): boolean {
  return order?.verb === 'create' && wordsOf(kind).make === 'place';
}

/** Returns both ends of `declined → pending-approval`. Either may be missing. */
export function statusWay(change: PlanChange): { readonly from: string | null; readonly to: string | null } {
  return {
    from: (change.group ?? change.order)?.status ?? null,
    to: change.actions.includes('submit') ? 'pending-approval' : isPlaced(change) ? 'pending' : null,
  };
}

/** Returns the values that a change writes. */
export function valuesOf({ group, order }: PlanChange): readonly PlanValue[] {
  return (group ?? order)?.values ?? [];
}

/** Describes a value. A part that it does not have is an empty string. */
export function valueWords({ name, field_type: type, status, document, address = '' }: PlanValue) {
  return {
    name,
    type: type === 'textual' ? 'text' : type,
    /** The file or the Address manifest that gives the value. */
    standIn: document === undefined ? address : `${document.path} (${formatBytes(document.bytes)})`,
    /** The reason why the value is likely to be written. */
    verdict: status === 'declined' || status === 'expired' ? status : '',
  };
}

/** Joins both values: `«a41c90d2» → «f07b1e55»` */
export function fromTo({ before, after }: PlainValue): string {
  return before === null ? after : `${before} → ${after}`;
}

/** Returns writes of the reference. For a porting order it is one of the settings. */
export function referenceWrites(change: PlanChange): string[] {
  if (change.kind === 'PortingOrder') return [];
  return change.patch
    .filter((operation) => operation.path === '/customer_reference')
    .map((operation) => `customer_reference  ${JSON.stringify(operation.value)}`);
}

export function replaceDeletes({ group }: PlanChange): string[] {
  if (group?.verb !== 'replace') return [];
  return group.deletes.map((id) => `delete group ${id}, when the new one stands`);
}

/** Names an order: `order of 3 numbers`, `porting order`. */
export function orderWords({ kind, order }: PlanChange): string {
  if (kind === 'NumberOrder' && order?.phone_numbers != null)
    return `order of ${count(order.phone_numbers, 'number')}`;
  return wordsOf(kind).noun;
}

/** Returns the group that an order is placed with: `with group example-de-local`. */
export function orderFacts(change: PlanChange): string[] {
  const group = groupOrderedWith(change);
  return group === null ? [] : [`with group ${group}`];
}

/** Describes the change of an order's own field: new, changed or cleared. */
export function settingWords({ name, before, after }: PlanSetting): {
  readonly symbol: '+' | '~' | '-';
  readonly words: string;
} {
  // The reference is quoted, because it is shown in full and others may write any text into it.
  const shown = (text: string) => (name === 'customer_reference' ? JSON.stringify(text) : text);
  const was = before === null ? null : shown(before);
  return {
    symbol: after === null ? '-' : before === null ? '+' : '~',
    words: fromTo({ before: was, after: after === null ? 'cleared' : shown(after) }),
  };
}

/** Returns the number of changes of an update, or else the verb for the order. */
export function orderExtent({ kind, order, patch }: PlanChange): string {
  if (order?.verb === 'create') return wordsOf(kind).make;
  if (order?.verb === 'unchanged') return `start ${count(order.starts?.length ?? 0, 'action')}`;
  // The names that start an action are no change of the order.
  const changes = patch.filter(({ path }) => !path.startsWith('/actions/')).length;
  return order?.verb === 'update' ? count(changes, 'change') : 'adopt';
}

/** Describes the start of an action: `start "Identity Check"`, of which order, and the names. */
export function startWords(change: PlanChange): { readonly what: string; readonly names: string }[] {
  const order = change.kind === 'NumberOrder' ? 'sub number order' : 'action';
  return (change.order?.starts ?? []).map(({ name, id, fields }) => ({
    what: `start "${name}"${id === null ? '' : ` of ${order} ${id}`}`,
    names: fields.map((field) => `${field.name} ${fromTo(field)}`).join(', '),
  }));
}

/** Returns the operations on an unchanged group: `submit` or `resubmit`, `attach to 2 orders`, or both. */
export function besidesWriting(change: PlanChange): string[] {
  const { actions, group } = change;
  const orders = group?.attaches?.length ?? 0;
  return given(
    actions.includes('submit') && (isResubmitted(change) ? 'resubmit' : 'submit'),
    orders > 0 && `attach to ${count(orders, 'order')}`,
  );
}

/** Describes the submission of a group, or returns an empty list. */
export function submissionWords(change: PlanChange): string[] {
  if (isResubmitted(change)) return ['resubmit for approval, with the same content'];
  return change.actions.includes('submit') ? ['submit for approval'] : [];
}

/** Describes an order, its status, and the requirements that differ. */
export function attachmentWords({ kind, id, status, carries, requirements }: PlanAttachment) {
  const carried = carries == null ? 'carries no group' : `carries group ${carries}`;
  const names = carries === undefined ? requirements.map(({ name }) => name).join(', ') : carried;
  return { order: `${kind.replaceAll('_', ' ')} ${id}`, status, names };
}

/** Returns `groups/de.yaml:3`, or an empty string. */
export function place(source: Attention['source'] | null): string {
  return source ? `${source.file}:${source.line}` : '';
}

/** The codes that need no action for now. Some of them never go away. */
const QUIET: ReadonlySet<AttentionCode> = new Set([
  'under-review',
  'no-pre-approval',
  'action-required',
  'order-closed',
  'order-incomplete',
]);

export function isPressing({ code }: Attention): boolean {
  return !QUIET.has(code);
}

/** Counts uploads, new addresses, unchanged manifests and attention, for the line below the changes. */
export function besides({ summary }: Plan): string {
  const { documents, addresses, attention } = summary;
  const parts = given(
    documents.upload > 0 && `${count(documents.upload, 'document')} to upload`,
    addresses.create > 0 && `${count(addresses.create, 'address')} to create`,
    `${countManifests(unchangedIn(summary))} unchanged`,
    attention > 0 && `${attention} ${attention === 1 ? 'needs' : 'need'} attention`,
  );
  return `${parts.join(', ')}.`;
}

/**
 * Returns the sentence for a plan without changes. Groups that are left out with an error are counted
 * separately, because they match nothing.
 */
export function noChanges({ summary, diagnostics }: Plan): string {
  const unchanged = unchangedIn(summary);
  const all = Object.values(unchanged).reduce((sum, number) => sum + number, 0);
  const leftOut = diagnostics.filter(leavesOneOut).length;
  const but = leftOut === 0 ? '' : `; ${leftOut} left out, see the ${leftOut === 1 ? 'error' : 'errors'}`;
  return `No changes. ${countManifests(unchanged)} ${all === 1 ? 'matches its manifest' : 'match their manifests'}${but}.`;
}

function unchangedIn(summary: PlanSummary): Numbers {
  return {
    RequirementGroup: summary.groups.unchanged,
    ...numbersOfOthers(summary, ({ unchanged }) => unchanged),
  };
}

/** Returns the counts of a plan without its groups: `2 orders`. */
export function countOthers(summary: PlanSummary): string[] {
  return countByWord(
    numbersOfOthers(summary, ({ create = 0, update, unchanged }) => create + update + unchanged),
  );
}

/** Returns `1 order to place` and `2 orders to update`, without a part that is zero. */
function othersToDo(summary: PlanSummary): string[] {
  return (['place', 'create', 'update'] as const).flatMap((verb) => {
    const numbers = numbersOfOthers(summary, ({ create = 0, update }, kind) => {
      if (verb === 'update') return update;
      return KIND_WORDS[kind].make === verb ? create : 0;
    });
    return countByWord(numbers).map((counted) => `${counted} to ${verb}`);
  });
}

function numbersOfOthers(
  summary: PlanSummary,
  numberOf: (counts: KindCounts, kind: OtherKind) => number,
): Numbers {
  return Object.fromEntries(
    OTHER_KINDS.flatMap((kind) => {
      const counts: KindCounts | undefined = summary[KIND_WORDS[kind].plural];
      return counts === undefined ? [] : [[kind, numberOf(counts, kind)]];
    }),
  );
}

/** Returns the last line of a plan, which scripts read. */
export function planLine({ summary }: Plan): string {
  const { groups, submit, attach, start = 0 } = summary;
  const parts = given(
    `${groups.create} to create`,
    `${groups.update} to update`,
    groups.replace > 0 && `${groups.replace} to replace`,
    groups.adopt > 0 && `${groups.adopt} to adopt`,
    `${groups.delete} to delete`,
    `${submit} to submit`,
    attach > 0 && `${attach} to attach`,
    ...othersToDo(summary),
    start > 0 && `${count(start, 'action')} to start`,
  );
  return `Plan: ${parts.join(', ')}.`;
}

/** Says why nothing of the plan can be applied. */
export function whyClosed({
  diagnostics,
}: Pick<Plan, 'diagnostics'>): 'a gate is closed' | 'it violates a policy' {
  const isPolicy = diagnostics.filter(closesPlan).every(({ code }) => code === POLICY_VIOLATED);
  return isPolicy ? 'it violates a policy' : 'a gate is closed';
}
