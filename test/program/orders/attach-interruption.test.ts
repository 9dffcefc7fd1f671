import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import {
  attachedGroup,
  PORTING_REQUIREMENTS,
  placeOrder,
  portingGroup,
  portingValuesOf,
  valuesOf,
} from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import {
  DE_REQUIREMENTS,
  germanGroup,
  openTestRepository,
  type Running,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Quick enough to get over a lost answer soon, and slow enough that no slow answer is taken for a lost one. */
const build = buildWithClocks(0.2);

/** An apply that updates a group and gives it to a whole order, to a phone number and, for porting, to a porting order. */
let repository: TestRepository;
let orders: { readonly whole: string; readonly part: string; readonly porting: string };

beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'here', build);
  const whole = await placeOrder(repository, ['+49300000001']);
  const part = await placeOrder(repository, ['+49300000002']);
  const porting = await repository.control<{ id: string }>('porting_orders', {
    phone_numbers: ['+49300000003'],
  });
  const entries = [{ number_order: whole.id }, { phone_number: part.numbers[0]?.id ?? '' }];
  await repository.write('groups/de.yaml', attachedGroup(entries));
  await repository.write('groups/porting.yaml', portingGroup([{ porting_order: porting.id }]));
  expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  await repository.write('groups/de.yaml', attachedGroup(entries, 'Jo Example'));
  await repository.write('groups/porting.yaml', portingGroup([{ porting_order: porting.id }], '0000654321'));
  orders = { whole: whole.subOrders.DE ?? '', part: part.subOrders.DE ?? '', porting: porting.id };
  await repository.forgetRequests();
});
afterEach(() => repository.end());

/** What the orders and groups hold in the end, whatever happened on the way. */
async function expectConvergence(): Promise<void> {
  const { code, out, err } = await repository.run(['apply', '--yes']);
  expect(code, out + err).toBe(0);
  for (const id of [orders.whole, orders.part]) {
    expect((await valuesOf(repository, id))[DE_REQUIREMENTS.contact]?.[0]).toBe('Jo Example');
  }
  const ported = await portingValuesOf(repository, orders.porting);
  expect(ported[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000654321');
  expect((await repository.state()).groups).toHaveLength(2);
  expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
}

/** Starts an apply and does something to it when its nth request that matches reaches the server, which is slow to answer. */
async function interruptAt(
  match: { readonly method?: string; readonly path?: string; readonly nth: number },
  act: (running: Running) => void,
  fault: object = { kind: 'slow', ms: 1500 },
): Promise<Awaited<Running['result']>> {
  await repository.control('faults', { ...fault, match });
  const running = repository.start(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
  const faults = () => repository.control<readonly { readonly seen: number }[]>('faults');
  const isOver = running.result.then(() => true);
  while (!(await faults()).some(({ seen }) => seen >= match.nth)) {
    const pause = new Promise<boolean>((again) => setTimeout(() => again(false), 40));
    if (await Promise.race([isOver, pause])) throw new Error(`no request number ${match.nth}`);
  }
  act(running);
  return running.result;
}

const ATTACHMENTS = [
  { method: 'POST', path: '^/sub_number_orders/[^/]+/requirement_group$' },
  { method: 'POST', path: '^/number_order_phone_numbers/[^/]+/requirement_group$' },
  { method: 'PATCH', path: '^/porting_orders/[^/]+$' },
];

describe('an apply that attaches and is killed', () => {
  const places = [
    ...ATTACHMENTS,
    { method: 'PATCH', path: '^/requirement_groups/[^/]+$' },
    { method: 'POST', path: '/submit_for_approval$' },
    ...[1, 2].map((nth) => ({ method: 'GET', path: '^/sub_number_orders/[^/]+$', nth })),
    { method: 'GET', path: '^/number_orders/[^/]+$' },
    ...[1, 2].map((nth) => ({ method: 'GET', path: '^/number_order_phone_numbers/[^/]+$', nth })),
    ...[1, 2].map((nth) => ({ method: 'GET', path: '^/porting_orders/[^/]+$', nth })),
    ...[1, 2].map((nth) => ({ method: 'GET', path: '^/porting_orders/[^/]+/requirements$', nth })),
  ].map((place) => ({ nth: 1, ...place }));

  it.each(places)('at $method $path number $nth is simply run again', async (match) => {
    const { signal } = await interruptAt(match, ({ child }) => child.kill('SIGKILL'));
    expect(signal).toBe('SIGKILL');
    await expectConvergence();
  });

  it('by SIGTERM finishes the request in flight, attaches to nothing more, and exits 130', async () => {
    const [place] = ATTACHMENTS;
    const { code, out } = await interruptAt({ ...place, nth: 1 }, ({ child }) => child.kill('SIGTERM'));
    expect(code).toBe(130);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes.map(({ name, status, operations }) => [name, status, operations])).toEqual([
      ['de-local', 'failed', ['patch', 'submit', 'attach']],
      ['de-porting', 'skipped', []],
    ]);
    expect(outcomes[0]?.error).toMatchObject({ code: 'interrupted' });
    await expectConvergence();
  });
});

describe('an order that failed before an apply was stopped', () => {
  const refusal = { kind: 'status', status: 422, body: 'json', match: ATTACHMENTS[0] };
  const attachRefused = {
    status: 'failed',
    error: {
      code: 'attach-refused',
      status: 422,
      request_id: expect.any(String),
      errors: [{ code: expect.any(String), title: expect.any(String), detail: expect.any(String) }],
      source: { file: 'groups/de.yaml', line: 8 },
    },
  };

  it('is told with what Telnyx said, when the key is refused for the next', async () => {
    await repository.control('faults', refusal);
    await repository.control('faults', { ...refusal, status: 401, match: ATTACHMENTS[1] });
    const { code, out } = await repository.run(['apply', '--yes', '--parallelism', '1', '--format', 'json']);
    expect(code).toBe(4);
    const [outcome, other] = JSON.parse(out).outcomes;
    expect(outcome).toMatchObject(attachRefused);
    expect(outcome.warnings).toEqual([expect.stringMatching(/ answered 401: .* {2}groups\/de\.yaml:9$/)]);
    expect(other).toMatchObject({ status: 'skipped', error: { code: 'not-attempted' } });
    await expectConvergence();
  });

  it('is told with what Telnyx said, when it is interrupted before the next', async () => {
    await repository.control('faults', refusal);
    const look = { method: 'GET', path: `^/sub_number_orders/${orders.whole}$`, nth: 3 };
    const { code, out } = await interruptAt(look, ({ child }) => child.kill('SIGTERM'));
    expect(code).toBe(130);
    const [outcome, other] = JSON.parse(out).outcomes;
    expect(outcome).toMatchObject(attachRefused);
    expect(outcome.warnings).toEqual([
      expect.stringMatching(/ interrupted before attach {2}groups\/de\.yaml:9$/),
    ]);
    expect(other).toMatchObject({ status: 'skipped' });
    await expectConvergence();
  });

  it('is never said to be left alone, when its answer was lost and the next is not begun', async () => {
    const [first, second] = [
      await placeOrder(repository, ['+49300000004']),
      await placeOrder(repository, ['+49300000005']),
    ];
    const ids = [first.subOrders.DE ?? '', second.subOrders.DE ?? ''];
    await repository.write('groups/de.yaml', attachedGroup(ids.map((id) => ({ sub_number_order: id }))));
    const lost = { kind: 'stall', commit: true };
    const place = { ...ATTACHMENTS[0], nth: 1 };
    const { code, out } = await interruptAt(place, ({ child }) => child.kill('SIGTERM'), lost);
    expect(code).toBe(130);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes.find(({ name }) => name === 'de-local')).toMatchObject({
      status: 'failed',
      operations: [],
      error: { code: 'outcome-unknown', source: { file: 'groups/de.yaml', line: 8 } },
      warnings: [expect.stringContaining(`${ids[1]} did not get the group's values: interrupted`)],
    });
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });
});

describe('an answer to an attachment that is lost', () => {
  const kinds = [
    { kind: 'drop_before' },
    { kind: 'drop_after' },
    { kind: 'truncate' },
    { kind: 'status', status: 500, body: 'html' },
    { kind: 'status', status: 502, body: 'html', commit: true },
  ];

  it.each(
    kinds.flatMap((fault) => ATTACHMENTS.map((match) => [fault.kind, match.path, match, fault] as const)),
  )('%s at %s ends with the values on the order, and in one run', async (_, __, match, fault) => {
    await repository.control('faults', { ...fault, match });
    const { code, out } = await repository.run(['apply', '--yes']);
    expect(code, out).toBe(0);
    const sent = (await repository.requests()).filter(
      ({ method, path }) => method === 'POST' && path.endsWith('/requirement_group'),
    );
    // One for each of two orders, and one more where the first is known not to have arrived.
    const isLost = match.method === 'POST' && (fault.kind === 'drop_before' || fault.status === 500);
    expect(sent).toHaveLength(isLost ? 3 : 2);
    await expectConvergence();
  });

  it('is an error of its own when it stays lost, and another group is not touched by it', async () => {
    await repository.control('faults', { kind: 'drop_before', times: 9, match: ATTACHMENTS[0] });
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json']);
    expect(code).toBe(4);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes.map(({ name, status }) => [name, status])).toEqual([
      ['de-local', 'failed'],
      ['de-porting', 'applied'],
    ]);
    expect(outcomes[0]).toMatchObject({
      operations: ['patch', 'submit', 'attach'],
      error: { code: 'outcome-unknown', source: { file: 'groups/de.yaml', line: 8 } },
    });
    expect((await valuesOf(repository, orders.part))[DE_REQUIREMENTS.contact]?.[0]).toBe('Jo Example');
    await repository.control('faults', undefined, 'DELETE');
    await expectConvergence();
  }, 60_000);
});
