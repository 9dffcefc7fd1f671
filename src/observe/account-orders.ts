import { indexRows } from '../kinds/reading/index-rows.ts';
import { linkOrders, withLinks } from '../kinds/reading/links.ts';
import { hideOrder, type OrderReading, settleOrders } from '../kinds/requirement-group/orders.ts';
import { UnreachableError } from '../model/errors.ts';
import type { Mask } from '../model/mask.ts';
import { idsIn } from '../model/porting-form.ts';
import { referenceKey } from '../model/reference.ts';
import {
  type Combination,
  type Desired,
  type DesiredNumberOrder,
  isLostOrder,
  nameOrder,
  type ObservedOrder,
  type Reference,
  type RemoteId,
} from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import { unlessGone } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import {
  getPortingOrder,
  listAllNumberOrderPhoneNumbersInFull,
  listPendingSubNumberOrders,
  listPortingOrdersInBrief,
  listPortingOrdersInFull,
  listPortingRequirementsInFull,
} from '../telnyx/endpoints.ts';
import { asOneReading } from '../telnyx/one-reading.ts';
import { completePortingOrder, isOpenPortingOrder, readSubNumberOrderInParts } from '../telnyx/orders.ts';
import type {
  OrderedNumberRow,
  PortingOrderRow,
  PortingRequirementRow,
  SubNumberOrderRow,
} from '../telnyx/types.ts';

/** The orders of a whole account, whoever placed them: no manifest names them yet. */

/** One that still takes a group, and what a person knows it by. */
export interface AccountOrder extends ObservedOrder {
  readonly reference: Reference | null;
  /** The order that a sub order is of. */
  readonly numberOrderId: RemoteId | null;
  /** Null where Telnyx does not say. */
  readonly phoneNumbersCount: number | null;
  /** Its phone numbers that are open, one by one; of a porting order none. */
  readonly parts: readonly ObservedOrder[];
}

/**
 * All open ones that groups for these combinations could be given to. One list for each kind of order, and one request for
 * each open order: in the lists stand no values.
 */
export async function readOpenOrders(
  client: ReadClient,
  combinations: readonly Combination[],
  mask: Mask,
): Promise<readonly AccountOrder[]> {
  const reading = asOneReading(client);
  const found = await Promise.all([
    readOpenSubOrders(reading, combinations),
    readOpenPortingOrders(reading, combinations),
  ]);
  const orders = found.flat().filter(({ isOpen }) => isOpen);
  for (const order of orders) hideOrder(order, mask);
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

/** No porting order says its country. */
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

/** What is deleted between the list and the request is no order any more. */
async function readEach<Row, Order>(
  rows: readonly Row[],
  read: (row: Row) => Promise<Order>,
): Promise<readonly Order[]> {
  const found = await Promise.all(rows.map((row) => unlessGone(() => read(row))));
  return found.filter((order) => order !== null);
}

/* ---- Which of them manifests name ---- */

/** As `readOrders` would find them; an entry that none of them answers to is passed over. */
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

/** Those that have manifests of their own, whether or not these name a group. */
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

/* ---- What orders hold, for those who want to delete it ---- */

/**
 * Ids of documents and addresses that stand in an order, but for those that failed or were cancelled. Of porting orders the
 * list shows the documents and the address for emergencies; for other addresses each of them has to be asked, ported or not.
 *
 * @throws MalformedAnswerError where an order does not show all that it holds: what is not there may be in use all the same.
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

/** The requirements of an order come some time after it, and with them the values of the group that it was placed with (documented). */
function refuseUnfilled({ requirements, requirementsStatus, id }: OrderedNumberRow): void {
  if (requirements.length > 0 || requirementsStatus !== 'requirement-info-pending') return;
  throw new UnreachableError(
    `GET /number_order_phone_numbers does not show yet what phone number ${id} is ordered with. Run this again when Telnyx has filled the order.`,
  );
}

/** None of an order that is gone; that only its requirements are not found says nothing. */
async function readPortingRequirements(
  client: ReadClient,
  id: RemoteId,
): Promise<readonly PortingRequirementRow[]> {
  const requirements = await unlessGone(() => listPortingRequirementsInFull(client, id));
  if (requirements !== null) return requirements;
  if ((await unlessGone(() => getPortingOrder(client, id))) === null) return [];
  throw new UnreachableError(
    `GET /porting_orders/{id}/requirements answered 404 for ${id}, although that order is there: what it holds is not known. Run this again; if it stays, show this line to Telnyx support.`,
  );
}

/** A number that was ordered is used under what was said of it; one that never came is not. */
function isLasting({ status, requirementsStatus }: OrderedNumberRow): boolean {
  return ![status, requirementsStatus].some((word) => word !== null && isLostOrder(word));
}
