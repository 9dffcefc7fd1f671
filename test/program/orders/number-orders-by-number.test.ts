import { describe, expect, it } from 'vitest';
import {
  BERLIN,
  heldOrders,
  numberOrder,
  orderChanges,
  orderOutcome,
  SECOND,
  useOrders,
} from '../../support/number-orders.ts';
import { callApi, placeOrder } from '../../support/orders.ts';
import { actBefore } from '../../support/proxies/act-before.ts';

const THIRD = '+49300000003';
const APPLY = ['apply', '--yes', '--allow-orders', '--format', 'json'];
const WITHOUT_GROUP = numberOrder({ extra: '' });

const here = useOrders();
const { plan, apply, expectNothingLeft, onlyOrder, placements } = here;

describe('an order whose manifest is called otherwise', () => {
  const MINE = numberOrder({ extra: 'customer_reference: PO 7\n' });

  it.each([
    [
      'has another name',
      WITHOUT_GROUP,
      numberOrder({ name: 'hamburg', extra: '' }),
      'regsync/acme/order/hamburg',
    ],
    ['states another reference', MINE, MINE.replace('PO 7', 'PO 8'), 'PO 8'],
    ['states a reference by now', WITHOUT_GROUP, MINE, 'PO 7'],
    ['states no reference any more', MINE, WITHOUT_GROUP, 'regsync/acme/order/berlin'],
    [
      'has another name and the same group',
      numberOrder(),
      numberOrder({ name: 'hamburg' }),
      'regsync/acme/order/hamburg',
    ],
  ])(
    'and %s is found by its numbers: the reference is an edit, and nothing is ordered',
    async (_, first, second, reference) => {
      await here.repository.write('groups/orders.yaml', first);
      await apply();
      const { id, customer_reference: former } = await onlyOrder();
      await here.repository.write('groups/orders.yaml', second);
      const { applyable, changes } = await plan();
      expect(applyable).toBe(true);
      expect(orderChanges({ changes } as never)).toMatchObject([
        {
          id,
          actions: ['adopt'],
          patch: [{ op: 'replace', path: '/customer_reference', value: reference }],
          consequences: [`number order ${id} has exactly these numbers: nothing is ordered`],
        },
      ]);
      expect(reference).not.toBe(former);
      expect(orderOutcome(await apply())).toMatchObject({ id, operations: ['patch'], error: null });
      expect((await onlyOrder()).customer_reference).toBe(reference);
      expect(await placements()).toBe(1);
      await expectNothingLeft();
    },
  );
});

describe('an order of somebody else', () => {
  it.each([
    ['has one of the numbers', [BERLIN], [BERLIN, SECOND], 'has 1 of them'],
    ['has more than the numbers', [BERLIN, SECOND, THIRD], [BERLIN, SECOND], 'has 2 of them'],
  ])('that %s refuses the manifest, with the line to paste', async (_, placed, wanted, why) => {
    const { id } = await placeOrder(here.repository, placed);
    await here.repository.write('groups/orders.yaml', numberOrder({ numbers: wanted, extra: '' }));
    const { code, err } = await here.repository.run(['apply', '--yes', '--allow-orders']);
    expect(code).toBe(5);
    expect(err).toContain(`number order ${id} ${why}: no number is ordered twice`);
    expect(err).toContain(`write \`id: ${id}\` into the manifest`);
    expect(err).not.toContain('4930000000');
    const writes = (await here.repository.requests()).filter(({ method }) => method !== 'GET');
    expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /number_orders']);
  });

  it('that has exactly the numbers is taken, and gets the reference', async () => {
    const { id } = await placeOrder(here.repository, [SECOND, BERLIN]);
    await here.repository.write('groups/orders.yaml', numberOrder({ numbers: [BERLIN, SECOND] }));
    expect(orderOutcome(await apply())).toMatchObject({ id, operations: ['patch'] });
    expect((await onlyOrder()).customer_reference).toBe('regsync/acme/order/berlin');
    await expectNothingLeft();
  });

  it('that belongs to another repository is left alone, and nothing is ordered', async () => {
    const { id } = await placeOrder(here.repository, [BERLIN]);
    await here.repository.control(
      `number_orders/${id}`,
      { customer_reference: 'regsync/other/order/x' },
      'PATCH',
    );
    const { code, err } = await here.repository.run(['apply', '--yes', '--allow-orders']);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining(`number order ${id} belongs to another regsync scope`),
    ]);
  });

  it('that failed holds none of its numbers: they are ordered anew, which is said', async () => {
    await here.repository.write('groups/orders.yaml', WITHOUT_GROUP);
    await apply();
    const { id } = await onlyOrder();
    await here.repository.control(`number_orders/${id}/cancel`, {});
    await here.repository.write('groups/orders.yaml', numberOrder({ name: 'hamburg', extra: '' }));
    const { changes, attention } = await plan('--allow-orders');
    expect(orderChanges({ changes } as never)).toMatchObject([{ id: null, actions: ['create'] }]);
    expect(attention.filter(({ code }) => code === 'order-failed')).toMatchObject([
      {
        name: 'hamburg',
        message: `number order ${id} of exactly these numbers: cancelled; it holds none of them any more, so they are ordered anew`,
      },
    ]);
    await apply();
    expect(await heldOrders(here.repository)).toHaveLength(2);
    await expectNothingLeft();
  });

  it('that another manifest means by its id is not taken by a second one', async () => {
    const { id } = await placeOrder(here.repository, [BERLIN]);
    const pinned = numberOrder({ name: 'pinned', numbers: [], extra: `id: ${id}\n` });
    await here.repository.write('groups/orders.yaml', `${WITHOUT_GROUP}---\n${pinned}`);
    for (const args of [[], ['--target', 'berlin']]) {
      const { code, err } = await here.repository.run(['plan', '--allow-orders', ...args]);
      expect([code, err]).toEqual([
        5,
        expect.stringContaining(`"berlin" and "pinned" both mean number order ${id}`),
      ]);
    }
  });

  it.each([
    ['that the run has made', false, 'pending-approval'],
    ['that was there before', true, 'approved'],
  ])('is not placed with a group %s and that was declined meanwhile', async (_, isThere, status) => {
    const reference = 'reference=regsync/acme/de-local';
    if (isThere) {
      expect((await here.repository.run(['apply', '--yes', '--target', 'de-local'])).code).toBe(0);
      await here.repository.control(`groups/approve?${reference}`, {});
    }
    const env = await actBefore(here.repository, { method: 'GET', path: /^\/number_orders$/, nth: 6 }, () =>
      here.repository.control(`groups?${reference}`, { status: 'declined' }, 'PATCH'),
    );
    const { code, out } = await here.repository.run(APPLY, { env });
    expect(code, out).toBe(4);
    expect(orderOutcome(JSON.parse(out).outcomes)).toMatchObject({
      operations: [],
      error: {
        code: 'changed-since-planned',
        message: expect.stringContaining(`its status is declined, no longer ${status}. Nothing was ordered`),
      },
    });
    expect(await placements()).toBe(0);
  });

  it('that is placed between plan and write is seen right before: nothing is ordered', async () => {
    await here.repository.write('groups/orders.yaml', WITHOUT_GROUP);
    let id = '';
    // The first looks for the reference while planning, the second for the numbers; three more by reference right before.
    const env = await actBefore(
      here.repository,
      { method: 'GET', path: /^\/number_orders$/, nth: 6 },
      async () => {
        ({ id } = await placeOrder(here.repository, [BERLIN]));
      },
    );
    const { code, out } = await here.repository.run(APPLY, { env });
    expect(code, out).toBe(4);
    expect(orderOutcome(JSON.parse(out).outcomes)).toMatchObject({
      operations: [],
      error: {
        code: 'changed-since-planned',
        message: expect.stringContaining(`write \`id: ${id}\``),
      },
    });
    expect(await placements()).toBe(1);
  });

  it.each(['older', 'younger'])(
    'that is placed under the same reference at the same time is said with both ids by a run whose own is %s',
    async (mine) => {
      await here.repository.write('groups/orders.yaml', WITHOUT_GROUP);
      const nth = mine === 'older' ? 7 : 6;
      const env = await actBefore(
        here.repository,
        { method: 'GET', path: /^\/number_orders$/, nth },
        async () => {
          const { id } = await placeOrder(here.repository, [SECOND]);
          // The sandbox sells each number once: another one stands for the same.
          await here.repository.control(
            `number_orders/${id}`,
            { customer_reference: 'regsync/acme/order/berlin' },
            'PATCH',
          );
        },
      );
      await here.repository.control('clock', { now: '2026-06-01T12:00:00Z' });
      const { code, out } = await here.repository.run(APPLY, { env });
      const outcome = orderOutcome(JSON.parse(out).outcomes);
      const told = mine === 'older' ? outcome?.warnings[0] : outcome?.error?.message;
      expect([code, outcome?.status]).toEqual(mine === 'older' ? [0, 'applied'] : [4, 'failed']);
      for (const { id } of await heldOrders(here.repository)) expect(told).toContain(id);
    },
  );
});

describe('an order that changed since it was planned', () => {
  it.each([
    ['another status', { status: 'success' }, 'its status is success, no longer pending'],
    ['another reference', { customer_reference: 'PO 9' }, 'it has another customer_reference'],
  ])('has %s right before its first write: it is left as it is', async (_, meanwhile, why) => {
    await here.repository.write('groups/orders.yaml', WITHOUT_GROUP);
    await apply();
    const { id } = await onlyOrder();
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: 'customer_reference: PO 7\n' }));
    // It is planned with the first reading.
    const moment = { method: 'GET', path: /^\/number_orders\/[^/]+$/, nth: 2 };
    const env = await actBefore(here.repository, moment, () =>
      here.repository.control(`number_orders/${id}`, meanwhile, 'PATCH'),
    );
    const { code, out } = await here.repository.run(APPLY, { env });
    expect(code, out).toBe(4);
    expect(orderOutcome(JSON.parse(out).outcomes)).toMatchObject({
      operations: [],
      error: { code: 'changed-since-planned', message: expect.stringContaining(why) },
    });
    expect(await callApi(here.repository, 'GET', `/number_orders/${id}`)).toMatchObject(meanwhile);
  });
});
