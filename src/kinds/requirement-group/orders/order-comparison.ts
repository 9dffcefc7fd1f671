import type { Observed, ObservedGroup } from '../../../model/observed.ts';
import {
  type Holding,
  isLostOrder,
  type NamedOrder,
  type OrderRequirement,
  takesValue,
} from '../../../model/orders/observed-order.ts';
import type { ReplacedValue } from '../../../model/plan/change.ts';
import { reveal, Sensitive } from '../../../model/privacy/sensitive.ts';
import type { SourcePosition } from '../../../model/problem.ts';
import type { OrderState } from '../../../model/report/status.ts';
import type { BoundGroup, BoundValue } from '../../../model/resource.ts';
import { normaliseDate } from '../../../model/text/normal-text.ts';
import { desiredForm, isHeld } from '../../values/normal-form.ts';
import { isDeclined } from '../../values/order-review-state.ts';

/** Compares the orders of a group with it, for plans and reports. */
export function compareOrders(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  observed: Observed,
): OrderComparison[] {
  const orders = observed.orders.get(group.name) ?? [];
  const values = orders.length === 0 ? new Map() : valuesAfterwards(group, observedGroup, observed);
  return orders.map((order) =>
    order.groupId === undefined ? compareOrder(order, values) : compareCarried(order, observedGroup),
  );
}

/** ---- Values that the group will hold ---- */

interface ValueAfterwards {
  readonly requirementId: string;
  readonly requirementName: string;
  /** The normal form. */
  readonly after: Sensitive;
  readonly equals: (value: Sensitive) => boolean;
  /** Its line in the manifest. Absent if the manifest does not state it. */
  readonly source?: SourcePosition;
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
  const names = new Map(group.definitions.map(({ id, name }) => [id, name]));
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
      source: stated.contentSource,
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

export interface OrderComparison {
  readonly order: NamedOrder;
  readonly state: OrderState;
  /** The group's values that the order is to get. */
  readonly differing: readonly ValueAfterwards[];
  /** The values that the order holds in their place, and loses. */
  readonly replaces: readonly ReplacedValue[];
  /** The names of values in the order that differ, approved or not: `"Account Number" (approved)`. */
  readonly lost: readonly string[];
  /** The group's values that were declined in the order. */
  readonly declined: readonly ValueAfterwards[];
  /** The names of the group's values of which a closed order has others, which stay. */
  readonly final: readonly string[];
  /** The lines of the values that were declined in the order, even if the manifest has changed them since. */
  readonly declinedAt: readonly SourcePosition[];
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
  const refused = order.holdings.flat().filter(isDeclined);
  const declined = [...values.values()].filter(({ requirementId, equals }) =>
    refused.some((own) => own.requirementId === requirementId && equals(own.value)),
  );
  return {
    order,
    state: stateOf(order, differing.length > 0, isUnreadable),
    differing,
    replaces: replacedValues(order, values),
    lost: lostValues(order, values),
    final: finalValues(order, values),
    declined,
    declinedAt: refused.flatMap(({ requirementId }) => values.get(requirementId)?.source ?? []),
  };
}

/** Compares an advanced order by the group that it carries, because it says which one (documented). */
function compareCarried(order: NamedOrder, group: ObservedGroup | null): OrderComparison {
  const isCarried = group !== null && order.groupId === group.id;
  const state = isCarried ? 'carries' : order.isOpen ? 'differs' : 'closed';
  return { order, state, differing: [], replaces: [], lost: [], final: [], declined: [], declinedAt: [] };
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

function finalValues(
  { finalHoldings = [], status }: NamedOrder,
  values: ReadonlyMap<string, ValueAfterwards>,
): string[] {
  if (isLostOrder(status)) return [];
  const differing = finalHoldings.flat().flatMap(({ requirementId, value }) => {
    const after = values.get(requirementId);
    return after === undefined || value.isEmpty || after.equals(value) ? [] : [after.requirementName];
  });
  return [...new Set(differing)];
}

function stateOf({ isOpen, holdings }: NamedOrder, differs: boolean, isUnreadable: boolean): OrderState {
  if (!isOpen) return 'closed';
  if (holdings.every((holding) => holding.length === 0)) return 'incomplete';
  if (differs) return 'differs';
  return isUnreadable ? 'unreadable' : 'carries';
}
