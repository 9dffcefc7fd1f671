import { expect, test } from 'vitest';
import { addFrenchGroup, addGermanGroup, codesOf, connect, FRENCH } from './connection.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';

test('an advanced order is placed with the described defaults, and answered without an envelope', async () => {
  const { api } = await connect();
  const { status, body } = await api('POST', '/advanced_orders', {});
  expect([status, body]).toEqual([
    200,
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      country_code: 'US',
      phone_number_type: 'local',
      area_code: '',
      comments: '',
      customer_reference: '',
      features: [],
      quantity: 1,
      status: 'pending',
      orders: [],
    },
  ]);
  expect((await api('GET', `/advanced_orders/${body.id}`)).body).toEqual(body);
  expect((await api('GET', '/advanced_orders')).body).toEqual({ data: [body] });
});

test('an advanced order says which group it carries, from the start or once it was given', async () => {
  const connection = await connect();
  const { api } = connection;
  const first = await addFrenchGroup(connection);
  const second = await addFrenchGroup(connection);
  const { body } = await api('POST', '/advanced_orders', { ...FRENCH, requirement_group_id: first });
  expect(body.requirement_group_id).toBe(first);
  const path = `/advanced_orders/${body.id}`;
  const given = await api('PATCH', `${path}/requirement_group`, { requirement_group_id: second });
  expect(given.body).toEqual({ ...body, requirement_group_id: second });
  expect((await api('GET', path)).body).toEqual(given.body);
});

test.each([
  ['that does not exist', async () => NOWHERE, '10017'],
  ['for another country', addGermanGroup, '10015'],
  ['that is no id', async () => '', '10004'],
])('an advanced order refuses a group %s', async (_, addGroup, code) => {
  const connection = await connect();
  const { api } = connection;
  const { body } = await api('POST', '/advanced_orders', { country_code: 'FR' });
  const requirement_group_id = await addGroup(connection);
  const path = `/advanced_orders/${body.id}/requirement_group`;
  expect(await codesOf(api('PATCH', path, { requirement_group_id }))).toEqual([422, code]);
});

test.each([
  ['hold', 200],
  ['exception', 200],
  ['ordered', 422],
  ['failed', 422],
])('an advanced order that is %s answers a group with %i', async (status, expected) => {
  const connection = await connect();
  const { api, control } = connection;
  const { body } = await api('POST', '/advanced_orders', { country_code: 'FR' });
  await control('PATCH', `/advanced_orders/${body.id}`, { status });
  const requirement_group_id = await addFrenchGroup(connection);
  const path = `/advanced_orders/${body.id}/requirement_group`;
  expect((await api('PATCH', path, { requirement_group_id })).status).toBe(expected);
});

test('what is wrong with an advanced order is refused', async () => {
  const { api } = await connect();
  const place = (fields: object) => codesOf(api('POST', '/advanced_orders', fields));
  expect(await place({ phone_number_type: 'satellite' })).toEqual([422, '10032']);
  expect(await place({ features: ['telepathy'] })).toEqual([422, '10032']);
  expect(await place({ quantity: 0 })).toEqual([422, '10033']);
  expect(await place({ quantity: 1.5 })).toEqual([422, '10033']);
  expect(await place({ requirement_group_id: NOWHERE })).toEqual([422, '10017']);
  expect(await codesOf(api('GET', `/advanced_orders/${NOWHERE}`))).toEqual([404, '10005']);
});

test('quirks put advanced orders into envelopes and pages, and their words into lists', async () => {
  const { api, control } = await connect();
  await control('PATCH', '/quirks', {
    advanced_orders_envelope: 'data',
    advanced_orders_words: 'list',
    unset_fields: 'null',
  });
  for (const country_code of ['FR', 'DE']) {
    expect((await api('POST', '/advanced_orders', { country_code })).body.data).toMatchObject({
      country_code,
      status: ['pending'],
      phone_number_type: ['local'],
      requirement_group_id: null,
    });
  }
  const { data, meta } = (await api('GET', '/advanced_orders?page[size]=1&page[number]=2')).body;
  expect(data).toMatchObject([{ country_code: 'FR' }]);
  expect(meta).toEqual({ total_pages: 2, total_results: 2, page_number: 2, page_size: 1 });
});

test('an advanced order that was just placed is missing from a list that lags, paged or not', async () => {
  const { api, control } = await connect();
  await control('PATCH', '/quirks', { list_lag_ms: 60_000 });
  await api('POST', '/advanced_orders', {});
  expect((await api('GET', '/advanced_orders')).body.data).toEqual([]);
  await control('PATCH', '/quirks', { advanced_orders_envelope: 'data' });
  expect((await api('GET', '/advanced_orders')).body.data).toEqual([]);
});
