import { indexRows } from '../kinds/reading/index-rows.ts';
import { heldForm } from '../kinds/requirement-group/attachment.ts';
import { nameOrder, type ObservedGroup, type ObservedOrder } from '../model/resource.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { AccountOrder } from '../observe/account-orders.ts';
import type { Draft, DraftOrder } from './draft.ts';

/**
 * Which open orders carry which group. Nothing at Telnyx says so (documented): an order that was given a group holds copies
 * of its values, so that equal values are all there is to go by. They have to be equal throughout, and they have to be those
 * of one group only: between several with the same values nobody can tell, and nothing is guessed.
 *
 * @param claimed by manifests that are there already; an order belongs to one group.
 */
export function attachOrders(
  drafts: readonly Draft[],
  { groups, orders }: Pick<Account, 'groups' | 'orders'>,
  claimed: readonly ObservedOrder[],
): readonly Draft[] {
  if (orders.length === 0) return drafts;
  const taken = {
    ids: new Set(claimed.map(({ id }) => id)),
    subNumberOrderIds: new Set(claimed.flatMap(({ subNumberOrderId }) => subNumberOrderId ?? [])),
  };
  const carriers = new Carriers(groups);
  const found = orders.flatMap((order) => findHolders(order, taken, carriers));
  const byGroup = indexByGroup(found);
  return drafts.map((draft) => addOrders(draft, (byGroup.get(draft.group.id) ?? []).flat()));
}

/** By group id, what each set of groups has in common: a thousand orders may be for ten thousand groups alike. */
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

/** An order or one of its phone numbers, and the groups whose values it holds: one or more. */
interface Found {
  readonly order: ObservedOrder;
  /** The order itself, or the one that the phone number is in. */
  readonly within: AccountOrder;
  readonly carriers: readonly ObservedGroup[];
}

/** The order as a whole if that can be, else number by number: each may have been ordered with a group of its own. */
function findHolders(order: AccountOrder, { ids, subNumberOrderIds }: Taken, groups: Carriers): Found[] {
  if (ids.has(order.id)) return [];
  const whole = subNumberOrderIds.has(order.id) ? [] : groups.of(order);
  if (whole.length > 0) return [{ order, within: order, carriers: whole }];
  if (order.parts.length < 2 || order.parts.length > MOST_PARTS) return [];
  return order.parts
    .filter(({ id }) => !ids.has(id))
    .map((part) => ({ order: part, within: order, carriers: groups.of(part) }))
    .filter(({ carriers }) => carriers.length > 0);
}

/** What manifests name, and the sub orders that any of it is in. */
interface Taken {
  readonly ids: ReadonlySet<string>;
  readonly subNumberOrderIds: ReadonlySet<string>;
}

/** Each that a manifest names costs a request or two in every plan. */
const MOST_PARTS = 50;

function addOrders(draft: Draft, found: readonly Found[]): Draft {
  // Orders take fulfilled groups only (documented): another one cannot have been given to them as it is now.
  if (!draft.isFulfilled || found.length === 0) return draft;
  return {
    ...draft,
    orders: found.filter(isClear).map(asDraftOrder),
    orderNotes: explain(
      found.filter((one) => !isClear(one)),
      draft.group,
    ),
  };
}

function isClear({ order, carriers }: Found): boolean {
  return carriers.length === 1 && UUID.test(order.id);
}

/** As manifests write ids. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function asDraftOrder({ order: { kind, id, status }, within }: Found): DraftOrder {
  const { reference, phoneNumbersCount } = within;
  return kind === 'phone_number'
    ? { kind, id, status, reference, phoneNumbersCount: 1, within: within.id }
    : { kind, id, status, reference, phoneNumbersCount, within: null };
}

/** Why each is missing, in a few lines. */
function explain(found: readonly Found[], group: ObservedGroup): readonly string[] {
  if (found.length <= MOST_NOTES) return found.map((one) => explainOne(one, group));
  const told = found.slice(0, MOST_NOTES - 1).map((one) => explainOne(one, group));
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

const MOST_NOTES = 10;

/* ---- Equal values ---- */

interface Carrier {
  readonly group: ObservedGroup;
  /** Normal form by requirement id; empty where the group has no value. */
  readonly values: ReadonlyMap<string, string>;
}

/** What an order holds for one requirement, in normal form. */
interface Held {
  readonly requirementId: string;
  readonly form: string;
  readonly isApproved: boolean;
}

/** The groups of an account by their values: ten thousand groups are not compared with each order. */
class Carriers {
  readonly #byValue: ReadonlyMap<string, readonly Carrier[]>;
  /** One list for all orders that hold the same. */
  readonly #known = new Map<string, readonly ObservedGroup[]>();

  constructor(groups: readonly ObservedGroup[]) {
    const usable = groups.filter(({ status }) => status !== 'no-longer-eligible').map(asCarrier);
    const values = usable.flatMap((carrier) =>
      [...carrier.values].flatMap(([id, form]) =>
        form === '' ? [] : [{ carrier, key: valueKey(id, form) }],
      ),
    );
    const indexed = indexRows(values, ({ key }) => key);
    this.#byValue = new Map([...indexed].map(([key, rows]) => [key, rows.map(({ carrier }) => carrier)]));
  }

  of(order: ObservedOrder): readonly ObservedGroup[] {
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

  /** Those that have one of the values; of values that have to be equal, the one that the fewest groups have. */
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

/** Most phone numbers of an order hold the same. */
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

/** Something in it is equal, and nothing that a group would still change is not. */
function isCarried({ countryCode }: ObservedOrder, holding: readonly Held[], { values }: Carrier): boolean {
  const equals = ({ requirementId, form }: Held): boolean => form === (values.get(requirementId) ?? '');
  // What is demanded tells countries apart where an order does not.
  const isKnown = ({ requirementId }: Held): boolean => countryCode !== null || values.has(requirementId);
  return (
    holding.some((own) => own.form !== '' && equals(own)) &&
    holding.every((own) => isKnown(own) && (own.isApproved || equals(own)))
  );
}
