import {
  type Holding,
  type NamedOrder,
  nameOrder,
  type ObservedGroup,
  type ObservedOrder,
  type OrderRequirement,
} from '../model/resource.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import type { Account } from '../observe/account.ts';
import type { AccountOrder } from '../observe/account-orders.ts';
import { indexRows } from '../observe/index-rows.ts';
import { heldForm } from '../plan/attachment.ts';
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
  claimed: readonly NamedOrder[],
): readonly Draft[] {
  if (orders.length === 0) return drafts;
  const taken = {
    ids: new Set(claimed.map(({ id }) => id)),
    subNumberOrderIds: new Set(claimed.flatMap(({ subNumberOrderId }) => subNumberOrderId ?? [])),
  };
  const carriers = new Carriers(groups);
  const found = orders.flatMap((order) => findHolders(order, taken, carriers));
  const byGroup = indexRows(
    found.flatMap((one) => one.carriers.map(({ id }) => ({ ...one, groupId: id }))),
    ({ groupId }) => groupId,
  );
  return drafts.map((draft) => addOrders(draft, byGroup.get(draft.group.id) ?? []));
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
  if (!draft.isFulfilled) return draft;
  const clear = found.filter(({ order, carriers }) => carriers.length === 1 && UUID.test(order.id));
  return {
    ...draft,
    orders: clear.map(asDraftOrder),
    orderNotes: shorten(found.filter((one) => !clear.includes(one)).map((one) => explain(one, draft.group))),
  };
}

/** As manifests write ids. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function asDraftOrder({ order: { kind, id, status }, within }: Found): DraftOrder {
  const { reference, phoneNumbersCount } = within;
  return kind === 'phone_number'
    ? { kind, id, status, reference, phoneNumbersCount: 1, within: within.id }
    : { kind, id, status, reference, phoneNumbersCount, within: null };
}

function explain({ order, carriers }: Found, { id }: ObservedGroup): string {
  if (carriers.length === 1) return `${nameOrder(order)} has an id that no manifest can name`;
  const [first, ...more] = carriers.filter((carrier) => carrier.id !== id);
  const others = more.length === 0 ? `the group ${first?.id}` : `one of ${more.length + 1} other groups`;
  return `${nameOrder(order)} may be for this group or for ${others} with the same values: not attached`;
}

function shorten(notes: readonly string[]): readonly string[] {
  if (notes.length <= MOST_NOTES) return notes;
  const left = notes.length - MOST_NOTES + 1;
  return [...notes.slice(0, MOST_NOTES - 1), `so may ${left} more orders: not attached`];
}

const MOST_NOTES = 10;

/* ---- Equal values ---- */

interface Carrier {
  readonly group: ObservedGroup;
  /** Normal form by requirement id; empty where the group has no value. */
  readonly values: ReadonlyMap<string, string>;
}

/** The groups of an account by their values: ten thousand groups are not compared with each order. */
class Carriers {
  readonly #byValue: ReadonlyMap<string, readonly Carrier[]>;

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
    return this.#candidates(order)
      .filter(({ group }) => isFor(order, group))
      .filter((carrier) => order.holdings.every((holding) => isCarried(order, holding, carrier)))
      .map(({ group }) => group);
  }

  /** Those that have one of the values; of values that have to be equal, the one that the fewest groups have. */
  #candidates({ holdings }: ObservedOrder): readonly Carrier[] {
    const filled = holdings[0]?.filter(({ value }) => !value.isEmpty) ?? [];
    const bound = filled.filter(({ status }) => status !== 'approved').map((own) => this.#having(own));
    if (bound.length > 0)
      return bound.reduce((fewest, some) => (some.length < fewest.length ? some : fewest));
    return [...new Set(filled.flatMap((own) => this.#having(own)))];
  }

  #having({ requirementId, value }: OrderRequirement): readonly Carrier[] {
    return this.#byValue.get(valueKey(requirementId, formOf(value))) ?? [];
  }
}

function asCarrier(group: ObservedGroup): Carrier {
  const values = group.requirements.map(({ requirementId, value }): [string, string] => [
    requirementId,
    formOf(value),
  ]);
  return { group, values: new Map(values) };
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
function isCarried({ countryCode }: ObservedOrder, holding: Holding, { values }: Carrier): boolean {
  const equals = (own: OrderRequirement): boolean =>
    formOf(own.value) === (values.get(own.requirementId) ?? '');
  // What is demanded tells countries apart where an order does not.
  const isKnown = ({ requirementId }: OrderRequirement): boolean =>
    countryCode !== null || values.has(requirementId);
  return (
    holding.some((own) => !own.value.isEmpty && equals(own)) &&
    holding.every((own) => isKnown(own) && (own.status === 'approved' || equals(own)))
  );
}
