import { randomUUID } from 'node:crypto';
import { dataAnswer, notFound, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import { missingFields, optionalText, wrongChoice } from '../server/input.ts';
import { equals, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { Comment, State } from '../state/state.ts';

/** The first two are in the vendor's description; its guides also have the third. */
const RECORD_TYPES = ['sub_number_order', 'requirement_group', 'advanced_number_order'] as const;
type RecordType = (typeof RECORD_TYPES)[number];

/** The record that a comment is about. */
export interface CommentOwner {
  readonly type: RecordType;
  readonly id: string;
}

export function listComments(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.comments.values(), COMMENTS, (row) => presentComment(state, row));
}

export function createComment({ state, request }: Exchange): Reply {
  const body = readJsonObject(request);
  refuseIfAny([
    ...missingFields(body, ['body', 'comment_record_type', 'comment_record_id']),
    ...wrongChoice(body, 'comment_record_type', RECORD_TYPES),
  ]);
  const recordId = optionalText(body, 'comment_record_id') ?? '';
  const record = { type: body.comment_record_type as RecordType, id: recordId };
  if (!exists(state, record)) {
    throw refusal(422, '10017', 'There is no such record to comment on.', { pointer: '/comment_record_id' });
  }
  const comment = addComment(state, record, optionalText(body, 'body') ?? '', 'user');
  return dataAnswer(presentComment(state, comment));
}

export function getComment({ state, params }: Exchange): Reply {
  return dataAnswer(presentComment(state, requireComment(state, params.id)));
}

export function markCommentRead({ state, params }: Exchange): Reply {
  const comment = requireComment(state, params.id);
  const read_at = stamp(state);
  const read: Comment = { ...comment, read_at, updated_at: read_at };
  state.comments.set(read.id, read);
  return dataAnswer(presentComment(state, read));
}

const COMMENTERS = { admin: 'reviewer@example.com', user: 'user@example.com' } as const;

export function addComment(
  state: State,
  record: CommentOwner,
  body: string,
  commenter_type: Comment['commenter_type'],
): Comment {
  const created_at = stamp(state);
  const comment: Comment = {
    id: randomUUID(),
    body,
    comment_record_type: record.type,
    comment_record_id: record.id,
    commenter: COMMENTERS[commenter_type],
    commenter_type,
    read_at: null,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
  state.comments.set(comment.id, comment);
  return comment;
}

const COMMENTS: ListRules<Comment> = {
  name: 'comments',
  filters: {
    comment_record_type: equals((comment) => comment.comment_record_type, RECORD_TYPES),
    comment_record_id: equals((comment) => comment.comment_record_id),
  },
  sortBy: { created_at: (comment) => comment.created_at },
  defaultSort: '-created_at',
};

const COMMENTED = {
  sub_number_order: 'subNumberOrders',
  requirement_group: 'groups',
  advanced_number_order: 'advancedOrders',
} as const satisfies Record<RecordType, keyof State>;

function exists(state: State, { type, id }: CommentOwner): boolean {
  return state[COMMENTED[type]].has(id);
}

function requireComment(state: State, id: string | undefined): Comment {
  const comment = state.comments.get(id ?? '');
  if (comment === undefined) throw notFound('comment');
  return comment;
}

export function presentComment({ quirks }: State, { born_ms: _, read_at, ...comment }: Comment) {
  return read_at !== null || quirks.unset_fields === 'null' ? { ...comment, read_at } : comment;
}
