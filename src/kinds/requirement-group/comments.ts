import type { Selected } from '../../model/kinds.ts';
import type { ObservedGroup, ReviewComment } from '../../model/observed.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { readThread } from '../reading/threads.ts';
import type { Matching } from './identity/match.ts';

/**
 * Reads the only place where Telnyx says why it declined a group, or asks about one that is still under
 * review. The endpoint takes one group at a time, so regsync leaves out approved groups. Comments of reviewers
 * may quote values, so they are redacted before anything shows them.
 */
export async function readComments(
  client: ReadClient,
  matching: Matching,
  selected: Selected,
): Promise<ReadonlyMap<RemoteId, readonly ReviewComment[]>> {
  const unapproved: ObservedGroup[] = [];
  for (const [name, { group }] of matching.matches) {
    const isUnapproved = group !== null && group.status !== 'approved';
    if (isUnapproved && selected.RequirementGroup.has(name)) unapproved.push(group);
  }
  const comments = unapproved.map(
    async ({ id }) => [id, await readThread(client, { type: 'requirement_group', id })] as const,
  );
  return new Map(await Promise.all(comments));
}
