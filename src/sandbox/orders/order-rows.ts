import { USER_ID } from '../groups/groups.ts';
import type { NumberOrder, OrderedNumber, State, StoredRequirement, SubNumberOrder } from '../state/state.ts';
import { isMet, numbersOfOrder, numbersOfSubOrder } from './order-life.ts';

/**
 * Orders as the API answers them. A field that was never set is "", or null by a quirk. The same number
 * differs between endpoints, and no answer says which group an order carries (both documented).
 */

/** The most numbers in a sub order (documented). The others are read from `/number_order_phone_numbers`. */
const MAX_NUMBERS = 50;

export function presentOrder(state: State, order: NumberOrder) {
  const numbers = numbersOfOrder(state, order.id);
  return {
    ...presentOrderItself(state, order, numbers),
    phone_numbers: numbers.map((number) => presentNumberOfOrder(state, number)),
  };
}

/** Presents an order in a list, where its numbers lack their values. */
export function presentOrderRow(state: State, order: NumberOrder) {
  const numbers = numbersOfOrder(state, order.id);
  return {
    ...presentOrderItself(state, order, numbers),
    phone_numbers: numbers.map(({ id, phone_number }) => ({ id, phone_number })),
  };
}

function presentOrderItself(state: State, order: NumberOrder, numbers: readonly OrderedNumber[]) {
  const unset = unsetIn(state);
  return {
    record_type: 'number_order',
    id: order.id,
    customer_reference: order.customer_reference ?? unset,
    connection_id: order.connection_id ?? unset,
    messaging_profile_id: order.messaging_profile_id ?? unset,
    billing_group_id: order.billing_group_id ?? unset,
    phone_numbers_count: numbers.length,
    sub_number_orders_ids: [...new Set(numbers.map(({ sub_order_id }) => sub_order_id))],
    requirements_met: numbers.every(isMet),
    status: order.status,
    ...presentTimes(state, order),
  };
}

/** Returns the value of a field that was never set. */
function unsetIn({ quirks }: State): '' | null {
  return quirks.unset_fields === 'null' ? null : '';
}

function presentTimes(
  state: State,
  { created_at, updated_at }: Pick<NumberOrder, 'created_at' | 'updated_at'>,
) {
  return { created_at: presentTime(state, created_at), updated_at: presentTime(state, updated_at) };
}

function presentTime({ quirks }: State, time: string): string {
  return quirks.unset_fields === 'null' ? time.replace(/Z$/, '+00:00') : time;
}

function presentNumberOfOrder(state: State, number: OrderedNumber) {
  return {
    ...presentNumberItself(number),
    ...(number.bundle_id === null ? {} : { bundle_id: number.bundle_id }),
    country_iso_alpha2: number.country_code,
    regulatory_requirements: presentValues(state, number),
  };
}

/** Presents a sub order with its requirements but without their values. */
export function presentSubOrder(state: State, { order_id, ...subOrder }: SubNumberOrder) {
  const numbers = numbersOfSubOrder(state, subOrder.id);
  const demands = new Map(
    numbers.flatMap(({ regulatory_requirements }) =>
      regulatory_requirements.map((requirement) => [requirement.requirement_id, requirement]),
    ),
  );
  const { born_ms: _, ...shown } = subOrder;
  return {
    record_type: 'sub_number_order',
    ...shown,
    ...presentTimes(state, shown),
    order_request_id: order_id,
    user_id: USER_ID,
    customer_reference: state.numberOrders.get(order_id)?.customer_reference ?? unsetIn(state),
    is_block_sub_number_order: false,
    phone_numbers_count: numbers.length,
    requirements_met: numbers.every(isMet),
    regulatory_requirements: [...demands.values()].map(({ requirement_id, field_type }) => ({
      record_type: 'phone_number_regulatory_requirement',
      requirement_id,
      field_type,
    })),
  };
}

/** Presents a sub order with its first fifty numbers, their values and the statuses of these. */
export function presentSubOrderWithNumbers(state: State, subOrder: SubNumberOrder) {
  const numbers = numbersOfSubOrder(state, subOrder.id).slice(0, MAX_NUMBERS);
  return {
    ...presentSubOrder(state, subOrder),
    phone_numbers: numbers.map((number) => ({
      ...presentNumberItself(number),
      bundle_id: number.bundle_id,
      regulatory_requirements: withUnset(state, number.regulatory_requirements),
    })),
  };
}

/** Presents a sub order after a group was attached, which lacks the owner. */
export function presentAttachedSubOrder(state: State, subOrder: SubNumberOrder) {
  const { user_id: _, ...shown } = presentSubOrderWithNumbers(state, subOrder);
  return shown;
}

export function presentOrderedNumber(state: State, number: OrderedNumber) {
  return { ...presentNumber(state, number), regulatory_requirements: presentValues(state, number) };
}

/** Presents a number after a group was attached, with the statuses of its requirements. */
export function presentAttachedNumber(state: State, number: OrderedNumber) {
  return {
    ...presentNumber(state, number),
    regulatory_requirements: withUnset(state, number.regulatory_requirements),
  };
}

function presentNumber(state: State, number: OrderedNumber) {
  const deadline = presentTime(state, number.deadline);
  return {
    ...presentNumberItself(number),
    bundle_id: number.bundle_id,
    order_request_id: number.order_id,
    sub_number_order_id: number.sub_order_id,
    locality: number.locality,
    is_block_number: false,
    deadline: state.quirks.order_deadlines === 'malformed' ? deadline.slice(1) : deadline,
  };
}

function presentNumberItself(number: OrderedNumber) {
  return {
    record_type: 'number_order_phone_number',
    id: number.id,
    phone_number: number.phone_number,
    country_code: number.country_code,
    phone_number_type: number.phone_number_type,
    requirements_met: isMet(number),
    requirements_status: number.requirements_status,
    status: number.status,
  };
}

function presentValues(state: State, { regulatory_requirements }: OrderedNumber) {
  return withUnset(state, regulatory_requirements).map(({ status, ...requirement }) => ({
    record_type: 'phone_number_regulatory_requirement',
    ...requirement,
    ...(state.quirks.order_requirement_statuses === 'everywhere' ? { status } : {}),
  }));
}

function withUnset(state: State, requirements: readonly StoredRequirement[]) {
  return requirements.map((requirement) => ({
    ...requirement,
    field_value: requirement.field_value === '' ? unsetIn(state) : requirement.field_value,
  }));
}
