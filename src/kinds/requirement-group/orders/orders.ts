import { ApiError } from '../../../model/errors.ts';
import { type NamedOrder, nameOrder, type ObservedOrder } from '../../../model/orders/observed-order.ts';
import type { Redactor } from '../../../model/privacy/redactor.ts';
import { reveal } from '../../../model/privacy/sensitive.ts';
import type { Problem } from '../../../model/problem.ts';
import type { DesiredAttachment, DesiredGroup, OrderKind, RemoteId } from '../../../model/resource.ts';
import { callingCodeOf, isAbroad } from '../../../model/text/calling-codes.ts';
import { unlessUnknown } from '../../../telnyx/absence.ts';
import type { ReadClient } from '../../../telnyx/client.ts';
import { getNumberOrder, listSubNumberOrders } from '../../../telnyx/endpoints/number-orders.ts';
import { readOrder, readSample } from '../../../telnyx/orders.ts';
import type { NumberOrderRow } from '../../../telnyx/types.ts';

/** A group, and the orders that it is to be attached to: those that it names, and those that name it. */
export interface GroupWithOrders {
  readonly group: DesiredGroup;
  readonly entries: readonly DesiredAttachment[];
}

export interface OrderReading {
  /** The orders by group name. */
  readonly orders: ReadonlyMap<string, readonly NamedOrder[]>;
  /** The mistakes of manifests about an order. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the orders that manifests name, and no others, in parallel as far as the client's connections allow.
 */
export async function readOrders(
  client: ReadClient,
  groups: readonly GroupWithOrders[],
  redactor: Redactor,
): Promise<OrderReading> {
  const all = groups.flatMap(({ group, entries }) => entries.map((entry) => ({ group, entry })));
  const found = await Promise.all(
    all.map(async ({ group, entry }): Promise<FoundOrders> => {
      const orders = await readEntry(client, group, entry);
      return { group, entry, orders };
    }),
  );
  const { orders, problems } = settleOrders(await Promise.all(found.map((one) => withSamples(client, one))));
  for (const order of [...orders.values()].flat()) hideOrder(order, redactor);
  return { orders, problems: [...found.flatMap(problemsOf), ...problems] };
}

/** The orders that one entry of a manifest reaches. */
export interface FoundOrders {
  readonly group: DesiredGroup;
  readonly entry: DesiredAttachment;
  /** The orders. Null if Telnyx has no such order. */
  readonly orders: readonly ObservedOrder[] | null;
}

async function readEntry(
  client: ReadClient,
  group: DesiredGroup,
  { kind, id }: DesiredAttachment,
): Promise<readonly ObservedOrder[] | null> {
  return unlessUnknown(async () =>
    kind === 'number_order' ? readSubOrders(client, group, id) : [await readOrder(client, kind, id)],
  );
}

/** Adds samples to the orders that are shown. An order whose sample cannot be read stays as it is. */
async function withSamples(client: ReadClient, found: FoundOrders): Promise<FoundOrders> {
  if (found.orders === null) return found;
  return { ...found, orders: await Promise.all(found.orders.map((order) => withSample(client, order))) };
}

export async function withSample(client: ReadClient, order: ObservedOrder): Promise<ObservedOrder> {
  if (order.kind !== 'sub_number_order' || order.sample === undefined) return order;
  try {
    return { ...order, sample: await readSample(client, order.sample.id) };
  } catch (error) {
    if (error instanceof ApiError) return order;
    throw error;
  }
}

/** Reads sub orders by their ids, because lists may lag behind a new order. */
export async function readAllSubOrders(
  client: ReadClient,
  { id, subNumberOrderIds }: Pick<NumberOrderRow, 'id' | 'subNumberOrderIds'>,
): Promise<readonly ObservedOrder[]> {
  const ids =
    subNumberOrderIds.length > 0
      ? subNumberOrderIds
      : (await listSubNumberOrders(client, id)).map((subOrder) => subOrder.id);
  return Promise.all(ids.map((one) => readOrder(client, 'sub_number_order', one)));
}

/** Returns the sub orders for the group: the open ones, or all if none is open. */
async function readSubOrders(
  client: ReadClient,
  group: DesiredGroup,
  id: RemoteId,
): Promise<readonly ObservedOrder[]> {
  const subOrders = await readAllSubOrders(client, await getNumberOrder(client, id));
  const suiting = subOrders.filter((subOrder) => matchesCombination(subOrder, group));
  const open = suiting.filter(({ isOpen }) => isOpen);
  return open.length > 0 ? open : suiting;
}

function matchesCombination(order: ObservedOrder, { combination }: DesiredGroup): boolean {
  const { countryCode, phoneNumberType } = order;
  return (
    (countryCode === null || countryCode === combination.countryCode) &&
    (phoneNumberType === null || phoneNumberType === combination.phoneNumberType) &&
    numbersAbroad(order, combination.countryCode).length === 0
  );
}

/** Returns the calling codes of numbers in another country. Only a porting order does not state its country. */
function numbersAbroad({ countryCode, phoneNumbers = [] }: ObservedOrder, expected: string): string[] {
  if (countryCode !== null) return [];
  const abroad = phoneNumbers.map(reveal).filter((number) => isAbroad(number, expected));
  return [...new Set(abroad.map((number) => callingCodeOf(number)?.code ?? ''))];
}

function problemsOf({ group, entry, orders }: FoundOrders): Problem[] {
  if (orders === null) return [absent(entry)];
  if (entry.kind === 'number_order' && orders.length === 0) return [withoutNumbers(group, entry)];
  return orders
    .filter((order) => !matchesCombination(order, group))
    .map((order) => unsuited(group, entry, order));
}

function absent(entry: DesiredAttachment): Problem {
  return {
    severity: 'error',
    code: 'order-not-found',
    message: `Telnyx has no ${nameOrder(entry)}`,
    hint: HINTS[entry.kind],
    source: entry.source,
  };
}

const HINTS: Readonly<Record<DesiredAttachment['kind'], string>> = {
  sub_number_order: 'Write the id of a sub order, or `number_order:` with the id of the whole order.',
  number_order: 'Write the id of a whole order, or `sub_number_order:` with the id of a sub order.',
  phone_number:
    'Write the id of a phone number within an order, not the number itself or the id of an active number.',
  porting_order: 'Correct the id, or remove the entry.',
  advanced_order: 'It takes the id of an advanced order, not of a number order that came of it.',
};

function withoutNumbers(group: DesiredGroup, entry: DesiredAttachment): Problem {
  return {
    severity: 'error',
    code: 'order-mismatch',
    message: `this group is for ${purposeOf(group)} numbers, and ${nameOrder(entry)} has none`,
    hint: 'Move this entry to the group for its numbers, or delete it.',
    source: entry.source,
  };
}

function unsuited(group: DesiredGroup, entry: DesiredAttachment, order: ObservedOrder): Problem {
  const country = order.countryCode ?? numbersAbroad(order, group.combination.countryCode).join(' and ');
  const own = [country, order.phoneNumberType].filter((word) => word !== null && word !== '').join(' ');
  return {
    severity: 'error',
    code: 'order-mismatch',
    message: `${nameOrder(entry)} is for ${own} numbers, and this group for ${purposeOf(group)} ones`,
    hint: 'Move this entry to the group for its numbers, or delete it.',
    source: entry.source,
  };
}

function purposeOf({ combination: { countryCode, phoneNumberType } }: DesiredGroup): string {
  return `${countryCode} ${phoneNumberType}`;
}

/* ---- Each order has one group ---- */

/**
 * Gives an order that several entries reach to the first of them, as with a number order and one of its sub
 * orders, or a sub order and one of its numbers. Two groups would overwrite each other's values in every run,
 * so that is a problem.
 */
export function settleOrders(found: readonly FoundOrders[]): OrderReading {
  const orders = new Map<string, NamedOrder[]>();
  const problems: Problem[] = [];
  const owners = new Map<string, FoundOrders>();
  for (const kinds of [WHOLE, PARTS]) {
    for (const one of found) {
      const suited = (one.orders ?? []).filter(
        (order) => kinds.has(order.kind) && matchesCombination(order, one.group),
      );
      for (const order of suited) {
        const owner = ownerOf(order, owners);
        if (owner === null) {
          owners.set(order.id, one);
          const { source, isLink = false } = one.entry;
          const named = { ...order, source, ...(isLink ? { isLink } : {}) };
          orders.set(one.group.name, [...(orders.get(one.group.name) ?? []), named]);
        } else if (owner.group.name !== one.group.name) {
          problems.push(claimedTwice(one, order, owner));
        }
      }
    }
  }
  return { orders, problems };
}

const WHOLE: ReadonlySet<OrderKind> = new Set(['sub_number_order', 'porting_order', 'advanced_order']);
const PARTS: ReadonlySet<OrderKind> = new Set(['phone_number']);

function ownerOf(order: ObservedOrder, owners: ReadonlyMap<string, FoundOrders>): FoundOrders | null {
  return owners.get(order.id) ?? owners.get(order.subNumberOrderId ?? '') ?? null;
}

function claimedTwice({ entry }: FoundOrders, order: ObservedOrder, owner: FoundOrders): Problem {
  const { file, line } = owner.entry.source;
  return {
    severity: 'error',
    code: 'duplicate-order',
    message: `${nameOrder(order)} already belongs to ${nameOrder(owner.entry)}, attached to "${owner.group.name}" at ${file}:${line}`,
    hint: 'Remove it from one of the two: an order takes the values of one group.',
    source: entry.source,
  };
}

/** Records what an order holds, because Telnyx may repeat it in a message about that order. */
export function hideOrder({ id, holdings, finalHoldings = [] }: ObservedOrder, redactor: Redactor): void {
  const held = [...holdings, ...finalHoldings];
  redactor.know(id, new Set(held.flatMap((own) => own.map(({ value }) => value))));
}
