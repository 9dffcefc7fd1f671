import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeSubNumberOrder } from '../decode.ts';
import type { SubNumberOrderRow, ValueToWrite } from '../types.ts';
import { getById, listRows } from './rows.ts';
import { attachGroup, writePatch } from './writes.ts';

/** Without phone numbers: only the vendor's client, not its description, knows a way to have them in the list. */
export async function listSubNumberOrders(
  client: ReadClient,
  numberOrderId: RemoteId,
): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[order_request_id]': numberOrderId };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter((subOrder) => subOrder.numberOrderId === numberOrderId);
}

/** Those that still take a group. `filter[status]` is documented; whoever ignores it answers more. */
export async function listPendingSubNumberOrders(client: ReadClient): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[status]': 'pending' };
  const { rows } = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter(({ status }) => status === 'pending');
}

/** With its first 50 phone numbers, which hold the values (documented). */
export async function getSubNumberOrder(client: ReadClient, id: RemoteId): Promise<SubNumberOrderRow> {
  const query = { 'filter[include_phone_numbers]': 'true' };
  const template = '/sub_number_orders/{sub_number_order_id}';
  return getById(client, template, { sub_number_order_id: id }, query, decodeSubNumberOrder);
}

/** For all of its phone numbers. */
export async function patchSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  values: readonly ValueToWrite[],
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/sub_number_orders/{sub_number_order_id}',
    params: { sub_number_order_id: id },
    repeat: 'safe',
    body: { kind: 'json', value: writePatch({ reference: null, values }) },
  });
}

/**
 * Copies the values of the group, once (documented), to every requirement that is not approved. The group has to be
 * fulfilled and the order pending. Not repeated here: the values can be read back, and what the first attempt completed
 * refuses the second.
 */
export async function attachGroupToSubNumberOrder(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await attachGroup(client, '/sub_number_orders/{id}/requirement_group', id, groupId);
}
