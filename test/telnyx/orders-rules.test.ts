import { describe, expect, it } from 'vitest';
import { asRemoteId, type OrderKind } from '../../src/model/resource.ts';
import { readOrder, readSample, readSubNumberOrderInParts } from '../../src/telnyx/orders.ts';
import { type ClientScript, scriptedClient } from '../support/scripted-client.ts';
import { bare } from './memory-client.ts';

const SUB = 'GET /sub_number_orders/s1?filter[include_phone_numbers]=true';
const LIST = 'GET /number_order_phone_numbers?filter[country_code]=DE';
const NUMBER = 'GET /number_order_phone_numbers/n1';
const PORTING = 'GET /porting_orders/p1';
const REQUIREMENTS = 'GET /porting_orders/p1/requirements';
const QUOTABLE = '+49300000001';
const DEADLINE = '2026-06-08T00:00:00Z';

const requirement = (field_value: string, status: string | null = 'approved') => ({
  requirement_id: 'r',
  field_type: 'textual',
  field_value,
  status,
});
const held = (value: string, status: string | null = 'approved') => ({
  requirementId: 'r',
  fieldType: 'textual',
  value: `«${value}»`,
  status,
});
const number = (id: string, given: object = {}) => ({
  id,
  phone_number: QUOTABLE,
  sub_number_order_id: 's1',
  country_code: 'DE',
  phone_number_type: 'local',
  status: 'pending',
  deadline: DEADLINE,
  locality: 'BERLIN',
  regulatory_requirements: [requirement(id)],
  ...given,
});
const sub = (given: object = {}) => ({
  id: 's1',
  country_code: 'DE',
  phone_number_type: 'local',
  status: 'pending',
  phone_numbers_count: 1,
  phone_numbers: [number('n1')],
  ...given,
});
const numbers = (count: number) => Array.from({ length: count }, (_, index) => number(`n${index + 1}`));

async function read(kind: OrderKind, id: string, script: ClientScript) {
  const { client, asked } = scriptedClient(script);
  return { order: bare(await readOrder(client, kind, asRemoteId(id))) as never, asked };
}

describe('a sub order', () => {
  const readSub = (given: object, listed: readonly object[] = []) =>
    read('sub_number_order', 's1', { [SUB]: sub(given), [LIST]: listed });
  const heldOf = (order: { readonly holdings: readonly (readonly { readonly value: string }[])[] }) =>
    order.holdings.map((holding) => holding.map(({ value }) => value).join());

  it('is read with what each of its open numbers holds, and what the first of them says', async () => {
    const phone_numbers = [
      number('n1'),
      number('n2', { status: 'success' }),
      number('n3', { status: null }),
      number('n4', { status: 'failure' }),
    ];
    expect(await readSub({ phone_numbers_count: 4, phone_numbers })).toEqual({
      order: {
        kind: 'sub_number_order',
        id: 's1',
        status: 'pending',
        isOpen: true,
        countryCode: 'DE',
        phoneNumberType: 'local',
        subNumberOrderId: 's1',
        holdings: [[held('n1')], [held('n3')]],
        sample: { id: 'n1', deadlineMs: Date.parse(DEADLINE), locality: 'BERLIN' },
        phoneNumbers: [`«${QUOTABLE}»`, `«${QUOTABLE}»`],
      },
      asked: [SUB],
    });
  });

  it.each(['success', 'cancelled', 'on hold'])('that is %s holds nothing that matters', async (status) => {
    expect(await readSub({ status, phone_numbers_count: 60 })).toEqual({
      order: {
        kind: 'sub_number_order',
        id: 's1',
        status,
        isOpen: false,
        countryCode: 'DE',
        phoneNumberType: 'local',
        subNumberOrderId: 's1',
        holdings: [],
        finalHoldings: [[held('n1')]],
        phoneNumbers: [`«${QUOTABLE}»`],
      },
      asked: [SUB],
    });
  });

  it('that is closed keeps what its numbers hold, without those that it lost', async () => {
    const phone_numbers = [number('n1', { status: 'success' }), number('n2', { status: 'cancelled' })];
    const { order } = await readSub({ status: 'success', phone_numbers_count: 2, phone_numbers });
    expect(order).toMatchObject({ holdings: [], finalHoldings: [[held('n1')]] });
  });

  it.each(['pending', 'success'])('that is %s has no numbers that nobody shows', async (status) => {
    const { order } = await readSub({ status, phone_numbers_count: 0, phone_numbers: null });
    expect(order).not.toHaveProperty('phoneNumbers');
  });

  it.each<[string, object, boolean]>([
    ['shows as many numbers as it counts', { phone_numbers_count: 1 }, true],
    ['shows more than it counts', { phone_numbers_count: 1, phone_numbers: numbers(2) }, true],
    ['shows fewer than it counts', { phone_numbers_count: 2 }, false],
    ['shows none of those that it counts', { phone_numbers: [] }, false],
    ['leaves out those that it counts', { phone_numbers: null }, false],
    ['counts none', { phone_numbers_count: 0, phone_numbers: null }, true],
    ['counts nothing and shows one', { phone_numbers_count: null }, true],
    ['counts nothing and shows 49', { phone_numbers_count: null, phone_numbers: numbers(49) }, true],
    ['counts nothing and shows 50', { phone_numbers_count: null, phone_numbers: numbers(50) }, false],
    ['counts nothing and shows none', { phone_numbers_count: null, phone_numbers: [] }, false],
  ])('is whole, or completed from the list: one that %s', async (_, given, isWhole) => {
    const { asked } = await readSub(given);
    expect(asked).toEqual(isWhole ? [SUB] : [SUB, LIST]);
  });

  it('is completed by those of its own that it did not show', async () => {
    const listed = [
      number('n1', { regulatory_requirements: [requirement('late', null)] }),
      number('n2'),
      number('n3', { sub_number_order_id: 's2' }),
      number('n4', { status: 'success' }),
    ];
    const { order } = await readSub({ phone_numbers_count: 3 }, listed);
    expect(heldOf(order)).toEqual(['«n1»', '«n2»']);
  });

  it.each<[string, readonly (string | null)[], string | null]>([
    ['the first that wants a value', ['approved', 'awaiting-value', 'declined'], 'n2'],
    ['one that was declined as well', ['pending-approval', 'declined'], 'n2'],
    ['the first where none wants any', ['approved', 'pending-approval', null], 'n1'],
    ['none where there is none', [], null],
  ])('has a number that stands for the others: %s', async (_, statuses, id) => {
    const phone_numbers = statuses.map((status, index) =>
      number(`n${index + 1}`, {
        regulatory_requirements: [requirement('x', 'approved'), requirement('y', status)],
      }),
    );
    const { order } = await readSub({ phone_numbers, phone_numbers_count: phone_numbers.length });
    expect((order as { sample?: { id: string } }).sample?.id ?? null).toBe(id);
    expect('sample' in order).toBe(id !== null);
  });

  it('can be read in its parts, each an order by itself', async () => {
    const phone_numbers = [
      number('n1', { status: null }),
      number('n2', { status: 'success' }),
      number('n3', { country_code: 'FR', sub_number_order_id: 'other' }),
    ];
    const { client } = scriptedClient({ [SUB]: sub({ phone_numbers_count: 3, phone_numbers }) });
    const { whole, parts } = await readSubNumberOrderInParts(client, asRemoteId('s1'));
    expect(whole.holdings).toHaveLength(2);
    const common = { isOpen: true, countryCode: 'DE', phoneNumberType: 'local', subNumberOrderId: 's1' };
    expect(bare(parts)).toEqual([
      { ...common, kind: 'phone_number', id: 'n1', status: 'pending', holdings: [[held('n1')]] },
      { ...common, kind: 'phone_number', id: 'n3', status: 'pending', holdings: [[held('n3')]] },
    ]);
  });
});

describe('a phone number of an order', () => {
  const whole = {
    kind: 'phone_number',
    id: 'n1',
    status: 'pending',
    isOpen: true,
    countryCode: 'DE',
    phoneNumberType: 'local',
    subNumberOrderId: 's1',
    holdings: [[held('n1')]],
    sample: { id: 'n1', deadlineMs: Date.parse(DEADLINE), locality: 'BERLIN' },
    phoneNumbers: [`«${QUOTABLE}»`],
  };

  it.each<[string, object, object]>([
    ['pending', {}, {}],
    ['in no status', { status: null }, {}],
    ['closed', { status: 'success' }, { status: 'success', isOpen: false, holdings: [] }],
    [
      'closed, though its values have no statuses',
      { status: 'failure', regulatory_requirements: [requirement('n1', null)] },
      { status: 'failure', isOpen: false, holdings: [] },
    ],
    [
      'of no sub order',
      { sub_number_order_id: null, regulatory_requirements: [requirement('n1', null)] },
      { subNumberOrderId: null, holdings: [[held('n1', null)]] },
    ],
    ['without requirements', { regulatory_requirements: [] }, { holdings: [[]] }],
  ])('is read by itself where it is %s', async (_, given, expected) => {
    expect(await read('phone_number', 'n1', { [NUMBER]: number('n1', given) })).toEqual({
      order: { ...whole, ...expected },
      asked: [NUMBER],
    });
  });

  const silent = { regulatory_requirements: [requirement('a', 'approved'), requirement('n1', null)] };
  const others = [number('n0'), number('n1', { regulatory_requirements: [requirement('n1', 'declined')] })];

  it.each<[string, object, object[]]>([
    ['has them', { phone_numbers: others }, [held('n1', 'declined')]],
    ['does not show this number', { phone_numbers: [number('n0')] }, [held('a'), held('n1', null)]],
    ['shows no numbers', { phone_numbers: null }, [held('a'), held('n1', null)]],
  ])('is asked for its statuses at its sub order, which %s', async (_, given, holding) => {
    expect(await read('phone_number', 'n1', { [NUMBER]: number('n1', silent), [SUB]: sub(given) })).toEqual({
      order: { ...whole, holdings: [holding] },
      asked: [NUMBER, SUB],
    });
  });

  it('says by itself until when values are wanted, and where it is', async () => {
    const { client, asked } = scriptedClient({ [NUMBER]: number('n1', { deadline: 'soon' }) });
    expect(await readSample(client, asRemoteId('n1'))).toEqual({
      id: 'n1',
      deadlineMs: null,
      locality: 'BERLIN',
    });
    expect(asked).toEqual([NUMBER]);
  });
});

describe('a porting order', () => {
  const whole = {
    kind: 'porting_order',
    id: 'p1',
    countryCode: null,
    phoneNumberType: 'toll_free',
    subNumberOrderId: null,
  };

  it.each([
    ['draft', true],
    ['in-process', true],
    ['exception', true],
    ['submitted', false],
    ['foc-date-confirmed', false],
    ['ported', false],
    ['cancelled', false],
    ['on hold', false],
  ])('that is %s takes a group, and is read with its values: %j', async (status, isOpen) => {
    const requirements = [{ requirement_type_id: 'R', field_type: 'text', field_value: 'x' }];
    expect(
      await read('porting_order', 'p1', {
        [PORTING]: { id: 'p1', status: { value: status }, phone_number_type: 'toll-free' },
        [REQUIREMENTS]: requirements,
      }),
    ).toEqual({
      order: { ...whole, status, isOpen, holdings: isOpen ? [[{ ...held('x', null), name: null }]] : [] },
      asked: isOpen ? [PORTING, REQUIREMENTS] : [PORTING],
    });
  });

  it('in exception is read with the reasons, and with the numbers that a reviewer may quote', async () => {
    const { order } = await read('porting_order', 'p1', {
      [PORTING]: {
        id: 'p1',
        status: { value: 'exception', details: [{ code: 'OTHER' }] },
        phone_number_type: 'local',
        phone_numbers: [{ phone_number: QUOTABLE }],
      },
      [REQUIREMENTS]: [],
    });
    expect(order).toMatchObject({ exceptionCodes: ['OTHER'], phoneNumbers: [`«${QUOTABLE}»`] });
  });
});
