import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../src/model/errors.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import {
  type AttachmentKind,
  asReference,
  asRemoteId,
  type Combination,
  type Desired,
  type DesiredNumberOrder,
} from '../../src/model/resource.ts';
import {
  type AccountOrder,
  assignOrders,
  ordersWithManifests,
  readIdsInOrders,
  readOpenOrders,
} from '../../src/observe/account-orders.ts';
import { openReadClient } from '../../src/telnyx/client.ts';
import {
  addGermanGroup,
  BERLIN_NUMBER,
  CONTACT,
  type Connection,
  connect,
  PARIS_NUMBER,
  placeOrder,
  subOrderOf,
  upload,
} from '../sandbox/connection.ts';
import {
  groupManifest,
  link,
  manifests,
  numberManifest,
  pinned,
  portingManifest,
} from '../support/manifests.ts';
import { type ClientScript, scriptedClient } from '../support/scripted-client.ts';
import { endOf, GONE, refused } from '../support/scripted-run.ts';
import { optionsFor } from '../telnyx/scripted-server.ts';

const ORDERING: Combination = { countryCode: 'DE', phoneNumberType: 'local', action: 'ordering' };
const PORTING: Combination = { ...ORDERING, action: 'porting' };
const MANY = Array.from({ length: 60 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);

function clientOf({ sandbox }: Connection) {
  return openReadClient(optionsFor({ baseUrl: sandbox.url }));
}

async function pathsAsked(connection: Connection): Promise<string[]> {
  const { body } = await connection.control('GET', '/requests');
  return body.data.map(({ path }: { path: string }) => path.replace(/[0-9a-f-]{36}/, '{id}'));
}

async function port(connection: Connection, given: object): Promise<string> {
  const { body } = await connection.control('POST', '/porting_orders', {
    phone_numbers: [BERLIN_NUMBER],
    ...given,
  });
  return body.data.id;
}

it('open orders are read with all that they hold, as far as they suit', async () => {
  const connection = await connect();
  const group = await addGermanGroup(connection);
  const orderId = await placeOrder(
    connection,
    MANY.map((number) => ({ number, group })),
  );
  const { id } = await subOrderOf(connection, orderId);
  const closed = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
  await connection.control('POST', `/number_orders/${closed}/cancel`);
  await placeOrder(connection, [{ number: PARIS_NUMBER }]);
  const draft = await port(connection, { customer_reference: 'PORT 1' });
  await port(connection, { status: 'ported' });
  await port(connection, { phone_number_type: 'national' });

  const redactor = new Redactor();
  const orders = await readOpenOrders(clientOf(connection), [ORDERING, PORTING], redactor);
  expect(orders).toMatchObject([
    { kind: 'sub_number_order', id, numberOrderId: orderId, phoneNumbersCount: 60, isOpen: true },
    { kind: 'porting_order', id: draft, reference: 'PORT 1', phoneNumbersCount: 1, parts: [] },
  ]);
  expect([orders[0]?.holdings.length, orders[0]?.parts.length]).toEqual([60, 60]);
  expect(orders[0]?.parts[59]).toMatchObject({
    kind: 'phone_number',
    subNumberOrderId: id,
    status: 'pending',
  });
  expect(redactor.coverError(`"${CONTACT}" is wrong`, [id])).toBe('"«sensitive»" is wrong');
});

it('orders of one kind are not asked for on behalf of groups of the other, and none for no group', async () => {
  const connection = await connect();
  await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  await port(connection, {});
  const client = clientOf(connection);
  const asked = async (...combinations: readonly Combination[]) => {
    await connection.control('DELETE', '/requests');
    await readOpenOrders(client, combinations, new Redactor());
    return pathsAsked(connection);
  };
  expect(await asked()).toEqual([]);
  expect(await asked(ORDERING)).toEqual([
    '/sub_number_orders',
    '/advanced_orders',
    '/sub_number_orders/{id}',
  ]);
  expect(await asked(PORTING)).toEqual(['/porting_orders', '/porting_orders/{id}/requirements']);
});

it('an order that is gone by the time it is asked for is no order', async () => {
  const connection = await connect();
  await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  const match = { method: 'GET', path: '/sub_number_orders/.' };
  await connection.control('POST', '/faults', { kind: 'status', status: 404, match });
  expect(await readOpenOrders(clientOf(connection), [ORDERING], new Redactor())).toEqual([]);
});

it('what orders hold is read in pages of lists, documents of porting orders with it', async () => {
  const connection = await connect();
  const group = await addGermanGroup(connection);
  await placeOrder(
    connection,
    MANY.map((number) => ({ number, group })),
  );
  const letter = await upload(connection, 'letter');
  const id = await port(connection, {});
  await connection.api('PATCH', `/porting_orders/${id}`, { documents: { loa: letter } });
  const gone = await upload(connection, 'gone');
  const cancelled = await port(connection, {});
  await connection.api('PATCH', `/porting_orders/${cancelled}`, { documents: { invoice: gone } });
  await connection.control('POST', `/porting_orders/${cancelled}/move`, { status: 'cancelled' });
  const state = await connection.control('GET', '/state');
  const address = state.body.data.addresses[0].id;

  await connection.control('DELETE', '/requests');
  const ids = await readIdsInOrders(clientOf(connection), { addresses: false });
  expect((await pathsAsked(connection)).sort()).toEqual(['/number_order_phone_numbers', '/porting_orders']);
  expect([ids.has(letter), ids.has(address), ids.has(gone)]).toEqual([true, true, false]);

  await connection.control('DELETE', '/requests');
  await readIdsInOrders(clientOf(connection), { addresses: true });
  expect(await pathsAsked(connection)).toContain('/porting_orders/{id}/requirements');
});

/* ---- Against a script ---- */

const ADVANCED = 'GET /advanced_orders';
const PENDING = 'GET /sub_number_orders?filter[status]=pending';
const BRIEF = 'GET /porting_orders?include_phone_numbers=false';
const ALL_NUMBERS = 'GET /number_order_phone_numbers';
const sub = (id: string) => `GET /sub_number_orders/${id}?filter[include_phone_numbers]=true`;
const requirements = (id: string) => `GET /porting_orders/${id}/requirements`;

const subRow = (id: string, given: object = {}) => ({
  id,
  order_request_id: `o-${id}`,
  country_code: 'DE',
  phone_number_type: 'local',
  status: 'pending',
  customer_reference: `ref ${id}`,
  phone_numbers_count: 1,
  phone_numbers: [{ id: `n-${id}`, phone_number: '+49300000001', status: 'pending' }],
  ...given,
});
const portingRow = (id: string, given: object = {}) => ({
  id,
  status: { value: 'draft' },
  documents: {},
  customer_reference: `ref ${id}`,
  porting_phone_numbers_count: 3,
  ...given,
});

describe('the open orders of an account', () => {
  const open = async (combinations: readonly Combination[], script: ClientScript) => {
    const { client, asked } = scriptedClient({ [ADVANCED]: [], ...script });
    return { orders: await readOpenOrders(client, combinations, new Redactor()), asked };
  };

  it('are those of the countries and types of groups for ordering, each read by itself', async () => {
    const { orders, asked } = await open([ORDERING, { ...ORDERING, countryCode: 'FR' }], {
      [PENDING]: [
        subRow('s1'),
        subRow('s2', { country_code: 'IT' }),
        subRow('s3', { phone_number_type: 'mobile' }),
        subRow('s4', { country_code: 'FR' }),
        subRow('s5'),
      ],
      [sub('s1')]: subRow('s1'),
      [sub('s4')]: GONE,
      [sub('s5')]: subRow('s5', { status: 'success' }),
    });
    expect(orders).toEqual([
      expect.objectContaining({
        id: 's1',
        isOpen: true,
        reference: 'ref s1',
        numberOrderId: 'o-s1',
        phoneNumbersCount: 1,
        parts: [expect.objectContaining({ kind: 'phone_number', id: 'n-s1' })],
      }),
    ]);
    expect(asked).toEqual([PENDING, ADVANCED, sub('s1'), sub('s4'), sub('s5')]);
  });

  it('are the porting orders of the types of groups for porting, whatever their country, and those that say no type', async () => {
    const { orders, asked } = await open([PORTING], {
      [BRIEF]: [
        portingRow('p1', { phone_number_type: 'local' }),
        portingRow('p2', { phone_number_type: 'mobile' }),
        portingRow('p3'),
        portingRow('p4', { status: { value: 'ported' } }),
      ],
      [requirements('p1')]: [],
      [requirements('p3')]: [],
    });
    expect(
      orders.map(({ id, reference, numberOrderId, phoneNumbersCount, parts }) => [
        id,
        reference,
        numberOrderId,
        phoneNumbersCount,
        parts,
      ]),
    ).toEqual([
      ['p1', 'ref p1', null, 3, []],
      ['p3', 'ref p3', null, 3, []],
    ]);
    expect(asked).toEqual([BRIEF, requirements('p1'), requirements('p3')]);
  });

  it('are none for no group, and none where there is none', async () => {
    expect((await open([], {})).orders).toEqual([]);
    expect((await open([ORDERING], { [PENDING]: [] })).orders).toEqual([]);
  });

  it('that are advanced are those that carry a group, while they take one', async () => {
    const row = (id: string, given: object) => ({
      id,
      status: ['pending'],
      country_code: 'DE',
      phone_number_type: 'local',
      quantity: 3,
      customer_reference: `ref ${id}`,
      orders: [],
      ...given,
    });
    const { orders } = await open([ORDERING], {
      [PENDING]: [],
      [ADVANCED]: [
        row('a1', { requirement_group_id: 'g1' }),
        row('a2', {}),
        row('a3', { requirement_group_id: null }),
        row('a4', { requirement_group_id: 'g1', status: ['ordered'] }),
      ],
    });
    expect(
      orders.map(({ kind, id, groupId, reference, phoneNumbersCount, parts }) => [
        kind,
        id,
        groupId,
        reference,
        phoneNumbersCount,
        parts,
      ]),
    ).toEqual([['advanced_order', 'a1', 'g1', 'ref a1', 3, []]]);
    expect((await open([ORDERING], { [PENDING]: [], [ADVANCED]: GONE })).orders).toEqual([]);
  });

  it('that cannot be read end the reading', async () => {
    await expect(open([ORDERING], { [PENDING]: [subRow('s1')], [sub('s1')]: refused(400) })).rejects.toThrow(
      'answered 400',
    );
  });
});

describe('the orders of an account that manifests name', () => {
  const order = (id: string, given: Partial<AccountOrder> = {}): AccountOrder => ({
    kind: 'sub_number_order',
    id: asRemoteId(id),
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: asRemoteId(id),
    holdings: [],
    reference: null,
    numberOrderId: asRemoteId(`o-${id}`),
    phoneNumbersCount: 1,
    parts: [],
    ...given,
  });
  const {
    parts: _,
    reference: __,
    numberOrderId: ___,
    phoneNumbersCount: ____,
    ...part
  } = order('n2', { kind: 'phone_number', subNumberOrderId: asRemoteId('s2') });
  const orders = [
    order('s1', { reference: asReference('MINE') }),
    order('s2', { parts: [part] }),
    order('p1', {
      kind: 'porting_order',
      numberOrderId: null,
      subNumberOrderId: null,
      reference: asReference('MINE'),
    }),
    order('s3', { reference: asReference('OTHER') }),
  ];
  const entry = (kind: AttachmentKind, id: string) => ({
    kind,
    id: asRemoteId(id),
    source: pinned(id).source,
  });
  const assigned = (given: Partial<Desired>) => {
    const { orders: found, problems } = assignOrders(orders, manifests(given));
    return [Object.fromEntries([...found].map(([name, all]) => [name, all.map(({ id }) => id)])), problems];
  };

  it('are found by their ids, whole or in part, and by the order that they are of; what is not there is passed over', () => {
    const groups = [
      groupManifest('a', { attach: [entry('sub_number_order', 's1'), entry('porting_order', 'p1')] }),
      groupManifest('b', {
        attach: [entry('phone_number', 'n2'), entry('number_order', 'o-s3'), entry('number_order', 'x')],
      }),
    ];
    expect(assigned({ RequirementGroup: groups })).toEqual([{ a: ['s1', 'p1'], b: ['s3', 'n2'] }, []]);
  });

  it.each<[string, DesiredNumberOrder, string[] | undefined]>([
    ['by its id', numberManifest('x', { id: pinned('o-s2'), group: link('a') }), ['s2']],
    ['by its reference', numberManifest('x', { reference: asReference('OTHER'), group: link('a') }), ['s3']],
    ['not at all', numberManifest('x', { group: link('a') }), undefined],
  ])('are found through the manifest of an order that names a group: %s', (_, manifest, expected) => {
    expect(assigned({ RequirementGroup: [groupManifest('a')], NumberOrder: [manifest] })).toEqual([
      expected === undefined ? {} : { a: expected },
      [],
    ]);
  });

  it.each<[string, Partial<Desired>, string[]]>([
    ['none', {}, []],
    ['a number order by its id', { NumberOrder: [numberManifest('x', { id: pinned('o-s2') })] }, ['s2']],
    [
      'a number order by its reference, which no porting order has',
      { NumberOrder: [numberManifest('x', { reference: asReference(' MINE') })] },
      ['s1'],
    ],
    ['a porting order', { PortingOrder: [portingManifest('x', { id: pinned('p1') })] }, ['p1']],
  ])('have manifests of their own: %s', (_, given, expected) => {
    expect(ordersWithManifests(orders, manifests(given)).map(({ id }) => id)).toEqual(expected);
  });
});

describe('the ids in orders', () => {
  const number = (id: string, value: string, given: object = {}) => ({
    id,
    phone_number: '+49300000001',
    status: 'success',
    requirements_status: 'approved',
    regulatory_requirements: [{ requirement_id: 'a', field_value: value }],
    ...given,
  });
  const idsIn = async (script: ClientScript, addresses = false) => {
    const { client, asked } = scriptedClient({ [ALL_NUMBERS]: [], [BRIEF]: [], ...script });
    return { ids: await readIdsInOrders(client, { addresses }), asked };
  };

  it('are those of numbers that were not lost', async () => {
    const { ids } = await idsIn({
      [ALL_NUMBERS]: [
        number('n1', 'd1'),
        number('n2', 'd2', { status: 'cancelled' }),
        number('n3', 'd3', { requirements_status: 'deleted' }),
        number('n4', 'd4', { status: null, requirements_status: null }),
      ],
    });
    expect([...ids]).toEqual(['d1', 'd4']);
  });

  it('are the documents and the address for emergencies of porting orders that were not cancelled', async () => {
    const { ids, asked } = await idsIn({
      [BRIEF]: [
        portingRow('p1', {
          documents: { loa: 'd1' },
          phone_number_configuration: { emergency_address_id: 'A1' },
        }),
        portingRow('p2', { documents: { loa: 'd2' }, status: { value: 'cancelled' } }),
      ],
    });
    expect([...ids]).toEqual(['d1', 'a1']);
    expect(asked).toEqual([ALL_NUMBERS, BRIEF]);
  });

  it('are those of the requirements of porting orders, too, where addresses are sought', async () => {
    const { ids } = await idsIn(
      {
        [BRIEF]: [portingRow('p1'), portingRow('p2')],
        [requirements('p1')]: [{ requirement_type: { id: 'a' }, field_value: 'a7' }],
        [requirements('p2')]: GONE,
        'GET /porting_orders/p2': GONE,
      },
      true,
    );
    expect([...ids]).toEqual(['a7']);
  });

  it('are not known where a porting order is there, and its requirements are not', async () => {
    const script = {
      [BRIEF]: [portingRow('p1')],
      [requirements('p1')]: GONE,
      'GET /porting_orders/p1': portingRow('p1'),
    };
    expect(await endOf(idsIn(script, true))).toEqual(
      new UnreachableError(
        'GET /porting_orders/{id}/requirements answered 404 for p1, although that order exists. Run this again. If it stays, show this line to Telnyx support.',
      ),
    );
  });

  it.each<[string, object, boolean]>([
    ['it is filled', {}, true],
    ['it demands nothing', { regulatory_requirements: [] }, true],
    ['it is filled, and under review', { requirements_status: 'requirement-info-pending' }, true],
    [
      'it is not filled yet',
      { regulatory_requirements: [], requirements_status: 'requirement-info-pending' },
      false,
    ],
  ])('are known of a number, or are not: %s', async (_, given, isKnown) => {
    const end = await endOf(idsIn({ [ALL_NUMBERS]: [number('n1', 'd1', given)] }));
    if (isKnown) return expect(end).toMatchObject({ ids: expect.any(Set) });
    expect(end).toEqual(
      new UnreachableError(
        'GET /number_order_phone_numbers does not show the values of phone number n1 yet. Run this again when Telnyx has filled the order.',
      ),
    );
  });
});
