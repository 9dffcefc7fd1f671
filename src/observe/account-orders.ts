import { indexRows } from '../kinds/reading/index-rows.ts';
import { linkOrders, withLinks } from '../kinds/reading/links.ts';
import { hideOrder, type OrderReading, settleOrders } from '../kinds/requirement-group/orders/orders.ts';
import { UnreachableError } from '../model/errors.ts';
import { isLostOrder, nameOrder, type ObservedOrder } from '../model/orders/observed-order.ts';
import { idsIn } from '../model/orders/porting-form.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import { referenceKey } from '../model/reference.ts';
import type { Combination, Desired, DesiredNumberOrder, Reference, RemoteId } from '../model/resource.ts';
import { unlessGone } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { listAdvancedOrders } from '../telnyx/endpoints/advanced-orders.ts';
import {
  listAllNumberOrderPhoneNumbersInFull,
  listPendingSubNumberOrders,
} from '../telnyx/endpoints/number-orders.ts';
import {
  getPortingOrder,
  listPortingOrdersInBrief,
  listPortingOrdersInFull,
  listPortingRequirementsInFull,
} from '../telnyx/endpoints/porting-orders.ts';
import { asOneReading } from '../telnyx/one-reading.ts';
import {
  asAdvancedOrder,
  completePortingOrder,
  isOpenPortingOrder,
  readSubNumberOrderInParts,
} from '../telnyx/orders.ts';
import type {
  OrderedNumberRow,
  PortingOrderRow,
  PortingRequirementRow,
  SubNumberOrderRow,
} from '../telnyx/types.ts';

/** The orders of a whole account. No manifest has to name them. */

/** An order that still takes a group, with the facts by which a person knows it. */
export interface AccountOrder extends ObservedOrder {
  readonly reference: Reference | null;
  /** The number order that contains the sub order. */
  readonly numberOrderId: RemoteId | null;
  /** The number of phone numbers. Null if Telnyx does not say. */
  readonly phoneNumbersCount: number | null;
  /** The open phone numbers, one by one. Empty for a porting order and for an advanced one. */
  readonly parts: readonly ObservedOrder[];
}

/**
 * Reads all open orders that could take groups for these combinations: one list for each kind of order, and
 * one request for each open order, because the lists contain no values.
 */
export async function readOpenOrders(
  client: ReadClient,
  combinations: readonly Combination[],
  redactor: Redactor,
): Promise<readonly AccountOrder[]> {
  const reading = asOneReading(client);
  const found = await Promise.all([
    readOpenSubOrders(reading, combinations),
    readOpenPortingOrders(reading, combinations),
    readAdvancedOrders(reading, combinations),
  ]);
  const orders = found.flat().filter(({ isOpen }) => isOpen);
  for (const order of orders) hideOrder(order, redactor);
  return orders;
}

async function readOpenSubOrders(
  client: ReadClient,
  combinations: readonly Combination[],
): Promise<readonly AccountOrder[]> {
  const suiting = new Set(combinations.filter(({ action }) => action === 'ordering').map(numbersKey));
  if (suiting.size === 0) return [];
  const rows = (await listPendingSubNumberOrders(client)).filter((row) => suiting.has(numbersKey(row)));
  return readEach(rows, async (row: SubNumberOrderRow): Promise<AccountOrder> => {
    const { whole, parts } = await readSubNumberOrderInParts(client, row.id);
    const { reference, numberOrderId, phoneNumbersCount } = row;
    return { ...whole, reference, numberOrderId, phoneNumbersCount, parts };
  });
}

function numbersKey({
  countryCode,
  phoneNumberType,
}: Pick<Combination, 'countryCode' | 'phoneNumberType'>): string {
  return `${countryCode} ${phoneNumberType}`;
}

/** Reads them for every country, because no porting order states its own. */
async function readOpenPortingOrders(
  client: ReadClient,
  combinations: readonly Combination[],
): Promise<readonly AccountOrder[]> {
  const types = new Set(
    combinations.filter(({ action }) => action === 'porting').map(({ phoneNumberType }) => phoneNumberType),
  );
  if (types.size === 0) return [];
  const rows = (await listPortingOrdersInBrief(client)).filter(
    (row) => isOpenPortingOrder(row) && (row.phoneNumberType === null || types.has(row.phoneNumberType)),
  );
  return readEach(rows, async (row: PortingOrderRow): Promise<AccountOrder> => {
    const { reference, phoneNumbersCount } = row;
    const order = await completePortingOrder(client, row);
    return { ...order, reference, numberOrderId: null, phoneNumbersCount, parts: [] };
  });
}

/** Returns those that carry a group: the list says which one (documented). */
async function readAdvancedOrders(
  client: ReadClient,
  combinations: readonly Combination[],
): Promise<readonly AccountOrder[]> {
  if (!combinations.some(({ action }) => action === 'ordering')) return [];
  const rows = (await unlessGone(() => listAdvancedOrders(client))) ?? [];
  return rows
    .filter(({ groupId }) => groupId !== null)
    .map((row): AccountOrder => {
      const { reference, quantity } = row;
      return {
        ...asAdvancedOrder(row),
        reference,
        numberOrderId: null,
        phoneNumbersCount: quantity,
        parts: [],
      };
    });
}

/** Leaves out orders that were deleted between the list and the request. */
async function readEach<Row, Order>(
  rows: readonly Row[],
  read: (row: Row) => Promise<Order>,
): Promise<readonly Order[]> {
  const found = await Promise.all(rows.map((row) => unlessGone(() => read(row))));
  return found.filter((order) => order !== null);
}

/** ---- Orders that manifests name ---- */

/** Finds orders as `readOrders` would. An entry that matches none of them is skipped. */
export function assignOrders(orders: readonly AccountOrder[], desired: Desired): OrderReading {
  const answers = orders.flatMap((order) => [
    { name: nameOrder(order), order },
    ...order.parts.map((part) => ({ name: nameOrder(part), order: part })),
    ...(order.numberOrderId === null
      ? []
      : [{ name: nameOrder({ kind: 'number_order', id: order.numberOrderId }), order }]),
  ]);
  const byName = indexRows(answers, ({ name }) => name);
  const byReference = indexRows(orders, ({ reference }) => referenceKey(reference));
  const idOf = (order: DesiredNumberOrder): RemoteId | null =>
    order.id?.id ?? byReference.get(referenceKey(order.reference) ?? '')?.[0]?.numberOrderId ?? null;
  const groups = withLinks(desired.RequirementGroup, [
    linkOrders(desired.NumberOrder, 'number_order', idOf),
    linkOrders(desired.PortingOrder, 'porting_order', ({ id }) => id.id),
  ]);
  return settleOrders(
    groups.flatMap(({ group, entries }) =>
      entries.map((entry) => ({
        group,
        entry,
        orders: (byName.get(nameOrder(entry)) ?? []).map(({ order }) => order),
      })),
    ),
  );
}

/** Returns the orders that have manifests of their own, whether or not these name a group. */
export function ordersWithManifests(
  orders: readonly AccountOrder[],
  { NumberOrder: numberOrders, PortingOrder: portingOrders }: Desired,
): readonly AccountOrder[] {
  const ids = new Set<string>([...numberOrders, ...portingOrders].flatMap(({ id }) => id?.id ?? []));
  const references = new Set(numberOrders.map(({ reference }) => referenceKey(reference)));
  return orders.filter(
    ({ id, numberOrderId, reference }) =>
      ids.has(id) ||
      ids.has(numberOrderId ?? '') ||
      (numberOrderId !== null && reference !== null && references.has(referenceKey(reference))),
  );
}

/** ---- Contents of orders, which may not be deleted ---- */

/**
 * Returns the ids of documents and addresses in orders, except in orders that failed or were cancelled. The
 * list of porting orders shows documents and the emergency address. Other addresses need a request for each
 * porting order, ported or not.
 *
 * @throws UnreachableError if an order does not show all that it holds, because the rest may be in use.
 */
export async function readIdsInOrders(
  client: ReadClient,
  sought: { readonly addresses: boolean },
): Promise<ReadonlySet<string>> {
  const [numbers, portingOrders] = await Promise.all([
    listAllNumberOrderPhoneNumbersInFull(client, isLasting),
    listPortingOrdersInFull(client, ({ status }) => status !== 'cancelled'),
  ]);
  numbers.forEach(refuseUnfilled);
  const asked = sought.addresses ? portingOrders : [];
  const requirements = await Promise.all(asked.map(({ id }) => readPortingRequirements(client, id)));
  const holdings = [...numbers.map((number) => number.requirements), ...requirements];
  return new Set([
    ...portingOrders.flatMap(({ documentIds, settings }) => [...documentIds, ...idsIn(settings)]),
    ...holdings.flat().map(({ value }) => reveal(value)),
  ]);
}

/**
 * Throws if requirements are missing: they come some time after the order, with the values of its group
 * (documented).
 */
function refuseUnfilled({ requirements, requirementsStatus, id }: OrderedNumberRow): void {
  if (requirements.length > 0 || requirementsStatus !== 'requirement-info-pending') return;
  throw new UnreachableError(
    `GET /number_order_phone_numbers does not show the values of phone number ${id} yet. Run this again when Telnyx has filled the order.`,
  );
}

/** Returns none for an order that is gone. A 404 for the requirements alone says nothing. */
async function readPortingRequirements(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const requirements = await unlessGone(() => listPortingRequirementsInFull(client, id));
  if (requirements !== null) return requirements;
  if ((await unlessGone(() => getPortingOrder(client, id))) === null) return [];
  throw new UnreachableError(
    `GET /porting_orders/{id}/requirements answered 404 for ${id}, although that order exists. Run this again. If it stays, show this line to Telnyx support.`,
  );
}

/** Returns true unless the number never came. An ordered number is used under the values of its order. */
function isLasting({ status, requirementsStatus }: OrderedNumberRow): boolean {
  return ![status, requirementsStatus].some((word) => word !== null && isLostOrder(word));
}
