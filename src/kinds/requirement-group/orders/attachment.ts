import type { Observed, ObservedGroup } from '../../../model/observed.ts';
import {
  type NamedOrder,
  nameOrder,
  type ObservedOrder,
  orderInWords,
} from '../../../model/orders/observed-order.ts';
import type { AttachmentChange } from '../../../model/plan/change.ts';
import type { PlanInput } from '../../../model/plan/decisions.ts';
import type { Attention } from '../../../model/plan/plan.ts';
import type { RequirementDefinition } from '../../../model/requirements.ts';
import type { BoundGroup } from '../../../model/resource.ts';
import { joined, named, quoted, type Sentence, sentence } from '../../../model/text/sentence.ts';
import { exceptionAttention } from '../../porting-order/exceptions.ts';
import { commentedId } from '../../reading/order-comments.ts';
import { about } from '../../values/about.ts';
import { actionsOfGroupOrder } from '../../values/actions.ts';
import { deadlineAttention } from '../../values/deadlines.ts';
import { isAction, unfulfilledRequirements } from '../../values/fulfilment.ts';
import { byLine } from '../../values/lines.ts';
import { localityAttention } from '../../values/localities.ts';
import { isDeclined } from '../../values/order-review-state.ts';
import { commentAttention } from '../../values/reviewers.ts';
import { compareOrders, type OrderComparison } from './order-comparison.ts';

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
  {
    observed,
    warnDays,
    writesValues = false,
  }: Pick<PlanInput, 'observed' | 'warnDays'> & {
    /** Is true if the run writes values of the group, or if an earlier one did and did not come to its end. */
    readonly writesValues?: boolean;
  },
): AttachmentPlan {
  if (!observed.orders.has(group.name)) return NO_ATTACHMENTS;
  const compared = compareOrders(group, observedGroup, observed);
  const missing = unfulfilledRequirements(group, observedGroup);
  const actions = missing.filter(isAction);
  const isFulfilled = missing.length === actions.length;
  const attached = compared.filter(({ order }) => takesValues(order, { isFulfilled, actions }));
  const way = actions.length === 0 ? {} : ({ by: 'values' } as const);
  const changes = attached.flatMap((comparison) => changeOf(comparison, way, writesValues));
  return {
    changes,
    attention: [
      ...compared.flatMap((comparison) => orderAttention(group, comparison)),
      ...conversations(group, compared, observed),
      ...compared.flatMap(({ order }) => [
        ...deadlineAttention({ name: group.name, order, source: order.source }, { observed, warnDays }),
        ...localityAttention(group, order),
        ...actionsOfGroupOrder(group, order, { observed }),
      ]),
      ...(isFulfilled ? [] : unfulfilled(group, missing, without(compared, attached))),
    ],
    consequences: [...attached.flatMap(overwritten), ...writtenOneByOne(changes, actions)],
  };
}

/**
 * Returns true if the order can get the values of the group. Orders take fulfilled groups only (documented),
 * and a group with an action never is, so that its values are written to the order itself, as many as there
 * are.
 */
function takesValues(
  { kind }: ObservedOrder,
  { isFulfilled, actions }: { readonly isFulfilled: boolean; readonly actions: readonly unknown[] },
): boolean {
  return isFulfilled || (actions.length > 0 && kind !== 'advanced_order');
}

function without<Item>(all: readonly Item[], some: readonly Item[]): Item[] {
  return all.filter((one) => !some.includes(one));
}

const NO_ATTACHMENTS: AttachmentPlan = { changes: [], attention: [], consequences: [] };

function changeOf(
  { order, state, differing, replaces }: OrderComparison,
  way: Pick<AttachmentChange, 'by'>,
  writesValues: boolean,
): AttachmentChange[] {
  // An advanced order copies what has changed in its group only when the group is attached again (documented).
  if (order.groupId !== undefined) {
    const isOutdated = writesValues && order.isOpen && state === 'carries';
    return state === 'differs' || isOutdated ? [{ order, requirements: [], replaces }] : [];
  }
  if (state !== 'differs') return [];
  const requirements = differing.map(({ requirementId, requirementName, after }) => ({
    requirementId,
    requirementName,
    after,
  }));
  return [{ order, ...way, requirements, replaces }];
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

/** Says why the values of a group with an action go to its orders one by one. */
function writtenOneByOne(
  changes: readonly AttachmentChange[],
  actions: readonly RequirementDefinition[],
): string[] {
  if (!changes.some(({ by }) => by === 'values')) return [];
  const names = actions.map(({ name }) => `"${name}"`).join(', ');
  return [`orders take no group with an action (${names}): its values are written to each order`];
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
      on: orderInWords({ kind: order.kind === 'phone_number' ? 'sub_number_order' : order.kind, id }),
      source: declinedAt,
    }),
  ];
}

function orderAttention(group: BoundGroup, { order, state, declined, final }: OrderComparison): Attention[] {
  const name = orderInWords(order);
  switch (state) {
    case 'closed':
      return closedAttention(group, order, final);
    case 'incomplete':
      return [
        about(
          group,
          'order-incomplete',
          sentence`${name} does not list its requirements yet; a later run compares it`,
          order.source,
        ),
      ];
    case 'unreadable':
      return [
        about(
          group,
          'order-unreadable',
          sentence`${name} holds other values, and Telnyx does not say whether they are approved; it is left alone`,
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

/**
 * Asks to remove the entry of an order that takes no group any more. A link in the order's own manifest is no
 * such entry: it stays, and only values that the order keeps are worth a line.
 */
function closedAttention(group: BoundGroup, order: NamedOrder, final: readonly string[]): Attention[] {
  if (order.isLink === true && final.length === 0) return [];
  const step = order.isLink === true ? '' : ': remove the entry';
  const message = sentence`${orderInWords(order)} is ${named(order.status)} and cannot take a group any more${keptValues(final)}${step}`;
  return [about(group, 'order-closed', message, order.source)];
}

/** Says what a closed order has instead of the group's values. */
function keptValues(names: readonly string[]): Sentence {
  if (names.length === 0) return [];
  return sentence`, and keeps other values than the group for ${joined(names.map(quoted), ', ')}`;
}

function declinedMessage(order: Sentence, declined: readonly string[]): Sentence {
  const names = joined(declined.map(quoted), ', ');
  return sentence`${order}: a reviewer declined ${names}, and the group still holds the same; change it, and the order follows`;
}

function unfulfilled(
  group: BoundGroup,
  missing: readonly RequirementDefinition[],
  compared: readonly OrderComparison[],
): Attention[] {
  const open = compared.map(({ order }) => order).filter(({ isOpen }) => isOpen);
  const [first] = open;
  if (first === undefined) return [];
  const names = joined(
    missing.map(({ name }) => quoted(name)),
    ', ',
  );
  const message = sentence`not attached to ${joined(open.map(orderInWords), ', ')}: orders take only complete groups; no value for ${names}`;
  return [about(group, 'unfulfilled', message, first.source)];
}
