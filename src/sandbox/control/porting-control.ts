import {
  finishPortingActions,
  requirePortingAction,
  requirePortingActions,
} from '../actions/porting-actions.ts';
import { countryOf, fictionalNumber } from '../orders/phone-numbers.ts';
import { addPortingComment } from '../orders/porting-comments.ts';
import { describeException } from '../orders/porting-exceptions.ts';
import { newPortingOrder, requirePortingOrder, storePortingOrder } from '../orders/porting-orders.ts';
import { presentPortingOrder } from '../orders/porting-rows.ts';
import { BLANK_SETTINGS, mergeSettings, readSetting } from '../orders/porting-settings.ts';
import { IDENTITY_CHECK } from '../requirements/catalogue-sample.ts';
import { dataAnswer, type Reply, refusal } from '../server/answer.ts';
import { optionalChoice, optionalText, optionalTexts, readControl, refuseUnknown } from '../server/input.ts';
import { type Exchange, type Handler, isJsonObject, type JsonObject } from '../server/request.ts';
import type { Endpoint } from '../server/routes.ts';
import { stamp } from '../state/clock.ts';
import type { PortingOrder, State, StatusDetail, StoredRequirement } from '../state/state.ts';
import { verifyDocument } from './review.ts';

/** The controls for carriers and Telnyx's people. `?reference=` names a porting order in place of its id. */
export const PORTING_CONTROLS: readonly Endpoint[] = [
  ['POST', '/_sandbox/porting_orders', addPortingOrder],
  ...portingRoutes('move', ['status', 'details'], movePortingOrder),
  ...portingRoutes('approve', ['requirement_ids'], (state, order, body) =>
    judgePorting(state, order, body, 'approved'),
  ),
  ...portingRoutes('decline', ['requirement_ids'], (state, order, body) =>
    judgePorting(state, order, body, 'declined'),
  ),
  ...portingRoutes('ask', ['comment', 'user_type'], askAboutPorting),
  ...portingRoutes('demand-action', ['requirement_type_id'], (state, order, body) => {
    requirePortingAction(state, order, optionalText(body, 'requirement_type_id') ?? IDENTITY_CHECK.id);
    return order;
  }),
  ...portingRoutes('finish-action', ['status', 'cancel_reason'], finishAction),
];

/**
 * Adds an order from `{id, phone_numbers, status}` and the fields of a PATCH. Country and type are those of
 * the first number, unless the body gives `country_code` and `phone_number_type`.
 */
function addPortingOrder({ state, request }: Exchange): Reply {
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
  requirePortingActions(state, requirePortingOrder(state, id));
  return answerPorting(state, id);
}

const PORTING_FIELDS: readonly string[] = [
  ...['id', 'phone_numbers', 'status', 'details', 'country_code', 'phone_number_type'],
  ...Object.keys(BLANK_SETTINGS),
];

type PortingVerb = (state: State, order: PortingOrder, body: JsonObject) => PortingOrder;

function portingRoutes(word: string, fields: readonly string[], verb: PortingVerb): Endpoint[] {
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

/** Moves an order to `{status, details}`, which may be an unknown status. */
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
    status_details: details.map((detail): StatusDetail => {
      const code = optionalText(detail, 'code') ?? 'OTHER';
      return { code, description: optionalText(detail, 'description') ?? describeException(code) };
    }),
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
  const concerns = ({ requirement_id, field_value }: StoredRequirement): boolean =>
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

/** Adds `{comment}`, from Telnyx's people unless `{user_type}` is `user` or `system`. */
function askAboutPorting(state: State, order: PortingOrder, body: JsonObject): PortingOrder {
  const userType = optionalChoice(body, 'user_type', ['admin', 'user', 'system']) ?? 'admin';
  addPortingComment(state, order.id, optionalText(body, 'comment') ?? '', userType);
  return order;
}

/** Ends actions as `completed`, unless `{status}` is `cancelled` or `failed`. */
function finishAction(state: State, order: PortingOrder, body: JsonObject): PortingOrder {
  const status = optionalChoice(body, 'status', ['completed', 'cancelled', 'failed']) ?? 'completed';
  const finished = finishPortingActions(state, order, status, optionalText(body, 'cancel_reason') ?? null);
  if (status !== 'completed') return order;
  const ids = finished.map(({ requirement_type_id }) => requirement_type_id);
  return judgePorting(state, order, { requirement_ids: ids }, 'approved');
}

function answerPorting(state: State, id: string): Reply {
  return dataAnswer(presentPortingOrder(state, requirePortingOrder(state, id), true));
}
