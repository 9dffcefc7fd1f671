import { type EntryList, entryFaults, readEntries, type ValueEntry } from '../requirements/values.ts';
import { dataAnswer, notFound, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import { equals, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, type JsonObject, readJsonObject } from '../server/request.ts';
import type { OrderedNumber, State } from '../state/state.ts';
import { readGroup } from './attachable.ts';
import { attachValues, refuseUnlessOpen, setValues, valuesOf } from './order-life.ts';
import { presentAttachedNumber, presentOrderedNumber } from './order-rows.ts';

/* ---- The endpoints ---- */

export function listOrderedNumbers(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.orderedNumbers.values(), NUMBERS, (number) =>
    presentOrderedNumber(state, number),
  );
}

export function getOrderedNumber({ state, params }: Exchange): Reply {
  const number = requireOrderedNumber(state, params.number_order_phone_number_id);
  return dataAnswer(presentOrderedNumber(state, number));
}

export function updateOrderedNumber({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const number = requireOrderedNumber(state, params.number_order_phone_number_id);
  refuseUnlessOpen(number, 'phone number');
  setValues(state, [number], readOrderEntries(state, body, [number]));
  return dataAnswer(presentOrderedNumber(state, requireOrderedNumber(state, number.id)));
}

export function attachToOrderedNumber({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const number = requireOrderedNumber(state, params.id);
  refuseUnlessOpen(number, 'phone number');
  refuseUnlessFilled(state, [number]);
  const group = readGroup(state, body, { ...number, action: 'ordering' });
  attachValues(state, [number], valuesOf(state, group));
  return dataAnswer(presentAttachedNumber(state, requireOrderedNumber(state, number.id)));
}

const NUMBERS: ListRules<OrderedNumber> = {
  name: 'number_order_phone_numbers',
  filters: { country_code: equals((number) => number.country_code) },
  sortBy: {},
};

/* ---- For other orders ---- */

export function requireOrderedNumber(state: State, id: string | undefined): OrderedNumber {
  const number = state.orderedNumbers.get(id ?? '');
  if (number === undefined) throw notFound('number order phone number');
  return number;
}

/** Reads the values of a PATCH. Refuses a value for a requirement that none of the numbers has. */
export function readOrderEntries(
  state: State,
  body: JsonObject,
  numbers: readonly OrderedNumber[],
): readonly ValueEntry[] {
  const entries = readEntries(body, ENTRIES);
  const demands = numbers.flatMap(({ regulatory_requirements }) => regulatory_requirements);
  refuseIfAny(entryFaults(state, demands, entries, ENTRIES));
  return entries;
}

const ENTRIES: EntryList = {
  field: 'regulatory_requirements',
  idField: 'requirement_id',
  owner: 'order',
};

/**
 * Refuses a group for numbers without requirements, if a quirk says so. The real behaviour is not documented.
 */
export function refuseUnlessFilled({ quirks }: State, numbers: readonly OrderedNumber[]): void {
  if (quirks.attach_before_filled === 'accept' || numbers.every(({ is_filled }) => is_filled)) return;
  throw refusal(409, '10036', 'The order is still being processed: try again later.');
}
