import { ORDER_STANDINGS, type OrderReport } from '../../model/report/order-report.ts';
import type { OrderState, OrderStatus } from '../../model/report/status.ts';
import { ORDER_REVIEW_STATE_SIGNS } from './review-state.ts';
import { count, given } from './wording.ts';

/**
 * Returns the words for an order that every format of a status shares. They are not escaped for any of them.
 */
export function orderWords({ kind, id, state, declined }: OrderStatus) {
  const refused = declined.length === 0 ? '' : `; declined: ${declined.join(', ')}`;
  return { order: `${kind.replaceAll('_', ' ')} ${id}`, state: `${STATES[state]}${refused}` };
}

const STATES: Readonly<Record<OrderState, string>> = {
  carries: "carries the group's values",
  differs: "does not carry the group's values",
  closed: 'takes no group any more',
  incomplete: 'does not say yet what it demands',
  unreadable: 'holds other values, perhaps approved ones',
};

/** Returns what an order is for: `2 phone numbers`, `porting of 1 phone number`. */
export function purposeOfOrder({ kind, phone_numbers: numbers }: OrderReport): string {
  const counted = numbers === null ? 'phone numbers' : count(numbers, 'phone number');
  return kind === 'NumberOrder' ? counted : `porting of ${counted}`;
}

/** Returns, from good to bad, `3 orders: 1 done, 2 under way`. */
export function ordersInWords(orders: readonly OrderReport[]): string {
  const parts = ORDER_STANDINGS.toReversed().map((standing) => {
    const number = orders.filter((order) => order.standing === standing).length;
    return number > 0 && `${number} ${ORDER_REVIEW_STATE_SIGNS[standing].word}`;
  });
  return given(count(orders.length, 'order'), given(...parts).join(', ')).join(': ');
}
