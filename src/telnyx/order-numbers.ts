import { isLostOrder } from '../model/orders/observed-order.ts';
import { unlessGone } from './absence.ts';
import type { ReadClient } from './client.ts';
import {
  getNumberOrder,
  listAllNumberOrderPhoneNumbers,
  listNumberOrders,
} from './endpoints/number-orders.ts';
import type { NumberOrderRow, OrderedNumberRow } from './types.ts';

/** The orders that contain given phone numbers. Numbers are compared by their digits. */

/** Returns the number as in E.164, without its plus: "0049 (0)30 1" is "+49301". */
export function digitsOf(phoneNumber: string): string {
  return phoneNumber.replace('(0)', '').replace(/\D/g, '').replace(/^00/, '');
}

export interface OrderWithNumbers {
  readonly row: NumberOrderRow;
  /** The numbers that were ordered with it. */
  readonly placed: ReadonlySet<string>;
  /** The numbers that it has not lost. */
  readonly held: ReadonlySet<string>;
}

/**
 * Returns every order that contains any of these numbers. The list of orders may show only some numbers of
 * each. If it leaves any out, the list of all ordered numbers is read too.
 *
 * @param createdAfterMs the creation time after which orders are read, since older ones are already known.
 * Null reads all.
 */
export async function findOrdersWithNumbers(
  client: ReadClient,
  numbers: Iterable<string>,
  createdAfterMs: number | null = null,
): Promise<readonly OrderWithNumbers[]> {
  const wanted = new Set([...numbers].map(digitsOf));
  const isWanted = ({ phoneNumber }: OrderedNumberRow) => wanted.has(digitsOf(phoneNumber));
  const listed = await listNumberOrders(client, createdAfterMs);
  const unshown = listed.some((row) => !showsAllNumbers(row.phoneNumbers, row.phoneNumbersCount))
    ? await listAllNumberOrderPhoneNumbers(client)
    : [];
  const ids = new Set([
    ...listed.filter(({ phoneNumbers }) => phoneNumbers.some(isWanted)).map(({ id }) => id),
    ...unshown.filter(isWanted).flatMap(({ numberOrderId }) => numberOrderId ?? []),
  ]);
  const found = await Promise.all(
    [...ids].map(async (id) => {
      // The list does not contain the status of each number (documented).
      const row = await unlessGone(() => getNumberOrder(client, id));
      const others = unshown.filter(({ numberOrderId }) => numberOrderId === id);
      return row === null ? [] : [withNumbers(row, others)];
    }),
  );
  return found.flat();
}

/**
 * The number of phone numbers that an answer shows is 50 for a sub order (documented) and assumed for an
 * order.
 */
const MAX_SHOWN = 50;

/** @param count the number that the answer states. Null if it states none. */
export function showsAllNumbers({ length }: readonly OrderedNumberRow[], count: number | null): boolean {
  return count === null ? length > 0 && length < MAX_SHOWN : length >= count;
}

function withNumbers(row: NumberOrderRow, unshown: readonly OrderedNumberRow[]): OrderWithNumbers {
  const numbers = [...unshown, ...row.phoneNumbers];
  const lost = new Set(numbers.filter(isLostNumber).map(({ phoneNumber }) => digitsOf(phoneNumber)));
  const placed = new Set(numbers.map(({ phoneNumber }) => digitsOf(phoneNumber)));
  const isLost = isLostOrder(row.status);
  return { row, placed, held: new Set([...placed].filter((number) => !isLost && !lost.has(number))) };
}

function isLostNumber({ status }: OrderedNumberRow): boolean {
  return status !== null && isLostOrder(status);
}

export interface NumberHolders {
  /** The orders of exactly these numbers that hold at least one of them. Each matches the wanted order. */
  readonly exact: readonly NumberOrderRow[];
  /** The other orders, each with the count of these numbers that it holds. */
  readonly partial: readonly { readonly row: NumberOrderRow; readonly count: number }[];
  /**
   * The orders of exactly these numbers that hold none of them any more, so that the numbers can be ordered
   * again.
   */
  readonly lost: readonly NumberOrderRow[];
}

export function holdersOf(numbers: Iterable<string>, orders: readonly OrderWithNumbers[]): NumberHolders {
  const wanted = new Set([...numbers].map(digitsOf));
  const isExact = ({ placed }: OrderWithNumbers) =>
    placed.size === wanted.size && [...placed].every((number) => wanted.has(number));
  const exact = orders.filter(isExact);
  const partial = orders.flatMap((order) => {
    const count = isExact(order) ? 0 : [...order.held].filter((number) => wanted.has(number)).length;
    return count === 0 ? [] : [{ row: order.row, count }];
  });
  return {
    exact: exact.filter(({ held }) => held.size > 0).map(({ row }) => row),
    partial,
    lost: exact.filter(({ held }) => held.size === 0).map(({ row }) => row),
  };
}
