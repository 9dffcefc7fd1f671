import type { Observed, ReviewComment } from '../../model/observed.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import type { RemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { type CommentThread, readThread } from './threads.ts';

/** Orders as a run reads them: those that groups name or that name groups, and those with manifests of their own. */
type ReadOrders = Pick<Observed, 'orders' | 'NumberOrder' | 'PortingOrder'>;

/**
 * Reads what reviewers wrote about orders, oldest first, by the id of the sub order or of the porting order: one request for
 * each that nobody has approved yet. The API says nowhere else why it declined an order.
 */
export async function readOrderComments(
  client: ReadClient,
  orders: ReadOrders,
): Promise<ReadonlyMap<RemoteId, readonly ReviewComment[]>> {
  const entries = threadsOf(orders).map(
    async (thread) => [thread.id, (await unlessGone(() => readThread(client, thread))) ?? []] as const,
  );
  return new Map(await Promise.all(entries));
}

/** Returns the threads that are worth a request, each once: several manifests may reach the same order. */
function threadsOf({ orders, NumberOrder, PortingOrder }: ReadOrders): Pick<CommentThread, 'type' | 'id'>[] {
  const all = [
    ...[...orders.values()].flat(),
    ...[...NumberOrder.values()].flatMap(({ subOrders }) => subOrders),
  ];
  const under = (type: CommentThread['type'], ids: readonly RemoteId[]) =>
    [...new Set(ids)].map((id) => ({ type, id }));
  return [
    ...under(
      'sub_number_order',
      all.filter((order) => order.kind !== 'porting_order' && !isApproved(order)).flatMap(subOrderOf),
    ),
    ...under(
      'porting_order',
      [...PortingOrder.values(), ...all.filter(({ kind }) => kind === 'porting_order')]
        .filter(({ status }) => UNDER_REVIEW.has(status))
        .map(({ id }) => id),
    ),
    ...under(
      'advanced_number_order',
      all.filter(({ kind, status }) => kind === 'advanced_order' && status !== 'ordered').map(({ id }) => id),
    ),
  ];
}

/** Returns the id under which the comments on an order are kept: that of the sub order, also for one of its numbers. */
export function commentedId({ kind, id, subNumberOrderId }: ObservedOrder): RemoteId {
  return kind === 'phone_number' ? (subNumberOrderId ?? id) : id;
}

/** Returns nothing for a number of which Telnyx does not say which sub order it is in. */
function subOrderOf({ kind, id, subNumberOrderId }: ObservedOrder): RemoteId[] {
  if (kind === 'sub_number_order') return [id];
  return subNumberOrderId === null ? [] : [subNumberOrderId];
}

/** Returns true if the whole order, or each value of it, is approved. An order that was lost may say why. */
function isApproved({ status, isOpen, holdings }: ObservedOrder): boolean {
  if (!isOpen) return status === 'success';
  const requirements = holdings.flat();
  return requirements.length > 0 && requirements.every((requirement) => requirement.status === 'approved');
}

/** The statuses in which Telnyx or the other carrier looks at a porting order: a draft is not sent yet. */
const UNDER_REVIEW: ReadonlySet<string> = new Set(['in-process', 'submitted', 'exception']);
