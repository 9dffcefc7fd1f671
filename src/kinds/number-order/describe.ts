import type { NumberOrderChange } from '../../model/plan/change.ts';
import type {
  PatchOperation,
  PlanChange,
  PlanOrderDetail,
  PlanSetting,
  PlanValue,
} from '../../model/plan/plan.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { describeStarts, observedActions, startPatch, statedActions } from '../values/describe-actions.ts';
import {
  byText,
  comparePatch,
  describeChange,
  describeValue,
  fingerprintHeld,
  heldValues,
  judgedValues,
  observedEnd,
  ownerOf,
  requirementsOf,
  startOfWrite,
  statedForms,
  updatePatch,
} from '../values/describe-values.ts';
import { fingerprintValue, type PlanKeys } from '../values/fingerprint.ts';

export function describeNumberOrder(change: NumberOrderChange, keys: PlanKeys): PlanChange {
  const { desired, observed, writes } = change;
  const values = writes.map((write) => describeValue(change, write, keys));
  const settings = placedSettings(change);
  const started = describeStarts(change, keys);
  const patch = [...describePatch(change, { values, settings }, keys), ...startPatch(started.starts)];
  return {
    ...describeChange(change, patch, numberOrderAsDesired(desired), keys),
    order: {
      verb: change.verb,
      status: observed?.status ?? null,
      phone_numbers: observed?.phoneNumbersCount ?? desired.phoneNumbers.length,
      ...(observed === null ? {} : { reference: observed.reference }),
      group: desired.group?.name ?? null,
      ...describeGroupState(change, keys),
      values,
      settings,
      ...started,
    },
  };
}

/** Describes the group to order with, whose values are copied at that moment. */
function describeGroupState(
  { ordersWith, orderedGroup }: NumberOrderChange,
  keys: PlanKeys,
): Pick<PlanOrderDetail, 'group_status' | 'group_values'> {
  if (ordersWith === null) return {};
  if (orderedGroup === null) return { group_status: null };
  const { status, requirements } = orderedGroup;
  return {
    group_status: status,
    group_values: fingerprintHeld(keys, ordersWith, heldValues(requirements)),
  };
}

/** Returns the settings that are fixed when an order is placed. */
function placedSettings({ observed, desired }: NumberOrderChange): PlanSetting[] {
  return observed === null
    ? desired.settings.map(({ key, value }) => ({ name: key, before: null, after: value }))
    : [];
}

/** Describes phone numbers as fingerprints, too, because the owner of a number is private. */
function describePatch(
  change: NumberOrderChange,
  shown: { readonly values: readonly PlanValue[]; readonly settings: readonly PlanSetting[] },
  keys: PlanKeys,
): readonly PatchOperation[] {
  const { desired, observed } = change;
  if (observed !== null) return updatePatch(shown.values, observed.reference, change.writesReference);
  const numbers = desired.phoneNumbers.map(({ number }, index) =>
    fingerprintValue(keys, ownerOf(change), `phone number ${index}`, number),
  );
  return comparePatch(
    { requirements: {} },
    {
      customer_reference: desired.reference,
      phone_numbers: numbers,
      ...(change.ordersWith === null ? {} : { requirement_group: change.ordersWith }),
      ...Object.fromEntries(shown.settings.map(({ name, after }) => [name, after])),
      requirements: requirementsOf(shown.values, 'after'),
    },
  );
}

/** ---- Input of digests ---- */

/** Returns the input of the plan's fingerprint. */
export function numberOrderStartAndEnd(change: NumberOrderChange): unknown {
  return [
    numberOrderAsDesired(change.desired),
    change.actions,
    change.ordersWith,
    numberOrderStart(change),
    change.writes.map(startOfWrite),
    ...observedActions(change.observed?.actions),
    ...valuesOfGroup(change),
  ];
}

/** Returns the values of a group that are written to the order. Empty if there are none. */
function valuesOfGroup({ desired, writes }: NumberOrderChange): unknown[] {
  const own = new Set(desired.values.map(({ requirement }) => requirement.id));
  const others = writes.filter(({ requirementId }) => !own.has(requirementId));
  return others.length === 0
    ? []
    : [others.map(({ requirementId, after }) => [requirementId, reveal(after)]).sort(byText)];
}

/** Returns where a change leads. It is equal for an order that is placed and has yet to get its values. */
export function numberOrderAsDesired(desired: BoundNumberOrder): unknown {
  return [
    'NumberOrder',
    desired.name,
    desired.reference,
    desired.statesReference,
    desired.id?.id ?? null,
    desired.phoneNumbers.map(({ number }) => reveal(number)),
    desired.group?.name ?? null,
    desired.settings.map(({ key, value }) => [key, value]),
    statedForms(desired.values),
    ...statedActions(desired.actions),
  ];
}

/** Returns the start of the change. */
function numberOrderStart({ observed, orderedGroup }: NumberOrderChange): unknown {
  if (observed === null) return orderedGroup === null ? null : observedEnd(orderedGroup);
  const held = observed.subOrders.map(({ id, status, holdings }) => [id, status, holdings.map(judgedValues)]);
  return [observed.id, observed.status, observed.reference, held.sort(byText)];
}
