import { indexRows } from '../kinds/reading/index-rows.ts';
import { heldForm } from '../kinds/requirement-group/orders/order-comparison.ts';
import type { ObservedGroup } from '../model/observed.ts';
import { nameOrder, type ObservedOrder } from '../model/orders/observed-order.ts';
import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { AccountOrder } from '../observe/account-orders.ts';
import type { GeneratedManifest, GeneratedOrder } from './generate-manifests.ts';

/**
 * Finds the groups of open orders. Only an advanced order says which group it carries (documented). Any other
 * contains copies of the values of its group, so equal values are the only evidence. Every value that is not
 * approved has to be equal. If several groups match, the order is left out.
 *
 * @param claimed the orders that existing manifests name, since an order belongs to one group.
 */
export function attachOrders(
  manifests: readonly GeneratedManifest[],
  { groups, orders }: Pick<Account, 'groups' | 'orders'>,
  claimed: readonly ObservedOrder[],
): readonly GeneratedManifest[] {
  if (orders.length === 0) return manifests;
  const taken = {
    ids: new Set(claimed.map(({ id }) => id)),
    subNumberOrderIds: new Set(claimed.flatMap(({ subNumberOrderId }) => subNumberOrderId ?? [])),
  };
  const carriers = new Carriers(groups);
  const found = orders.flatMap((order) => findHolders(order, taken, carriers));
  const byGroup = indexByGroup(found);
  return manifests.map((manifest) => addOrders(manifest, (byGroup.get(manifest.group.id) ?? []).flat()));
}

/**
 * Returns, by group id, lists of orders that have the same candidate groups. The lists are shared, because a
 * thousand orders may match ten thousand groups.
 */
function indexByGroup(found: readonly Found[]): ReadonlyMap<string, readonly (readonly Found[])[]> {
  const byCarriers = new Map<Found['carriers'], Found[]>();
  for (const one of found) {
    const alike = byCarriers.get(one.carriers);
    if (alike === undefined) byCarriers.set(one.carriers, [one]);
    else alike.push(one);
  }
  const byGroup = new Map<string, (readonly Found[])[]>();
  for (const [carriers, theirs] of byCarriers) {
    for (const { id } of carriers) byGroup.set(id, [...(byGroup.get(id) ?? []), theirs]);
  }
  return byGroup;
}

/** An order or one of its phone numbers, and the one or more groups whose values it has. */
interface Found {
  readonly order: ObservedOrder;
  /** The order itself, or the order of the phone number. */
  readonly within: AccountOrder;
  readonly carriers: readonly ObservedGroup[];
}

/**
 * Matches the order as a whole if possible, or else each number, since each may have been ordered with a
 * group of its own.
 */
function findHolders(order: AccountOrder, { ids, subNumberOrderIds }: Taken, groups: Carriers): Found[] {
  if (ids.has(order.id)) return [];
  const whole = subNumberOrderIds.has(order.id) ? [] : groups.of(order);
  if (whole.length > 0) return [{ order, within: order, carriers: whole }];
  if (order.parts.length < 2 || order.parts.length > MAX_PARTS) return [];
  return order.parts
    .filter(({ id }) => !ids.has(id))
    .map((part) => ({ order: part, within: order, carriers: groups.of(part) }))
    .filter(({ carriers }) => carriers.length > 0);
}

/** The ids that manifests name, and the sub orders that contain them. */
interface Taken {
  readonly ids: ReadonlySet<string>;
  readonly subNumberOrderIds: ReadonlySet<string>;
}

/** The most numbers to name separately, since each costs one or two requests in every plan. */
const MAX_PARTS = 50;

function addOrders(manifest: GeneratedManifest, found: readonly Found[]): GeneratedManifest {
  // Orders accept only fulfilled groups (documented), so an unfulfilled one cannot have been attached in its
  // current state.
  if (!manifest.isFulfilled || found.length === 0) return manifest;
  return {
    ...manifest,
    orders: found.filter(isClear).map(asGeneratedOrder),
    orderNotes: explain(
      found.filter((one) => !isClear(one)),
      manifest.group,
    ),
  };
}

function isClear({ order, carriers }: Found): boolean {
  return carriers.length === 1 && UUID.test(order.id);
}

/** Matches an id as manifests write it. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function asGeneratedOrder({ order: { kind, id, status }, within }: Found): GeneratedOrder {
  const { reference, phoneNumbersCount } = within;
  return kind === 'phone_number'
    ? { kind, id, status, reference, phoneNumbersCount: 1, within: within.id }
    : { kind, id, status, reference, phoneNumbersCount, within: null };
}

/** Explains in a few lines why each order is missing. */
function explain(found: readonly Found[], group: ObservedGroup): readonly string[] {
  if (found.length <= MAX_NOTES) return found.map((one) => explainOne(one, group));
  const told = found.slice(0, MAX_NOTES - 1).map((one) => explainOne(one, group));
  return [...told, `so may ${found.length - told.length} more orders: not attached`];
}

function explainOne({ order, carriers }: Found, { id }: ObservedGroup): string {
  const [first, second] = carriers;
  if (second === undefined) return `${nameOrder(order)} has an id that no manifest can name`;
  const other = first?.id === id ? second : first;
  const others =
    carriers.length === 2 ? `the group ${other?.id}` : `one of ${carriers.length - 1} other groups`;
  return `${nameOrder(order)} may be for this group or for ${others} with the same values: not attached`;
}

const MAX_NOTES = 10;

/* ---- Equal values ---- */

interface Carrier {
  readonly group: ObservedGroup;
  /** The normal forms by requirement id. Empty if the group has no value. */
  readonly values: ReadonlyMap<string, string>;
}

/** The value of an order for one requirement, in normal form. */
interface Held {
  readonly requirementId: string;
  readonly form: string;
  readonly isApproved: boolean;
}

/**
 * The groups of an account indexed by their values, so that ten thousand groups are not compared with each
 * order.
 */
class Carriers {
  readonly #byValue: ReadonlyMap<string, readonly Carrier[]>;
  /** The results by values: orders with the same values share one list. */
  readonly #known = new Map<string, readonly ObservedGroup[]>();

  readonly #groups: readonly ObservedGroup[];

  constructor(groups: readonly ObservedGroup[]) {
    this.#groups = groups.filter(({ status }) => status !== 'no-longer-eligible');
    const usable = this.#groups.map(asCarrier);
    const values = usable.flatMap((carrier) =>
      [...carrier.values].flatMap(([id, form]) =>
        form === '' ? [] : [{ carrier, key: valueKey(id, form) }],
      ),
    );
    const indexed = indexRows(values, ({ key }) => key);
    this.#byValue = new Map([...indexed].map(([key, rows]) => [key, rows.map(({ carrier }) => carrier)]));
  }

  of(order: ObservedOrder): readonly ObservedGroup[] {
    const { groupId } = order;
    if (groupId !== undefined)
      return this.#groups.filter((group) => group.id === groupId && isFor(order, group));
    const holdings = distinctHoldings(order);
    const key = JSON.stringify([
      order.kind === 'porting_order',
      order.countryCode,
      order.phoneNumberType,
      holdings,
    ]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const carriers = this.#candidates(holdings[0] ?? [])
      .filter(({ group }) => isFor(order, group))
      .filter((carrier) => holdings.every((holding) => isCarried(order, holding, carrier)))
      .map(({ group }) => group);
    this.#known.set(key, carriers);
    return carriers;
  }

  /**
   * Returns groups that share a value with the order. If a value has to be equal, returns the shortest list
   * among those values.
   */
  #candidates(holding: readonly Held[]): readonly Carrier[] {
    const filled = holding.filter(({ form }) => form !== '');
    const bound = filled.filter(({ isApproved }) => !isApproved).map((own) => this.#having(own));
    if (bound.length > 0)
      return bound.reduce((fewest, some) => (some.length < fewest.length ? some : fewest));
    return [...new Set(filled.flatMap((own) => this.#having(own)))];
  }

  #having({ requirementId, form }: Held): readonly Carrier[] {
    return this.#byValue.get(valueKey(requirementId, form)) ?? [];
  }
}

function asCarrier(group: ObservedGroup): Carrier {
  const values = group.requirements.map(({ requirementId, value }): [string, string] => [
    requirementId,
    formOf(value),
  ]);
  return { group, values: new Map(values) };
}

/** Returns each distinct set of values once, since most phone numbers of an order have the same. */
function distinctHoldings({ holdings }: ObservedOrder): readonly (readonly Held[])[] {
  const all = holdings.map((holding) =>
    holding.map(
      ({ requirementId, value, status }): Held => ({
        requirementId,
        form: formOf(value),
        isApproved: status === 'approved',
      }),
    ),
  );
  return [...new Map(all.map((holding) => [JSON.stringify(holding), holding])).values()];
}

function formOf(value: Sensitive): string {
  return value.isEmpty ? '' : reveal(heldForm(value));
}

function valueKey(requirementId: string, form: string): string {
  return `${requirementId} ${form}`;
}

function isFor(
  { kind, countryCode, phoneNumberType }: ObservedOrder,
  { combination }: ObservedGroup,
): boolean {
  return (
    combination.action === (kind === 'porting_order' ? 'porting' : 'ordering') &&
    (countryCode === null || countryCode === combination.countryCode) &&
    (phoneNumberType === null || phoneNumberType === combination.phoneNumberType)
  );
}

/** Returns true if one value is equal and every value that the group could still change is equal. */
function isCarried({ countryCode }: ObservedOrder, holding: readonly Held[], { values }: Carrier): boolean {
  const equals = ({ requirementId, form }: Held): boolean => form === (values.get(requirementId) ?? '');
  // The ids of requirements distinguish countries if the order does not say its country.
  const isKnown = ({ requirementId }: Held): boolean => countryCode !== null || values.has(requirementId);
  return (
    holding.some((own) => own.form !== '' && equals(own)) &&
    holding.every((own) => isKnown(own) && (own.isApproved || equals(own)))
  );
}
