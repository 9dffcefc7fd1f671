import { reveal } from '../../model/privacy/sensitive.ts';
import { ADDRESS_FIELDS, type DesiredAddress, type Reference, type RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeAddress } from '../decode/resources.ts';
import type { BegunListing, Listing } from '../paging.ts';
import { json } from '../request.ts';
import type { AddressRow } from '../types.ts';
import { getById, listByReference } from './rows.ts';
import { createObject } from './writes.ts';

export async function listAddresses(client: ReadClient): Promise<Listing<AddressRow>> {
  return client.list('/addresses', {}, {}, decodeAddress);
}

export async function beginAddresses(client: ReadClient): Promise<BegunListing<AddressRow>> {
  return client.begin('/addresses', {}, {}, decodeAddress);
}

export async function getAddress(client: ReadClient, id: RemoteId): Promise<AddressRow> {
  return getById(client, '/addresses/{id}', { id }, {}, decodeAddress);
}

export async function listAddressesByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly AddressRow[]> {
  return listByReference(client, '/addresses', 'filter[customer_reference][eq]', reference, decodeAddress);
}

export async function createAddress(
  client: WriteClient,
  address: DesiredAddress,
  reference: Reference,
): Promise<AddressRow> {
  const fields = ADDRESS_FIELDS.flatMap((field) => {
    const value = address.fields.get(field);
    return value === undefined || value.isEmpty ? [] : [[field, reveal(value)] as const];
  });
  const created = await createObject(
    client,
    '/addresses',
    json({
      ...NAMES_REQUIRED_BY_SCHEMA,
      ...Object.fromEntries(fields),
      customer_reference: reference,
      address_book: false,
      validate_address: address.validateAddress,
    }),
  );
  return decodeAddress(created.content);
}

/** The schema requires all three names although its text asks for one form or the other: missing names are sent empty. */
const NAMES_REQUIRED_BY_SCHEMA = { first_name: '', last_name: '', business_name: '' } as const;

export async function deleteAddress(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({ method: 'DELETE', template: '/addresses/{id}', params: { id }, repeat: 'safe' });
}
