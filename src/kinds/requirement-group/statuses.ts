import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listGroupsByStatus } from '../../telnyx/endpoints/requirement-groups.ts';
import { getGroupOrNull } from './identity/read-groups.ts';

/**
 * Returns the current statuses of groups that were under review, by id, and `absent` for a group that is
 * gone. It is called again and again, so it reads one page of the groups under review, and only the others
 * one by one.
 */
export async function observeReviews(
  client: ReadClient,
  ids: readonly RemoteId[],
): Promise<ReadonlyMap<RemoteId, string>> {
  const listed = new Map((await listGroupsByStatus(client, UNDER_REVIEW)).map((group) => [group.id, group]));
  const statuses = await Promise.all(
    ids.map(async (id) => {
      const group = listed.get(id) ?? (await getGroupOrNull(client, id));
      return [id, group?.status ?? 'absent'] as const;
    }),
  );
  return new Map(statuses);
}

const UNDER_REVIEW = 'pending-approval';
