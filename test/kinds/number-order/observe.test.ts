import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../src/model/privacy/redactor.ts';
import { asReference, type Desired, type DesiredNumberOrder } from '../../../src/model/resource.ts';
import { observeOrders } from '../../../src/observe/orders.ts';
import {
  groupManifest,
  link,
  manifests,
  numberManifest,
  pinned,
  portingManifest,
  selection,
} from '../../support/manifests.ts';
import { type ClientScript, pages, scriptedClient } from '../../support/scripted-client.ts';
import { GONE, refused } from '../../support/scripted-run.ts';

const list = (reference: string) => `GET /number_orders?filter[customer_reference]=${reference}`;
const ours = (name: string) => `regsync/acme/order/${name}`;
const get = (id: string) => `GET /number_orders/${id}`;
const ALL = 'GET /number_orders';
const sub = (id: string) => `GET /sub_number_orders/${id}?filter[include_phone_numbers]=true`;

/** An order of the numbers that end in these digits, with one part. */
function row(
  id: string,
  reference: string | null,
  given: object = {},
  ...endings: readonly number[]
): object {
  return {
    id,
    customer_reference: reference,
    status: 'pending',
    phone_numbers: endings.map((ending) => ({ id: `${id}-${ending}`, phone_number: `+4930000000${ending}` })),
    phone_numbers_count: endings.length,
    sub_number_orders_ids: [`s-${id}`],
    ...given,
  };
}
const part = (id: string, given: object = {}) => ({
  id: `s-${id}`,
  country_code: 'DE',
  phone_number_type: 'local',
  status: 'pending',
  phone_numbers_count: 1,
  phone_numbers: [
    {
      id: `n-${id}`,
      phone_number: '+49300000001',
      regulatory_requirements: [{ requirement_id: 'a', field_value: 'Jo Example', status: 'declined' }],
    },
  ],
  ...given,
});
/** What it takes to read the parts of these orders. */
const parts = (...ids: string[]): ClientScript =>
  Object.fromEntries(
    ids.flatMap((id) => [
      [sub(`s-${id}`), part(id)],
      [
        `GET /number_order_phone_numbers/n-${id}`,
        { id: `n-${id}`, phone_number: '+49300000001', locality: 'BERLIN' },
      ],
    ]),
  );

const NONE = new Map<string, never>();

async function observe(desired: Partial<Desired>, script: ClientScript, selected = selectAll(desired)) {
  const { client, asked } = scriptedClient(script);
  const redactor = new Redactor();
  const { parts: read, ...rest } = await observeOrders(client, manifests(desired), { selected, redactor });
  const { orders, NumberOrder: numberOrders, PortingOrder, lostOrders = NONE, rivalOrders = NONE } = read;
  return {
    ...rest,
    orders: Object.fromEntries(
      [...orders].map(([name, all]) => [name, all.map(({ id, source }) => `${id} at ${source.line}`)]),
    ),
    numberOrders,
    PortingOrder,
    found: Object.fromEntries([...numberOrders].map(([name, { id }]) => [name, id])),
    lost: Object.fromEntries([...lostOrders].map(([name, all]) => [name, all.map(({ id }) => id)])),
    rivals: Object.fromEntries(rivalOrders),
    asked,
    mask: redactor,
  };
}

const namesOf = (all: readonly { readonly name: string }[] = []) => all.map(({ name }) => name);
const selectAll = ({
  RequirementGroup: groups,
  NumberOrder: numberOrders,
  PortingOrder: portingOrders,
}: Partial<Desired>) =>
  selection({
    RequirementGroup: namesOf(groups),
    NumberOrder: namesOf(numberOrders),
    PortingOrder: namesOf(portingOrders),
  });

describe('which order a manifest means', () => {
  it('the one with its reference, read by its id, with its parts and what they hold', async () => {
    const fields = { connection_id: 'c1', billing_group_id: 'b1' };
    const {
      numberOrders,
      problems,
      refusals,
      lost,
      rivals,
      asked,
      mask: redactor,
    } = await observe(
      { NumberOrder: [numberManifest('a', {}, 1)] },
      {
        [list(ours('a'))]: [row('o1', ours('a'))],
        [get('o1')]: row('o1', ours('a'), fields, 1),
        ...parts('o1'),
      },
    );
    expect([...numberOrders]).toEqual([
      [
        'a',
        {
          id: 'o1',
          reference: ours('a'),
          status: 'pending',
          phoneNumbersCount: 1,
          settings: { connection_id: 'c1', messaging_profile_id: null, billing_group_id: 'b1' },
          subOrderIds: ['s-o1'],
          subOrders: [
            expect.objectContaining({
              id: 's-o1',
              sample: { id: 'n-o1', deadlineMs: null, locality: 'BERLIN' },
            }),
          ],
        },
      ],
    ]);
    expect([problems, refusals, lost, rivals]).toEqual([[], [], {}, {}]);
    expect(asked).toEqual([list(ours('a')), get('o1'), sub('s-o1'), 'GET /number_order_phone_numbers/n-o1']);
    // Telnyx may repeat what it holds.
    expect(redactor.coverError('"Jo Example" is wrong', ['s-o1'])).toBe('"«sensitive»" is wrong');
  });

  it('has as many numbers as it counts, or as it shows', async () => {
    const order = numberManifest('a', { id: pinned('o1') });
    const count = async (given: object) => {
      const script = { [get('o1')]: row('o1', null, given, 1, 2), ...parts('o1') };
      return (await observe({ NumberOrder: [order] }, script)).numberOrders.get('a')?.phoneNumbersCount;
    };
    expect([await count({ phone_numbers_count: 60 }), await count({ phone_numbers_count: null })]).toEqual([
      60, 2,
    ]);
  });

  it.each([GONE, refused(422)])(
    'the one with its reference also where it cannot be read by its id',
    async (answer) => {
      const { found } = await observe(
        { NumberOrder: [numberManifest('a', {}, 1)] },
        { [list(ours('a'))]: [row('o1', ours('a'), {}, 1)], [get('o1')]: answer, ...parts('o1') },
      );
      expect(found).toEqual({ a: 'o1' });
    },
  );

  it('the one with its id, which is not asked for by its reference', async () => {
    const { found, asked } = await observe(
      { NumberOrder: [numberManifest('a', { id: pinned('o1') })] },
      { [get('o1')]: row('o1', 'THEIRS'), ...parts('o1') },
    );
    expect(found).toEqual({ a: 'o1' });
    expect(asked[0]).toBe(get('o1'));
  });

  it.each([GONE, refused(422)])(
    'none where there is none with its id, and that is a problem',
    async (answer) => {
      const { found, problems, asked } = await observe(
        { NumberOrder: [numberManifest('a', { id: pinned('o1') }, 1)] },
        { [get('o1')]: answer },
      );
      expect(found).toEqual({});
      expect(problems).toEqual([
        {
          severity: 'error',
          code: 'order-not-found',
          message: 'Telnyx has no number order o1',
          hint: 'Correct `id:`, or remove that line to place a new order.',
          source: pinned('o1').source,
        },
      ]);
      expect(asked).toEqual([get('o1')]);
    },
  );

  it('none of several with its reference', async () => {
    const { found, rivals, problems, asked } = await observe(
      { NumberOrder: [numberManifest('a', {}, 1)] },
      { [list(ours('a'))]: [row('o2', ours('a')), row('o1', ours('a'))] },
    );
    expect([found, rivals, problems]).toEqual([{}, { a: { ids: ['o1', 'o2'], inCommon: 'reference' } }, []]);
    expect(asked).toEqual([list(ours('a'))]);
  });

  it('none of another scope, unless it is the one that the repository had before', async () => {
    const numberOrders = [
      numberManifest('a', { id: pinned('o1') }),
      numberManifest('b', { id: pinned('o2') }),
    ];
    const { found, refusals } = await observe(
      { NumberOrder: numberOrders, formerScope: 'old' },
      {
        [get('o1')]: row('o1', 'regsync/other/order/x'),
        [get('o2')]: row('o2', 'regsync/old/order/x'),
        ...parts('o2'),
      },
    );
    expect(found).toEqual({ b: 'o2' });
    expect(refusals).toEqual([
      {
        severity: 'error',
        code: 'foreign-order',
        message: 'number order o1 belongs to another regsync scope: its reference is "regsync/other/order/x"',
        hint: expect.stringContaining('former_scope: other'),
        source: pinned('o1').source,
      },
    ]);
  });

  it.each<[string, DesiredNumberOrder, DesiredNumberOrder, string[]]>([
    [
      'by one id',
      numberManifest('a', { id: pinned('o1') }),
      numberManifest('b', { id: pinned('o1') }),
      ['a', 'b'],
    ],
    [
      'by its reference, and the other by its id',
      numberManifest('a', { reference: asReference('MINE') }),
      numberManifest('b', { id: pinned('o1') }),
      ['a'],
    ],
  ])('none that two manifests mean: %s', async (_, first, second, selected) => {
    const { refusals } = await observe(
      { NumberOrder: [first, second] },
      { [list('MINE')]: [row('o1', 'MINE')], [get('o1')]: row('o1', 'MINE'), ...parts('o1') },
      selection({ NumberOrder: selected }),
    );
    expect(refusals).toContainEqual({
      severity: 'error',
      code: 'order-claimed-twice',
      message: '"a" and "b" both mean number order o1',
      hint: 'Remove one of the two manifests, or give one its own `customer_reference` and its own numbers.',
      source: first.source,
    });
  });

  it('the first of two that mean one by its numbers has it', async () => {
    const { found, refusals } = await observe(
      { NumberOrder: [numberManifest('a', {}, 1), numberManifest('b', {}, 1)] },
      {
        [list(ours('a'))]: [],
        [list(ours('b'))]: [],
        [ALL]: [row('o1', 'X', {}, 1)],
        [get('o1')]: row('o1', 'X', {}, 1),
        ...parts('o1'),
      },
    );
    expect(found).toEqual({ a: 'o1' });
    expect(refusals.map(({ message }) => message)).toEqual(['"b" and "a" both mean number order o1']);
  });
});

describe('numbers that were ordered under another name', () => {
  const missing = (...orders: readonly object[]): ClientScript => ({
    [list(ours('a'))]: [],
    [ALL]: orders,
    ...Object.fromEntries(orders.map((order) => [get((order as { id: string }).id), order])),
  });
  const wanted = { NumberOrder: [numberManifest('a', {}, 1, 2)] };

  it('are the order of the manifest where they are exactly its own', async () => {
    const { found, asked } = await observe(wanted, {
      ...missing(row('o1', 'X', {}, 2, 1), row('o9', 'X', {}, 9)),
      ...parts('o1'),
    });
    expect(found).toEqual({ a: 'o1' });
    expect(asked.slice(0, 3)).toEqual([list(ours('a')), ALL, get('o1')]);
  });

  it('are rivals where several orders have exactly them', async () => {
    const { found, rivals } = await observe(
      wanted,
      missing(row('o2', 'X', {}, 1, 2), row('o1', null, {}, 1, 2)),
    );
    expect([found, rivals]).toEqual([{}, { a: { ids: ['o1', 'o2'], inCommon: 'numbers' } }]);
  });

  it('are what rivals have in common where the reference is that of one of them only', async () => {
    const { rivals } = await observe(
      wanted,
      missing(row('o1', ours('a'), {}, 1, 2), row('o2', 'X', {}, 1, 2)),
    );
    expect(rivals).toEqual({ a: { ids: ['o1', 'o2'], inCommon: 'numbers' } });
  });

  it('refuse the manifest where other orders have some of them', async () => {
    const { found, lost, refusals } = await observe(
      wanted,
      missing(
        row('o1', 'X', {}, 1),
        row('o2', 'X', {}, 1, 2, 3),
        row('o3', 'X', { status: 'cancelled' }, 1, 2),
      ),
    );
    expect([found, lost]).toEqual([{}, {}]);
    expect(refusals).toEqual([
      {
        severity: 'error',
        code: 'numbers-ordered-already',
        message:
          '"a" is to order 2 phone numbers, and number order o1 has 1 of them, number order o2 has 2 of them: no number is ordered twice',
        hint: 'To keep that order, write `id: o1` into the manifest and state the numbers that the order has; or take these numbers out.',
        source: numberManifest('a').source,
      },
    ]);
  });

  it('may be ordered anew where the order has lost them', async () => {
    const { found, lost, refusals } = await observe(
      wanted,
      missing(row('o1', 'X', { status: 'cancelled' }, 1, 2)),
    );
    expect([found, lost, refusals]).toEqual([{}, { a: ['o1'] }, []]);
  });

  it('are not looked for where every manifest has its order, nor by those that have one', async () => {
    const { asked } = await observe(
      { NumberOrder: [numberManifest('b', {}, 1)] },
      {
        [list(ours('b'))]: [row('o1', ours('b'), {}, 1)],
        [get('o1')]: row('o1', ours('b'), {}, 1),
        ...parts('o1'),
      },
    );
    expect(asked).not.toContain(ALL);
    const { found } = await observe(
      { NumberOrder: [numberManifest('b', {}, 3), ...wanted.NumberOrder] },
      {
        ...missing(row('o2', 'X', {}, 1, 2), row('o3', 'X', {}, 3)),
        [list(ours('b'))]: [row('o1', ours('b'), {}, 3)],
        [get('o1')]: row('o1', ours('b'), {}, 3),
        ...parts('o1', 'o2'),
      },
    );
    expect(found).toEqual({ b: 'o1', a: 'o2' });
  });
});

describe('numbers that an order was placed with', () => {
  const check = async (manifest: DesiredNumberOrder, given: object, ...endings: number[]) => {
    const script = { [get('o1')]: row('o1', null, given, ...endings), ...parts('o1') };
    const { problems } = await observe({ NumberOrder: [manifest] }, script);
    return problems.map(({ message, source }) => `${source?.line}: ${message}`);
  };
  const manifest = (...endings: number[]) => numberManifest('a', { id: pinned('o1') }, ...endings);
  const fixed = (line: number, why: string) => `${line}: the numbers of order o1 cannot change, and ${why}`;
  const lacks = (line: number) => fixed(line, 'it does not have this one');
  const more = (count: number) => fixed(21, `it has ${count} that the manifest does not state`);

  it.each<[string, number[], object, number[], string[]]>([
    ['are those of the manifest', [1, 2], {}, [2, 1], []],
    ['are not stated', [], {}, [1, 2], []],
    ['are fewer', [1, 2, 3], {}, [2], [lacks(21), lacks(23)]],
    ['are more', [1], {}, [1, 2, 3], [more(2)]],
    ['are others', [1], {}, [2], [lacks(21), more(1)]],
    ['are not all shown', [1, 2], { phone_numbers_count: 2 }, [1], []],
    ['are not shown at all', [1, 2], {}, [], []],
    ['are not counted', [1, 2], { phone_numbers_count: null }, [1], [lacks(22)]],
  ])('%s', async (_, statedOnes, given, placed, expected) => {
    expect(await check(manifest(...statedOnes), given, ...placed)).toEqual(expected);
  });

  it('are compared by a problem that says what to do', async () => {
    const { problems } = await observe(
      { NumberOrder: [manifest(1, 2)] },
      { [get('o1')]: row('o1', null, {}, 1), ...parts('o1') },
    );
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'order-numbers-fixed',
        message: 'the numbers of order o1 cannot change, and it does not have this one',
        hint: 'Write the ordered numbers into this manifest. For other numbers, add another NumberOrder.',
        source: { file: 'groups/a.yaml', line: 22, column: 1 },
      },
    ]);
  });
});

describe('orders are looked up by their references', () => {
  const named = (count: number) =>
    'abcdefgh'
      .slice(0, count)
      .split('')
      .map((name) => numberManifest(name, {}, 1));
  const each = (count: number): ClientScript =>
    Object.fromEntries(
      named(count).flatMap(({ name }) => [
        [list(ours(name)), [row(`o-${name}`, ours(name), {}, 1)]],
        [get(`o-${name}`), row(`o-${name}`, ours(name), {}, 1)],
        ...Object.entries(parts(`o-${name}`)),
      ]),
    );
  const rows = (count: number) => [
    { id: 'strange', customer_reference: null },
    ...named(count).map(({ name }) => row(`o-${name}`, ` ${ours(name)}`, {}, 1)),
  ];

  it.each<[string, number, number | null, unknown[]]>([
    ['one by one where they are few', 4, 9, 'abcd'.split('').map((name) => list(ours(name)))],
    [
      'one by one where that takes fewer requests than the whole list',
      5,
      7,
      [ALL, ...'abcde'.split('').map((name) => list(ours(name)))],
    ],
    ['in the whole list where that takes as few', 5, 6, [ALL, `${ALL}, the rest`]],
    ['in the whole list where nobody knows what it takes', 5, null, [ALL, `${ALL}, the rest`]],
  ])('%s', async (_, count, pageCount, expected) => {
    const { found, asked } = await observe(
      { NumberOrder: named(count) },
      { ...each(count), [ALL]: pages(rows(count), pageCount) },
    );
    expect(Object.values(found)).toEqual(named(count).map(({ name }) => `o-${name}`));
    expect(asked.slice(0, expected.length)).toEqual(expected);
    expect(asked[expected.length]).toBe(get('o-a'));
  });

  it('and in the whole list those that are not there are not found', async () => {
    const all = named(5);
    const { found } = await observe(
      { NumberOrder: all.map((manifest) => ({ ...manifest, phoneNumbers: [] })) },
      { ...each(5), [ALL]: pages(rows(4), 2) },
    );
    expect(Object.keys(found)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the orders of a narrowed run', () => {
  const numberOrders = [
    numberManifest('in-run', { id: pinned('o1') }),
    numberManifest('of-group', { id: pinned('o2'), group: link('de-local') }),
    numberManifest('of-other', { id: pinned('o3'), group: link('other') }),
    numberManifest('alone', { id: pinned('o4') }),
  ];
  const portingOrders = [portingManifest('p1'), portingManifest('p2', { group: link('de-local') })];
  const desired = {
    RequirementGroup: [groupManifest('de-local'), groupManifest('other')],
    NumberOrder: numberOrders,
    PortingOrder: portingOrders,
  };
  const porting = (id: string) => ({ id, status: { value: 'draft' } });

  it('are its own, and those of its groups, which compare these', async () => {
    const {
      found,
      orders,
      asked,
      PortingOrder: portings,
    } = await observe(
      desired,
      {
        [get('o1')]: row('o1', null),
        [get('o2')]: row('o2', null),
        ...parts('o1', 'o2'),
        'GET /porting_orders/id-p1': porting('id-p1'),
        'GET /porting_orders/id-p1/action_requirements': [],
        'GET /porting_orders/id-p2': porting('id-p2'),
        'GET /porting_orders/id-p2/requirements': [],
      },
      selection({ RequirementGroup: ['de-local'], NumberOrder: ['in-run'], PortingOrder: ['p1'] }),
    );
    expect(found).toEqual({ 'in-run': 'o1' });
    expect([...portings.keys()]).toEqual(['p1']);
    expect(orders).toEqual({ 'de-local': ['s-o2 at 5', 'id-p2 at 5'] });
    expect(asked).not.toContain(get('o3'));
    expect(asked).not.toContain(get('o4'));
  });

  it('hold nothing that their groups do not compare', async () => {
    const { numberOrders: read, orders } = await observe(
      { RequirementGroup: desired.RequirementGroup, NumberOrder: numberOrders },
      { [get('o2')]: row('o2', null), ...parts('o2') },
      selection({ RequirementGroup: ['de-local'], NumberOrder: ['of-group'] }),
    );
    expect(read.get('of-group')?.subOrders).toEqual([]);
    expect(orders).toEqual({ 'de-local': ['s-o2 at 5'] });
  });

  it('are told of once where a porting order is not there', async () => {
    const { problems, orders } = await observe(
      {
        RequirementGroup: [groupManifest('de-local')],
        PortingOrder: [portingManifest('p1', { group: link('de-local') })],
      },
      { 'GET /porting_orders/id-p1': GONE },
    );
    expect(problems.map(({ message }) => message)).toEqual(['Telnyx has no porting order id-p1']);
    expect(orders).toEqual({});
  });
});

describe('a group and its orders', () => {
  it('are brought together from both sides, and the first reading says of an order without parts nothing', async () => {
    const { orders, found } = await observe(
      {
        RequirementGroup: [groupManifest('de-local')],
        NumberOrder: [
          numberManifest('placed', { id: pinned('o1'), group: link('de-local') }),
          numberManifest('new', { id: pinned('o2'), group: link('de-local') }),
        ],
      },
      {
        [get('o1')]: row('o1', null),
        [get('o2')]: row('o2', null, { sub_number_orders_ids: [] }),
        ...parts('o1'),
      },
    );
    expect(orders).toEqual({ 'de-local': ['s-o1 at 5'] });
    expect(found).toEqual({ placed: 'o1', new: 'o2' });
  });

  it('are not brought together where the order is still to be placed', async () => {
    const { orders, found, problems } = await observe(
      {
        RequirementGroup: [groupManifest('de-local')],
        NumberOrder: [numberManifest('a', { group: link('de-local') })],
      },
      { [list(ours('a'))]: [] },
    );
    expect([orders, found, problems]).toEqual([{}, {}, []]);
  });
});
