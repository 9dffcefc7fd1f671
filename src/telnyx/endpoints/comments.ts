import type { RemoteId } from '../../model/resource.ts';
import type { ReadClient } from '../client.ts';
import { decodeComment } from '../decode.ts';
import type { CommentRow } from '../types.ts';
import { listRows } from './rows.ts';

export async function listGroupComments(client: ReadClient, id: RemoteId): Promise<readonly CommentRow[]> {
  const query = { 'filter[comment_record_type]': 'requirement_group', 'filter[comment_record_id]': id };
  const { rows } = await listRows(client, '/comments', query, decodeComment);
  return rows.filter((comment) => comment.recordId === id);
}
