import { describe, expect, it, test } from 'vitest';
import { attachOrders } from '../../src/import/orders.ts';
import type { NamedOrder } from '../../src/model/orders/observed-order.ts';
import { asRemoteId } from '../../src/model/resource.ts';
import type { AccountOrder } from '../../src/observe/account-orders.ts';
import {
  accountOf,
  catalogueOf,
  generateAll,
  groupRow,
  type Held,
  portingOrder,
  subOrder,
} from './accounts.ts';

const CONTACT = '11111111-1111-4111-8111-111111111111';
const TAX = '22222222-2222-4222-8222-222222222222';
const catalogue = catalogueOf([
  { id: CONTACT, name: 'Contact Info', field_type: 'textual' },
  { id: TAX, name: 'Tax ID', field_type: 'textual' },
]);

interface Values {
  readonly contact?: string;
  readonly tax?: string;
}

function group(
  id: number,
  { contact = 'Example GmbH', tax = '0123' }: Values = {},
  given: object = {},
): object {
  return groupRow(
    { [CONTACT]: ['textual', contact], [TAX]: ['textual', tax] },
    { id: `0a000000-0000-4000-8000-00000000000${id}`, customer_reference: `CRM ${id}`, ...given },
  );
}

const HELD: Held = { [CONTACT]: ['Example GmbH'], [TAX]: ['0123'] };

/** Ids of orders and notes, group by group. */
function attach(
  groups: readonly object[],
  orders: readonly AccountOrder[],
  claimed: readonly NamedOrder[] = [],
): { readonly ids: readonly string[]; readonly notes: readonly string[] }[] {
  const account = accountOf({ groups });
  const manifests = attachOrders(generateAll(account, catalogue), { ...account, orders }, claimed);
  return manifests.map((manifest) => ({
    ids: manifest.orders.map(({ id }) => id),
    notes: manifest.orderNotes,
  }));
}

function isAttached(held: Held | readonly Held[], given: object = {}): boolean {
  const order = subOrder(1, Array.isArray(held) ? held : [held as Held], given);
  return attach([group(1)], [order])[0]?.ids.includes(order.id) ?? false;
}

describe('an order carries a group', () => {
  test.each<[string, boolean, Held | readonly Held[]]>([
    ['all values are equal', true, HELD],
    ['they are equal in all of its phone numbers', true, [HELD, HELD]],
    ['one of its phone numbers has another', false, [HELD, { ...HELD, [TAX]: ['9'] }]],
    ['one of its phone numbers says nothing yet', false, [HELD, {}]],
    ['it says nothing yet', false, {}],
    ['it has no phone number that is open', false, []],
    ['a value differs', false, { ...HELD, [TAX]: ['9'] }],
    ['what differs is approved', true, { ...HELD, [TAX]: ['9', 'approved'] }],
    ['what differs may be approved', false, { ...HELD, [TAX]: ['9', null] }],
    ['a value is missing', false, { ...HELD, [TAX]: ['', 'awaiting-value'] }],
    [
      'everything is approved and different',
      false,
      { [CONTACT]: ['x', 'approved'], [TAX]: ['9', 'approved'] },
    ],
    ['it has a value that the group knows nothing of', false, { ...HELD, [`${TAX}0`]: ['x'] }],
    ['it demands something that is in neither', true, { ...HELD, [`${TAX}0`]: ['', 'awaiting-value'] }],
    ['a value stands between blanks', true, { ...HELD, [CONTACT]: [' Example GmbH '] }],
  ])('where %s: %s', (_, expected, held) => {
    expect(isAttached(held)).toBe(expected);
  });

  test.each([
    ['country', { countryCode: 'FR' }],
    ['type', { phoneNumberType: 'mobile' }],
  ])('only of its own %s', (_, given) => {
    expect(isAttached(HELD, given)).toBe(false);
  });

  it('for porting only if it demands what the group is for, since it never says its country', () => {
    const porting = group(1, {}, { action: 'porting' });
    const foreign = portingOrder(2, { ...HELD, [`${TAX}0`]: ['', 'requirement-info-pending'] });
    const orders = [portingOrder(1, HELD), foreign, portingOrder(3, HELD, { phoneNumberType: 'mobile' })];
    expect(attach([porting], orders)[0]?.ids).toEqual([orders[0]?.id]);
    expect(attach([group(1)], orders)[0]?.ids).toEqual([]);
    expect(attach([porting], [subOrder(1, [HELD])])[0]?.ids).toEqual([]);
  });

  it('that has a value for everything', () => {
    const held = { [CONTACT]: ['Example GmbH'] } as const;
    expect(attach([group(1, { tax: '' })], [subOrder(1, [held])])[0]?.ids).toEqual([]);
  });

  it('and is told apart by the one value in which groups differ', () => {
    const orders = [subOrder(1, [HELD]), subOrder(2, [{ ...HELD, [TAX]: ['0456'] }])];
    expect(attach([group(1), group(2, { tax: '0456' })], orders).map(({ ids }) => ids)).toEqual([
      [orders[0]?.id],
      [orders[1]?.id],
    ]);
  });
});

describe('several groups with the same values', () => {
  it('get none of the orders that hold them, and all of them say so', () => {
    const [order] = [subOrder(1, [HELD])];
    const found = attach([group(1), group(2), group(3)], [order]);
    expect(found.map(({ ids }) => ids)).toEqual([[], [], []]);
    const others = 'may be for this group or for one of 2 other groups with the same values: not attached';
    expect(found.map(({ notes }) => notes)).toEqual(
      Array(3).fill([`sub number order ${order.id} ${others}`]),
    );
  });

  it('are one if the other cannot be used again', () => {
    const retired = group(2, {}, { status: 'no-longer-eligible' });
    expect(attach([group(1), retired], [subOrder(1, [HELD])])[0]?.ids).toHaveLength(1);
  });

  it('say so in a few lines, however many orders there are', () => {
    const orders = Array.from({ length: 40 }, (_, index) => subOrder(index, [HELD]));
    const [found] = attach([group(1), group(2)], orders);
    expect(found?.notes).toHaveLength(10);
    expect(found?.notes.at(-1)).toBe('so may 31 more orders: not attached');
  });
});

describe('an order whose phone numbers carry different groups', () => {
  const other = { ...HELD, [TAX]: ['0456'] } as const;
  const groups = [group(1), group(2, { tax: '0456' })];

  it('is attached number by number', () => {
    const order = subOrder(1, [HELD, other, { ...HELD, [TAX]: ['9'] }]);
    expect(attach(groups, [order]).map(({ ids }) => ids)).toEqual([
      [order.parts[0]?.id],
      [order.parts[1]?.id],
    ]);
  });

  it('is left alone where these are many: each costs requests in every plan', () => {
    const order = subOrder(
      1,
      Array.from({ length: 51 }, (_, index) => (index === 0 ? other : HELD)),
    );
    expect(attach(groups, [order]).map(({ ids }) => ids)).toEqual([[], []]);
  });
});

describe('an order that a manifest names', () => {
  const source = { file: 'groups/de.yaml', line: 8, column: 5 };
  const order = subOrder(1, [HELD, HELD]);
  const [first, second] = order.parts;

  it('is left to it, with its phone numbers', () => {
    expect(attach([group(1)], [order], [{ ...order, source }])[0]?.ids).toEqual([]);
  });

  it('in part keeps its other numbers for others', () => {
    const claimed = first === undefined ? [] : [{ ...first, source }];
    expect(attach([group(1)], [order], claimed)[0]?.ids).toEqual([second?.id]);
  });
});

it('an order with an id that no manifest can name is told and left', () => {
  const order = subOrder(1, [HELD], { id: asRemoteId('ORDER-1') });
  expect(attach([group(1)], [order])).toEqual([
    { ids: [], notes: ['sub number order ORDER-1 has an id that no manifest can name'] },
  ]);
});

describe('an advanced order', () => {
  const own = asRemoteId('0a000000-0000-4000-8000-000000000001');
  const advanced = (given: Partial<AccountOrder>): AccountOrder => ({
    ...subOrder(1, []),
    kind: 'advanced_order',
    subNumberOrderId: null,
    groupId: own,
    ...given,
  });

  test.each<[string, readonly object[], Partial<AccountOrder>, readonly number[]]>([
    ['says which group it carries, also among groups of equal values', [group(1), group(2)], {}, [1, 0]],
    ['carries none', [group(1)], { groupId: null }, [0]],
    ['carries a group that is not imported', [group(2)], {}, [0]],
    ['is for another country than the group', [group(1)], { countryCode: 'FR' }, [0]],
    [
      'carries a group that no order takes any more',
      [group(1, {}, { status: 'no-longer-eligible' })],
      {},
      [0],
    ],
  ])('%s', (_, groups, given, counts) => {
    expect(attach(groups, [advanced(given)]).map(({ ids }) => ids.length)).toEqual(counts);
  });

  it('that another manifest names belongs to that one', () => {
    const order = advanced({});
    const claimed = [{ ...order, source: { file: 'groups/a.yaml', line: 1, column: 1 } }];
    expect(attach([group(1)], [order], claimed)[0]?.ids).toEqual([]);
  });
});
