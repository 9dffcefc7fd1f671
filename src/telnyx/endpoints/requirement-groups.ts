import { sameReference } from '../../model/reference.ts';
import type { Combination, Reference, RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeGroup, decodeGroupInFull } from '../decode.ts';
import type { GroupRow, ValueToWrite } from '../types.ts';
import { type Dated, getById, listRows, readId } from './rows.ts';
import { writePatch, writeValue } from './writes.ts';

export async function listGroups(client: ReadClient): Promise<Dated<GroupRow>> {
  return listRows(client, '/requirement_groups', {}, decodeGroup);
}

export async function listGroupsByReference(
  client: ReadClient,
  reference: string,
): Promise<readonly GroupRow[]> {
  const query = { 'filter[customer_reference]': reference };
  const { rows } = await listRows(client, '/requirement_groups', query, decodeGroup);
  return rows.filter((group) => sameReference(group.reference, reference));
}

/** @throws MalformedAnswerError too where a row does not show all of its values: then nobody knows what is in use. */
export async function listGroupsInFull(client: ReadClient): Promise<readonly GroupRow[]> {
  return (await listRows(client, '/requirement_groups', {}, decodeGroupInFull)).rows;
}

/** `filter[status]` is documented; whoever ignores it answers more, and whoever mistakes it less. */
export async function listGroupsByStatus(client: ReadClient, status: string): Promise<readonly GroupRow[]> {
  const query = { 'filter[status]': status };
  const { rows } = await listRows(client, '/requirement_groups', query, decodeGroup);
  return rows.filter((group) => group.status === status);
}

export async function getGroup(client: ReadClient, id: string): Promise<GroupRow> {
  return getById(client, '/requirement_groups/{id}', { id }, {}, decodeGroup);
}

/** Not safe to repeat: nothing at Telnyx keeps two groups from being the same. */
export async function createGroup(
  client: WriteClient,
  group: {
    readonly combination: Combination;
    readonly reference: Reference;
    readonly values: readonly ValueToWrite[];
  },
): Promise<RemoteId> {
  const answer = await client.send({
    method: 'POST',
    template: '/requirement_groups',
    repeat: 'never',
    body: {
      kind: 'json',
      value: {
        country_code: group.combination.countryCode,
        phone_number_type: group.combination.phoneNumberType,
        action: group.combination.action,
        customer_reference: group.reference,
        regulatory_requirements: group.values.map(writeValue),
      },
    },
  });
  return readId(answer, 'POST /requirement_groups');
}

/** Partial by requirement id (documented): what is not listed keeps its value. Setting the same twice is harmless. */
export async function patchGroup(
  client: WriteClient,
  id: RemoteId,
  patch: { readonly reference: string | null; readonly values: readonly ValueToWrite[] },
): Promise<void> {
  await client.send({
    method: 'PATCH',
    template: '/requirement_groups/{id}',
    params: { id },
    repeat: 'safe',
    body: { kind: 'json', value: writePatch(patch) },
  });
}

/** Not repeated here: whether it took effect can be read from the group's status. */
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
