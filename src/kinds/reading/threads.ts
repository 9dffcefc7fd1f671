import type { ReviewComment } from '../../model/observed.ts';
import type { RemoteId } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { listComments } from '../../telnyx/endpoints/comments.ts';
import { listPortingComments } from '../../telnyx/endpoints/porting-orders.ts';

/** The object at Telnyx whose comments are read and answered. */
export interface CommentThread {
  /** The third type of records with comments is in the vendor's guides only. */
  readonly type: 'requirement_group' | 'sub_number_order' | 'porting_order' | 'advanced_number_order';
  readonly id: RemoteId;
  /** The status as Telnyx states it. */
  readonly status: string;
}

/** A comment with its id, which is null if Telnyx does not say. The body is as Telnyx has it. */
export interface ThreadComment extends ReviewComment {
  readonly id: RemoteId | null;
}

/** Reads all comments on the object, oldest first. */
export async function readThread(
  client: ReadClient,
  { type, id }: Pick<CommentThread, 'type' | 'id'>,
): Promise<ThreadComment[]> {
  const rows: readonly ThreadComment[] =
    type === 'porting_order'
      ? await listPortingComments(client, id)
      : await listComments(client, { type, id });
  return [...rows].sort((a, b) => compareText(a.createdAt, b.createdAt));
}
