import type { Combination, Reference, RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeGroup, decodeGroupInFull } from '../decode/resources.ts';
import type { BegunListing, Listing } from '../paging.ts';
import { json } from '../request.ts';
import type { GroupRow, ValueToWrite } from '../types.ts';
import { getById, listByReference, listRows } from './rows.ts';
import { createObject, type Patch, sendPatch, writeValue } from './writes.ts';

export async function listGroups(client: ReadClient): Promise<Listing<GroupRow>> {
  return client.list('/requirement_groups', {}, {}, decodeGroup);
}

export async function beginGroups(client: ReadClient): Promise<BegunListing<GroupRow>> {
  return client.begin('/requirement_groups', {}, {}, decodeGroup);
}

/** Begins a list that the server may not narrow: it is not documented how exact this filter is. */
export async function beginGroupsByReference(
  client: ReadClient,
  reference: string,
): Promise<BegunListing<GroupRow>> {
  return client.begin('/requirement_groups', { 'filter[customer_reference]': reference }, {}, decodeGroup);
}

export async function listGroupsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly GroupRow[]> {
  const filter = 'filter[customer_reference]';
  return listByReference(client, '/requirement_groups', filter, reference, decodeGroup);
}

/**
 * @throws MalformedAnswerError also if a row does not show all of its values, since it is then unknown what
 * is in use.
 */
export async function listGroupsInFull(client: ReadClient): Promise<readonly GroupRow[]> {
  return listRows(client, '/requirement_groups', {}, decodeGroupInFull);
}

/**
 * Lists groups by status. `filter[status]` is documented. A server that ignores it answers more, and one that
 * misreads it answers less.
 */
export async function listGroupsByStatus(client: ReadClient, status: string): Promise<readonly GroupRow[]> {
  const query = { 'filter[status]': status };
  const rows = await listRows(client, '/requirement_groups', query, decodeGroup);
  return rows.filter((group) => group.status === status);
}

export async function getGroup(client: ReadClient, id: string): Promise<GroupRow> {
  return getById(client, '/requirement_groups/{id}', { id }, {}, decodeGroup);
}

/** Creates a group. It is never retried, because Telnyx does not prevent two equal groups. */
export async function createGroup(
  client: WriteClient,
  group: {
    readonly combination: Combination;
    readonly reference: Reference;
    readonly values: readonly ValueToWrite[];
  },
): Promise<RemoteId> {
  const { id } = await createObject(
    client,
    '/requirement_groups',
    json({
      country_code: group.combination.countryCode,
      phone_number_type: group.combination.phoneNumberType,
      action: group.combination.action,
      customer_reference: group.reference,
      regulatory_requirements: group.values.map(writeValue),
    }),
  );
  return id;
}

/**
 * Patches a group by requirement id: a value that is not listed stays (documented). Setting the same twice is
 * harmless.
 */
export async function patchGroup(client: WriteClient, id: RemoteId, patch: Patch): Promise<void> {
  await sendPatch(client, '/requirement_groups/{id}', { id }, patch);
}

/** Submits a group. It is never retried here: the group's status shows whether it took effect. */
export async function submitGroup(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({
    method: 'POST',
    template: '/requirement_groups/{id}/submit_for_approval',
    params: { id },
    repeat: 'never',
  });
}

export async function deleteGroup(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({
    method: 'DELETE',
    template: '/requirement_groups/{id}',
    params: { id },
    repeat: 'safe',
  });
}
