import { presentPortingAction } from '../actions/porting-actions.ts';
import { addComment, presentComment } from '../groups/comments.ts';
import { presentAdvancedOrder, requireAdvancedOrder } from '../orders/advanced-orders.ts';
import { presentPortingComment } from '../orders/porting-comments.ts';
import { dataAnswer, notFound, type Reply } from '../server/answer.ts';
import { optionalText, readControl } from '../server/input.ts';
import type { Exchange, Handler } from '../server/request.ts';
import type { Endpoint } from '../server/routes.ts';
import type { State } from '../state/state.ts';

/** Questions about advanced orders, and rows that no API should answer. */
export const CONVERSATION_CONTROLS: readonly Endpoint[] = [
  overwriting('comments', (state) => state.comments, presentComment, [
    ...['body', 'commenter', 'commenter_type', 'comment_record_type', 'comment_record_id'],
    ...['created_at', 'read_at'],
  ]),
  overwriting(
    'porting_comments',
    (state) => state.portingComments,
    (_, row) => presentPortingComment(row),
    [...['body', 'user_type', 'created_at']],
  ),
  overwriting('porting_actions', (state) => state.portingActions, presentPortingAction, [
    ...['status', 'action_type', 'cancel_reason', 'requirement_type_id'],
  ]),
  overwriting('advanced_orders', (state) => state.advancedOrders, presentAdvancedOrder, [
    ...[
      'status',
      'requirement_group_id',
      'customer_reference',
      'country_code',
      'phone_number_type',
      'orders',
    ],
  ]),
  ['POST', '/_sandbox/advanced_orders/{id}/ask', askAboutAdvancedOrder],
];

/** Adds a reviewer's `{comment}`. */
function askAboutAdvancedOrder({ state, params, request }: Exchange): Reply {
  const { id } = requireAdvancedOrder(state, params.id);
  const comment = optionalText(readControl(request, ['comment']), 'comment') ?? '';
  addComment(state, { type: 'advanced_number_order', id }, comment, 'admin');
  return dataAnswer(presentAdvancedOrder(state, requireAdvancedOrder(state, id)));
}

/** Writes the fields of the body without any check or type, to make odd data for tests. */
function overwriting<Row extends object>(
  name: string,
  tableOf: (state: State) => Map<string, Row>,
  present: (state: State, row: Row) => unknown,
  fields: readonly string[],
): Endpoint {
  const handler: Handler = ({ state, params, request }) => {
    const row = tableOf(state).get(params.id ?? '');
    if (row === undefined) throw notFound(`row of ${name}`);
    const written = { ...row, ...readControl(request, fields) };
    tableOf(state).set(params.id ?? '', written);
    return dataAnswer(present(state, written));
  };
  return ['PATCH', `/_sandbox/${name}/{id}`, handler];
}
