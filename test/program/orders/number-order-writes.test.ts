import { describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan/plan.ts';
import {
  BERLIN,
  directTexts,
  heldOrders,
  numberOrder,
  orderChanges,
  orderOutcome,
  SECOND,
  useOrders,
} from '../../support/number-orders.ts';
import { callApi, placeOrder, valuesOf } from '../../support/orders.ts';
import { interferingProxy } from '../../support/proxies/interfering-proxy.ts';
import { DE_REQUIREMENTS, germanGroup } from '../../support/test-repository.ts';

const { contact, form } = DE_REQUIREMENTS;
const REFERENCE = 'regsync/acme/order/berlin';
const NONE = { data: [], meta: { page_number: 1, page_size: 250, total_pages: 0, total_results: 0 } };

const here = useOrders();
const { plan, apply, expectNothingLeft, onlyOrder, placements, problem } = here;

describe('values of its own', () => {
  const own = (text: string) => numberOrder({ extra: directTexts({ [contact]: text }) });

  it('are written right after the order is placed, and follow the manifest from then on', async () => {
    await here.repository.write('groups/orders.yaml', own('Jo Example'));
    const planned = orderChanges(await plan('--allow-orders'));
    expect(planned).toMatchObject([
      {
        actions: ['create', 'update'],
        order: { group: null, values: [{ requirement_id: contact, before: null }] },
      },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['create', 'patch']);
    const { sub_number_orders_ids: parts } = await onlyOrder();
    expect((await valuesOf(here.repository, parts[0] ?? ''))[contact]?.[0]).toBe('Jo Example');
    await expectNothingLeft();
    await here.repository.write('groups/orders.yaml', own('Somebody Else'));
    expect(orderChanges(await plan())).toMatchObject([
      { actions: ['update'], patch: [{ op: 'replace', path: `/requirements/${contact}` }] },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['patch']);
    expect((await valuesOf(here.repository, parts[0] ?? ''))[contact]?.[0]).toBe('Somebody Else');
    await expectNothingLeft();
  });

  it('may be documents, which are uploaded before the order is placed', async () => {
    const document = `requirements:\n  - requirement: ${form}\n    document: { file: ../documents/registration.pdf }\n`;
    await here.repository.write('groups/de.yaml', numberOrder({ extra: document }));
    await here.repository.write(
      'groups/orders.yaml',
      numberOrder({ name: 'other', numbers: [SECOND], extra: document }),
    );
    const outcomes = await apply();
    expect(outcomes.flatMap(({ operations }) => operations).sort()).toEqual([
      'create',
      'create',
      'patch',
      'patch',
      'upload',
    ]);
    expect((await here.repository.state()).documents).toHaveLength(1);
    await expectNothingLeft();
  });

  it('that are approved stay, and that were declined are not sent again', async () => {
    await here.repository.write('groups/orders.yaml', own('Jo Example'));
    await apply();
    const [part = ''] = (await onlyOrder()).sub_number_orders_ids;
    await here.repository.control(`sub_number_orders/${part}/decline`, { requirement_ids: [contact] });
    const { changes, attention } = await plan();
    expect(changes).toEqual([]);
    expect(attention.map(({ code }) => code)).toContain('order-declined');
    await here.repository.control(`sub_number_orders/${part}/approve`, { requirement_ids: [contact] });
    await here.repository.write('groups/orders.yaml', own('Somebody Else'));
    await expectNothingLeft();
  });

  it('that the order does not demand are something to know', async () => {
    await apply();
    const { id } = await onlyOrder();
    const unknown = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
    await here.repository.write(
      'groups/orders.yaml',
      numberOrder({ extra: `id: ${id}\n${directTexts({ [unknown]: 'x' })}` }),
    );
    const { changes, attention } = await plan();
    expect(orderChanges({ changes } as Plan)).toEqual([]);
    expect(attention.map(({ code }) => code)).toContain('requirements-changed');
  });

  it('of the wrong type are a mistake at their line', async () => {
    const { id } = await placeOrder(here.repository, [BERLIN]);
    await here.repository.write(
      'groups/orders.yaml',
      numberOrder({ extra: `id: ${id}\n${directTexts({ [form]: 'a text' })}` }),
    );
    expect(await problem()).toMatch(/groups\/orders\.yaml:9:.*takes a document, not a text/);
  });
});

describe('an answer that lies or is lost', () => {
  const match = { method: 'POST', path: '^/number_orders$' };

  it.each([
    ['after', { kind: 'drop_after' }],
    ['after, as an error', { kind: 'status', status: 502, body: 'html', commit: true }],
    ['after, cut', { kind: 'truncate' }],
  ])('%s the order was placed: it is found by its reference', async (_, fault) => {
    await here.repository.control('faults', { ...fault, match });
    expect(orderOutcome(await apply())).toMatchObject({ status: 'applied', operations: ['create'] });
    expect(await placements()).toBe(1);
    await onlyOrder();
    await expectNothingLeft();
  });

  it.each([
    ['before it was placed', { kind: 'drop_before' }],
    ['before it was placed, as an error', { kind: 'status', status: 500, body: 'html' }],
  ])('%s: it is not tried again in this run, and placed by the next', async (_, fault) => {
    await here.repository.control('faults', { ...fault, match });
    expect(orderOutcome(await apply(4))).toMatchObject({
      status: 'failed',
      operations: [],
      error: { code: 'outcome-unknown', hint: expect.stringContaining('Apply again in a minute') },
    });
    expect(await placements()).toBe(1);
    await apply();
    await onlyOrder();
    await expectNothingLeft();
  });

  it('although nothing was placed is no success', async () => {
    await here.repository.control('faults', { kind: 'noop', match });
    expect(orderOutcome(await apply(4))?.error?.code).toMatch(
      /write-without-effect|outcome-unknown|unreachable/,
    );
    await apply();
    await onlyOrder();
    await expectNothingLeft();
  });

  it('with other numbers than were ordered is no success, and is not placed again', async () => {
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const running = here.repository.start(['apply', '--yes', '--allow-orders', '--format', 'json']);
    const lists = async () =>
      (await here.repository.requests()).filter(({ path }) => path === '/number_orders').length;
    while ((await lists()) < 3) await new Promise((again) => setTimeout(again, 50));
    const { id } = await placeOrder(here.repository, [SECOND]);
    await here.repository.control(`number_orders/${id}`, { customer_reference: REFERENCE }, 'PATCH');
    const { code, out } = await running.result;
    expect(code).toBe(4);
    expect(orderOutcome(JSON.parse(out).outcomes)?.error).toMatchObject({
      code: 'write-without-effect',
      message: expect.stringContaining('does not show the numbers that were ordered'),
    });
    expect(await problem()).toContain('cannot change, and it does not have this one');
    await onlyOrder();
  });

  it('and lists that lag do not place it twice: it is looked for again right before', async () => {
    const placed = await placeOrder(here.repository, [BERLIN]);
    await here.repository.control(`number_orders/${placed.id}`, { customer_reference: REFERENCE }, 'PATCH');
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: '' }));
    // Neither the lists of the plan nor the first one after it show the order.
    let asked = 0;
    const env = await interferingProxy(here.repository, (method, path) =>
      method === 'GET' && path === '/number_orders' && ++asked <= 3 ? { status: 200, body: NONE } : null,
    );
    const run = ['apply', '--yes', '--allow-orders', '--format', 'json'];
    const { code, out, err } = await here.repository.run(run, { env });
    expect(code, out + err).toBe(0);
    const outcome = orderOutcome(JSON.parse(out).outcomes);
    expect(outcome).toMatchObject({ status: 'applied', operations: [], id: placed.id });
    expect(outcome?.warnings).toEqual([
      `number order ${placed.id} has this reference already: none was placed`,
    ]);
    await onlyOrder();
  });

  it('several wait side by side before they are placed, and each is looked for three times', async () => {
    const names = ['berlin', 'other'];
    const orders = names.map((name, index) =>
      numberOrder({ name, numbers: [`+4930000002${index}`], extra: '' }),
    );
    await here.repository.write('groups/orders.yaml', orders.join('---\n'));
    await here.repository.forgetRequests();
    await apply(0, '--parallelism', '1');
    const requests = (await here.repository.requests()).filter(({ path }) => path === '/number_orders');
    const placedAt = requests.flatMap(({ method }, index) => (method === 'POST' ? [index] : []));
    const looksBefore = (index: number | undefined) =>
      names.map((name) => requests.slice(0, index).filter(({ query }) => asksFor(query, name)).length);
    // One of them to plan.
    for (const looks of looksBefore(placedAt[0])) expect(looks).toBeGreaterThanOrEqual(2);
    for (const looks of looksBefore(placedAt[1])) expect(looks).toBeGreaterThanOrEqual(4);
    expect(await here.placements()).toBe(2);
    await expectNothingLeft();
  });

  it('to an edit without effect is a failure, and mended by the next run', async () => {
    await apply();
    const { id } = await onlyOrder();
    const stated = `id: ${id}\nrequirement_group: de-local\ncustomer_reference: MY REF 001\n`;
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: stated }));
    await here.repository.control('faults', {
      kind: 'noop',
      match: { method: 'PATCH', path: '^/number_orders/' },
    });
    expect(orderOutcome(await apply(4))).toMatchObject({
      operations: ['patch'],
      error: { code: 'write-without-effect' },
    });
    await apply();
    expect((await onlyOrder()).customer_reference).toBe('MY REF 001');
    await expectNothingLeft();
  });

  it('leaves a placed order that cannot be found again with advice', async () => {
    await here.repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const outcome = orderOutcome(await apply());
    expect(outcome?.warnings).toEqual([
      expect.stringContaining(`write \`id: ${outcome?.id}\` into its manifest`),
    ]);
  });
});

describe('a manifest that is wrong', () => {
  it('about the type of a value is told offline, where there is a lock', async () => {
    await here.repository.run(['lock']);
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: directTexts({ [form]: 'x' }) }));
    const { code, err } = await here.repository.run(['validate']);
    expect([code, err]).toEqual([3, expect.stringMatching(/"Signed Regulatory Form" takes a document/)]);
  });

  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown group', 'requirement_group: de-locall\n', /:6:.*unknown requirement group "de-locall".*/],
    [
      'a group and values',
      `requirement_group: de-local\n${directTexts({ [contact]: 'x' })}`,
      /exclude each other/,
    ],
    [
      'a name for a requirement',
      directTexts({ 'Contact Info': 'x' }),
      /:7:.*`regsync explain` shows the ids/,
    ],
    ['a reserved reference', 'customer_reference: regsync/acme/x\n', /only regsync makes references/],
    ['an unknown key', 'conection_id: "1"\n', /connection_id/],
  ];
  it.each(cases)('%s is a problem at its line', async (_, extra, expected) => {
    await here.repository.write('groups/orders.yaml', numberOrder({ extra }));
    const { code, err } = await here.repository.run(['validate']);
    expect([code, err]).toEqual([3, expect.stringMatching(expected)]);
  });

  it('the same number twice, no numbers, a number without a plus', async () => {
    const manifest = (numbers: readonly string[]) => numberOrder({ numbers, extra: '' });
    for (const [numbers, expected] of [
      [[BERLIN, BERLIN], /:6:.*already given on line 5/],
      [[], /an order needs "phone_numbers"/],
      [['49300000001'], /E\.164/],
    ] as const) {
      await here.repository.write('groups/orders.yaml', manifest(numbers));
      const { code, err } = await here.repository.run(['validate']);
      expect([code, err]).toEqual([3, expect.stringMatching(expected)]);
    }
  });

  it('two orders of one reference, and an order that a group attaches, too', async () => {
    const { id } = await placeOrder(here.repository, [BERLIN]);
    const reference = 'customer_reference: MY REF 001\n';
    await here.repository.write(
      'groups/orders.yaml',
      `${numberOrder({ extra: reference })}---\n${numberOrder({ name: 'second', extra: reference })}---\n${numberOrder({ name: 'third', extra: `id: ${id}\n` })}`,
    );
    await here.repository.write(
      'groups/de.yaml',
      germanGroup({ extra: `attach:\n  - number_order: ${id}\n` }),
    );
    const { code, err } = await here.repository.run(['validate']);
    expect(code).toBe(3);
    expect(err).toContain('the same reference as "berlin"');
    expect(err).toMatch(/groups\/orders\.yaml:12:.*this phone number is ordered by "berlin"/);
    expect(err).not.toContain('4930000000');
    expect(err).toMatch(/this number order is already named by/);
  });
});

it('is searched for by its reference and its numbers alone: another order of somebody else is not touched', async () => {
  const foreign = await placeOrder(here.repository, [SECOND]);
  await apply();
  const orders = await heldOrders(here.repository);
  expect(orders).toHaveLength(2);
  expect(orders.find(({ id }) => id === foreign.id)?.customer_reference).toBe('');
  expect(await callApi(here.repository, 'GET', `/number_orders/${foreign.id}`)).toMatchObject({
    status: 'pending',
  });
});

function asksFor(query: string, name: string): boolean {
  return decodeURIComponent(query).includes(`=regsync/acme/order/${name}`);
}
