import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeAdvancedOrder } from '../decode/advanced-orders.ts';
import { json } from '../request.ts';
import type { AdvancedOrderRow } from '../types.ts';
import { getById, listRows } from './rows.ts';

/** Lists advanced orders. The description declares neither paging nor a total. */
export async function listAdvancedOrders(client: ReadClient): Promise<readonly AdvancedOrderRow[]> {
  return listRows(client, '/advanced_orders', {}, decodeAdvancedOrder);
}

/** Reads an advanced order, which is described without an envelope, unlike the list. */
export async function getAdvancedOrder(client: ReadClient, id: RemoteId): Promise<AdvancedOrderRow> {
  return getById(client, '/advanced_orders/{order_id}', { order_id: id }, {}, decodeAdvancedOrder);
}

/**
 * Attaches a group. `getAdvancedOrder` then says which group the order carries, so that no values need
 * comparing (documented). Attaching the same group again is harmless and copies what has changed in it
 * (documented).
 */
export async function attachGroupToAdvancedOrder(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/advanced_orders/{advanced_order_id}/requirement_group',
    params: { advanced_order_id: id },
    repeat: 'safe',
    body: json({ requirement_group_id: groupId }),
  });
}
