import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeOrderedNumber, decodeOrderedNumberInFull } from '../decode.ts';
import type { OrderedNumberRow, ValueToWrite } from '../types.ts';
import { getById, inFullWhere, listRows } from './rows.ts';
import { attachGroup, sendPatch } from './writes.ts';

/** Lists the numbers of an owner. Only the country filter is described, so the owner is selected here. */
export async function listNumberOrderPhoneNumbers(
  client: ReadClient,
  countryCode: string,
  owner: { readonly numberOrderId: RemoteId } | { readonly subNumberOrderId: RemoteId },
): Promise<readonly OrderedNumberRow[]> {
  const query = { 'filter[country_code]': countryCode };
  const { rows } = await listRows(client, '/number_order_phone_numbers', query, decodeOrderedNumber);
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
  return (await listRows(client, '/number_order_phone_numbers', {}, decodeOrderedNumber)).rows;
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
  const { rows } = await listRows(client, '/number_order_phone_numbers', {}, decode);
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
