import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listGroupsByStatus } from '../../telnyx/endpoints.ts';
import { getGroupOrNull } from './read-groups.ts';

/**
 * Where groups that were under review stand now, by id; `absent` for what is gone. Asked for again and again, so that it
 * costs little: one page of what is under review, and one request for each group that is there no more.
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
