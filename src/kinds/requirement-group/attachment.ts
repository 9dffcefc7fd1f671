import type { PlanInput } from '../../model/decisions.ts';
import { normaliseDate } from '../../model/normal-text.ts';
import type { AttachmentChange, Attention, ReplacedValue } from '../../model/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import {
  type BoundGroup,
  type BoundValue,
  type Holding,
  type NamedOrder,
  nameOrder,
  type Observed,
  type ObservedGroup,
  type OrderRequirement,
  takesValue,
} from '../../model/resource.ts';
import { reveal, Sensitive } from '../../model/sensitive.ts';
import type { OrderState } from '../../model/status.ts';
import { exceptionAttention } from '../porting-order/exceptions.ts';
import { commentedId } from '../reading/order-comments.ts';
import { about } from '../values/about.ts';
import { deadlineAttention } from '../values/deadlines.ts';
import { unfulfilledRequirements } from '../values/fulfilment.ts';
import { byLine } from '../values/lines.ts';
import { localityAttention } from '../values/localities.ts';
import { desiredForm, isHeld } from '../values/normal-form.ts';
import { commentAttention } from '../values/reviewers.ts';

/**
 * Which orders are to get a group's values. Orders copy them once, and nothing tells which group an order carries (both
 * documented), so values are all that can be compared: what the order holds against what the group will hold when its own
 * writes of the same run are done. Equal values are never attached again, whatever a reviewer thinks of them.
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
      ...conversations(group, compared, observed),
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

/** What every picture of the orders of a group is made of. */
export function compareOrders(
  group: BoundGroup,
  observedGroup: ObservedGroup | null,
  observed: Observed,
): OrderComparison[] {
  const orders = observed.orders.get(group.name) ?? [];
  const values = orders.length === 0 ? new Map() : valuesAfterwards(group, observedGroup, observed);
  return orders.map((order) => compareOrder(order, values));
}

/* ---- What the group will hold ---- */

interface ValueAfterwards {
  readonly requirementId: string;
  readonly requirementName: string;
  /** Normal form. */
  readonly after: Sensitive;
  readonly equals: (value: Sensitive) => boolean;
  /** Where the manifest states it; absent where it does not. */
  readonly source?: SourcePosition;
}

/** What the manifest states, as far as the group can hold it, and what the group holds beyond that. By requirement id. */
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
      source: stated.contentSource,
    });
  }
  return values;
}

/** Orders know dates where groups know texts only (documented), and may write them in another way. */
function isSameDate({ content }: BoundValue, other: Sensitive): boolean {
  return content.kind === 'text' && heldForm(content.text).equals(heldForm(other));
}

/** Of what no manifest states: texts and ids as they are. */
export function heldForm(value: Sensitive): Sensitive {
  return new Sensitive(`held:${normaliseDate(reveal(value))}`);
}

/* ---- One order against it ---- */

interface OrderComparison {
  readonly order: NamedOrder;
  readonly state: OrderState;
  /** Those of the group's values that the order is to get. */
  readonly differing: readonly ValueAfterwards[];
  /** What the order holds in their place, and loses by it. */
  readonly replaces: readonly ReplacedValue[];
  /** What the order holds otherwise, approved or not: `"Account Number" (approved)`. */
  readonly lost: readonly string[];
  /** What was declined although it is what the group holds. */
  readonly declined: readonly ValueAfterwards[];
  /** Where the manifest states what was declined, whether it is still the same or not. */
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
    declined,
    declinedAt: refused.flatMap(({ requirementId }) => values.get(requirementId)?.source ?? []),
  };
}

/** Each once: the numbers of an order may be thousands. A number order keeps what is approved, a porting order does not (documented). */
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

/** In the words of number orders and in those of porting. */
export function isDeclined({ status }: OrderRequirement): boolean {
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

/* ---- What a person should know ---- */

/** A porting order loses what it holds, approved or not (documented: a group overwrites); a number order keeps what is approved. */
function overwritten({ order, state, lost }: OrderComparison): string[] {
  if (order.kind !== 'porting_order' || state !== 'differs' || lost.length === 0) return [];
  return [`${nameOrder(order)} loses its own ${lost.join(', ')}`];
}

/** Numbers of one sub order share its comments, which are told once. */
function conversations(
  group: BoundGroup,
  compared: readonly OrderComparison[],
  observed: Observed,
): Attention[] {
  const byRecord = new Map(compared.toReversed().map((one) => [commentedId(one.order), one]));
  return compared.flatMap((one) =>
    byRecord.get(commentedId(one.order)) === one ? conversation(group, one, observed) : [],
  );
}

/** What reviewers and the other carrier say of an order. One with a manifest of its own is spoken of there. */
function conversation(
  group: BoundGroup,
  { order, declinedAt: [declinedAt] }: OrderComparison,
  observed: Observed,
): Attention[] {
  const isPorting = order.kind === 'porting_order';
  if (isPorting && [...observed.PortingOrder.values()].some((own) => own.id === order.id)) return [];
  const id = commentedId(order);
  const manifest = { name: group.name, source: order.source };
  const isRefused = !order.isOpen || order.status === 'exception' || order.holdings.flat().some(isDeclined);
  return [
    ...(isPorting ? exceptionAttention({ manifest, order, stated: [], changed: new Set() }) : []),
    ...commentAttention(manifest, observed.comments.get(id), {
      code: 'order-comment',
      isRefused,
      on: nameOrder({ kind: isPorting ? order.kind : 'sub_number_order', id }),
      source: declinedAt,
    }),
  ];
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
      return byLine(
        declined.map((value) => ({ name: value.requirementName, source: value.source ?? order.source })),
      ).map(({ names, source }) => about(group, 'order-declined', declinedMessage(name, names), source));
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
