import type { OrderState, OrderStatus } from '../model/status.ts';

/** What every picture of a status says of an order in the same words; nothing here is escaped for any of them. */
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
