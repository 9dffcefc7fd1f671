import { referenceKey } from '../../model/reference.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeReference } from '../decode/common.ts';
import {
  decodeNumberOrder,
  decodeOrderedNumber,
  decodeOrderedNumberInFull,
  decodeSubNumberOrder,
} from '../decode/number-orders.ts';
import type { BegunListing } from '../paging.ts';
import { json, type Query } from '../request.ts';
import type {
  NumberOrderRow,
  NumberOrderToPlace,
  OrderedNumberRow,
  SubNumberOrderRow,
  ValueToWrite,
} from '../types.ts';
import { getById, inFullWhere, listByReference, listRows } from './rows.ts';
import { attachGroup, createObject, type Patch, sendPatch } from './writes.ts';

/** @param createdAfterMs a hint: a server may ignore the filter and answer more. Null lists all orders. */
export async function listNumberOrders(
  client: ReadClient,
  createdAfterMs: number | null = null,
): Promise<readonly NumberOrderRow[]> {
  const query: Query =
    createdAfterMs === null ? {} : { 'filter[created_at][gt]': new Date(createdAfterMs).toISOString() };
  return listRows(client, '/number_orders', query, decodeNumberOrder);
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
  const filter = 'filter[customer_reference]';
  return listByReference(client, '/number_orders', filter, reference, decodeNumberOrder);
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
  const { id } = await createObject(
    client,
    '/number_orders',
    json({
      phone_numbers: order.phoneNumbers.map(({ phoneNumber, groupId }) => ({
        phone_number: phoneNumber,
        ...(groupId === null ? {} : { requirement_group_id: groupId }),
      })),
      customer_reference: order.reference,
      ...order.settings,
    }),
  );
  return id;
}

/** Changes the reference and the values, the only fields that can be edited (described). */
export async function patchNumberOrder(client: WriteClient, id: RemoteId, patch: Patch): Promise<void> {
  await sendPatch(client, '/number_orders/{number_order_id}', { number_order_id: id }, patch);
}

/* ---- Sub orders ---- */

/**
 * Lists sub orders without their phone numbers. Only the vendor's client, not its description, has a way to
 * include them.
 */
export async function listSubNumberOrders(
  client: ReadClient,
  numberOrderId: RemoteId,
): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[order_request_id]': numberOrderId };
  const rows = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
  return rows.filter((subOrder) => subOrder.numberOrderId === numberOrderId);
}

/**
 * Lists the sub orders that still accept a group. `filter[status]` is documented; a server that ignores it
 * answers more.
 */
export async function listPendingSubNumberOrders(client: ReadClient): Promise<readonly SubNumberOrderRow[]> {
  const query = { 'filter[status]': 'pending' };
  const rows = await listRows(client, '/sub_number_orders', query, decodeSubNumberOrder);
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

/* ---- The phone numbers of orders ---- */

/** Lists the numbers of an owner. Only the country filter is described, so the owner is selected here. */
export async function listNumberOrderPhoneNumbers(
  client: ReadClient,
  countryCode: string,
  owner: { readonly numberOrderId: RemoteId } | { readonly subNumberOrderId: RemoteId },
): Promise<readonly OrderedNumberRow[]> {
  const query = { 'filter[country_code]': countryCode };
  const rows = await listRows(client, '/number_order_phone_numbers', query, decodeOrderedNumber);
  return rows.filter((number) =>
    'numberOrderId' in owner
      ? number.numberOrderId === owner.numberOrderId
      : number.subNumberOrderId === owner.subNumberOrderId,
  );
}

/**
 * Lists the numbers of all orders, open or not: 250 with each request, where reading orders takes one request
 * each.
 */
export async function listAllNumberOrderPhoneNumbers(
  client: ReadClient,
): Promise<readonly OrderedNumberRow[]> {
  return listRows(client, '/number_order_phone_numbers', {}, decodeOrderedNumber);
}

/**
 * Lists the numbers that matter, with all of their values.
 *
 * @param matters returns true if the values of a number matter.
 * @throws MalformedAnswerError also if a row that matters does not show all of its values.
 */
export async function listAllNumberOrderPhoneNumbersInFull(
  client: ReadClient,
  matters: (number: OrderedNumberRow) => boolean,
): Promise<readonly OrderedNumberRow[]> {
  const decode = inFullWhere(matters, decodeOrderedNumber, decodeOrderedNumberInFull);
  const rows = await listRows(client, '/number_order_phone_numbers', {}, decode);
  return rows.filter((number) => number !== null);
}

export async function getNumberOrderPhoneNumber(client: ReadClient, id: RemoteId): Promise<OrderedNumberRow> {
  const template = '/number_order_phone_numbers/{number_order_phone_number_id}';
  return getById(client, template, { number_order_phone_number_id: id }, {}, decodeOrderedNumber);
}

export async function patchNumberOrderPhoneNumber(
  client: WriteClient,
  id: RemoteId,
  values: readonly ValueToWrite[],
): Promise<void> {
  await sendPatch(
    client,
    '/number_order_phone_numbers/{number_order_phone_number_id}',
    { number_order_phone_number_id: id },
    { reference: null, values },
  );
}

/** Attaches a group to one phone number of an order, as `attachGroupToSubNumberOrder` does to a sub order. */
export async function attachGroupToPhoneNumber(
  client: WriteClient,
  id: RemoteId,
  groupId: RemoteId,
): Promise<void> {
  await attachGroup(client, '/number_order_phone_numbers/{id}/requirement_group', id, groupId);
}
