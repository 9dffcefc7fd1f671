import type { AttachmentChange, ReplacedValue } from '../../model/change.ts';
import type { PlanInput } from '../../model/decisions.ts';
import { normaliseDate } from '../../model/normal-text.ts';
import type { Observed, ObservedGroup } from '../../model/observed.ts';
import {
  type Holding,
  type NamedOrder,
  nameOrder,
  type OrderRequirement,
  takesValue,
} from '../../model/observed-order.ts';
import type { Attention } from '../../model/plan.ts';
import type { BoundGroup, BoundValue } from '../../model/resource.ts';
import { reveal, Sensitive } from '../../model/sensitive.ts';
import type { OrderState } from '../../model/status.ts';
import { about } from '../values/about.ts';
import { deadlineAttention } from '../values/deadlines.ts';
import { unfulfilledRequirements } from '../values/fulfilment.ts';
import { localityAttention } from '../values/localities.ts';
import { desiredForm, isHeld } from '../values/normal-form.ts';

/**
 * The orders that are to get a group's values. Orders copy them once, and the API does not tell which group
 * an order has (both documented), so regsync can only compare values: those of the order with those that the
 * group will hold after its own writes of the same run. Equal values are never attached again, even if a
 * reviewer declined them.
 */
export interface AttachmentPlan {
  readonly changes: readonly AttachmentChange[];
  readonly attention: readonly Attention[];
  readonly consequences: readonly string[];
}

export function planAttachments(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  { observed, warnDays }: Pick<PlanInput, 'observed' | 'warnDays'>,
): AttachmentPlan {
  if (!observed.orders.has(group.name)) return NO_ATTACHMENTS;
  const compared = compareOrders(group, observedGroup, observed);
  const isFulfilled = unfulfilledRequirements(group, observedGroup).length === 0;
  const changes = isFulfilled ? compared.flatMap(changeOf) : [];
  return {
    changes,
    attention: [
      ...compared.flatMap((comparison) => orderAttention(group, comparison)),
      ...compared.flatMap(({ order }) => [
        ...deadlineAttention({ name: group.name, order, source: order.source }, { observed, warnDays }),
        ...localityAttention(group, order),
      ]),
      ...(isFulfilled ? [] : unfulfilled(group, observedGroup, compared)),
    ],
    consequences: isFulfilled ? compared.flatMap(overwritten) : [],
  };
}

const NO_ATTACHMENTS: AttachmentPlan = { changes: [], attention: [], consequences: [] };

/** Compares the orders of a group with it, for plans and reports. */
export function compareOrders(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  observed: Observed,
): OrderComparison[] {
  const orders = observed.orders.get(group.name) ?? [];
  const values = orders.length === 0 ? new Map() : valuesAfterwards(group, observedGroup, observed);
  return orders.map((order) => compareOrder(order, values));
}

/** ---- Values that the group will hold ---- */

interface ValueAfterwards {
  readonly requirementId: string;
  readonly requirementName: string;
  /** The normal form. */
  readonly after: Sensitive;
  readonly equals: (value: Sensitive) => boolean;
}

/**
 * Returns, by requirement id, the values that the manifest states and the group can hold, and the group's
 * other values.
 */
function valuesAfterwards(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  observed: Observed,
): ReadonlyMap<string, ValueAfterwards> {
  const values = new Map<string, ValueAfterwards>();
  const names = new Map(group.demands.map(({ id, name }) => [id, name]));
  for (const { requirementId, value } of observedGroup?.requirements ?? []) {
    if (value.isEmpty) continue;
    const after = heldForm(value);
    values.set(requirementId, {
      requirementId,
      requirementName: names.get(requirementId) ?? requirementId,
      after,
      equals: (other) => after.equals(heldForm(other)),
    });
  }
  for (const stated of group.values) {
    const { id, name } = stated.requirement;
    if (!names.has(id)) continue;
    values.set(id, {
      requirementId: id,
      requirementName: name,
      after: desiredForm(stated),
      equals: (other) => isHeld(other, stated, observed) || isSameDate(stated, other),
    });
  }
  return values;
}

/**
 * Compares as dates, because orders have dates where groups only have texts (documented), and may write them
 * differently.
 */
function isSameDate({ content }: BoundValue, other: Sensitive): boolean {
  return content.kind === 'text' && heldForm(content.text).equals(heldForm(other));
}

/** Returns the form of a value that no manifest states: texts and ids as they are. */
export function heldForm(value: Sensitive): Sensitive {
  return new Sensitive(`held:${normaliseDate(reveal(value))}`);
}

/** ---- Comparison with one order ---- */

interface OrderComparison {
  readonly order: NamedOrder;
  readonly state: OrderState;
  /** The group's values that the order is to get. */
  readonly differing: readonly ValueAfterwards[];
  /** The values that the order holds in their place, and loses. */
  readonly replaces: readonly ReplacedValue[];
  /** The names of values in the order that differ, approved or not: `"Account Number" (approved)`. */
  readonly lost: readonly string[];
  /** The names of values that were declined although they are the group's. */
  readonly declined: readonly string[];
}

function compareOrder(order: NamedOrder, values: ReadonlyMap<string, ValueAfterwards>): OrderComparison {
  const differs = (holding: Holding, id: string, counts: (requirement: OrderRequirement) => boolean) =>
    holding.some((own) => own.requirementId === id && counts(own) && !values.get(id)?.equals(own.value));
  const differing = [...values.values()].filter(({ requirementId }) =>
    order.holdings.some((holding) => differs(holding, requirementId, takesValue)),
  );
  const isUnreadable = [...values.keys()].some((id) =>
    order.holdings.some((holding) => differs(holding, id, ({ status }) => status === null)),
  );
  const declined = [...values.values()].filter(({ requirementId, equals }) =>
    order.holdings
      .flat()
      .some((own) => own.requirementId === requirementId && isDeclined(own) && equals(own.value)),
  );
  return {
    order,
    state: stateOf(order, differing.length > 0, isUnreadable),
    differing,
    replaces: replacedValues(order, values),
    lost: lostValues(order, values),
    declined: declined.map(({ requirementName }) => requirementName),
  };
}

/**
 * Returns each value once, because the numbers of an order may be thousands. A number order keeps approved
 * values, a porting order does not (documented).
 */
function replacedValues(
  { kind, holdings }: NamedOrder,
  values: ReadonlyMap<string, ValueAfterwards>,
): ReplacedValue[] {
  const replaced = new Map<string, ReplacedValue>();
  for (const own of holdings.flat()) {
    const after = values.get(own.requirementId);
    if (after === undefined || after.equals(own.value)) continue;
    if (kind !== 'porting_order' && !takesValue(own)) continue;
    const value = heldForm(own.value);
    const { requirementId, requirementName } = after;
    replaced.set(JSON.stringify([requirementId, reveal(value)]), { requirementId, requirementName, value });
  }
  return [...replaced.values()];
}

function lostValues({ holdings }: NamedOrder, values: ReadonlyMap<string, ValueAfterwards>): string[] {
  return holdings.flat().flatMap(({ requirementId, value, status }) => {
    const after = values.get(requirementId);
    if (after === undefined || value.isEmpty || after.equals(value)) return [];
    return [`"${after.requirementName}"${status === 'approved' ? ' (approved)' : ''}`];
  });
}

function stateOf({ isOpen, holdings }: NamedOrder, differs: boolean, isUnreadable: boolean): OrderState {
  if (!isOpen) return 'closed';
  if (holdings.every((holding) => holding.length === 0)) return 'incomplete';
  if (differs) return 'differs';
  return isUnreadable ? 'unreadable' : 'carries';
}

/** Knows the words of number orders and those of porting orders. */
function isDeclined({ status }: OrderRequirement): boolean {
  return status === 'declined' || status === 'requirement-info-exception';
}

function changeOf({ order, state, differing, replaces }: OrderComparison): AttachmentChange[] {
  if (state !== 'differs') return [];
  const requirements = differing.map(({ requirementId, requirementName, after }) => ({
    requirementId,
    requirementName,
    after,
  }));
  return [{ order, requirements, replaces }];
}

/** ---- Attention ---- */

/**
 * Describes the values that a porting order loses, approved or not (documented: a group overwrites). A number
 * order keeps approved values.
 */
function overwritten({ order, state, lost }: OrderComparison): string[] {
  if (order.kind !== 'porting_order' || state !== 'differs' || lost.length === 0) return [];
  return [`${nameOrder(order)} loses its own ${lost.join(', ')}`];
}

function orderAttention(group: BoundGroup, { order, state, declined }: OrderComparison): Attention[] {
  const name = nameOrder(order);
  switch (state) {
    case 'closed':
      return [
        about(group, 'order-closed', `${name} is ${order.status}: it takes no group any more`, order.source),
      ];
    case 'incomplete':
      return [
        about(
          group,
          'order-incomplete',
          `${name} does not say yet what it demands; a later run compares it`,
          order.source,
        ),
      ];
    case 'unreadable':
      return [
        about(
          group,
          'order-unreadable',
          `${name} holds other values, and Telnyx does not say whether they are approved; it is left alone`,
          order.source,
        ),
      ];
    case 'carries':
    case 'differs':
      return declined.length === 0
        ? []
        : [about(group, 'order-declined', declinedMessage(name, declined), order.source)];
    default:
      return state satisfies never;
  }
}

function declinedMessage(order: string, declined: readonly string[]): string {
  const names = declined.map((name) => `"${name}"`).join(', ');
  return `${order}: a reviewer declined ${names}, and the group still holds the same; change it, and the order follows`;
}

function unfulfilled(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  compared: readonly OrderComparison[],
): Attention[] {
  const open = compared.map(({ order }) => order).filter(({ isOpen }) => isOpen);
  const [first] = open;
  if (first === undefined) return [];
  const missing = unfulfilledRequirements(group, observedGroup).map(({ name }) => `"${name}"`);
  const message = `not attached to ${open.map(nameOrder).join(', ')}: orders take fulfilled groups only; no value for ${missing.join(', ')}`;
  return [about(group, 'unfulfilled', message, first.source)];
}
