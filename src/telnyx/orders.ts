import {
  type Holding,
  isLostOrder,
  isWanted,
  type ObservedOrder,
  type OrderSample,
} from '../model/orders/observed-order.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import type { OrderKind, RemoteId } from '../model/resource.ts';
import type { ReadClient } from './client.ts';
import { getAdvancedOrder } from './endpoints/advanced-orders.ts';
import {
  getNumberOrderPhoneNumber,
  getSubNumberOrder,
  listNumberOrderPhoneNumbers,
} from './endpoints/number-orders.ts';
import { getPortingOrder, listPortingRequirements } from './endpoints/porting-orders.ts';
import { showsAllNumbers } from './order-numbers.ts';
import type { AdvancedOrderRow, OrderedNumberRow, PortingOrderRow, SubNumberOrderRow } from './types.ts';

/**
 * Reads an order with its values and their statuses. The API has them at other endpoints than the order, for
 * each kind at its own.
 */
export async function readOrder(client: ReadClient, kind: OrderKind, id: RemoteId): Promise<ObservedOrder> {
  switch (kind) {
    case 'sub_number_order':
      return (await readSubNumberOrderInParts(client, id)).whole;
    case 'phone_number':
      return readPhoneNumber(client, id);
    case 'porting_order':
      return completePortingOrder(client, await getPortingOrder(client, id));
    case 'advanced_order':
      return asAdvancedOrder(await getAdvancedOrder(client, id));
    default:
      return kind satisfies never;
  }
}

/** A sub order, and each of its open phone numbers as an order of its own. */
export interface SubNumberOrderInParts {
  readonly whole: ObservedOrder;
  readonly parts: readonly ObservedOrder[];
}

export async function readSubNumberOrderInParts(
  client: ReadClient,
  id: RemoteId,
): Promise<SubNumberOrderInParts> {
  const row = await getSubNumberOrder(client, id);
  const isOpen = row.status === 'pending';
  const numbers = isOpen ? (await readNumbers(client, row)).filter(isOpenNumber) : [];
  const common = {
    isOpen,
    countryCode: row.countryCode,
    phoneNumberType: row.phoneNumberType,
    subNumberOrderId: row.id,
  };
  return {
    whole: {
      ...common,
      kind: 'sub_number_order',
      id: row.id,
      status: row.status,
      holdings: numbers.map(({ requirements }) => requirements),
      ...(isOpen ? {} : { finalHoldings: finalHoldings(row) }),
      ...sampleOf(numbers),
      ...quotable((isOpen ? numbers : (row.phoneNumbers ?? [])).map(({ phoneNumber }) => phoneNumber)),
    },
    parts: numbers.map((number) => ({
      ...common,
      kind: 'phone_number',
      id: number.id,
      status: number.status ?? 'pending',
      holdings: [number.requirements],
    })),
  };
}

/** Returns the values of the numbers that a closed order did not lose. */
function finalHoldings({ phoneNumbers }: SubNumberOrderRow): readonly Holding[] {
  const kept = (phoneNumbers ?? []).filter(({ status }) => status === null || !isLostOrder(status));
  return kept.map(({ requirements }) => requirements);
}

/**
 * Reads all numbers of a sub order. Its answer contains the first 50 with the statuses of their values. The
 * others come from a list (documented), which is described without these statuses and may lag. A status that
 * is missing there stays unknown.
 */
async function readNumbers(
  client: ReadClient,
  { id, countryCode, phoneNumbers, phoneNumbersCount }: SubNumberOrderRow,
): Promise<readonly OrderedNumberRow[]> {
  const first = phoneNumbers ?? [];
  if (showsAllNumbers(first, phoneNumbersCount)) return first;
  const seen = new Set(first.map((number) => number.id));
  const listed = await listNumberOrderPhoneNumbers(client, countryCode, { subNumberOrderId: id });
  return [...first, ...listed.filter((number) => !seen.has(number.id))];
}

/** Returns the first number that needs a value, because its deadline counts, or else the first number. */
function sampleOf(numbers: readonly OrderedNumberRow[]): Pick<ObservedOrder, 'sample'> {
  const wants = ({ requirements }: OrderedNumberRow) => requirements.some(({ status }) => isWanted(status));
  const number = numbers.find(wants) ?? numbers[0];
  return number === undefined ? {} : { sample: asSample(number) };
}

function asSample({ id, deadlineMs, locality }: OrderedNumberRow): OrderSample {
  return { id, deadlineMs, locality };
}

/** Reads the deadline and the place, which only the number itself has (described). */
export async function readSample(client: ReadClient, id: RemoteId): Promise<OrderSample> {
  return asSample(await getNumberOrderPhoneNumber(client, id));
}

function isOpenNumber({ status }: OrderedNumberRow): boolean {
  return status === null || status === 'pending';
}

async function readPhoneNumber(client: ReadClient, id: RemoteId): Promise<ObservedOrder> {
  const row = await getNumberOrderPhoneNumber(client, id);
  const isOpen = isOpenNumber(row);
  return {
    kind: 'phone_number',
    id: row.id,
    status: row.status ?? 'pending',
    isOpen,
    countryCode: row.countryCode,
    phoneNumberType: row.phoneNumberType,
    subNumberOrderId: row.subNumberOrderId,
    holdings: isOpen ? [await withStatuses(client, row)] : [],
    sample: asSample(row),
    ...quotable([row.phoneNumber]),
  };
}

/**
 * Adds the statuses of the values. The number is described without them, and the sub order has them for its
 * first 50.
 */
async function withStatuses(
  client: ReadClient,
  { id, subNumberOrderId, requirements }: OrderedNumberRow,
): Promise<Holding> {
  if (subNumberOrderId === null || requirements.every(({ status }) => status !== null)) return requirements;
  const { phoneNumbers } = await getSubNumberOrder(client, subNumberOrderId);
  return phoneNumbers?.find((number) => number.id === id)?.requirements ?? requirements;
}

export function isOpenPortingOrder({ status }: PortingOrderRow): boolean {
  return OPEN_PORTING_STATUSES.has(status);
}

/** The statuses in which an order accepts a group (documented). */
export const OPEN_PORTING_STATUSES: ReadonlySet<string> = new Set(['draft', 'in-process', 'exception']);

/** Adds its requirements to the row of an order. */
export async function completePortingOrder(client: ReadClient, row: PortingOrderRow): Promise<ObservedOrder> {
  const isOpen = isOpenPortingOrder(row);
  return {
    kind: 'porting_order',
    id: row.id,
    status: row.status,
    isOpen,
    countryCode: null,
    phoneNumberType: row.phoneNumberType,
    subNumberOrderId: null,
    holdings: isOpen ? [await listPortingRequirements(client, row.id)] : [],
    ...quotable(row.phoneNumbers),
    ...reasonsOf(row),
  };
}

export function asAdvancedOrder(row: AdvancedOrderRow): ObservedOrder {
  const { id, status, countryCode, phoneNumberTypes, groupId } = row;
  return {
    kind: 'advanced_order',
    id,
    status,
    isOpen: OPEN_ADVANCED_STATUSES.has(status),
    countryCode,
    phoneNumberType: phoneNumberTypes.length === 1 ? (phoneNumberTypes[0] ?? null) : null,
    subNumberOrderId: null,
    holdings: [],
    groupId,
  };
}

/** The statuses in which an advanced order accepts a group (inferred from their names). */
const OPEN_ADVANCED_STATUSES: ReadonlySet<string> = new Set(['pending', 'processing', 'hold', 'exception']);

/** Returns the phone numbers that a reviewer may quote. */
export function quotable(phoneNumbers: readonly string[]): { readonly phoneNumbers?: readonly Sensitive[] } {
  return phoneNumbers.length === 0 ? {} : { phoneNumbers: phoneNumbers.map((one) => new Sensitive(one)) };
}

/** Returns why a porting order is in exception, where the answer gives reasons. */
export function reasonsOf({ exceptionCodes }: PortingOrderRow): Pick<ObservedOrder, 'exceptionCodes'> {
  return exceptionCodes.length === 0 ? {} : { exceptionCodes };
}
