import type {
  Attention,
  AttentionCode,
  Plan,
  PlanAttachment,
  PlanChange,
  PlanGroupDetail,
  PlanValue,
} from '../model/plan.ts';
import { count, formatBytes } from './wording.ts';

/** What every picture of a plan says in the same words; nothing here is escaped for any of them. */

export function changedGroups(plan: Plan): PlanChange[] {
  return plan.changes.filter((change) => change.kind === 'RequirementGroup');
}

/** What narrows the run that the plan is for; empty where nothing does. */
export function narrowings({ options }: Plan): string[] {
  const shard = options.shard === undefined ? [] : [`shard ${options.shard}`];
  return [...options.paths, ...options.targets, ...shard];
}

/** `declined`, `→ pending-approval`, or both. */
export function statusWay(change: PlanChange): { readonly from: string | null; readonly to: string | null } {
  return {
    from: change.group?.status ?? null,
    to: change.actions.includes('submit') ? 'pending-approval' : null,
  };
}

export function valueWords(value: PlanValue): {
  readonly name: string;
  readonly type: string;
  /** The file or the Address manifest that stands for the value, or empty. */
  readonly standIn: string;
  /** `declined` or `expired`, or empty: why the value is likely to be written. */
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

/** `«a41c90d2» → «f07b1e55»` */
export function fromTo({
  before,
  after,
}: {
  readonly before: string | null;
  readonly after: string;
}): string {
  return before === null ? after : `${before} → ${after}`;
}

export function referenceWrites(change: PlanChange): string[] {
  return change.patch
    .filter((operation) => operation.path === '/customer_reference')
    .map((operation) => `customer_reference  ${JSON.stringify(operation.value)}`);
}

export function replaceDeletes(detail: PlanGroupDetail): string[] {
  if (detail.verb !== 'replace') return [];
  return detail.deletes.map((id) => `delete group ${id}, when the new one stands`);
}

/** What an unchanged group is there for: `submit`, `attach to 2 orders`, or both. */
export function besidesWriting({ actions, group }: PlanChange): string[] {
  const orders = group?.attaches?.length ?? 0;
  return [
    ...(actions.includes('submit') ? ['submit'] : []),
    ...(orders > 0 ? [`attach to ${count(orders, 'order')}`] : []),
  ];
}

/** An order, its status, and what differs in it. */
export function attachmentWords({ kind, id, status, requirements }: PlanAttachment): {
  readonly order: string;
  readonly status: string;
  readonly names: string;
} {
  const names = requirements.map(({ name }) => name).join(', ');
  return { order: `${kind.replaceAll('_', ' ')} ${id}`, status, names };
}

/** `groups/de.yaml:3`, or empty. */
export function place(source: Attention['source'] | null): string {
  return source ? `${source.file}:${source.line}` : '';
}

/** Nobody has to do anything about these, for the time being; some of them never go away. */
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

/** What is made and what stays, below the changes. */
export function besides({ summary }: Plan): string {
  const parts = [
    ...(summary.documents.upload > 0 ? [`${count(summary.documents.upload, 'document')} to upload`] : []),
    ...(summary.addresses.create > 0 ? [`${count(summary.addresses.create, 'address')} to create`] : []),
    `${count(summary.groups.unchanged, 'group')} unchanged`,
    ...(summary.attention > 0
      ? [`${summary.attention} ${summary.attention === 1 ? 'needs' : 'need'} attention`]
      : []),
  ];
  return `${parts.join(', ')}.`;
}

export function noChanges({ summary: { groups } }: Plan): string {
  const total = groups.unchanged;
  return `No changes. ${count(total, 'group')} ${total === 1 ? 'matches its manifest' : 'match their manifests'}.`;
}
