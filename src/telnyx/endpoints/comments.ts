import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient, WriteClient } from '../client.ts';
import { decodeComment } from '../decode/resources.ts';
import { json } from '../request.ts';
import type { CommentedRecord, CommentRow } from '../types.ts';
import { listRows } from './rows.ts';

/**
 * Lists comments, whose order is not documented. The reason why an order was declined is a comment on its sub
 * order, and a question can come without any change of status (documented).
 */
export async function listComments(
  client: ReadClient,
  { type, id }: CommentedRecord,
): Promise<readonly CommentRow[]> {
  const query = { 'filter[comment_record_type]': type, 'filter[comment_record_id]': id };
  const rows = await listRows(client, '/comments', query, decodeComment);
  return rows.filter((comment) => comment.recordId === id);
}

export function listGroupComments(client: ReadClient, id: RemoteId): Promise<readonly CommentRow[]> {
  return listComments(client, { type: 'requirement_group', id });
}

/**
 * Posts a comment. It is never retried, because reviewers would read it twice: the list shows whether it was
 * posted.
 */
export async function postComment(
  client: WriteClient,
  { type, id }: CommentedRecord,
  body: string,
): Promise<void> {
  await client.send({
    method: 'POST',
    template: '/comments',
    repeat: 'never',
    body: json({ body, comment_record_type: type, comment_record_id: id }),
  });
}

export async function markCommentRead(client: WriteClient, id: RemoteId): Promise<void> {
  await client.send({ method: 'PATCH', template: '/comments/{id}/read', params: { id }, repeat: 'safe' });
}
