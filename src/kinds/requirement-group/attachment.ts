import type { AttachmentChange } from '../../model/change.ts';
import type { PlanInput } from '../../model/decisions.ts';
import type { Observed, ObservedGroup } from '../../model/observed.ts';
import { nameOrder } from '../../model/observed-order.ts';
import type { Attention } from '../../model/plan.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { exceptionAttention } from '../porting-order/exceptions.ts';
import { commentedId } from '../reading/order-comments.ts';
import { about } from '../values/about.ts';
import { deadlineAttention } from '../values/deadlines.ts';
import { unfulfilledRequirements } from '../values/fulfilment.ts';
import { byLine } from '../values/lines.ts';
import { localityAttention } from '../values/localities.ts';
import { commentAttention } from '../values/reviewers.ts';
import { compareOrders, isDeclined, type OrderComparison } from './order-comparison.ts';

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

/** Reports the comments of a sub order once, because all its numbers share them. */
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

/**
 * Reports the words of reviewers and of the other carrier about an order, unless the order has a manifest of
 * its own, which reports them itself.
 */
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

function orderAttention(group: BoundGroup, { order, state, declined, final }: OrderComparison): Attention[] {
  const name = nameOrder(order);
  switch (state) {
    case 'closed':
      return [
        about(
          group,
          'order-closed',
          `${name} is ${order.status} and cannot take a group any more${keptValues(final)}: remove the entry`,
          order.source,
        ),
      ];
    case 'incomplete':
      return [
        about(
          group,
          'order-incomplete',
          `${name} does not list its requirements yet; a later run compares it`,
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

/** Says what a closed order has instead of the group's values. */
function keptValues(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `, and keeps other values than the group for ${names.map((name) => `"${name}"`).join(', ')}`;
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
