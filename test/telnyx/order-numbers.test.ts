import { describe, expect, it } from 'vitest';
import { openReadClient } from '../../src/telnyx/client.ts';
import { findOrdersWithNumbers, holdersOf } from '../../src/telnyx/order-numbers.ts';
import { scriptedClient } from '../support/scripted-client.ts';
import { answerJson, optionsFor, serve } from './scripted-server.ts';

const [A, B, C] = ['+49300000001', '+49300000002', '+49300000003'];

interface Order {
  readonly status?: string;
  readonly numbers: readonly string[];
  /** How many of them an answer shows. */
  readonly shown?: number;
  readonly count?: number | null;
  /** By number, where it is not the order's. */
  readonly lost?: readonly string[];
  /** What the other numbers are said to be, where that is said. */
  readonly numberStatus?: string;
  /** Listed, and not there any more when it is read. */
  readonly isGone?: boolean;
}

/** An account with these orders, by id. */
async function find(orders: Readonly<Record<string, Order>>, wanted: readonly string[], after?: number) {
  const rowOf = (id: string) => {
    const {
      status = 'pending',
      numbers,
      shown = numbers.length,
      count = numbers.length,
      lost = [],
      numberStatus,
    } = orders[id] ?? { numbers: [] };
    const phone_numbers = numbers.slice(0, shown).map((phone_number) => ({
      id: `${id} ${phone_number}`,
      phone_number,
      status: lost.includes(phone_number) ? 'failure' : numberStatus,
    }));
    return { id, status, customer_reference: '', phone_numbers, phone_numbers_count: count };
  };
  const all = Object.entries(orders).flatMap(([id, { numbers }]) =>
    numbers.map((phone_number) => ({ id: `${id} ${phone_number}`, phone_number, order_request_id: id })),
  );
  const server = await serve((response, { url }) => {
    const id = url.pathname.match(/\/number_orders\/(.+)$/)?.[1];
    if (id !== undefined && orders[id]?.isGone) return answerJson(response, { errors: [] }, 404);
    if (id !== undefined) return answerJson(response, { data: rowOf(id) });
    const data = url.pathname.endsWith('/number_orders') ? Object.keys(orders).map(rowOf) : all;
    answerJson(response, { data, meta: { total_pages: 1, total_results: data.length } });
  });
  const client = openReadClient(optionsFor(server));
  const found = await findOrdersWithNumbers(client, wanted, after ?? null);
  await client.close();
  const { exact, partial, lost } = holdersOf(wanted, found);
  return {
    exact: exact.map(({ id }) => id),
    partial: partial.map(({ row, count }) => [row.id, count]),
    lost: lost.map(({ id }) => id),
    asked: server.seen.map(
      ({ url }) => `${url.pathname.replace('/v2', '')}${decodeURIComponent(url.search)}`,
    ),
  };
}

describe('a number that Telnyx writes otherwise', () => {
  it.each(['49300000001', '0049300000001', '+49 30 0000001', '+49 (0)30 0000-001'])(
    'as %s is the same number',
    async (written) => {
      expect((await find({ one: { numbers: [written] } }, [A])).exact).toEqual(['one']);
    },
  );
});

describe('orders that have certain numbers', () => {
  it.each<[string, Record<string, Order>, object]>([
    ['exactly these', { x: { numbers: [B, A] } }, { exact: ['x'] }],
    ['written without a plus', { x: { numbers: ['49 30 0000001', '49300000002'] } }, { exact: ['x'] }],
    ['one of them', { x: { numbers: [A] } }, { partial: [['x', 1]] }],
    ['these and another', { x: { numbers: [A, B, C] } }, { partial: [['x', 2]] }],
    ['another', { x: { numbers: [C] } }, {}],
    ['these, and was placed', { x: { numbers: [A, B], status: 'success' } }, { exact: ['x'] }],
    [
      'these, in a status of which nothing is known',
      { x: { numbers: [A, B], status: 'paused' } },
      { exact: ['x'] },
    ],
    ['these, and failed', { x: { numbers: [A, B], status: 'failure' } }, { lost: ['x'] }],
    ['these, and was cancelled', { x: { numbers: [A, B], status: 'cancelled' } }, { lost: ['x'] }],
    ['one of them, and was deleted', { x: { numbers: [A], status: 'deleted' } }, {}],
    ['these, and has lost one', { x: { numbers: [A, B], lost: [A] } }, { exact: ['x'] }],
    ['these, and has lost both', { x: { numbers: [A, B], lost: [A, B] } }, { lost: ['x'] }],
    ['one of them that it has lost', { x: { numbers: [A, C], lost: [A] } }, {}],
    [
      'each of them once',
      { x: { numbers: [A] }, y: { numbers: [B] } },
      {
        partial: [
          ['x', 1],
          ['y', 1],
        ],
      },
    ],
    ['these, and shows the first', { x: { numbers: [A, B], shown: 1 } }, { exact: ['x'] }],
    [
      'these, and shows the first, beside others',
      { x: { numbers: [A, B], shown: 1 }, y: { numbers: [C], shown: 0 } },
      { exact: ['x'] },
    ],
    [
      'these, of which each is pending',
      { x: { numbers: [A, B], numberStatus: 'pending' } },
      { exact: ['x'] },
    ],
    [
      'these, and is gone when it is read',
      { x: { numbers: [A, B], isGone: true }, y: { numbers: [A] } },
      { partial: [['y', 1]] },
    ],
    ['these, and shows none', { x: { numbers: [A, B], shown: 0 } }, { exact: ['x'] }],
    [
      'these, and says neither which nor how many',
      { x: { numbers: [A, B], shown: 0, count: null } },
      { exact: ['x'] },
    ],
  ])('are told from others: one that has %s', async (_, orders, expected) => {
    const { asked: _asked, ...found } = await find(orders, [A, B]);
    expect(found).toEqual({ exact: [], partial: [], lost: [], ...expected });
  });

  it('are read one by one only where they have some of them, and the list of numbers only where orders leave some out', async () => {
    const { asked } = await find({ x: { numbers: [A] }, y: { numbers: [C] } }, [A]);
    expect(asked).toEqual([expect.stringMatching(/^\/number_orders\?/), '/number_orders/x']);
    const cut = await find({ x: { numbers: [A, B], shown: 1 }, y: { numbers: [C] } }, [B]);
    expect(cut.asked).toEqual([
      expect.stringMatching(/^\/number_orders\?/),
      expect.stringMatching(/^\/number_order_phone_numbers\?/),
      '/number_orders/x',
    ]);
  });

  const many = (count: number) => Array.from({ length: count }, (_, index) => `+4930000${1000 + index}`);

  it.each<[string, Order, boolean]>([
    ['counts what it shows', { numbers: [C] }, true],
    ['counts fewer than it shows', { numbers: [B, C], count: 1 }, true],
    ['counts one more than it shows', { numbers: [C], count: 2 }, false],
    ['counts nothing and shows one', { numbers: [C], count: null }, true],
    ['counts nothing and shows none', { numbers: [], count: null }, false],
    ['counts nothing and shows 49', { numbers: many(49), count: null }, true],
    ['counts nothing and shows 50', { numbers: many(50), count: null }, false],
  ])('show all of their numbers, or need the list of these: one that %s', async (_, order, showsAll) => {
    const { asked } = await find({ x: order }, [A]);
    expect(asked.some((request) => request.startsWith('/number_order_phone_numbers'))).toBe(!showsAll);
  });

  it('are not looked for where Telnyx does not say which order a number is of', async () => {
    const { client, asked } = scriptedClient({
      'GET /number_orders': [{ id: 'x', status: 'pending', phone_numbers_count: 1 }],
      'GET /number_order_phone_numbers': [{ id: 'n', phone_number: A }],
    });
    expect(await findOrdersWithNumbers(client, [A])).toEqual([]);
    expect(asked).toEqual(['GET /number_orders', 'GET /number_order_phone_numbers']);
  });

  it('are asked for by their age, where the older ones are known', async () => {
    const { asked } = await find({ x: { numbers: [A] } }, [A], Date.parse('2026-06-01T12:00:00Z'));
    expect(asked[0]).toContain('filter[created_at][gt]=2026-06-01T12:00:00.000Z');
  });
});
