import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { heldOrders, numberOrder, orderOutcome } from '../../support/number-orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Running,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Quick enough to get over a lost answer soon, and slow enough that no slow answer is taken for a lost one. */
const build = buildWithClocks(0.2);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository(
    { 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() },
    'here',
    build,
  );
});
afterEach(() => repository.end());

/** Starts an apply and does something to it when the nth write reaches the server, which is then slow to answer. */
async function interruptAt(
  nth: number,
  act: (running: Running) => void,
  fault: object = { kind: 'slow', ms: 1500 },
  ...args: string[]
): Promise<Awaited<Running['result']>> {
  await repository.control('faults', { ...fault, match: { method: 'POST', nth } });
  const running = repository.start(['apply', '--yes', '--parallelism', '1', '--format', 'json', ...args]);
  const struck = async () => {
    const writes = (await repository.requests()).filter(({ method }) => method === 'POST');
    return writes.length >= nth;
  };
  while (!(await struck())) await new Promise((again) => setTimeout(again, 40));
  act(running);
  return running.result;
}

const CREATION = { method: 'POST', path: '^/requirement_groups$' };
/** Carried out, and never answered. */
const LOST = { kind: 'stall', commit: true };

async function expectConvergence(): Promise<void> {
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  const state = await repository.state();
  expect(state.groups.map(({ customer_reference, status }) => [customer_reference, status]).sort()).toEqual([
    ['regsync/acme/de-local', 'pending-approval'],
    ['regsync/acme/fr-local', 'pending-approval'],
  ]);
  expect(state.documents).toHaveLength(3);
  expect(state.addresses).toHaveLength(1);
  expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
}

describe('an apply that is killed', () => {
  // `npm run test:faults` kills it at every request.
  it.each([1, 4, 8])(
    'in the middle of POST number %i leaves nothing that a second apply doubles',
    async (nth) => {
      const { signal } = await interruptAt(nth, ({ child }) => child.kill('SIGKILL'));
      expect(signal).toBe('SIGKILL');
      await expectConvergence();
    },
  );
});

describe('an apply that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s finishes the request in flight, reports, and exits 130',
    async (signal) => {
      const { code, out } = await interruptAt(4, ({ child }) => child.kill(signal));
      expect(code).toBe(130);
      const { outcomes } = JSON.parse(out);
      expect(outcomes.map(({ name, status, operations }: never) => [name, status, operations])).toEqual([
        ['de-local', 'failed', ['upload', 'upload', 'create_address', 'create']],
        ['fr-local', 'skipped', []],
      ]);
      expect(outcomes[0].error.code).toBe('interrupted');
      await expectConvergence();
    },
  );
});

describe('an answer that is lost after an interruption', () => {
  const writes = [
    [1, '^/documents$', []],
    [3, '^/addresses$', ['upload', 'upload']],
    [4, '^/requirement_groups$', ['upload', 'upload', 'create_address']],
    [5, 'submit_for_approval$', ['upload', 'upload', 'create_address', 'create']],
  ] as const;

  it.each(writes.map(([nth, path, operations]) => [path, nth, operations] as const))(
    'of %s is said to have an unknown outcome, and found by the next run',
    async (_, nth, operations) => {
      const { code, out } = await interruptAt(nth, ({ child }) => child.kill('SIGTERM'), LOST);
      expect(code).toBe(130);
      const [outcome, other] = JSON.parse(out).outcomes;
      expect(outcome).toMatchObject({ status: 'failed', operations, error: { code: 'outcome-unknown' } });
      expect(other).toMatchObject({ name: 'fr-local', status: 'skipped' });
      await expectConvergence();
    },
  );

  it('of an upload is not hidden by another that was turned away', async () => {
    const uploads = { method: 'POST', path: '^/documents$' };
    const turnedAway = { kind: 'status', status: 429, headers: { 'retry-after': '300' } };
    await repository.control('faults', { ...turnedAway, match: { ...uploads, nth: 1 } });
    await repository.control('faults', { ...LOST, match: { ...uploads, nth: 2 } });
    const running = repository.start(['apply', '--yes', '--format', 'json', '--target', 'de-local']);
    const isStruck = async () =>
      (await repository.requests()).filter(({ method }) => method === 'POST').length >= 2;
    while (!(await isStruck())) await new Promise((again) => setTimeout(again, 40));
    running.child.kill('SIGTERM');
    const { code, out } = await running.result;
    expect(code).toBe(130);
    expect(JSON.parse(out).outcomes[0]).toMatchObject({
      status: 'failed',
      operations: [],
      error: { code: 'outcome-unknown' },
    });
    await expectConvergence();
  });

  it('of a second try, too, is said to have an unknown outcome', async () => {
    await repository.control('faults', { kind: 'drop_before', match: CREATION });
    const { code, out } = await interruptAt(5, ({ child }) => child.kill('SIGTERM'), LOST);
    expect(code).toBe(130);
    expect(JSON.parse(out).outcomes[0]).toMatchObject({
      status: 'failed',
      operations: ['upload', 'upload', 'create_address'],
      error: { code: 'outcome-unknown' },
    });
    await expectConvergence();
  });

  it('and tried again with success leaves what was made, and a warning of a duplicate', async () => {
    await repository.control('faults', { kind: 'drop_before', match: CREATION });
    const { code, out } = await interruptAt(5, ({ child }) => child.kill('SIGTERM'));
    expect(code).toBe(130);
    const { groups } = await repository.state();
    expect(JSON.parse(out).outcomes[0]).toMatchObject({
      id: groups[0]?.id,
      operations: ['upload', 'upload', 'create_address', 'create'],
      error: { code: 'interrupted' },
      warnings: [expect.stringContaining('there may be a duplicate requirement group')],
    });
    await expectConvergence();
  });

  it('of a placement is said to have an unknown outcome, and the order found by the next run', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.write('groups/orders.yaml', numberOrder());
    await repository.forgetRequests();
    const { code, out } = await interruptAt(1, ({ child }) => child.kill('SIGTERM'), LOST, '--allow-orders');
    expect(code).toBe(130);
    expect(orderOutcome(JSON.parse(out).outcomes)).toMatchObject({
      status: 'failed',
      operations: [],
      error: { code: 'outcome-unknown', hint: expect.stringContaining('that run looks for the order first') },
    });
    await expectConvergence();
    expect(await heldOrders(repository)).toHaveLength(1);
  });
});

describe('an answer that is lost', () => {
  const kinds = [
    { kind: 'drop_before' },
    { kind: 'drop_after' },
    { kind: 'status', status: 502, body: 'html', commit: true },
  ];
  const paths = ['^/documents$', '^/addresses$', '^/requirement_groups$', 'submit_for_approval$'];

  it.each(kinds.flatMap((fault) => paths.map((path) => [fault.kind, path, fault] as const)))(
    '%s at POST %s is looked up, not repeated blindly',
    async (_, path, fault) => {
      await repository.control('faults', { ...fault, match: { method: 'POST', path } });
      const { code, out } = await repository.run(['apply', '--yes']);
      expect(code, out).toBe(0);
      await expectConvergence();
    },
  );

  const makings = [
    ['^/documents$', 'document'],
    ['^/addresses$', 'address'],
    ['^/requirement_groups$', 'requirement group'],
  ] as const;

  it.each(makings)(
    'twice at POST %s, with lists that lag, leaves a warning of a duplicate',
    async (path, noun) => {
      await repository.control('quirks', { list_lag_ms: 1500 }, 'PATCH');
      await repository.control('faults', { kind: 'drop_after', match: { method: 'POST', path }, times: 2 });
      const { code, out } = await repository.run([
        'apply',
        '--yes',
        '--parallelism',
        '1',
        '--format',
        'json',
      ]);
      expect(code, out).toBe(0);
      expect(JSON.parse(out).outcomes[0].warnings[0]).toMatch(
        new RegExp(`^2 answers were lost, and there may be a duplicate ${noun} beside [0-9a-f-]+ `),
      );
    },
  );

  it('twice, and then not, leaves a warning of a duplicate', async () => {
    await repository.control('quirks', { list_lag_ms: 60_000 }, 'PATCH');
    await repository.control('faults', { kind: 'drop_after', match: CREATION, times: 2 });
    const { code, out } = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
    expect(code, out).toBe(0);
    const [{ id, warnings }] = JSON.parse(out).outcomes;
    expect(warnings).toEqual([
      `2 answers were lost, and there may be a duplicate requirement group beside ${id} that lists do not show yet`,
    ]);
  });

  it('twice leaves a warning with all that was made, where lists show it', async () => {
    await repository.control('quirks', { list_lag_ms: 60_000 }, 'PATCH');
    await repository.control('faults', { kind: 'drop_after', match: CREATION, times: 2 });
    const { result } = repository.start(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
    while ((await repository.state()).groups.length < 2) await new Promise((again) => setTimeout(again, 10));
    await repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
    const { code, out } = await result;
    expect(code, out).toBe(0);
    const [{ id, warnings }] = JSON.parse(out).outcomes;
    const others = (await repository.state()).groups.filter(
      (group) => group.customer_reference === 'regsync/acme/de-local' && group.id !== id,
    );
    expect(others).toHaveLength(1);
    expect(warnings).toEqual([
      `an answer was lost and a duplicate requirement group was made: ${others[0]?.id} beside ${id}; it is not deleted`,
    ]);
  });

  it('and cannot be looked up with a key that is refused by then is not forgotten', async () => {
    await repository.control('faults', { kind: 'drop_after', match: CREATION });
    const refused = { kind: 'status', status: 401, body: 'json' };
    await repository.control('faults', { ...refused, match: { path: '^/requirement_groups$', nth: 5 } });
    const { code, out } = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
    expect(code).toBe(4);
    const [outcome] = JSON.parse(out).outcomes;
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'not-authorised' } });
    expect(outcome.error.message).toContain('It is not known whether POST /requirement_groups was processed');
    await expectConvergence();
  });
});
