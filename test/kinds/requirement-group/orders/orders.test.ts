import { describe, expect, it } from 'vitest';
import {
  type FoundOrders,
  readOrders,
  settleOrders,
} from '../../../../src/kinds/requirement-group/orders/orders.ts';
import { UnreachableError } from '../../../../src/model/errors.ts';
import { type ObservedOrder, takesValue } from '../../../../src/model/orders/observed-order.ts';
import { Redactor } from '../../../../src/model/privacy/redactor.ts';
import { reveal } from '../../../../src/model/privacy/sensitive.ts';
import { type AttachmentKind, asRemoteId, type DesiredGroup } from '../../../../src/model/resource.ts';
import { openReadClient } from '../../../../src/telnyx/client.ts';
import {
  addGermanGroup,
  BERLIN_NUMBER,
  CONTACT,
  CONTACT_INFO,
  type Connection,
  connect,
  PARIS_NUMBER,
  placeOrder,
  subOrderOf,
} from '../../../sandbox/connection.ts';
import { desiredGroup } from '../../../support/plan-inputs.ts';
import { type ClientScript, scriptedClient } from '../../../support/scripted-client.ts';
import { GONE, refused } from '../../../support/scripted-run.ts';
import { optionsFor } from '../../../telnyx/scripted-server.ts';

const MANY = Array.from({ length: 53 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);

function attached(kind: AttachmentKind, id: string, name = 'de-local'): DesiredGroup {
  const source = { file: 'groups/a.yaml', line: 8, column: 5 };
  return { ...desiredGroup({ name, attach: [{ kind, id: asRemoteId(id), source }] }), requirements: [] };
}

async function read({ sandbox }: Connection, ...groups: readonly DesiredGroup[]) {
  const redactor = new Redactor();
  const naming = groups.map((group) => ({ group, entries: group.attach }));
  const reading = await readOrders(openReadClient(optionsFor({ baseUrl: sandbox.url })), naming, redactor);
  return { ...reading, mask: redactor };
}

describe('a number order', () => {
  it('stands for its sub orders of the group’s country and type', async () => {
    const connection = await connect();
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }, { number: PARIS_NUMBER }]);
    const { orders, problems } = await read(connection, attached('number_order', id));
    expect(problems).toEqual([]);
    expect(orders.get('de-local')).toMatchObject([
      { kind: 'sub_number_order', status: 'pending', isOpen: true, countryCode: 'DE', source: { line: 8 } },
    ]);
  });

  it('is found by its ids while lists do not show it yet, with the numbers that are seen', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { list_lag_ms: 600_000 });
    const id = await placeOrder(
      connection,
      MANY.map((number) => ({ number })),
    );
    const lagging = await read(connection, attached('number_order', id));
    expect(lagging.problems).toEqual([]);
    expect(lagging.orders.get('de-local')?.[0]?.holdings).toHaveLength(50);
    await connection.control('PATCH', '/quirks', { list_lag_ms: 0 });
    const { orders } = await read(connection, attached('number_order', id));
    expect(orders.get('de-local')?.[0]?.holdings).toHaveLength(53);
  });

  it('that has an open sub order leaves the closed ones out', async () => {
    const connection = await connect();
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
    const { id: subOrderId } = await subOrderOf(connection, id);
    await connection.control('POST', `/sub_number_orders/${subOrderId}/cancel`);
    const { orders } = await read(connection, attached('number_order', id));
    expect(orders.get('de-local')).toMatchObject([{ status: 'cancelled', isOpen: false, holdings: [] }]);
  });
});

describe('what an order holds', () => {
  it('is redacted where Telnyx repeats it in an error about the order', async () => {
    const connection = await connect();
    const group = await addGermanGroup(connection);
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const { mask: redactor, orders } = await read(connection, attached('number_order', id));
    const subOrder = orders.get('de-local')?.[0]?.id ?? '';
    expect(redactor.coverError(`"${CONTACT}" is not valid`, [subOrder])).toBe('"«sensitive»" is not valid');
  });

  it('has statuses for a phone number, too: those of its sub order', async () => {
    const connection = await connect();
    await connection.control('PATCH', '/quirks', { order_requirement_statuses: 'described' });
    const group = await addGermanGroup(connection);
    const id = await placeOrder(connection, [{ number: BERLIN_NUMBER, group }]);
    const [number] = (await subOrderOf(connection, id)).phone_numbers;
    const { orders } = await read(connection, attached('phone_number', number.id));
    const [holding] = orders.get('de-local')?.[0]?.holdings ?? [];
    const contact = holding?.find(({ requirementId }) => requirementId === CONTACT_INFO);
    expect([contact?.status, contact && reveal(contact.value), contact && takesValue(contact)]).toEqual([
      'pending-approval',
      CONTACT,
      true,
    ]);
  });
});

it('a number that cannot be read is nothing to say, and ends nothing', async () => {
  const connection = await connect();
  const id = await placeOrder(connection, [{ number: BERLIN_NUMBER }]);
  const match = { method: 'GET', path: '^/number_order_phone_numbers/' };
  await connection.control('POST', '/faults', { kind: 'status', status: 404, times: 9, match });
  const { orders, problems } = await read(connection, attached('number_order', id));
  expect(problems).toEqual([]);
  expect(orders.get('de-local')).toMatchObject([{ kind: 'sub_number_order', isOpen: true }]);
});

it('nothing is asked for where no manifest names an order', async () => {
  const connection = await connect();
  expect((await read(connection, { ...desiredGroup(), requirements: [] })).orders.size).toBe(0);
  expect((await connection.control('GET', '/requests')).body.data).toEqual([]);
});

/* ---- Against a script ---- */

const SOURCE = { file: 'groups/a.yaml', line: 8, column: 5 };
const subOrder = (id: string) => `GET /sub_number_orders/${id}?filter[include_phone_numbers]=true`;
const NUMBERS = 'GET /number_order_phone_numbers/';

/** A sub order with one phone number, which has one value. */
function subRow(id: string, given: object = {}): object {
  return {
    id,
    country_code: 'DE',
    phone_number_type: 'local',
    status: 'pending',
    phone_numbers_count: 1,
    phone_numbers: [
      {
        id: `n-${id}`,
        phone_number: '+49300000001',
        regulatory_requirements: [
          { requirement_id: 'a', field_value: 'Jo Example', status: 'pending-approval' },
        ],
      },
    ],
    ...given,
  };
}

const numberRow = (id: string, given: object = {}) => ({
  id: `n-${id}`,
  phone_number: '+49300000001',
  locality: 'BERLIN',
  deadline: '2026-06-08T00:00:00Z',
  ...given,
});

async function readScripted(script: ClientScript, ...groups: readonly DesiredGroup[]) {
  const { client, asked } = scriptedClient(script);
  const naming = groups.map((group) => ({ group, entries: group.attach }));
  const { orders, problems } = await readOrders(client, naming, new Redactor());
  const found = Object.fromEntries(
    [...orders].map(([name, all]) => [name, all.map(({ id, source: { line } }) => `${id} at ${line}`)]),
  );
  return { orders, found, problems, asked };
}

const problem = (code: string, message: string, hint: string) => ({
  severity: 'error',
  code,
  message,
  hint,
  source: SOURCE,
});

describe('an order that a group names', () => {
  it('is read, and then one of its numbers for deadline and place', async () => {
    const { orders, problems, asked } = await readScripted(
      { [subOrder('s1')]: subRow('s1'), [`${NUMBERS}n-s1`]: numberRow('s1') },
      attached('sub_number_order', 's1'),
    );
    expect(orders.get('de-local')).toEqual([
      {
        kind: 'sub_number_order',
        id: 's1',
        status: 'pending',
        isOpen: true,
        countryCode: 'DE',
        phoneNumberType: 'local',
        subNumberOrderId: 's1',
        holdings: [
          [
            {
              requirementId: 'a',
              fieldType: 'unknown',
              value: expect.anything(),
              status: 'pending-approval',
            },
          ],
        ],
        sample: { id: 'n-s1', deadlineMs: Date.parse('2026-06-08T00:00:00Z'), locality: 'BERLIN' },
        phoneNumbers: [expect.anything()],
        source: SOURCE,
      },
    ]);
    expect([problems, asked]).toEqual([[], [subOrder('s1'), `${NUMBERS}n-s1`]]);
  });

  it.each<[string, ClientScript]>([
    ['its number is gone', { [`${NUMBERS}n-s1`]: GONE }],
    ['its number is refused', { [`${NUMBERS}n-s1`]: refused(400) }],
  ])('is read all the same where %s', async (_, script) => {
    const { orders } = await readScripted(
      { [subOrder('s1')]: subRow('s1'), ...script },
      attached('sub_number_order', 's1'),
    );
    expect(orders.get('de-local')?.[0]?.sample).toEqual({ id: 'n-s1', deadlineMs: null, locality: null });
  });

  it('ends the reading where its number cannot be reached', async () => {
    const script = { [subOrder('s1')]: subRow('s1'), [`${NUMBERS}n-s1`]: new UnreachableError('down') };
    await expect(readScripted(script, attached('sub_number_order', 's1'))).rejects.toThrow('down');
  });

  it('is not sampled where it is a phone number itself, or has no open number', async () => {
    const { asked } = await readScripted(
      { [`${NUMBERS}n-s1`]: numberRow('s1'), [subOrder('s2')]: subRow('s2', { status: 'success' }) },
      attached('phone_number', 'n-s1', 'a'),
      attached('sub_number_order', 's2', 'b'),
    );
    expect(asked).toEqual([`${NUMBERS}n-s1`, subOrder('s2')]);
  });

  it.each<[AttachmentKind, string, string]>([
    [
      'sub_number_order',
      'Telnyx has no sub number order x1',
      'Write the id of a sub order, or `number_order:` with the id of the whole order.',
    ],
    [
      'number_order',
      'Telnyx has no number order x1',
      'Write the id of a whole order, or `sub_number_order:` with the id of a sub order.',
    ],
    [
      'phone_number',
      'Telnyx has no phone number x1',
      'Write the id of a phone number within an order, not the number itself or the id of an active number.',
    ],
    ['porting_order', 'Telnyx has no porting order x1', 'Correct the id, or remove the entry.'],
  ])('and is not there is a problem that says which id it takes: %s', async (kind, message, hint) => {
    const script = {
      [subOrder('x1')]: GONE,
      'GET /number_orders/x1': refused(422),
      [`${NUMBERS}x1`]: GONE,
      'GET /porting_orders/x1': GONE,
    };
    const { found, problems } = await readScripted(script, attached(kind, 'x1'));
    expect(found).toEqual({});
    expect(problems).toEqual([problem('order-not-found', message, hint)]);
  });

  it.each<[string, object]>([
    ['FR local', { country_code: 'FR' }],
    ['DE mobile', { phone_number_type: 'mobile' }],
  ])('and is for %s numbers is a problem', async (own, given) => {
    const { found, problems } = await readScripted(
      { [subOrder('s1')]: subRow('s1', given), [`${NUMBERS}n-s1`]: numberRow('s1') },
      attached('sub_number_order', 's1'),
    );
    expect(found).toEqual({});
    expect(problems).toEqual([
      problem(
        'order-mismatch',
        `sub number order s1 is for ${own} numbers, and this group for DE local ones`,
        'Move this entry to the group for its numbers, or delete it.',
      ),
    ]);
  });

  it.each<[string, object, string[]]>([
    ['says nothing of country and type suits', {}, ['n-s1 at 8']],
    ['says its country alone suits by that', { country_code: 'DE' }, ['n-s1 at 8']],
    ['says another type alone does not', { phone_number_type: 'mobile' }, []],
  ])('and %s', async (_, given, expected) => {
    const { found, problems } = await readScripted(
      { [`${NUMBERS}n-s1`]: numberRow('s1', given) },
      attached('phone_number', 'n-s1'),
    );
    expect(found['de-local'] ?? []).toEqual(expected);
    expect(problems.map(({ message }) => message)).toEqual(
      expected.length > 0
        ? []
        : ['phone number n-s1 is for mobile numbers, and this group for DE local ones'],
    );
  });
});

describe('a porting order that a group names', () => {
  const rowOf = (...numbers: readonly string[]) => ({
    id: 'p1',
    status: { value: 'draft', details: [] },
    phone_number_type: 'local',
    porting_phone_numbers_count: numbers.length,
    phone_numbers: numbers.map((phone_number) => ({ phone_number })),
  });
  const script = (...numbers: readonly string[]): ClientScript => ({
    'GET /porting_orders/p1': rowOf(...numbers),
    'GET /porting_orders/p1/requirements': [],
  });

  it('is a problem if its numbers are of another country, which only they tell', async () => {
    const { found, problems } = await readScripted(
      script('+49300000001', '+33100000001', '+33100000002'),
      attached('porting_order', 'p1'),
    );
    expect(found).toEqual({});
    expect(problems).toEqual([
      problem(
        'order-mismatch',
        'porting order p1 is for +33 local numbers, and this group for DE local ones',
        'Move this entry to the group for its numbers, or delete it.',
      ),
    ]);
  });

  it.each([[['+49300000001']], [['+80000000001']], [[]]])(
    'suits if its numbers may be of the country: %j',
    async (numbers) => {
      const { found, problems } = await readScripted(script(...numbers), attached('porting_order', 'p1'));
      expect(problems).toEqual([]);
      expect(found).toEqual({ 'de-local': ['p1 at 8'] });
    },
  );
});

describe('a number order that a group names', () => {
  const whole = (...ids: string[]) => ({ id: 'o1', status: 'pending', sub_number_orders_ids: ids });
  const subs = (given: Readonly<Record<string, object>>): ClientScript =>
    Object.fromEntries(
      Object.entries(given).flatMap(([id, row]) => [
        [subOrder(id), row],
        [`${NUMBERS}n-${id}`, numberRow(id)],
      ]),
    );
  const readWhole = (order: object, given: Readonly<Record<string, object>>, script: ClientScript = {}) =>
    readScripted(
      { 'GET /number_orders/o1': order, ...subs(given), ...script },
      attached('number_order', 'o1'),
    );

  it('stands for its open sub orders for the group, by their ids', async () => {
    const { found, problems, asked } = await readWhole(whole('s1', 's2', 's3', 's4'), {
      s1: subRow('s1'),
      s2: subRow('s2', { status: 'cancelled' }),
      s3: subRow('s3', { country_code: 'FR' }),
      s4: subRow('s4'),
    });
    expect([found, problems]).toEqual([{ 'de-local': ['s1 at 8', 's4 at 8'] }, []]);
    expect(asked).not.toContain('GET /sub_number_orders?filter[order_request_id]=o1');
  });

  it('stands for all of them where none is open', async () => {
    const { found } = await readWhole(whole('s1', 's2'), {
      s1: subRow('s1', { status: 'success' }),
      s2: subRow('s2', { status: 'cancelled' }),
    });
    expect(found).toEqual({ 'de-local': ['s1 at 8', 's2 at 8'] });
  });

  it('is asked for its sub orders by a list where it does not name them', async () => {
    const list = 'GET /sub_number_orders?filter[order_request_id]=o1';
    const { found, asked } = await readWhole(
      whole(),
      { s1: subRow('s1') },
      { [list]: [subRow('s1', { order_request_id: 'o1' })] },
    );
    expect(found).toEqual({ 'de-local': ['s1 at 8'] });
    expect(asked.slice(0, 3)).toEqual(['GET /number_orders/o1', list, subOrder('s1')]);
  });

  it('and has no numbers for the group is a problem', async () => {
    const { found, problems } = await readWhole(whole('s3'), { s3: subRow('s3', { country_code: 'FR' }) });
    expect(found).toEqual({});
    expect(problems).toEqual([
      problem(
        'order-mismatch',
        'this group is for DE local numbers, and number order o1 has none',
        'Move this entry to the group for its numbers, or delete it.',
      ),
    ]);
  });
});

describe('an order that several entries reach', () => {
  const order = (
    kind: ObservedOrder['kind'],
    id: string,
    given: Partial<ObservedOrder> = {},
  ): ObservedOrder => ({
    kind,
    id: asRemoteId(id),
    status: 'pending',
    isOpen: true,
    countryCode: null,
    phoneNumberType: null,
    subNumberOrderId: null,
    holdings: [],
    ...given,
  });
  const sub = order('sub_number_order', 's1', { subNumberOrderId: asRemoteId('s1') });
  const part = order('phone_number', 'n1', { subNumberOrderId: asRemoteId('s1') });
  const found = (name: string, line: number, ...orders: readonly ObservedOrder[]): FoundOrders => {
    const [first = sub] = orders;
    const entry = { kind: first.kind, id: first.id, source: { ...SOURCE, line } };
    return { group: attached('phone_number', 'x', name), entry, orders };
  };
  const settle = (...all: FoundOrders[]) => {
    const { orders, problems } = settleOrders(all);
    return {
      settled: [...orders].map(([name, those]) => [
        name,
        ...those.map(({ id, source }) => `${id} at ${source.line}`),
      ]),
      problems,
    };
  };

  it('belongs to the first of one group, whole orders before their parts', () => {
    const porting = order('porting_order', 'p1');
    expect(
      settle(
        found('a', 1, part),
        found('a', 2, sub),
        found('a', 3, sub, porting),
        found('b', 4, order('phone_number', 'n2')),
      ),
    ).toEqual({
      settled: [
        ['a', 's1 at 2', 'p1 at 3'],
        ['b', 'n2 at 4'],
      ],
      problems: [],
    });
  });

  it.each<[string, FoundOrders, FoundOrders, string]>([
    [
      'the same order',
      found('a', 1, sub),
      found('b', 2, sub),
      'sub number order s1 already belongs to sub number order s1',
    ],
    [
      'a part of it',
      found('a', 1, sub),
      found('b', 2, part),
      'phone number n1 already belongs to sub number order s1',
    ],
    [
      'a number twice',
      found('a', 1, part),
      found('b', 2, part),
      'phone number n1 already belongs to phone number n1',
    ],
  ])('is a problem where two groups do: %s', (_, first, second, words) => {
    const { settled, problems } = settle(first, second);
    expect(settled).toHaveLength(1);
    expect(problems).toEqual([
      {
        severity: 'error',
        code: 'duplicate-order',
        message: `${words}, attached to "a" at groups/a.yaml:1`,
        hint: 'Remove it from one of the two: an order takes the values of one group.',
        source: { ...SOURCE, line: 2 },
      },
    ]);
  });

  it('is nobody’s where it does not suit, or is not there', () => {
    const french = { ...sub, countryCode: 'FR' };
    expect(
      settle(found('a', 1, french), { ...found('a', 2, sub), orders: null }, found('b', 3, sub)),
    ).toEqual({
      settled: [['b', 's1 at 3']],
      problems: [],
    });
  });
});
