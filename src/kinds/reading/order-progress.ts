import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import { type OrderReport, type OrderReviewState, waitsForPerson } from '../../model/report/order-report.ts';
import { asRemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { getNumberOrder } from '../../telnyx/endpoints/number-orders.ts';
import { getPortingOrder } from '../../telnyx/endpoints/porting-orders.ts';
import { readOrder } from '../../telnyx/orders.ts';
import { reviewStateOfNumberOrder, reviewStateOfPortingOrder } from '../values/order-review-state.ts';

export interface OrderProgress {
  /** The status, or `absent` for an order that is gone. */
  readonly status: string;
  readonly standing: OrderReviewState;
}

/**
 * Reads how orders stand that were under way, or that waited for a person. It is called again and again, so it reads only the order itself
 * and those of its parts that are pending: a reviewer's refusal shows on the numbers of a part alone.
 */
export async function observeProgress(
  client: ReadClient,
  orders: readonly OrderReport[],
): Promise<readonly OrderProgress[]> {
  return Promise.all(
    orders.map(async (order) => (await unlessGone(() => readProgress(client, order))) ?? GONE),
  );
}

const GONE: OrderProgress = { status: 'absent', standing: 'failed' };

async function readProgress(client: ReadClient, order: OrderReport): Promise<OrderProgress> {
  const { kind, id, parts } = order;
  const orderId = asRemoteId(id ?? '');
  if (kind === 'PortingOrder') {
    const { status } = await getPortingOrder(client, orderId);
    return { status, standing: reviewStateOfPortingOrder(status, { missing: [], declined: [] }) };
  }
  const [{ status }, ...read] = await Promise.all([
    getNumberOrder(client, orderId),
    ...parts
      .filter((part) => part.status === 'pending')
      .map((part) => readOrder(client, 'sub_number_order', asRemoteId(part.id))),
  ]);
  const standing = reviewStateOfNumberOrder(status, waitsForPerson(order) ? read.map(withoutMissing) : read);
  return { status, standing };
}

/** Leaves out what has no value: the person has yet to act, and only the full read tells whether more is missing. */
function withoutMissing(part: ObservedOrder): ObservedOrder {
  return { ...part, holdings: part.holdings.map((own) => own.filter(({ value }) => !value.isEmpty)) };
}
