import type { ObservedGroup, ObservedRequirement } from '../../model/observed.ts';
import type { AttachmentChange, GroupChange } from '../../model/plan/change.ts';
import type {
  PatchOperation,
  PlanAttachment,
  PlanChange,
  PlanDeletedGroup,
  PlanGroupDetail,
  PlanValue,
} from '../../model/plan/plan.ts';
import { isResubmitted } from '../../model/plan/resubmission.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { type BoundGroup, combinationKey } from '../../model/resource.ts';
import {
  byText,
  describeChange,
  describeValue,
  fingerprintHeld,
  heldValues,
  judgedValues,
  observedEnd,
  startOfWrite,
  statedForms,
  updatePatch,
} from '../values/describe-values.ts';
import { fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeGroup(change: GroupChange, keys: PlanKeys): PlanChange {
  const values = change.writes.map((write) => describeValue(change, write, keys));
  return {
    ...describeChange(change, describePatch(change, values), groupEnd(change), keys),
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

/** Covers the values that the plan does not show, but that are submitted and attached with the rest. */
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
  { order, by, requirements, replaces }: AttachmentChange,
  keys: PlanKeys,
): PlanAttachment {
  const { kind, id, status, source, groupId } = order;
  return {
    kind,
    id,
    status,
    source: { file: source.file, line: source.line },
    ...(groupId === undefined ? {} : { carries: groupId }),
    ...(by === undefined ? {} : { by }),
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
  if (!change.actions.includes('create'))
    return updatePatch(values, change.observed?.reference || null, change.writesReference);
  // The reference that regsync makes of scope and name says nothing that the name does not.
  return updatePatch(values, null, change.desired?.statesReference ? change.desired.reference : null);
}

export function groupStartAndEnd(change: GroupChange): unknown {
  return [
    groupEnd(change),
    change.actions,
    change.observed === null ? null : observedEnd(change.observed),
    change.writes.map(startOfWrite),
    change.deletes.map(observedEnd),
    ...(change.attaches.length === 0 ? [] : [change.attaches.map(orderForm)]),
    ...heard(change),
  ];
}

/** Returns what reviewers wrote where the same content goes to them again: approvers answer for that, too. */
function heard({ observed, actions, said }: GroupChange): readonly unknown[] {
  return isResubmitted({ group: observed ?? undefined, actions }) && said !== undefined
    ? [[...said].sort()]
    : [];
}

/** Returns where the change leads. It is equal for a change that is half done. */
function groupEnd({ kind, name, desired, deletes }: GroupChange): unknown {
  return desired === null
    ? [kind, name, 'deleted', deletes.map((group) => group.id)]
    : groupAsDesired(desired);
}

export function groupAsDesired(desired: BoundGroup): unknown {
  return [
    'RequirementGroup',
    desired.name,
    combinationKey(desired.combination),
    desired.reference,
    desired.statesReference,
    desired.id?.id ?? null,
    desired.approval,
    statedForms(desired.values),
    ...(desired.attach.length === 0
      ? []
      : [desired.attach.map((attach) => [attach.kind, attach.id]).sort(byText)]),
  ];
}

function orderForm({ order, by, requirements }: AttachmentChange): unknown {
  const held = order.holdings.map(judgedValues);
  const after = requirements.map((value) => [value.requirementId, reveal(value.after)]);
  const carried = order.groupId === undefined ? [] : [order.groupId];
  const way = by === undefined ? [] : [by];
  return [order.kind, order.id, order.status, held, after.sort(byText), ...carried, ...way];
}
