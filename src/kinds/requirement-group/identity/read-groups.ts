import type { ObservedGroup } from '../../../model/observed.ts';
import type { DesiredGroup, RemoteId } from '../../../model/resource.ts';
import { unlessUnknown } from '../../../telnyx/absence.ts';
import type { ReadClient } from '../../../telnyx/client.ts';
import { getGroup, listGroups } from '../../../telnyx/endpoints/requirement-groups.ts';
import type { BegunListing, Listing } from '../../../telnyx/paging.ts';

export function pinnedIds(groups: readonly DesiredGroup[]): RemoteId[] {
  return groups.flatMap((group) => (group.id === null ? [] : [group.id.id]));
}

/**
 * Asks for pinned groups that the list lacks, because it may lag behind a group that was just made elsewhere.
 *
 * @param begun the list, if its first page is read already.
 */
export async function readGroups(
  client: ReadClient,
  ids: readonly RemoteId[],
  begun?: BegunListing<ObservedGroup>,
): Promise<Listing<ObservedGroup>> {
  const { rows, dateMs } = await (begun === undefined ? listGroups(client) : begun.finish());
  const known = new Set<string>(rows.map((group) => group.id));
  const unlisted = [...new Set(ids)].filter((id) => !known.has(id));
  const found = await Promise.all(unlisted.map((id) => getGroupOrNull(client, id)));
  return { rows: [...rows, ...found.filter((group) => group !== null)], dateMs };
}

export async function getGroupOrNull(client: ReadClient, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessUnknown(() => getGroup(client, id));
}
