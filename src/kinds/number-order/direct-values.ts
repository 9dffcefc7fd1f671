import type { Observed } from '../../model/observed.ts';
import {
  isLostOrder,
  type ObservedOrder,
  type OrderRequirement,
  orderInWords,
  takesValue,
} from '../../model/orders/observed-order.ts';
import type { ValueWrite } from '../../model/plan/change.ts';
import type { AttentionCode } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { BoundValue } from '../../model/resource.ts';
import { named, quoted, type Sentence, sentence, type Worded, worded } from '../../model/text/sentence.ts';
import { isHeld } from '../values/normal-form.ts';
import { writeOf } from '../values/writable.ts';

/** The comparison of the values that an order's manifest states with those that its numbers hold. */
export interface DirectValues {
  /**
   * The values that differ in some number. A write is for all numbers alike, and leaves approved values as
   * they are.
   */
  readonly writes: readonly ValueWrite[];
  readonly findings: readonly Finding[];
}

interface Finding extends Required<Worded> {
  readonly code: AttentionCode;
  /** The position. Null for the order as a whole. */
  readonly source: SourcePosition | null;
}

export function planDirectValues(
  stated: {
    readonly values: readonly BoundValue[];
    /** The order in words. */
    readonly name: Sentence;
    readonly orders: readonly ObservedOrder[];
  },
  observed: Observed,
): DirectValues {
  const { values, name, orders } = stated;
  const holdings = orders.filter(({ isOpen }) => isOpen).flatMap(({ holdings }) => holdings);
  if (values.length === 0 || holdings.length === 0) return { writes: [], findings: [] };
  if (holdings.every((holding) => holding.length === 0)) {
    const message = sentence`${name} does not list its requirements yet; a later run compares it`;
    return { writes: [], findings: [{ code: 'order-incomplete', ...worded(message), source: null }] };
  }
  const isWhole = holdings.every((holding) => holding.length > 0);
  const compared = values.map((value) =>
    compareValue(
      value,
      holdings.flatMap((holding) => holding.filter((own) => own.requirementId === value.requirement.id)),
      { name, isWhole, observed },
    ),
  );
  return {
    writes: compared.flatMap(({ write }) => write ?? []),
    findings: compared.flatMap(({ finding }) => finding ?? []),
  };
}

/** Reports the stated values of which a closed part of an order has others, because nothing changes them. */
export function closedValues(
  { values, orders }: { readonly values: readonly BoundValue[]; readonly orders: readonly ObservedOrder[] },
  observed: Observed,
): readonly Finding[] {
  const closed = orders.filter(({ isOpen, status }) => !isOpen && !isLostOrder(status));
  return closed.flatMap((order) => {
    const held = (order.finalHoldings ?? []).flat();
    const differing = values.filter((value) =>
      held.some(
        (own) =>
          own.requirementId === value.requirement.id &&
          !own.value.isEmpty &&
          !isHeld(own.value, value, observed),
      ),
    );
    return differing.map(({ requirement, contentSource }): Finding => {
      const message = sentence`${orderInWords(order)} is ${named(order.status)}: it is left with what it holds for ${quoted(requirement.name)}, which is not what the manifest states`;
      return { code: 'order-closed', ...worded(message), source: contentSource };
    });
  });
}

interface Comparison {
  readonly write?: ValueWrite;
  readonly finding?: Finding;
}

function compareValue(
  value: BoundValue,
  held: readonly OrderRequirement[],
  context: { readonly name: Sentence; readonly isWhole: boolean; readonly observed: Observed },
): Comparison {
  const { requirement, contentSource: source } = value;
  const { name, isWhole, observed } = context;
  if (held.length === 0) {
    const message = sentence`${name} does not demand ${quoted(requirement.name)}: remove it from the manifest`;
    return isWhole
      ? { finding: { code: 'requirements-changed', ...worded(message), source: value.source } }
      : {};
  }
  const isEqual = (own: OrderRequirement) => isHeld(own.value, value, observed);
  const differing = held.filter((own) => !isEqual(own));
  const writableOne = differing.find(takesValue);
  if (writableOne !== undefined) return { write: writeOf(value, observed, writableOne) };
  if (differing.some(({ status }) => status === null)) {
    const message = sentence`${name} holds another value for ${quoted(requirement.name)}, and Telnyx does not say whether it is approved; it is left alone`;
    return { finding: { code: 'order-unreadable', ...worded(message), source } };
  }
  if (held.some((own) => own.status === 'declined' && isEqual(own))) {
    const message = sentence`${name}: a reviewer declined ${quoted(requirement.name)}, and the manifest still states the same`;
    return { finding: { code: 'order-declined', ...worded(message), source } };
  }
  return {};
}
