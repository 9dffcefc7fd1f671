import { describeNumberOrder, numberOrderEnd, numberOrderStart } from '../kinds/number-order/describe.ts';
import { describePortingOrder, portingOrderEnd, portingOrderStart } from '../kinds/porting-order/describe.ts';
import {
  byText,
  comparePatch,
  describeValue,
  fingerprintHeld,
  heldValues,
  observedEnd,
  startOfWrite,
  statedForms,
} from '../kinds/values/describe-values.ts';
import { digestOf, fingerprintValue, type PlanKeys } from '../kinds/values/fingerprint.ts';
import type { Decisions } from '../model/decisions.ts';
import {
  type AddressChange,
  type AttachmentChange,
  type Change,
  closesPlan,
  type DocumentChange,
  type GroupChange,
  type OrderChange,
  type PatchOperation,
  type Plan,
  type PlanAttachment,
  type PlanChange,
  type PlanDeletedGroup,
  type PlanGroupDetail,
  type PlanOptions,
  type PlanSummary,
  type PlanValue,
} from '../model/plan.ts';
import { combinationKey, type ObservedGroup, type ObservedRequirement } from '../model/resource.ts';
import { reveal, Sensitive } from '../model/sensitive.ts';
import { redact } from './redact.ts';

/** Decisions, which hold values → Plan, which can be shown, stored and reviewed. */
export function describePlan(
  decisions: Decisions,
  context: {
    readonly scope: string;
    readonly version: string;
    readonly options: PlanOptions;
    readonly keys: PlanKeys;
    /** Takes keys out of a text: what Telnyx says may hold one. */
    readonly cover: (text: string) => string;
  },
): Plan {
  const { keys, cover } = context;
  const users = decisions.users.map((id) => fingerprintValue(keys, 'account', 'user', new Sensitive(id)));
  const described = {
    format_version: '1.0' as const,
    regsync_version: context.version,
    scope: context.scope,
    ...(users.length === 0 ? {} : { users }),
    fingerprint: fingerprintOf(decisions, keys),
    applyable: !decisions.diagnostics.some(closesPlan),
    summary: summarise(decisions),
    changes: decisions.changes.map((change) => redact(describeChange(change, keys), cover)),
    attention: redact(decisions.attention, cover),
    diagnostics: redact(decisions.diagnostics, cover),
    options: redact(context.options, cover),
  };
  return { ...described, mac: macOf(described, keys) };
}

/** Over what is done, what it starts from, and whose it is. */
function fingerprintOf({ changes, users }: Decisions, keys: PlanKeys): string {
  return digestOf(keys, [users, changes.map((change) => fingerprintForm(change)).sort(byText)]);
}

/** Over everything in the plan but the MAC itself. */
export function macOf(plan: Omit<Plan, 'mac'>, keys: PlanKeys): string {
  return digestOf(keys, ['regsync plan', plan]);
}

function summarise({ changes, reused, unchanged, orders, attention }: Decisions): PlanSummary {
  const groups = { create: 0, update: 0, replace: 0, adopt: 0, delete: 0, unchanged };
  let [upload, create, submit, attach] = [0, 0, 0, 0];
  for (const change of changes) {
    if (change.kind === 'Document') upload++;
    if (change.kind === 'Address') create++;
    if (change.kind !== 'RequirementGroup') continue;
    if (change.verb !== 'unchanged') groups[change.verb]++;
    if (change.actions.includes('submit')) submit++;
    attach += change.attaches.length;
  }
  return {
    groups,
    documents: { upload, reuse: reused.documents },
    addresses: { create, reuse: reused.addresses },
    submit,
    attach,
    attention: attention.length,
    ...summariseOrders(changes, orders),
  };
}

/** Plans without orders look as they did before there were any. */
function summariseOrders(
  changes: readonly Change[],
  { numberOrders, portingOrders }: Decisions['orders'],
): Pick<PlanSummary, 'number_orders' | 'porting_orders'> {
  const changed = (kind: OrderChange['kind']): OrderChange[] =>
    changes.filter((change): change is OrderChange => change.kind === kind);
  const [numbers, portings] = [changed('NumberOrder'), changed('PortingOrder')];
  const create = numbers.filter(({ verb }) => verb === 'create').length;
  const update = numbers.length - create;
  return {
    ...(numberOrders === 0
      ? {}
      : { number_orders: { create, update, unchanged: numberOrders - numbers.length } }),
    ...(portingOrders === 0
      ? {}
      : {
          porting_orders: { update: portings.length, unchanged: portingOrders - portings.length },
        }),
  };
}

function describeChange(change: Change, keys: PlanKeys): PlanChange {
  switch (change.kind) {
    case 'Document':
      return describeDocument(change, keys);
    case 'Address':
      return describeAddress(change, keys);
    case 'RequirementGroup':
      return describeGroup(change, keys);
    case 'NumberOrder':
      return describeNumberOrder(change, keys);
    case 'PortingOrder':
      return describePortingOrder(change, keys);
    default:
      return change satisfies never;
  }
}

function describeDocument(change: DocumentChange, keys: PlanKeys): PlanChange {
  const { document } = change;
  const print = fingerprintValue(keys, change.name, 'document', new Sensitive(document.sha256));
  return {
    kind: change.kind,
    name: change.name,
    id: null,
    actions: ['upload'],
    source: { file: change.source.file, line: change.source.line },
    depends_on: [],
    patch: comparePatch({}, { content: print }),
    consequences: [],
    digest: digestOf(keys, desiredEnd(change)),
    document: { path: document.path, bytes: document.bytes },
  };
}

function describeAddress(change: AddressChange, keys: PlanKeys): PlanChange {
  const print = fingerprintValue(keys, change.name, 'address', new Sensitive(change.address.sha256));
  return {
    kind: change.kind,
    name: change.name,
    id: null,
    actions: ['create'],
    source: { file: change.source.file, line: change.source.line },
    depends_on: [],
    patch: comparePatch({}, { fields: print }),
    consequences: [],
    digest: digestOf(keys, desiredEnd(change)),
  };
}

function describeGroup(change: GroupChange, keys: PlanKeys): PlanChange {
  const values = change.writes.map((write) => describeValue(change, write, keys));
  return {
    kind: change.kind,
    name: change.name,
    id: change.observed?.id ?? null,
    actions: change.actions,
    source: change.source === null ? null : { file: change.source.file, line: change.source.line },
    depends_on: change.dependsOn,
    patch: describePatch(change, values),
    consequences: change.consequences,
    digest: digestOf(keys, desiredEnd(change)),
    group: describeDetail(change, values, keys),
  };
}

function describeDetail(change: GroupChange, values: readonly PlanValue[], keys: PlanKeys): PlanGroupDetail {
  const combination = change.desired?.combination ?? change.observed?.combination;
  return {
    verb: change.verb,
    country_code: combination?.countryCode ?? '',
    phone_number_type: combination?.phoneNumberType ?? '',
    action: combination?.action ?? '',
    status: change.observed?.status ?? null,
    ...(change.desired?.id ? { reference: change.observed?.reference ?? null } : {}),
    values,
    ...describeUnstated(change, keys),
    deletes: change.deletes.map((group) => group.id),
    ...(change.deletes.length === 0
      ? {}
      : { deleted: change.deletes.map((group) => describeDeleted(change.name, group, keys)) }),
    ...(change.attaches.length === 0
      ? {}
      : { attaches: change.attaches.map((attach) => describeAttachment(change.name, attach, keys)) }),
  };
}

/** Nobody sees these in the plan, but they are submitted, and attached, with the rest. */
function describeUnstated({ name, desired, observed }: GroupChange, keys: PlanKeys): { unstated?: string } {
  if (desired === null || observed === null) return {};
  const stated = new Set(desired.values.map(({ requirement }) => requirement.id));
  const others = observed.requirements.filter(({ requirementId }) => !stated.has(requirementId));
  return hasValue(others) ? { unstated: fingerprintHeld(keys, name, heldValues(others)) } : {};
}

function hasValue(requirements: readonly ObservedRequirement[]): boolean {
  return requirements.some(({ value }) => !value.isEmpty);
}

function describeDeleted(
  name: string,
  { id, status, reference, requirements }: ObservedGroup,
  keys: PlanKeys,
): PlanDeletedGroup {
  return { id, status, content: fingerprintHeld(keys, name, [reference, heldValues(requirements)]) };
}

function describeAttachment(
  group: string,
  { order, requirements, replaces }: AttachmentChange,
  keys: PlanKeys,
): PlanAttachment {
  const { kind, id, status, source } = order;
  return {
    kind,
    id,
    status,
    source: { file: source.file, line: source.line },
    requirements: requirements.map(({ requirementId, requirementName, after }) => ({
      requirement_id: requirementId,
      name: requirementName,
      after: fingerprintValue(keys, group, requirementId, after),
    })),
    replaces: replaces.map(({ requirementId, requirementName, value }) => ({
      requirement_id: requirementId,
      name: requirementName,
      before: fingerprintValue(keys, group, requirementId, value),
    })),
  };
}

function describePatch(change: GroupChange, values: readonly PlanValue[]): readonly PatchOperation[] {
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  for (const value of values) {
    if (value.before !== null) before[value.requirement_id] = value.before;
    after[value.requirement_id] = value.after;
  }
  if (change.actions.includes('create')) {
    // The one that regsync makes of scope and name says nothing that the name does not.
    const own = change.desired?.statesReference ? { customer_reference: change.desired.reference } : {};
    return comparePatch({ requirements: before }, { ...own, requirements: after });
  }
  if (change.writesReference === null) return comparePatch({ requirements: before }, { requirements: after });
  const observed = change.observed?.reference;
  return comparePatch(
    { ...(observed ? { customer_reference: observed } : {}), requirements: before },
    { customer_reference: change.writesReference, requirements: after },
  );
}

/* ---- What digests are made of ---- */

/** Where a change leads, whatever the way: equal for a change that is half done. */
function desiredEnd(change: Change): unknown {
  switch (change.kind) {
    case 'Document':
      return [change.kind, change.name, change.document.sha256];
    case 'Address':
      return [change.kind, change.name, change.address.sha256, change.address.validateAddress];
    case 'RequirementGroup': {
      const { desired } = change;
      if (desired === null)
        return [change.kind, change.name, 'deleted', change.deletes.map((group) => group.id)];
      return [
        change.kind,
        change.name,
        combinationKey(desired.combination),
        desired.reference,
        desired.statesReference,
        desired.id?.id ?? null,
        desired.approval,
        statedForms(desired.values),
        ...(desired.attach.length === 0
          ? []
          : [desired.attach.map(({ kind, id }) => [kind, id]).sort(byText)]),
      ];
    }
    case 'NumberOrder':
      return numberOrderEnd(change);
    case 'PortingOrder':
      return portingOrderEnd(change);
    default:
      return change satisfies never;
  }
}

/** The change together with what it starts from: the fingerprint moves when either does. */
function fingerprintForm(change: Change): unknown {
  switch (change.kind) {
    case 'Document':
    case 'Address':
      return desiredEnd(change);
    case 'RequirementGroup':
      return groupForm(change);
    case 'NumberOrder':
      return [
        desiredEnd(change),
        change.actions,
        change.ordersWith,
        numberOrderStart(change),
        change.writes.map(startOfWrite),
      ];
    case 'PortingOrder':
      return [desiredEnd(change), change.actions, portingOrderStart(change), change.writes.map(startOfWrite)];
    default:
      return change satisfies never;
  }
}

function groupForm(change: GroupChange): unknown {
  return [
    desiredEnd(change),
    change.actions,
    change.observed === null ? null : observedEnd(change.observed),
    change.writes.map(startOfWrite),
    change.deletes.map(observedEnd),
    ...(change.attaches.length === 0 ? [] : [change.attaches.map(orderForm)]),
  ];
}

function orderForm({ order, requirements }: AttachmentChange): unknown {
  const held = order.holdings.map((holding) =>
    holding.map((own) => [own.requirementId, own.status, reveal(own.value)]).sort(byText),
  );
  const after = requirements.map((value) => [value.requirementId, reveal(value.after)]);
  return [order.kind, order.id, order.status, held, after.sort(byText)];
}
