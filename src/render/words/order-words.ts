import type { OrderState, OrderStatus } from '../../model/status.ts';

/**
 * Returns the words for an order that every format of a status shares. They are not escaped for any of them.
 */
export function orderWords({ kind, id, state, declined }: OrderStatus): {
  readonly order: string;
  readonly state: string;
} {
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
