import { randomUUID } from 'node:crypto';
import { asPhoneNumberType } from '../requirements/catalogue.ts';
import { dataAnswer, json, notFound, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import { isBlank, optionalNumber, optionalText, optionalTexts, wrongChoice } from '../server/input.ts';
import { type ListRules, listAnswer, selectRows } from '../server/list.ts';
import { type Exchange, type JsonObject, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { AdvancedOrder, State } from '../state/state.ts';
import { attachableGroup, readGroup } from './attachable.ts';

/**
 * Orders for numbers that are yet to be found. Unlike other orders they say which group they carry
 * (documented). The description has answers without an envelope and without pages; a quirk adds both.
 */

export function listAdvancedOrders(exchange: Exchange): Reply {
  const { state } = exchange;
  const orders = state.advancedOrders.values();
  const present = (order: AdvancedOrder) => presentAdvancedOrder(state, order);
  return state.quirks.advanced_orders_envelope === 'bare'
    ? dataAnswer(selectRows(exchange, orders, ADVANCED_ORDERS).map(present))
    : listAnswer(exchange, orders, ADVANCED_ORDERS, present);
}

export function createAdvancedOrder({ state, request }: Exchange): Reply {
  const order = newAdvancedOrder(state, readJsonObject(request));
  state.advancedOrders.set(order.id, order);
  return answerOrder(state, order);
}

export function getAdvancedOrder({ state, params }: Exchange): Reply {
  return answerOrder(state, requireAdvancedOrder(state, params.order_id));
}

/** Attaches a group. Every other field of the body is ignored (inferred from the name of the path). */
export function giveGroupToAdvancedOrder({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const order = requireAdvancedOrder(state, params['advanced-order-id']);
  if (CLOSED_STATUSES.includes(order.status)) {
    throw refusal(422, '85002', `This advanced order is ${order.status}: its group cannot change.`);
  }
  const group = readGroup(state, body, { ...order, action: 'ordering' });
  const updated = { ...order, requirement_group_id: group.id, updated_at: stamp(state) };
  state.advancedOrders.set(order.id, updated);
  return answerOrder(state, updated);
}

/* ---- For control ---- */

export function requireAdvancedOrder(state: State, id: string | undefined): AdvancedOrder {
  const order = state.advancedOrders.get((id ?? '').toLowerCase());
  if (order === undefined) throw notFound('advanced order');
  return order;
}

export function presentAdvancedOrder({ quirks }: State, order: AdvancedOrder) {
  const { born_ms: _, created_at: __, updated_at: ___, requirement_group_id, ...shown } = order;
  const word = (text: string) => (quirks.advanced_orders_words === 'list' ? [text] : text);
  return {
    ...shown,
    phone_number_type: word(order.phone_number_type),
    status: word(order.status),
    ...(requirement_group_id === null && quirks.unset_fields === 'spec' ? {} : { requirement_group_id }),
  };
}

/* ---- Reading bodies: the defaults are described ---- */

const TYPES = ['local', 'mobile', 'toll_free', 'shared_cost', 'national', 'landline'] as const;
const FEATURES = ['sms', 'mms', 'voice', 'fax', 'emergency'] as const;
const MAX_NUMBERS = 10_000;

function newAdvancedOrder(state: State, body: JsonObject): AdvancedOrder {
  const type = optionalText(body, 'phone_number_type') ?? 'local';
  const phone_number_type = asPhoneNumberType(type);
  const features = optionalTexts(body, 'features') ?? [];
  refuseIfAny([
    ...wrongChoice({ phone_number_type }, 'phone_number_type', TYPES),
    ...features.flatMap((feature) => wrongChoice({ features: feature }, 'features', FEATURES)),
  ]);
  const quantity = optionalNumber(body, 'quantity') ?? 1;
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > MAX_NUMBERS) {
    throw refusal(422, '10033', `quantity must be from 1 to ${MAX_NUMBERS}.`, { pointer: '/quantity' });
  }
  const country_code = optionalText(body, 'country_code') ?? 'US';
  const created_at = stamp(state);
  return {
    id: randomUUID(),
    country_code,
    phone_number_type,
    area_code: optionalText(body, 'area_code') ?? '',
    comments: optionalText(body, 'comments') ?? '',
    customer_reference: optionalText(body, 'customer_reference') ?? '',
    features,
    quantity,
    status: 'pending',
    requirement_group_id: readGroupId(state, body, { country_code, phone_number_type }),
    orders: [],
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
}

function readGroupId(
  state: State,
  body: JsonObject,
  owner: Pick<AdvancedOrder, 'country_code' | 'phone_number_type'>,
): string | null {
  const id = optionalText(body, 'requirement_group_id');
  if (isBlank(id)) return null;
  const pointer = '/requirement_group_id';
  return attachableGroup(state, id ?? '', { ...owner, action: 'ordering' }, { pointer }).id;
}

/** The statuses in which an order accepts no group any more (inferred). */
const CLOSED_STATUSES: readonly string[] = ['ordered', 'failed'];

function answerOrder(state: State, order: AdvancedOrder): Reply {
  const shown = presentAdvancedOrder(state, order);
  return state.quirks.advanced_orders_envelope === 'bare' ? json(200, shown) : dataAnswer(shown);
}

const ADVANCED_ORDERS: ListRules<AdvancedOrder> = {
  name: 'advanced_orders',
  filters: {},
  sortBy: { created_at: (order) => order.created_at },
  defaultSort: '-created_at',
};
