import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeAdvancedOrder } from '../decode.ts';
import type { AdvancedOrderRow } from '../types.ts';
import { getById, listRows } from './rows.ts';

/** Neither paging nor a total is described. */
export async function listAdvancedOrders(client: ReadClient): Promise<readonly AdvancedOrderRow[]> {
  return (await listRows(client, '/advanced_orders', {}, decodeAdvancedOrder)).rows;
}

/** Described without an envelope, unlike the list. */
export async function getAdvancedOrder(client: ReadClient, id: RemoteId): Promise<AdvancedOrderRow> {
  return getById(client, '/advanced_orders/{order_id}', { order_id: id }, {}, decodeAdvancedOrder);
}

/**
 * Which group it carries from then on is read with `getAdvancedOrder`: nothing need be compared (documented). To give the same
 * again is harmless, and takes over what has changed in the group (documented).
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
    body: { kind: 'json', value: { requirement_group_id: groupId } },
  });
}
