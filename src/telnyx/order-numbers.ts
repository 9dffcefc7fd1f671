import { isLostOrder } from '../model/resource.ts';
import { unlessGone } from './absence.ts';
import type { ReadClient } from './client.ts';
import { getNumberOrder, listAllNumberOrderPhoneNumbers, listNumberOrders } from './endpoints.ts';
import type { NumberOrderRow, OrderedNumberRow } from './types.ts';

/** Which orders have phone numbers that somebody wants to order. Numbers are compared by their digits. */

/** As in E.164, without its plus: "0049 (0)30 1" is "+49301". */
export function digitsOf(phoneNumber: string): string {
  return phoneNumber.replace('(0)', '').replace(/\D/g, '').replace(/^00/, '');
}

export interface OrderWithNumbers {
  readonly row: NumberOrderRow;
  /** All that were ordered with it. */
  readonly placed: ReadonlySet<string>;
  /** Those of them that it has not lost. */
  readonly held: ReadonlySet<string>;
}

/**
 * Every order that any of these numbers was ordered with. The list of orders shows the numbers of each, as far as it does:
 * where one is said to have more, the list of all ordered numbers tells.
 *
 * @param createdAfterMs orders that are older are known already; null reads all of them.
 */
export async function findOrdersWithNumbers(
  client: ReadClient,
  numbers: Iterable<string>,
  createdAfterMs: number | null = null,
): Promise<readonly OrderWithNumbers[]> {
  const wanted = new Set([...numbers].map(digitsOf));
  const isWanted = ({ phoneNumber }: OrderedNumberRow) => wanted.has(digitsOf(phoneNumber));
  const listed = await listNumberOrders(client, createdAfterMs);
  const unshown = listed.some((row) => !showsAllNumbers(row))
    ? await listAllNumberOrderPhoneNumbers(client)
    : [];
  const ids = new Set([
    ...listed.filter(({ phoneNumbers }) => phoneNumbers.some(isWanted)).map(({ id }) => id),
    ...unshown.filter(isWanted).flatMap(({ numberOrderId }) => numberOrderId ?? []),
  ]);
  const found = await Promise.all(
    [...ids].map(async (id) => {
      // The list does not say what became of each number (documented).
      const row = await unlessGone(() => getNumberOrder(client, id));
      const others = unshown.filter(({ numberOrderId }) => numberOrderId === id);
      return row === null ? [] : [withNumbers(row, others)];
    }),
  );
  return found.flat();
}

/** Nothing says how many an answer shows; of sub orders it is 50 (documented). */
const MOST_SHOWN = 50;

function showsAllNumbers({ phoneNumbers, phoneNumbersCount }: NumberOrderRow): boolean {
  if (phoneNumbersCount !== null) return phoneNumbers.length >= phoneNumbersCount;
  return phoneNumbers.length > 0 && phoneNumbers.length < MOST_SHOWN;
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
  /** Orders of exactly these numbers that hold at least one of them: any of them is the order that is wanted. */
  readonly exact: readonly NumberOrderRow[];
  /** Other orders, each with how many of these numbers it holds. */
  readonly partial: readonly { readonly row: NumberOrderRow; readonly count: number }[];
  /** Orders of exactly these numbers that hold none of them any more: nothing keeps these from being ordered anew. */
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
