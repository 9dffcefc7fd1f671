import { finishSubOrderActions } from '../actions/sub-order-actions.ts';
import { addComment } from '../groups/comments.ts';
import { requireNumberOrder } from '../orders/number-orders.ts';
import {
  approveNumbers,
  cancelNumbers,
  declineNumbers,
  numbersOfOrder,
  numbersOfSubOrder,
} from '../orders/order-life.ts';
import { presentOrder, presentOrderedNumber, presentSubOrderWithNumbers } from '../orders/order-rows.ts';
import { requireOrderedNumber } from '../orders/ordered-numbers.ts';
import { requireSubNumberOrder } from '../orders/sub-number-orders.ts';
import { dataAnswer, type Reply } from '../server/answer.ts';
import { optionalChoice, optionalText, optionalTexts, readControl } from '../server/input.ts';
import type { Exchange, Handler, JsonObject } from '../server/request.ts';
import type { Endpoint } from '../server/routes.ts';
import { stamp } from '../state/clock.ts';
import type { OrderedNumber, State } from '../state/state.ts';
import { verifyDocument } from './review.ts';

/**
 * The actions of reviewers and carriers on orders. `{requirement_ids}` makes an approval or a rejection
 * partial, and `{comment}` gives the reason. Without ids it applies to everything that has a value.
 * `?reference=` can name an order by its `customer_reference` in place of the id, and means the newest one.
 */
export const ORDER_CONTROLS: readonly Endpoint[] = [
  ...kindRoutes('number_orders', {
    named: (state, reference) =>
      [...state.numberOrders.values()].findLast((order) => order.customer_reference === reference)?.id,
    numbers: (state, id) => numbersOfOrder(state, requireNumberOrder(state, id).id),
    overwrite: (state, id, body) => {
      const order = requireNumberOrder(state, id);
      state.numberOrders.set(order.id, { ...order, ...body });
    },
    fields: ['status', 'customer_reference'],
    present: (state, id) => presentOrder(state, requireNumberOrder(state, id)),
  }),
  ...kindRoutes('sub_number_orders', {
    numbers: (state, id) => numbersOfSubOrder(state, requireSubNumberOrder(state, id).id),
    overwrite: (state, id, body) => {
      const subOrder = requireSubNumberOrder(state, id);
      state.subNumberOrders.set(subOrder.id, { ...subOrder, ...body });
    },
    fields: ['status'],
    present: (state, id) => presentSubOrderWithNumbers(state, requireSubNumberOrder(state, id)),
  }),
  ...kindRoutes('number_order_phone_numbers', {
    numbers: (state, id) => [requireOrderedNumber(state, id)],
    overwrite: (state, id, body) => {
      const number = requireOrderedNumber(state, id);
      state.orderedNumbers.set(number.id, { ...number, ...body });
    },
    fields: ['status', 'requirements_status', 'deadline', 'locality'],
    present: (state, id) => presentOrderedNumber(state, requireOrderedNumber(state, id)),
  }),
  ['POST', '/_sandbox/searched-numbers', search],
];

/* ---- Number orders: whole, in part, and number by number ---- */

interface Kind {
  /** Returns the id of the newest row with this reference. */
  readonly named?: (state: State, reference: string) => string | undefined;
  readonly numbers: (state: State, id: string) => readonly OrderedNumber[];
  /** The fields that may be overwritten. */
  readonly fields: readonly string[];
  /** Writes the fields of the body without any check. The next change of a number corrects derived fields. */
  readonly overwrite: (state: State, id: string, body: JsonObject) => void;
  readonly present: (state: State, id: string) => unknown;
}

type Act = (state: State, id: string, body: JsonObject) => void;
type Verb = (state: State, numbers: readonly OrderedNumber[], body: JsonObject) => void;

function kindRoutes(name: string, kind: Kind): Endpoint[] {
  const routes = (method: string, verb: string, fields: readonly string[], act: Act): Endpoint[] => {
    const handler: Handler = ({ state, params, request }) => {
      const reference = request.query.get('reference');
      const id = (reference === null ? params.id : kind.named?.(state, reference)) ?? '';
      act(state, id, readControl(request, fields));
      return dataAnswer(kind.present(state, id));
    };
    return [
      [method, `/_sandbox/${name}/{id}${verb}`, handler],
      [method, `/_sandbox/${name}${verb}`, handler],
    ];
  };
  const on =
    (verb: Verb): Act =>
    (state, id, body) =>
      verb(state, kind.numbers(state, id), body);
  return [
    ...routes('POST', '/approve', ['requirement_ids'], on(approve)),
    ...routes('POST', '/decline', ['requirement_ids', 'comment'], on(decline)),
    ...routes('POST', '/ask', ['comment'], on(ask)),
    ...routes('POST', '/finish-action', ['result'], on(finishActions)),
    ...routes('POST', '/cancel', [], on(cancelNumbers)),
    // The values are accepted with any type.
    ...routes('PATCH', '', kind.fields, kind.overwrite),
  ];
}

function approve(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  approveNumbers(state, numbers, optionalTexts(body, 'requirement_ids') ?? null);
  for (const { id } of numbers) {
    const { regulatory_requirements } = requireOrderedNumber(state, id);
    for (const { status, field_value } of regulatory_requirements) {
      if (status === 'approved') verifyDocument(state, field_value);
    }
  }
}

function decline(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  declineNumbers(state, numbers, optionalTexts(body, 'requirement_ids') ?? null);
  ask(state, numbers, body);
}

/** Adds a reviewer's `{comment}` to each of the sub orders. No status changes. */
function ask(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  const comment = optionalText(body, 'comment') ?? null;
  if (comment === null) return;
  for (const id of subOrdersOf(numbers)) {
    addComment(state, { type: 'sub_number_order', id }, comment, 'admin');
  }
}

/** Ends the actions of each sub order as `completed`, unless `{result}` is `failed`. */
function finishActions(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  const result = optionalChoice(body, 'result', ['completed', 'failed']) ?? 'completed';
  for (const id of subOrdersOf(numbers)) finishSubOrderActions(state, id, result);
}

function subOrdersOf(numbers: readonly OrderedNumber[]): ReadonlySet<string> {
  return new Set(numbers.map(({ sub_order_id }) => sub_order_id));
}

/** Marks `{phone_numbers}` as shown by a search. */
function search({ state, request }: Exchange): Reply {
  const phoneNumbers = optionalTexts(readControl(request, ['phone_numbers']), 'phone_numbers') ?? [];
  for (const number of phoneNumbers) state.searchedNumbers.set(number, stamp(state));
  return dataAnswer([...state.searchedNumbers.keys()]);
}
