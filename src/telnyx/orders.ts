import {
  type Holding,
  isWanted,
  type ObservedOrder,
  type OrderKind,
  type OrderSample,
  type RemoteId,
} from '../model/resource.ts';
import type { ReadClient } from './client.ts';
import {
  getNumberOrderPhoneNumber,
  getPortingOrder,
  getSubNumberOrder,
  listNumberOrderPhoneNumbers,
  listPortingRequirements,
} from './endpoints.ts';
import type { OrderedNumberRow, PortingOrderRow, SubNumberOrderRow } from './types.ts';

/** An order with all that it holds. Values and statuses stand at other endpoints than the order, each kind has its own. */
export async function readOrder(client: ReadClient, kind: OrderKind, id: RemoteId): Promise<ObservedOrder> {
  switch (kind) {
    case 'sub_number_order':
      return readSubNumberOrder(client, id);
    case 'phone_number':
      return readPhoneNumber(client, id);
    case 'porting_order':
      return readPortingOrder(client, id);
    default:
      return kind satisfies never;
  }
}

async function readSubNumberOrder(client: ReadClient, id: RemoteId): Promise<ObservedOrder> {
  return (await readSubNumberOrderInParts(client, id)).whole;
}

/** A sub order, and each of its phone numbers that is open as the order that it is by itself. */
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
      ...sampleOf(numbers),
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

/**
 * The first 50 come with the sub order, and with the statuses of their values; the others are in a list (documented), which
 * is described without these and may lag. What is missing there is not known, and nothing is concluded from it.
 */
async function readNumbers(
  client: ReadClient,
  { id, countryCode, phoneNumbers, phoneNumbersCount }: SubNumberOrderRow,
): Promise<readonly OrderedNumberRow[]> {
  const first = phoneNumbers ?? [];
  const isWhole =
    phoneNumbersCount === null
      ? first.length > 0 && first.length < MOST_WITH_SUB_ORDER
      : first.length >= phoneNumbersCount;
  if (isWhole) return first;
  const seen = new Set(first.map((number) => number.id));
  const listed = await listNumberOrderPhoneNumbers(client, countryCode, { subNumberOrderId: id });
  return [...first, ...listed.filter((number) => !seen.has(number.id))];
}

/** The first that wants a value, if any does: its deadline is the one that counts. */
function sampleOf(numbers: readonly OrderedNumberRow[]): Pick<ObservedOrder, 'sample'> {
  const wants = ({ requirements }: OrderedNumberRow) => requirements.some(({ status }) => isWanted(status));
  const number = numbers.find(wants) ?? numbers[0];
  return number === undefined ? {} : { sample: asSample(number) };
}

function asSample({ id, deadlineMs, locality }: OrderedNumberRow): OrderSample {
  return { id, deadlineMs, locality };
}

/** Deadline and place stand at the number itself only (described). */
export async function readSample(client: ReadClient, id: RemoteId): Promise<OrderSample> {
  return asSample(await getNumberOrderPhoneNumber(client, id));
}

const MOST_WITH_SUB_ORDER = 50;

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
  };
}

/** Described without the statuses of its values: the sub order has them, for the first 50. */
async function withStatuses(
  client: ReadClient,
  { id, subNumberOrderId, requirements }: OrderedNumberRow,
): Promise<Holding> {
  if (subNumberOrderId === null || requirements.every(({ status }) => status !== null)) return requirements;
  const { phoneNumbers } = await getSubNumberOrder(client, subNumberOrderId);
  return phoneNumbers?.find((number) => number.id === id)?.requirements ?? requirements;
}

async function readPortingOrder(client: ReadClient, id: RemoteId): Promise<ObservedOrder> {
  return completePortingOrder(client, await getPortingOrder(client, id));
}

export function isOpenPortingOrder({ status }: PortingOrderRow): boolean {
  return OPEN_PORTING_STATUSES.has(status);
}

/** Documented: a group can be given in these only. */
export const OPEN_PORTING_STATUSES: ReadonlySet<string> = new Set(['draft', 'in-process', 'exception']);

/** A row with what it holds. */
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
  };
}
