import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeSubNumberOrder } from '../decode.ts';
import type { SubNumberOrderRow, ValueToWrite } from '../types.ts';
import { getById, listRows } from './rows.ts';
import { attachGroup, sendPatch } from './writes.ts';

/**
 * Lists sub orders without their phone numbers. Only the vendor's client, not its description, has a way to
 * include them.
 */
export async function listSubNumberOrders(
  client: ReadClient,
  numberOrderId: RemoteId,
): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[order_request_id]': numberOrderId };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter((subOrder) => subOrder.numberOrderId === numberOrderId);
}

/**
 * Lists the sub orders that still accept a group. `filter[status]` is documented; a server that ignores it
 * answers more.
 */
export async function listPendingSubNumberOrders(client: ReadClient): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[status]': 'pending' };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter(({ status }) => status === 'pending');
}

/** Reads a sub order with its first 50 phone numbers, which contain the values (documented). */
export async function getSubNumberOrder(client: ReadClient, id: RemoteId): Promise<SubNumberOrderRow> {
  const query = { 'filter[include_phone_numbers]': 'true' };
  const template = '/sub_number_orders/{sub_number_order_id}';
  return getById(client, template, { sub_number_order_id: id }, query, decodeSubNumberOrder);
}

/** Changes the values of all its phone numbers. */
export async function patchSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  values: readonly ValueToWrite[],
): Promise<void> {
  await sendPatch(
    client,
    '/sub_number_orders/{sub_number_order_id}',
    { sub_number_order_id: id },
    { reference: null, values },
  );
}

/**
 * Copies the values of the group, once (documented), to every requirement that is not approved. The group has
 * to be fulfilled and the order pending. It is never retried here: the values can be read back, and an order
 * that the first attempt completed refuses the second.
 */
export async function attachGroupToSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await attachGroup(client, '/sub_number_orders/{id}/requirement_group', id, groupId);
}
