import { describe, expect, it } from 'vitest';
import { BERLIN, directTexts, heldOrders, numberOrder, SECOND } from '../../support/number-orders.ts';
import { placeOrder, valuesOf } from '../../support/orders.ts';
import { type Build, buildWithClocks } from '../../support/programs/builds.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/**
 * Runs that place two orders, one with a group that exists and one with values of its own, and are killed at each of their
 * requests. Each has a sandbox of its own, so that they can wait side by side: most of what they do is to look for an order.
 */
const MANIFESTS = {
  'groups/de.yaml': germanGroup(),
  'groups/orders.yaml': `${numberOrder()}---\n${numberOrder({
    name: 'second',
    numbers: [SECOND],
    extra: directTexts({ [DE_REQUIREMENTS.contact]: 'Jo Example' }),
  })}`,
};
const APPLY = ['apply', '--yes', '--allow-orders', '--parallelism', '1'];

/** An order is looked for over a second instead of five. */
const quick = buildWithClocks(0.2);

async function withRepository(
  act: (repository: TestRepository) => Promise<void>,
  build?: Build,
): Promise<void> {
  const repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'here', build);
  try {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    for (const [path, content] of Object.entries(MANIFESTS)) await repository.write(path, content);
    await act(repository);
  } finally {
    await repository.end();
  }
}

interface Place {
  readonly method: string;
  readonly path: string;
  readonly nth: number;
}

/** Kills a run when its nth request that matches has reached the server, which carries it out and is slow to say so. */
async function killAt(repository: TestRepository, match: Place): Promise<void> {
  await repository.control('faults', { kind: 'slow', ms: 1500, match });
  const { child, result } = repository.start(APPLY);
  const faults = () => repository.control<readonly { readonly seen: number }[]>('faults');
  const isOver = result.then(() => true);
  while (!(await faults()).some(({ seen }) => seen >= match.nth)) {
    const pause = new Promise<boolean>((again) => setTimeout(() => again(false), 50));
    if (await Promise.race([isOver, pause])) throw new Error(`no request number ${match.nth}`);
  }
  child.kill('SIGKILL');
  expect((await result).signal).toBe('SIGKILL');
  await repository.control('faults', undefined, 'DELETE');
}

/** Whatever happened before: one order each, with what it is to hold, and nothing left to do. */
async function expectConvergence(repository: TestRepository): Promise<void> {
  const { code, out, err } = await repository.run(APPLY);
  expect(code, out + err).toBe(0);
  const orders = await heldOrders(repository);
  expect(orders.map(({ customer_reference }) => customer_reference).sort()).toEqual([
    'regsync/acme/order/berlin',
    'regsync/acme/order/second',
  ]);
  const contacts = { berlin: 'Compliance desk, Example GmbH', second: 'Jo Example' };
  for (const [name, contact] of Object.entries(contacts)) {
    const order = orders.find(({ customer_reference }) => customer_reference.endsWith(name));
    const held = await valuesOf(repository, order?.sub_number_orders_ids[0] ?? '');
    expect(held[DE_REQUIREMENTS.contact]?.[0]).toBe(contact);
  }
  const { code: pending, out: plan } = await repository.run(['plan', '--detailed-exitcode']);
  expect([pending, plan]).toEqual([0, expect.stringContaining('No changes.')]);
}

const LIST = { method: 'GET', path: '^/number_orders$' };
const ORDER = { method: 'GET', path: '^/number_orders/[^/]+$' };
const PART = { method: 'GET', path: '^/sub_number_orders/[^/]+$' };
const PLACE = { method: 'POST', path: '^/number_orders$' };
const EDIT = { method: 'PATCH', path: '^/number_orders/[^/]+$' };

describe.concurrent('an apply that places orders and is killed', () => {
  const places: readonly Place[] = [
    // Three while planning; then for each order four before it is placed and one after.
    ...[1, 3, 4, 5, 6, 7, 8, 12].map((nth) => ({ ...LIST, nth })),
    ...[1, 2].map((nth) => ({ ...PLACE, nth })),
    ...[1, 2, 3].map((nth) => ({ ...ORDER, nth })),
    { ...EDIT, nth: 1 },
    { ...PART, nth: 1 },
  ];

  it.each(places)('at $method $path number $nth is simply run again, and no order is placed twice', (match) =>
    withRepository(async (repository) => {
      await killAt(repository, match);
      await expectConvergence(repository);
    }, quick),
  );

  it('right after the order, while lists do not show it yet, does not place it twice', () =>
    withRepository(async (repository) => {
      // The group is shown: it is the order that is too young.
      await new Promise((later) => setTimeout(later, 800));
      await repository.control('quirks', { list_lag_ms: 800 }, 'PATCH');
      await killAt(repository, { ...PLACE, nth: 1 });
      const { code, out, err } = await repository.run(APPLY);
      expect(code, out + err).toBe(0);
      await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
      await expectConvergence(repository);
    }, quick));

  // Both act while it looks, and take the time that a busy machine needs.
  it('by SIGTERM while it looks for the order places nothing, and exits 130', () =>
    withRepository(async (repository) => {
      const { child, result } = repository.start([...APPLY, '--format', 'json']);
      const lists = async () =>
        (await repository.requests()).filter(({ path }) => path === '/number_orders').length;
      while ((await lists()) < 4) await new Promise((again) => setTimeout(again, 50));
      child.kill('SIGTERM');
      const { code, out } = await result;
      expect(code, out).toBe(130);
      const statuses = JSON.parse(out).outcomes.map(({ status }: { status: string }) => status);
      expect(statuses).toEqual(['skipped', 'skipped', 'unchanged']);
      expect(await heldOrders(repository)).toEqual([]);
      await expectConvergence(repository);
    }));

  it('when somebody else places the same order meanwhile takes that one', () =>
    withRepository(async (repository) => {
      const running = repository.start(APPLY);
      const lists = async () =>
        (await repository.requests()).filter(({ path }) => path === '/number_orders').length;
      while ((await lists()) < 4) await new Promise((again) => setTimeout(again, 50));
      const { groups } = await repository.state();
      const { id } = await placeOrder(repository, [BERLIN], groups[0]?.id);
      await repository.control(
        `number_orders/${id}`,
        { customer_reference: 'regsync/acme/order/berlin' },
        'PATCH',
      );
      const { code, out } = await running.result;
      expect([code, out]).toEqual([
        0,
        expect.stringContaining(`number order ${id} has this reference already`),
      ]);
      await expectConvergence(repository);
    }));
});
