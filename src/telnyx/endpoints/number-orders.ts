import { referenceKey, sameReference } from '../../model/reference.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeNumberOrder, decodeReference } from '../decode.ts';
import type { BegunListing } from '../paging.ts';
import type { Query } from '../request.ts';
import type { NumberOrderRow, NumberOrderToPlace } from '../types.ts';
import { getById, listRows, readId } from './rows.ts';
import { type Patch, sendPatch } from './writes.ts';

/** @param createdAfterMs a hint: a server may ignore the filter and answer more. Null lists all orders. */
export async function listNumberOrders(
  client: ReadClient,
  createdAfterMs: number | null = null,
): Promise<readonly NumberOrderRow[]> {
  const query: Query =
    createdAfterMs === null ? {} : { 'filter[created_at][gt]': new Date(createdAfterMs).toISOString() };
  return (await listRows(client, '/number_orders', query, decodeNumberOrder)).rows;
}

/**
 * Lists all orders. Those without one of these references are null, so that nothing else of them is decoded.
 */
export async function beginNumberOrders(
  client: ReadClient,
  references: ReadonlySet<string>,
): Promise<BegunListing<NumberOrderRow | null>> {
  return client.begin('/number_orders', {}, {}, (row) =>
    references.has(referenceKey(decodeReference(row)) ?? '') ? decodeNumberOrder(row) : null,
  );
}

/** Lists the orders with this reference. Telnyx does not prevent several orders with the same one. */
export async function listNumberOrdersByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly NumberOrderRow[]> {
  const query = { 'filter[customer_reference]': reference };
  const { rows } = await listRows(client, '/number_orders', query, decodeNumberOrder);
  return rows.filter((order) => sameReference(order.reference, reference));
}

export async function getNumberOrder(client: ReadClient, id: RemoteId): Promise<NumberOrderRow> {
  const template = '/number_orders/{number_order_id}';
  return getById(client, template, { number_order_id: id }, {}, decodeNumberOrder);
}

/**
 * Places an order, which costs money. It is never retried: look the order up by its reference instead.
 * Numbers have to be searched first (85000), and some countries require a fulfilled group with each
 * (documented). The answer's requirements are empty, because they are added later (documented).
 */
export async function placeNumberOrder(client: WriteClient, order: NumberOrderToPlace): Promise<RemoteId> {
  const answer = await client.send({
    method: 'POST',
    template: '/number_orders',
    repeat: 'never',
    body: {
      kind: 'json',
      value: {
        phone_numbers: order.phoneNumbers.map(({ phoneNumber, groupId }) => ({
          phone_number: phoneNumber,
          ...(groupId === null ? {} : { requirement_group_id: groupId }),
        })),
        customer_reference: order.reference,
        ...order.settings,
      },
    },
  });
  return readId(answer, 'POST /number_orders');
}

/** Changes the reference and the values, the only fields that can be edited (described). */
export async function patchNumberOrder(client: WriteClient, id: RemoteId, patch: Patch): Promise<void> {
  await sendPatch(client, '/number_orders/{number_order_id}', { number_order_id: id }, patch);
}
