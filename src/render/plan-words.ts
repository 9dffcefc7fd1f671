import { KIND_WORDS } from '../model/kinds.ts';
import {
  type Attention,
  type AttentionCode,
  groupOrderedWith,
  leavesOneOut,
  type Plan,
  type PlanAttachment,
  type PlanChange,
  type PlanGroupDetail,
  type PlanSetting,
  type PlanSummary,
  type PlanValue,
} from '../model/plan.ts';
import { count, countManifests, formatBytes } from './wording.ts';

/** The words that every format of a plan shares. They are not escaped for any of them. */

export function changedGroups(plan: Plan): PlanChange[] {
  return plan.changes.filter((change) => change.kind === 'RequirementGroup');
}

/** Returns the changes of every other kind that a run acts on by name. */
export function changedOrders(plan: Plan): PlanChange[] {
  return plan.changes.filter(({ kind }) => kind !== 'RequirementGroup' && kind in KIND_WORDS);
}

/** Returns the options that narrow the run. Empty if there are none. */
export function narrowings({ options }: Plan): string[] {
  const shard = options.shard === undefined ? [] : [`shard ${options.shard}`];
  return [...options.paths, ...options.targets, ...shard];
}

/** Returns both ends of `declined → pending-approval`. Either may be missing. */
export function statusWay(change: PlanChange): { readonly from: string | null; readonly to: string | null } {
  const isPlaced = change.order?.verb === 'create';
  return {
    from: change.group?.status ?? change.order?.status ?? null,
    to: change.actions.includes('submit') ? 'pending-approval' : isPlaced ? 'pending' : null,
  };
}

export function valueWords(value: PlanValue): {
  readonly name: string;
  readonly type: string;
  /** The file or the Address manifest that gives the value, or an empty string. */
  readonly standIn: string;
  /** `declined` or `expired`, which is why the value is likely to be written, or an empty string. */
  readonly verdict: string;
} {
  return {
    name: value.name,
    type: value.field_type === 'textual' ? 'text' : value.field_type,
    standIn: standIn(value),
    verdict: value.status === 'declined' || value.status === 'expired' ? value.status : '',
  };
}

function standIn({ document, address }: PlanValue): string {
  return document === undefined ? (address ?? '') : `${document.path} (${formatBytes(document.bytes)})`;
}

/** Joins both values: `«a41c90d2» → «f07b1e55»` */
export function fromTo({
  before,
  after,
}: {
  readonly before: string | null;
  readonly after: string;
}): string {
  return before === null ? after : `${before} → ${after}`;
}

/** Returns writes of the reference. For a porting order it is one of the settings. */
export function referenceWrites(change: PlanChange): string[] {
  if (change.kind === 'PortingOrder') return [];
  return change.patch
    .filter((operation) => operation.path === '/customer_reference')
    .map((operation) => `customer_reference  ${JSON.stringify(operation.value)}`);
}

export function replaceDeletes(detail: PlanGroupDetail): string[] {
  if (detail.verb !== 'replace') return [];
  return detail.deletes.map((id) => `delete group ${id}, when the new one stands`);
}

/** Names an order: `order of 3 numbers`, `porting order`. */
export function orderWords({ kind, order }: PlanChange): string {
  if (kind === 'NumberOrder' && order?.phone_numbers != null)
    return `order of ${count(order.phone_numbers, 'number')}`;
  return kind === 'Document' || kind === 'Address' ? kind.toLowerCase() : KIND_WORDS[kind].noun;
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
export function orderExtent({ order, patch }: PlanChange): string {
  if (order?.verb === 'create') return 'place';
  return order?.verb === 'update' ? count(patch.length, 'change') : 'adopt';
}

/** Returns the operations on an unchanged group: `submit`, `attach to 2 orders`, or both. */
export function besidesWriting({ actions, group }: PlanChange): string[] {
  const orders = group?.attaches?.length ?? 0;
  return [
    ...(actions.includes('submit') ? ['submit'] : []),
    ...(orders > 0 ? [`attach to ${count(orders, 'order')}`] : []),
  ];
}

/** Describes an order, its status, and the requirements that differ. */
export function attachmentWords({ kind, id, status, requirements }: PlanAttachment): {
  readonly order: string;
  readonly status: string;
  readonly names: string;
} {
  const names = requirements.map(({ name }) => name).join(', ');
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
  const parts = [
    ...(summary.documents.upload > 0 ? [`${count(summary.documents.upload, 'document')} to upload`] : []),
    ...(summary.addresses.create > 0 ? [`${count(summary.addresses.create, 'address')} to create`] : []),
    `${countManifests(summary.groups.unchanged, unchangedOrders(summary))} unchanged`,
    ...(summary.attention > 0
      ? [`${summary.attention} ${summary.attention === 1 ? 'needs' : 'need'} attention`]
      : []),
  ];
  return `${parts.join(', ')}.`;
}

/**
 * Returns the sentence for a plan without changes. Groups that are left out with an error are counted
 * separately, because they match nothing.
 */
export function noChanges({ summary, diagnostics }: Plan): string {
  const { groups } = summary;
  const orders = unchangedOrders(summary);
  const all = groups.unchanged + orders;
  const leftOut = diagnostics.filter(leavesOneOut).length;
  const but = leftOut === 0 ? '' : `; ${leftOut} left out, see the ${leftOut === 1 ? 'error' : 'errors'}`;
  return `No changes. ${countManifests(groups.unchanged, orders)} ${all === 1 ? 'matches its manifest' : 'match their manifests'}${but}.`;
}

function unchangedOrders({ number_orders, porting_orders }: PlanSummary): number {
  return (number_orders?.unchanged ?? 0) + (porting_orders?.unchanged ?? 0);
}

/** Counts orders to place and to update. */
export function ordersToDo({ number_orders, porting_orders }: PlanSummary): {
  readonly place: number;
  readonly update: number;
} {
  return {
    place: number_orders?.create ?? 0,
    update: (number_orders?.update ?? 0) + (porting_orders?.update ?? 0),
  };
}
