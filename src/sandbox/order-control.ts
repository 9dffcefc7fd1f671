import { type Answer, dataAnswer, refusal } from './answer.ts';
import { stamp } from './clock.ts';
import { addComment } from './comments.ts';
import { optionalText, optionalTexts } from './input.ts';
import { requireNumberOrder } from './number-orders.ts';
import {
  approveNumbers,
  cancelNumbers,
  declineNumbers,
  numbersOfOrder,
  numbersOfSubOrder,
} from './order-life.ts';
import { presentOrder, presentOrderedNumber, presentSubOrderWithNumbers } from './order-rows.ts';
import { requireOrderedNumber } from './ordered-numbers.ts';
import { countryOf, fictionalNumber } from './phone-numbers.ts';
import { newPortingOrder, requirePortingOrder, storePortingOrder } from './porting-orders.ts';
import { presentPortingOrder } from './porting-rows.ts';
import { mergeSettings } from './porting-settings.ts';
import { type Exchange, isJsonObject, type JsonObject, readJsonObject } from './request.ts';
import { verifyDocument } from './review.ts';
import type { Route } from './routes.ts';
import type { OrderedNumber, OrderRequirement, PortingOrder, State, StatusDetail } from './state.ts';
import { requireSubNumberOrder } from './sub-number-orders.ts';

/**
 * What reviewers and carriers do to orders. `{requirement_ids}` makes an approval or a rejection a partial one, and
 * `{comment}` says why; without ids it is for everything that has a value.
 */
export const ORDER_CONTROLS: readonly Route[] = [
  ...kindRoutes('number_orders', {
    numbers: (state, id) => numbersOfOrder(state, requireNumberOrder(state, id).id),
    overwrite: (state, id, body) => {
      const order = requireNumberOrder(state, id);
      state.numberOrders.set(order.id, { ...order, ...pick(body, ['status', 'customer_reference']) });
    },
    present: (state, id) => presentOrder(state, requireNumberOrder(state, id)),
  }),
  ...kindRoutes('sub_number_orders', {
    numbers: (state, id) => numbersOfSubOrder(state, requireSubNumberOrder(state, id).id),
    overwrite: (state, id, body) => {
      const subOrder = requireSubNumberOrder(state, id);
      state.subNumberOrders.set(subOrder.id, { ...subOrder, ...pick(body, ['status']) });
    },
    present: (state, id) => presentSubOrderWithNumbers(state, requireSubNumberOrder(state, id)),
  }),
  ...kindRoutes('number_order_phone_numbers', {
    numbers: (state, id) => [requireOrderedNumber(state, id)],
    overwrite: (state, id, body) => {
      const number = requireOrderedNumber(state, id);
      const fields = ['status', 'requirements_status', 'deadline'];
      state.orderedNumbers.set(number.id, { ...number, ...pick(body, fields) });
    },
    present: (state, id) => presentOrderedNumber(state, requireOrderedNumber(state, id)),
  }),
  ['POST', '/_sandbox/searched-numbers', search],

  ['POST', '/_sandbox/porting_orders', addPortingOrder],
  ['POST', '/_sandbox/porting_orders/{id}/move', movePortingOrder],
  ['POST', '/_sandbox/porting_orders/{id}/approve', (exchange) => judgePorting(exchange, 'approved')],
  ['POST', '/_sandbox/porting_orders/{id}/decline', (exchange) => judgePorting(exchange, 'declined')],
];

/* ---- Number orders, as a whole, in part, and number by number ---- */

interface Kind {
  readonly numbers: (state: State, id: string) => readonly OrderedNumber[];
  /** Writes what the body says, past every rule; the next change of a number settles it again. */
  readonly overwrite: (state: State, id: string, body: JsonObject) => void;
  readonly present: (state: State, id: string) => unknown;
}

type Verb = (state: State, numbers: readonly OrderedNumber[], body: JsonObject) => void;

function kindRoutes(name: string, kind: Kind): Route[] {
  const path = `/_sandbox/${name}/{id}`;
  const act = ({ state, params, request }: Exchange, verb: (id: string, body: JsonObject) => void) => {
    const body = request.body.length === 0 ? {} : readJsonObject(request);
    verb(params.id ?? '', body);
    return dataAnswer(kind.present(state, params.id ?? ''));
  };
  const verbRoute = (word: string, verb: Verb): Route => [
    'POST',
    `${path}/${word}`,
    (exchange) => act(exchange, (id, body) => verb(exchange.state, kind.numbers(exchange.state, id), body)),
  ];
  return [
    verbRoute('approve', approve),
    verbRoute('decline', decline),
    verbRoute('cancel', cancelNumbers),
    ['PATCH', path, (exchange) => act(exchange, (id, body) => kind.overwrite(exchange.state, id, body))],
  ];
}

function approve(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  approveNumbers(state, numbers, optionalTexts(body, 'requirement_ids') ?? null);
  for (const { regulatory_requirements } of numbers) verifyApproved(state, regulatory_requirements);
}

function verifyApproved(state: State, requirements: readonly OrderRequirement[]): void {
  for (const { field_value } of requirements) verifyDocument(state, field_value);
}

function decline(state: State, numbers: readonly OrderedNumber[], body: JsonObject): void {
  declineNumbers(state, numbers, optionalTexts(body, 'requirement_ids') ?? null);
  const comment = optionalText(body, 'comment') ?? null;
  if (comment === null) return;
  for (const id of new Set(numbers.map(({ sub_order_id }) => sub_order_id))) {
    addComment(state, { type: 'sub_number_order', id }, comment, 'admin');
  }
}

/** As if a search had just shown them: `{phone_numbers}`. */
function search({ state, request }: Exchange): Answer {
  const phoneNumbers = optionalTexts(readJsonObject(request), 'phone_numbers') ?? [];
  for (const number of phoneNumbers) state.searchedNumbers.set(number, stamp(state));
  return dataAnswer([...state.searchedNumbers.keys()]);
}

/** The values are taken as they come, of whatever type. */
function pick(body: JsonObject, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
}

/* ---- Porting orders ---- */

/**
 * `{phone_numbers, status}` and whatever a PATCH takes. Country and type are those of the first number, unless the body
 * says `country_code` and `phone_number_type`.
 */
function addPortingOrder({ state, request }: Exchange): Answer {
  const body = readJsonObject(request);
  const phoneNumbers = optionalTexts(body, 'phone_numbers') ?? ['+49300000001'];
  const first = phoneNumbers[0] ?? '';
  const order = newPortingOrder(
    state,
    {
      country_code: optionalText(body, 'country_code') ?? countryOf(first) ?? 'DE',
      phone_number_type:
        optionalText(body, 'phone_number_type') ?? fictionalNumber(first)?.phone_number_type ?? 'local',
    },
    phoneNumbers,
  );
  const settings = mergeSettings(order.settings, body);
  storePortingOrder(state, { ...order, ...readStatus(body, order), settings });
  return answerPorting(state, order.id);
}

/** `{status, details}`: to whatever status it says, known or not. */
function movePortingOrder({ state, request, params }: Exchange): Answer {
  const body = readJsonObject(request);
  const order = requirePortingOrder(state, params.id);
  if (typeof body.status !== 'string') {
    throw refusal(422, '10004', 'status is required.', { pointer: '/status' });
  }
  storePortingOrder(state, { ...order, ...readStatus(body, order), updated_at: stamp(state) });
  return answerPorting(state, order.id);
}

function readStatus(body: JsonObject, { status }: PortingOrder) {
  const details = Array.isArray(body.details) ? body.details.filter(isJsonObject) : [];
  return {
    status: optionalText(body, 'status') ?? status,
    status_details: details.map(
      (detail): StatusDetail => ({
        code: optionalText(detail, 'code') ?? 'OTHER',
        description: optionalText(detail, 'description') ?? '',
      }),
    ),
  };
}

function judgePorting({ state, request, params }: Exchange, status: 'approved' | 'declined'): Answer {
  const body = request.body.length === 0 ? {} : readJsonObject(request);
  const ids = optionalTexts(body, 'requirement_ids') ?? null;
  const order = requirePortingOrder(state, params.id);
  const concerns = ({ requirement_id, field_value }: OrderRequirement): boolean =>
    ids === null ? field_value !== '' : ids.includes(requirement_id);
  storePortingOrder(state, {
    ...order,
    updated_at: stamp(state),
    regulatory_requirements: order.regulatory_requirements.map((requirement) =>
      concerns(requirement) ? { ...requirement, status } : requirement,
    ),
  });
  return answerPorting(state, order.id);
}

function answerPorting(state: State, id: string): Answer {
  return dataAnswer(presentPortingOrder(requirePortingOrder(state, id), true));
}
