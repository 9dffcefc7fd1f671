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
import { countryOf, fictionalNumber } from '../orders/phone-numbers.ts';
import { newPortingOrder, requirePortingOrder, storePortingOrder } from '../orders/porting-orders.ts';
import { presentPortingOrder } from '../orders/porting-rows.ts';
import { BLANK_SETTINGS, mergeSettings, readSetting } from '../orders/porting-settings.ts';
import { requireSubNumberOrder } from '../orders/sub-number-orders.ts';
import { type Answer, dataAnswer, refusal } from '../server/answer.ts';
import { optionalText, optionalTexts, readControl, refuseUnknown } from '../server/input.ts';
import { type Exchange, type Handler, isJsonObject, type JsonObject } from '../server/request.ts';
import type { Route } from '../server/routes.ts';
import { stamp } from '../state/clock.ts';
import type { OrderedNumber, OrderRequirement, PortingOrder, State, StatusDetail } from '../state/state.ts';
import { verifyDocument } from './review.ts';

/**
 * What reviewers and carriers do to orders. `{requirement_ids}` makes an approval or a rejection a partial one, and
 * `{comment}` says why; without ids it is for everything that has a value. In place of the id in the path, orders can be
 * named by `?reference=`, their `customer_reference`: of several it means the newest.
 */
export const ORDER_CONTROLS: readonly Route[] = [
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

  ['POST', '/_sandbox/porting_orders', addPortingOrder],
  ...portingRoutes('move', ['status', 'details'], movePortingOrder),
  ...portingRoutes('approve', ['requirement_ids'], (state, order, body) =>
    judgePorting(state, order, body, 'approved'),
  ),
  ...portingRoutes('decline', ['requirement_ids'], (state, order, body) =>
    judgePorting(state, order, body, 'declined'),
  ),
];

/* ---- Number orders, as a whole, in part, and number by number ---- */

interface Kind {
  /** The id of what has this reference. */
  readonly named?: (state: State, reference: string) => string | undefined;
  readonly numbers: (state: State, id: string) => readonly OrderedNumber[];
  /** What may be overwritten. */
  readonly fields: readonly string[];
  /** Writes what the body says, past every rule; the next change of a number settles it again. */
  readonly overwrite: (state: State, id: string, body: JsonObject) => void;
  readonly present: (state: State, id: string) => unknown;
}

type Act = (state: State, id: string, body: JsonObject) => void;
type Verb = (state: State, numbers: readonly OrderedNumber[], body: JsonObject) => void;

function kindRoutes(name: string, kind: Kind): Route[] {
  const routes = (method: string, verb: string, fields: readonly string[], act: Act): Route[] => {
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
    ...routes('POST', '/cancel', [], on(cancelNumbers)),
    // The values are taken as they come, of whatever type.
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
  const comment = optionalText(body, 'comment') ?? null;
  if (comment === null) return;
  for (const id of new Set(numbers.map(({ sub_order_id }) => sub_order_id))) {
    addComment(state, { type: 'sub_number_order', id }, comment, 'admin');
  }
}

/** As if a search had just shown them: `{phone_numbers}`. */
function search({ state, request }: Exchange): Answer {
  const phoneNumbers = optionalTexts(readControl(request, ['phone_numbers']), 'phone_numbers') ?? [];
  for (const number of phoneNumbers) state.searchedNumbers.set(number, stamp(state));
  return dataAnswer([...state.searchedNumbers.keys()]);
}

/* ---- Porting orders ---- */

/**
 * `{id, phone_numbers, status}` and whatever a PATCH takes. Country and type are those of the first number, unless the body
 * says `country_code` and `phone_number_type`.
 */
function addPortingOrder({ state, request }: Exchange): Answer {
  const body = readControl(request, PORTING_FIELDS);
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
  const id = optionalText(body, 'id') ?? order.id;
  storePortingOrder(state, { ...order, id, ...readStatus(body, order), settings });
  return answerPorting(state, id);
}

const PORTING_FIELDS: readonly string[] = [
  ...['id', 'phone_numbers', 'status', 'details', 'country_code', 'phone_number_type'],
  ...Object.keys(BLANK_SETTINGS),
];

type PortingVerb = (state: State, order: PortingOrder, body: JsonObject) => PortingOrder;

function portingRoutes(word: string, fields: readonly string[], verb: PortingVerb): Route[] {
  const handler: Handler = ({ state, params, request }) => {
    const reference = request.query.get('reference');
    const named = [...state.portingOrders.values()].findLast(
      ({ settings }) => readSetting(settings, 'customer_reference') === reference,
    );
    const order = requirePortingOrder(state, reference === null ? params.id : named?.id);
    const changed = verb(state, order, readControl(request, fields));
    storePortingOrder(state, { ...changed, updated_at: stamp(state) });
    return answerPorting(state, order.id);
  };
  return [
    ['POST', `/_sandbox/porting_orders/{id}/${word}`, handler],
    ['POST', `/_sandbox/porting_orders/${word}`, handler],
  ];
}

/** `{status, details}`: to whatever status it says, known or not. */
function movePortingOrder(_: State, order: PortingOrder, body: JsonObject): PortingOrder {
  if (typeof body.status !== 'string') {
    throw refusal(422, '10004', 'status is required.', { pointer: '/status' });
  }
  return { ...order, ...readStatus(body, order) };
}

function readStatus(body: JsonObject, { status }: PortingOrder) {
  const details = readDetails(body);
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

function readDetails({ details = [] }: JsonObject): readonly JsonObject[] {
  const pointer = '/details';
  if (!Array.isArray(details) || !details.every(isJsonObject)) {
    throw refusal(422, '10026', 'details must be a list of objects.', { pointer });
  }
  for (const [index, detail] of details.entries()) {
    refuseUnknown(detail, ['code', 'description'], `${pointer}/${index}`);
  }
  return details;
}

function judgePorting(
  state: State,
  order: PortingOrder,
  body: JsonObject,
  status: 'approved' | 'declined',
): PortingOrder {
  const ids = optionalTexts(body, 'requirement_ids') ?? null;
  const concerns = ({ requirement_id, field_value }: OrderRequirement): boolean =>
    ids === null ? field_value !== '' : ids.includes(requirement_id);
  const judged = order.regulatory_requirements.filter(concerns);
  if (status === 'approved') for (const { field_value } of judged) verifyDocument(state, field_value);
  return {
    ...order,
    regulatory_requirements: order.regulatory_requirements.map((requirement) =>
      judged.includes(requirement) ? { ...requirement, status } : requirement,
    ),
  };
}

function answerPorting(state: State, id: string): Answer {
  return dataAnswer(presentPortingOrder(requirePortingOrder(state, id), true));
}
