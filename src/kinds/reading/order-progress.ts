import type { OrderReport, OrderStanding } from '../../model/order-report.ts';
import { asRemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { getNumberOrder, getPortingOrder } from '../../telnyx/endpoints.ts';
import { readOrder } from '../../telnyx/orders.ts';
import { standingOfNumberOrder, standingOfPortingOrder } from '../values/order-standing.ts';

export interface OrderProgress {
  /** The status, or `absent` for an order that is gone. */
  readonly status: string;
  readonly standing: OrderStanding;
}

/**
 * Reads how orders stand that were under way. It is called again and again, so it reads only the order itself
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

async function readProgress(client: ReadClient, { kind, id, parts }: OrderReport): Promise<OrderProgress> {
  const orderId = asRemoteId(id ?? '');
  if (kind === 'PortingOrder') {
    const { status } = await getPortingOrder(client, orderId);
    return { status, standing: standingOfPortingOrder(status, { missing: [], declined: [] }) };
  }
  const [{ status }, ...read] = await Promise.all([
    getNumberOrder(client, orderId),
    ...parts
      .filter((part) => part.status === 'pending')
      .map((part) => readOrder(client, 'sub_number_order', asRemoteId(part.id))),
  ]);
  return { status, standing: standingOfNumberOrder(status, read) };
}
