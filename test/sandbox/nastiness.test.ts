import { describe, expect, test } from 'vitest';
import { type Connection, codesOf, connect, IDENTITY_CHECK, placeOrder, subOrderOf } from './connection.ts';

const PERSON = { first_name: 'Jo', last_name: 'Example' };

/** What is said and done about orders, by one way to write it and the list that then has it. */
interface Write {
  readonly write: readonly [method: string, path: string, body: object];
  readonly list: string;
  /** How many the list has before. */
  readonly before: number;
}

async function repository(connection: Connection): Promise<Record<string, Write>> {
  const { api, control } = connection;
  const porting = (await control('POST', '/porting_orders')).body.data.id;
  await control('POST', `/porting_orders/${porting}/demand-action`);
  const actions = `/porting_orders/${porting}/action_requirements`;
  const [action] = (await api('GET', actions)).body.data;
  const orderId = await placeOrder(connection, [{ number: '+61700000001' }]);
  const { id } = await subOrderOf(connection, orderId);
  const external = `/external_requirements/${IDENTITY_CHECK}/sub_number_orders/${id}`;
  const about = { comment_record_type: 'sub_number_order', comment_record_id: id };
  return {
    comment: { write: ['POST', '/comments', { body: 'x', ...about }], list: '/comments', before: 0 },
    'comment on a porting order': {
      write: ['POST', `/porting_orders/${porting}/comments`, { body: 'x' }],
      list: `/porting_orders/${porting}/comments`,
      before: 0,
    },
    'advanced order': { write: ['POST', '/advanced_orders', {}], list: '/advanced_orders', before: 0 },
    'action of a porting order': {
      write: ['POST', `${actions}/${action.id}/initiate`, { params: PERSON }],
      list: `${actions}?filter[status]=pending`,
      before: 0,
    },
    'action of a sub order': {
      write: ['POST', external, { requirement: PERSON }],
      list: external,
      before: 1,
    },
  };
}

const KINDS = [
  'comment',
  'comment on a porting order',
  'advanced order',
  'action of a porting order',
  'action of a sub order',
];

describe.each(KINDS)('a new %s', (kind) => {
  async function start() {
    const connection = await connect();
    const written = (await repository(connection))[kind];
    if (written === undefined) throw new Error(`there is no ${kind}`);
    const count = async () => [(await connection.api('GET', written.list)).body.data].flat().length;
    const text = async () => JSON.stringify((await connection.api('GET', written.list)).body);
    return { ...connection, ...written, count, text };
  }

  test('is not there where a write is answered and not done', async () => {
    const { api, control, write, count, before, text } = await start();
    const was = await text();
    await control('POST', '/faults', { kind: 'noop', match: { method: 'POST' } });
    expect((await api(...write)).status).toBeLessThan(300);
    expect([await count(), await text()]).toEqual([before, was]);
  });

  test('is there where the answer was lost', async () => {
    const { api, control, write, text } = await start();
    const was = await text();
    await control('POST', '/faults', { kind: 'drop_after', match: { method: 'POST' } });
    await expect(api(...write)).rejects.toThrow('fetch failed');
    expect(await text()).not.toBe(was);
  });

  test('is neither made nor shown where the rate limit is reached', async () => {
    const { api, control, write, list } = await start();
    await control('PUT', '/rate-limit', { limit: 0, windowMs: 60_000 });
    expect(await codesOf(api(...write))).toEqual([429, '10011']);
    expect(await codesOf(api('GET', list))).toEqual([429, '10011']);
  });
});

test.each([
  ['porting_comments', 'comment on a porting order'],
  ['porting_action_requirements', 'action of a porting order'],
  ['comments', 'comment'],
])('the list of %s may ignore pages, and say nothing of itself', async (name, kind) => {
  const connection = await connect();
  const { api, control } = connection;
  const written = (await repository(connection))[kind];
  if (written === undefined) throw new Error(`there is no ${kind}`);
  await api(...written.write);
  await control('PATCH', '/quirks', { ignore_paging: [name], no_meta: true });
  const [path = ''] = written.list.split('?');
  const { body } = await api('GET', `${path}?page[number]=2`);
  expect(body).toEqual({ data: [expect.anything()] });
});
