import { randomUUID } from 'node:crypto';
import { json, type Reply, refuseIfAny } from '../server/answer.ts';
import { missingFields, optionalText } from '../server/input.ts';
import { type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { PortingComment, State } from '../state/state.ts';
import { requirePortingOrder } from './porting-orders.ts';

/** The comments on porting orders, which cannot be marked as read (documented). */

export function listPortingComments(exchange: Exchange): Reply {
  const { state, params } = exchange;
  const { id } = requirePortingOrder(state, params.id);
  const comments = [...state.portingComments.values()].filter((comment) => comment.porting_order_id === id);
  return listAnswer(exchange, comments, COMMENTS, presentPortingComment);
}

export function createPortingComment({ state, request, params }: Exchange): Reply {
  const { id } = requirePortingOrder(state, params.id);
  const body = readJsonObject(request);
  refuseIfAny(missingFields(body, ['body']));
  const comment = addPortingComment(state, id, optionalText(body, 'body') ?? '', 'user');
  return json(201, { data: presentPortingComment(comment) });
}

export function addPortingComment(
  state: State,
  porting_order_id: string,
  body: string,
  user_type: PortingComment['user_type'],
): PortingComment {
  const created_at = stamp(state);
  const id = randomUUID();
  const comment = { id, porting_order_id, body, user_type, created_at, born_ms: Date.now() };
  state.portingComments.set(id, comment);
  return comment;
}

export function presentPortingComment({ born_ms: _, ...comment }: PortingComment) {
  return { record_type: 'porting_comment', ...comment };
}

/** The oldest comment comes first, since the order is not documented. */
const COMMENTS: ListRules<PortingComment> = { name: 'porting_comments', filters: {}, sortBy: {} };
