import { randomUUID } from 'node:crypto';
import { readReference } from '../requirements/references.ts';
import { dataAnswer, notFound, type Reply, refusal } from '../server/answer.ts';
import { isBlank, optionalText } from '../server/input.ts';
import { compares, equals, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, isJsonObject, type JsonObject, readJsonObject } from '../server/request.ts';
import { nowMs, stamp } from '../state/clock.ts';
import type { NumberOrder, OrderedNumber, State, StoredRequirement } from '../state/state.ts';
import { attachableGroup, GROUP_COUNTRIES } from './attachable.ts';
import {
  isMet,
  isOpen,
  newDeadline,
  numbersOfOrder,
  refuseUnlessOpen,
  setValues,
  storeNumbers,
  valuesOf,
} from './order-life.ts';
import { presentOrder, presentOrderRow } from './order-rows.ts';
import { readOrderEntries } from './ordered-numbers.ts';
import { FICTIONAL_NUMBERS, fictionalNumber } from './phone-numbers.ts';

/* ---- The endpoints ---- */

export function listNumberOrders(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.numberOrders.values(), listing(state), (order) =>
    presentOrderRow(state, order),
  );
}

/** Orders all of the numbers or none. Their requirements appear after the answer. */
export function placeNumberOrder({ state, request }: Exchange): Reply {
  const body = readJsonObject(request);
  const wanted = readNumbers(body).map((entry, index) => checkNumber(state, entry, index));
  refuseTwice(wanted);
  const order = newOrder(state, body);
  state.numberOrders.set(order.id, order);
  storeNumbers(state, splitIntoSubOrders(state, order, wanted));
  return dataAnswer(presentOrder(state, requireNumberOrder(state, order.id)));
}

export function getNumberOrder({ state, params }: Exchange): Reply {
  return dataAnswer(presentOrder(state, requireNumberOrder(state, params.number_order_id)));
}

/** Changes the reference at any time, and the values only while the order is pending. */
export function updateNumberOrder({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const order = requireNumberOrder(state, params.number_order_id);
  const reference = readReference(state, body);
  const numbers = numbersOfOrder(state, order.id);
  if (body.regulatory_requirements !== undefined) {
    refuseUnlessOpen(order, 'number order');
    setValues(state, numbers, readOrderEntries(state, body, numbers.filter(isOpen)));
  }
  const current = requireNumberOrder(state, order.id);
  const updated: NumberOrder = {
    ...current,
    customer_reference: reference === undefined ? current.customer_reference : reference,
    updated_at: stamp(state),
  };
  state.numberOrders.set(updated.id, updated);
  return dataAnswer(presentOrder(state, updated));
}

export function requireNumberOrder(state: State, id: string | undefined): NumberOrder {
  const order = state.numberOrders.get(id ?? '');
  if (order === undefined) throw notFound('number order');
  return order;
}

function listing(state: State): ListRules<NumberOrder> {
  const numbersOf = ({ id }: NumberOrder): OrderedNumber[] => numbersOfOrder(state, id);
  return {
    name: 'number_orders',
    filters: {
      status: equals((order) => order.status),
      'created_at.gt': compares((order, timeMs) => Date.parse(order.created_at) > timeMs),
      'created_at.lt': compares((order, timeMs) => Date.parse(order.created_at) < timeMs),
      customer_reference: equals((order) => order.customer_reference),
      phone_numbers_count: equals((order) => String(numbersOf(order).length)),
      requirements_met: equals((order) => String(numbersOf(order).every(isMet))),
    },
    sortBy: { created_at: (order) => order.created_at },
    defaultSort: '-created_at',
  };
}

/* ---- Placing ---- */

interface WantedNumber {
  readonly phone_number: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly bundle_id: string | null;
  readonly given: readonly StoredRequirement[];
}

function readNumbers(body: JsonObject): readonly JsonObject[] {
  const { phone_numbers } = body;
  const pointer = '/phone_numbers';
  if (phone_numbers === undefined) throw refusal(422, '10004', 'phone_numbers is required.', { pointer });
  if (!Array.isArray(phone_numbers) || !phone_numbers.every(isJsonObject)) {
    throw refusal(422, '10026', 'phone_numbers must be a list of objects.', { pointer });
  }
  if (phone_numbers.length === 0) throw refusal(422, '10004', 'phone_numbers is empty.', { pointer });
  return phone_numbers;
}

function checkNumber(state: State, entry: JsonObject, index: number): WantedNumber {
  const pointer = `/phone_numbers/${index}`;
  const phone_number = optionalText(entry, 'phone_number') ?? '';
  const source = { pointer: `${pointer}/phone_number` };
  if (phone_number === '') throw refusal(422, '10004', 'phone_number is required.', source);
  const fictional = fictionalNumber(phone_number);
  if (fictional === null) {
    const detail = `The sandbox sells fictional numbers only, not ${phone_number}: ${FICTIONAL_NUMBERS}.`;
    throw refusal(422, '85001', detail, source);
  }
  if (isTaken(state, phone_number)) {
    throw refusal(422, '85001', `${phone_number} is no longer available.`, source);
  }
  if (state.quirks.numbers_must_be_searched && !state.searchedNumbers.has(phone_number)) {
    throw refusal(422, '85000', `${phone_number} has not been searched.`, source);
  }
  const { country_code, phone_number_type } = fictional;
  const combination = { country_code, phone_number_type, action: 'ordering' };
  const groupId = optionalText(entry, 'requirement_group_id');
  const groupSource = { pointer: `${pointer}/requirement_group_id` };
  if (isBlank(groupId) && GROUP_COUNTRIES.includes(country_code)) {
    const detail = `Numbers of ${country_code} can only be ordered with a fulfilled requirement group.`;
    throw refusal(422, '10015', detail, groupSource);
  }
  return {
    phone_number,
    country_code,
    phone_number_type,
    bundle_id: optionalText(entry, 'bundle_id') ?? null,
    given: isBlank(groupId)
      ? []
      : valuesOf(state, attachableGroup(state, groupId ?? '', combination, groupSource)),
  };
}

/** Returns true if the number is ordered. A lost number can be ordered again. */
function isTaken(state: State, phoneNumber: string): boolean {
  return [...state.orderedNumbers.values()].some(
    ({ phone_number, status }) => phone_number === phoneNumber && status !== 'failure',
  );
}

function refuseTwice(wanted: readonly WantedNumber[]): void {
  for (const [index, { phone_number }] of wanted.entries()) {
    if (wanted.findIndex((other) => other.phone_number === phone_number) === index) continue;
    throw refusal(422, '10012', `${phone_number} is in the order twice.`, {
      pointer: `/phone_numbers/${index}/phone_number`,
    });
  }
}

function newOrder(state: State, body: JsonObject): NumberOrder {
  const created_at = stamp(state);
  return {
    id: randomUUID(),
    customer_reference: readReference(state, body) ?? null,
    connection_id: optionalText(body, 'connection_id') ?? null,
    messaging_profile_id: optionalText(body, 'messaging_profile_id') ?? null,
    billing_group_id: optionalText(body, 'billing_group_id') ?? null,
    status: 'pending',
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
}

/** Makes one sub order for each country and type (documented). */
function splitIntoSubOrders(
  state: State,
  order: NumberOrder,
  wanted: readonly WantedNumber[],
): OrderedNumber[] {
  const subOrderIds = new Map<string, string>();
  return wanted.map((number) => {
    const { country_code, phone_number_type } = number;
    const key = `${country_code} ${phone_number_type}`;
    const subOrderId = subOrderIds.get(key) ?? addSubOrder(state, order, number);
    subOrderIds.set(key, subOrderId);
    return {
      ...number,
      id: randomUUID(),
      order_id: order.id,
      sub_order_id: subOrderId,
      status: 'pending',
      requirements_status: 'requirement-info-pending',
      deadline: newDeadline(state),
      locality: '',
      placed_ms: nowMs(state),
      is_filled: false,
      regulatory_requirements: [],
      born_ms: Date.now(),
    };
  });
}

function addSubOrder(
  state: State,
  order: NumberOrder,
  { country_code, phone_number_type }: WantedNumber,
): string {
  const id = randomUUID();
  const { created_at, born_ms } = order;
  state.subNumberOrders.set(id, {
    id,
    order_id: order.id,
    country_code,
    phone_number_type,
    status: 'pending',
    created_at,
    updated_at: created_at,
    born_ms,
  });
  return id;
}
