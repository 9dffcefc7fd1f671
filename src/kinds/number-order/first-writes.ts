import type { Observed, ObservedRequirement } from '../../model/observed.ts';
import type { ActionStart } from '../../model/orders/actions.ts';
import type { ValueWrite } from '../../model/plan/change.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { heldForm } from '../requirement-group/orders/order-comparison.ts';
import type { ActionPlan } from '../values/actions.ts';
import { isAction } from '../values/fulfilment.ts';
import { writeOf } from '../values/writable.ts';
import type { GroupToOrderWith } from './group-to-order-with.ts';

/** Returns the values that an order gets right after it is placed. */
export function firstWrites(
  order: BoundNumberOrder,
  group: GroupToOrderWith | null,
  observed: Observed,
): readonly ValueWrite[] {
  const own = order.values.map((value) => writeOf(value, observed));
  return takesValuesOf(group) ? [...own, ...valuesOfGroup(order, group, observed)] : own;
}

/**
 * Returns true for a group with an action. Orders do not take it, so its values are written to the order
 * itself.
 */
function takesValuesOf(group: GroupToOrderWith | null): group is GroupToOrderWith {
  return group?.state === 'unfulfilled' && group.actions.length > 0;
}

/** Says that the group of an order is not ordered with it, and why. */
export function withoutGroup(order: BoundNumberOrder, group: GroupToOrderWith | null): string[] {
  if (group?.state !== 'unfulfilled' || !takesValuesOf(group)) return [];
  const names = group.actions.map((name) => `"${name}"`).join(', ');
  return [
    `orders take no group with an action (${names}): the values of "${order.group?.name}" are written to the order`,
  ];
}

/** Leaves out an empty list. */
export function someStarts({ starts }: Pick<ActionPlan, 'starts'>): {
  readonly starts?: readonly ActionStart[];
} {
  return starts.length === 0 ? {} : { starts };
}

function valuesOfGroup(
  { group: link, source }: BoundNumberOrder,
  { bound }: GroupToOrderWith,
  observed: Observed,
): ValueWrite[] {
  const held = observed.RequirementGroup.get(link?.name ?? '')?.group?.requirements ?? [];
  const definitions = new Map(bound?.definitions.map((demand) => [demand.id, demand]));
  const stated = (bound?.values ?? []).filter(
    ({ requirement }) => definitions.has(requirement.id) && !isAction(requirement),
  );
  const isStated = new Set(stated.map(({ requirement }) => requirement.id));
  const others = held.filter((own) => !own.value.isEmpty && !isStated.has(own.requirementId));
  return [
    ...stated.map((value) => writeOf(value, observed)),
    ...others.map((own) => heldWrite(own, definitions.get(own.requirementId)?.name, link?.source ?? source)),
  ];
}

/** Writes a value that the group holds and its manifest does not state. */
function heldWrite(
  { requirementId, fieldType, value }: ObservedRequirement,
  name: string | undefined,
  source: ValueWrite['source'],
): ValueWrite {
  return {
    requirementId,
    requirementName: name ?? requirementId,
    fieldType,
    value: { kind: 'text', text: value },
    before: null,
    after: heldForm(value),
    observedStatus: null,
    source,
  };
}
