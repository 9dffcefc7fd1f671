import type { Selected } from '../../model/kinds.ts';
import type { ObservedGroup, ReviewComment } from '../../model/observed.ts';
import type { RemoteId } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listGroupComments } from '../../telnyx/endpoints/comments.ts';
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
  const comments = await Promise.all(
    unapproved.map(async ({ id }) => [id, byTime(await listGroupComments(client, id))] as const),
  );
  return new Map(comments);
}

function byTime(comments: readonly ReviewComment[]): ReviewComment[] {
  return [...comments].sort((a, b) => compareText(a.createdAt, b.createdAt));
}
