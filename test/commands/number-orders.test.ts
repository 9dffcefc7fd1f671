import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validatePlan } from '../../src/commands/plan-validators.js';
import type { Outcome, Plan, PlanChange } from '../../src/model/plan.ts';
import {
  BERLIN,
  directTexts,
  type HeldOrder,
  heldOrders,
  numberOrder,
  SECOND,
} from '../support/number-orders.ts';
import { callApi, placeOrder, valuesOf } from '../support/orders.ts';
import { DE_REQUIREMENTS, germanGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

const { contact, form } = DE_REQUIREMENTS;
const REFERENCE = 'regsync/acme/order/berlin';

let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({ 'groups/de.yaml': germanGroup(), 'groups/orders.yaml': numberOrder() });
});
afterEach(() => stage.end());

/** As the schema has it, and without a number in it. */
async function plan(...args: string[]): Promise<Plan> {
  const { code, out, err } = await stage.run(['plan', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  expect(out).not.toContain('4930000000');
  const made = JSON.parse(out);
  expect(validatePlan(made), JSON.stringify(validatePlan.errors)).toBe(true);
  return made;
}

async function apply(expected = 0, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await stage.run([
    'apply',
    '--yes',
    '--allow-orders',
    '--format',
    'json',
    ...args,
  ]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function expectNothingLeft(): Promise<void> {
  const { code, out } = await stage.run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
}

function orderChanges({ changes }: Plan): readonly PlanChange[] {
  return changes.filter(({ kind }) => kind === 'NumberOrder');
}

function orderOutcome(outcomes: readonly Outcome[]): Outcome | undefined {
  return outcomes.find(({ kind }) => kind === 'NumberOrder');
}

async function onlyOrder(): Promise<HeldOrder> {
  const orders = await heldOrders(stage);
  expect(orders).toHaveLength(1);
  return orders[0] as HeldOrder;
}

async function placements(): Promise<number> {
  const requests = await stage.requests();
  return requests.filter(({ method, path }) => method === 'POST' && path === '/number_orders').length;
}

async function problem(...args: string[]): Promise<string> {
  const { code, out, err } = await stage.run(['plan', ...args]);
  expect(code, out + err).toBe(3);
  return err;
}

describe('an order that does not exist yet', () => {
  it('is shown with what it costs, placed after its group with the group’s values, and then nothing is left to do', async () => {
    await stage.write(
      'groups/orders.yaml',
      numberOrder({
        numbers: [SECOND, BERLIN],
        extra: 'requirement_group: de-local\nconnection_id: "346789098765567"\n',
      }),
    );
    const planned = await plan('--allow-orders');
    expect(planned.applyable).toBe(true);
    expect(planned.summary.number_orders).toEqual({ create: 1, update: 0, unchanged: 0 });
    expect(planned.changes.at(-1)).toMatchObject({
      kind: 'NumberOrder',
      name: 'berlin',
      id: null,
      actions: ['create'],
      source: { file: 'groups/orders.yaml', line: 1 },
      depends_on: ['RequirementGroup/de-local'],
      consequences: [
        'orders 2 phone numbers, which costs money',
        expect.stringContaining('"Local Address" is where the numbers are'),
      ],
      order: { verb: 'create', status: null, phone_numbers: 2, group: 'de-local', values: [] },
    });
    const patch = planned.changes.at(-1)?.patch ?? [];
    expect(patch).toContainEqual({ op: 'add', path: '/customer_reference', value: REFERENCE });
    expect(patch).toContainEqual({ op: 'add', path: '/connection_id', value: '346789098765567' });
    expect(patch).toContainEqual({
      op: 'add',
      path: '/phone_numbers',
      value: [expect.stringMatching(/^«[0-9a-f]{8}»$/), expect.stringMatching(/^«[0-9a-f]{8}»$/)],
    });

    const outcomes = await apply();
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ['RequirementGroup', 'applied'],
      ['NumberOrder', 'applied'],
    ]);
    const order = await onlyOrder();
    expect(orderOutcome(outcomes)).toMatchObject({
      name: 'berlin',
      id: order.id,
      operations: ['create'],
      group_status: 'pending',
      error: null,
      warnings: [],
    });
    expect(order).toMatchObject({ customer_reference: REFERENCE, connection_id: '346789098765567' });
    expect(order.phone_numbers.map(({ phone_number }) => phone_number)).toEqual([BERLIN, SECOND]);
    const held = await valuesOf(stage, order.sub_number_orders_ids[0] ?? '');
    expect(held[contact]).toEqual(['Compliance desk, Example GmbH', 'pending-approval']);
    await expectNothingLeft();
  });

  it('has its place in every picture of a plan and of an apply', async () => {
    const text = (await stage.run(['plan', '--allow-orders'])).out;
    expect(text).toContain('scope acme · 1 group · 1 order');
    expect(text).toMatch(
      /^ {2}\+ {2}berlin {2}order of 1 number {2}→ pending {2}place {2}groups\/orders\.yaml:1$/m,
    );
    expect(text).toMatch(/^ {6}= with group de-local$/m);
    expect(text).toMatch(/^ {6}! orders 1 phone number, which costs money$/m);
    expect(text).toContain('1 to submit, 1 order to place.');
    const markdown = (await stage.run(['plan', '--allow-orders', '--format', 'markdown'])).out;
    expect(markdown).toContain('### regsync plan · 1 group and 1 order change · 1 order to place');
    expect(markdown).toContain('**1 order will be placed, which costs money:** `berlin`.');
    expect(markdown).toContain('| 🟢 | `berlin` | order of 1 number | – → `pending` | **place** |');
    const summary = join(stage.folder, 'summary.md');
    const args = ['ci', 'apply', '--allow-orders', '--allow-unreviewed', '--summary', summary];
    const { code, out } = await stage.run(args);
    expect([code, out]).toEqual([0, expect.stringMatching(/berlin {4}applied {2}order placed {2,}pending/)]);
    expect(await readFile(summary, 'utf8')).toMatch(/regsync apply · 1 group and 1 order done/);
    const status = JSON.parse((await stage.run(['status', '--format', 'json'])).out);
    expect(status.groups[0].orders).toMatchObject([
      { kind: 'sub_number_order', state: 'carries', source: { file: 'groups/orders.yaml', line: 6 } },
    ]);
    expect((await stage.run(['plan'])).out).toContain(
      'No changes. 1 group and 1 order match their manifests.',
    );
  });

  it('is not placed as long as the gate is closed, and nothing else is done either', async () => {
    const planned = await plan();
    expect([planned.applyable, planned.diagnostics]).toMatchObject([
      false,
      [{ severity: 'error', code: 'orders-not-allowed', name: 'berlin' }],
    ]);
    const { code, err } = await stage.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain('"berlin" orders 1 phone number, which costs money: --allow-orders is needed');
    const writes = (await stage.requests()).filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
  });

  it('and was reviewed, is placed by the plan file alone; another number in it is refused', async () => {
    const out = join(stage.folder, 'plan.json');
    await plan('--allow-orders', '--out', out);
    await stage.write('groups/orders.yaml', numberOrder({ numbers: [SECOND] }));
    const stale = await stage.run(['apply', '--plan', out]);
    expect([stale.code, stale.err]).toEqual([
      5,
      expect.stringContaining('NumberOrder/berlin: what it should'),
    ]);
    expect(await placements()).toBe(0);
    await stage.write('groups/orders.yaml', numberOrder());
    const done = await stage.run(['apply', '--plan', out]);
    expect(done.code, done.err).toBe(0);
    const again = await stage.run(['apply', '--plan', out]);
    expect(again.code, again.err).toBe(0);
    expect(await placements()).toBe(1);
    await expectNothingLeft();
  });

  it('is skipped when its group fails in the same run, and placed by the next one', async () => {
    const match = { method: 'POST', path: '^/requirement_groups$' };
    await stage.control('faults', { kind: 'status', status: 422, match });
    const outcomes = await apply(4);
    expect(outcomes.map(({ kind, status }) => [kind, status])).toEqual([
      ['RequirementGroup', 'failed'],
      ['NumberOrder', 'skipped'],
    ]);
    expect(orderOutcome(outcomes)?.error).toMatchObject({
      code: 'not-attempted',
      message: 'not attempted: the change of its group "de-local" was not finished',
    });
    expect(await placements()).toBe(0);
    expect(orderOutcome(await apply())?.operations).toEqual(['create']);
    await expectNothingLeft();
  });

  it('waits for values where its group has too few, which is said before, and gets them when they are there', async () => {
    const partial = germanGroup({ extra: 'partial: true\n' }).replace(
      new RegExp(`  - requirement: ${form}\n.*\n`),
      '',
    );
    await stage.write('groups/de.yaml', partial);
    const planned = await plan('--allow-orders');
    expect(planned.attention).toContainEqual({
      code: 'unfulfilled',
      name: 'berlin',
      message:
        'is ordered without the group "de-local", which has no value for "Signed Regulatory Form": the order will wait for them until its deadline',
      source: { file: 'groups/orders.yaml', line: 6 },
    });
    await apply();
    const order = await onlyOrder();
    const [part = ''] = order.sub_number_orders_ids;
    expect((await valuesOf(stage, part))[contact]).toEqual(['', 'awaiting-value']);
    const { attention } = await plan();
    expect(attention.map(({ code }) => code)).toContain('unfulfilled');
    expect(attention.find(({ code }) => code === 'order-deadline')?.message).toMatch(
      new RegExp(`^sub number order ${part}: values wanted until \\d{4}-\\d{2}-\\d{2}, in 30 days; without`),
    );
    await stage.write('groups/de.yaml', germanGroup());
    expect((await apply()).map(({ operations }) => operations.at(-1))).toContain('attach');
    expect((await valuesOf(stage, part))[contact]?.[0]).toBe('Compliance desk, Example GmbH');
    await expectNothingLeft();
  });

  it('in a country that wants a fulfilled group is refused before any request', async () => {
    const group = `apiVersion: regsync/v1
kind: RequirementGroup
name: pt-local
country_code: PT
phone_number_type: local
action: ordering
partial: true
requirements: []
`;
    await stage.write('groups/de.yaml', group);
    await stage.write(
      'groups/orders.yaml',
      numberOrder({ numbers: ['+351300000001'], extra: 'requirement_group: pt-local\n' }),
    );
    const planned = await plan('--allow-orders');
    expect(planned.applyable).toBe(false);
    expect(planned.diagnostics).toMatchObject([
      {
        code: 'order-needs-fulfilled-group',
        message: expect.stringContaining('numbers in PT cannot be ordered without a fulfilled group'),
        source: { file: 'groups/orders.yaml', line: 6 },
      },
    ]);
    await apply(5).catch(() => {});
    expect((await stage.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('with a group that is not in the run is placed with the group as it is, or not at all', async () => {
    const alone = await plan('--allow-orders', '--target', 'berlin');
    expect(alone.diagnostics).toMatchObject([{ code: 'order-needs-group' }]);
    await apply(0, '--target', 'de-local');
    await stage.write('groups/de.yaml', germanGroup({ contact: 'Jo Example' }));
    expect(orderChanges(await plan('--allow-orders', 'groups/orders.yaml'))).toHaveLength(1);
    expect((await apply(0, 'groups/orders.yaml')).map(({ kind }) => kind)).toEqual(['NumberOrder']);
    const { sub_number_orders_ids: parts } = await onlyOrder();
    expect((await valuesOf(stage, parts[0] ?? ''))[contact]?.[0]).toBe('Compliance desk, Example GmbH');
    expect((await plan()).summary).toMatchObject({ groups: { update: 1 }, attach: 1 });
  });

  it('and is refused, says which and why, and leaves nothing behind', async () => {
    await placeOrder(stage, [BERLIN]);
    await stage.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const outcome = orderOutcome(await apply(4));
    expect(outcome).toMatchObject({
      status: 'failed',
      operations: [],
      error: {
        code: 'refused-by-api',
        status: 422,
        hint: 'A number is gone: search for another, and change the manifest.',
        source: { file: 'groups/orders.yaml', line: 1 },
      },
    });
    expect(JSON.stringify(outcome)).not.toContain('49300000001');
    expect(await heldOrders(stage)).toHaveLength(1);
  });
});

describe('an order that exists', () => {
  it('follows its group: plan shows the order, apply gives it the values', async () => {
    await apply();
    const { sub_number_orders_ids: parts } = await onlyOrder();
    await stage.write('groups/de.yaml', germanGroup({ contact: 'Jo Example' }));
    const { changes } = await plan();
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      actions: ['update', 'submit', 'attach'],
      group: { attaches: [{ id: parts[0], source: { file: 'groups/orders.yaml', line: 6 } }] },
    });
    await apply();
    expect((await valuesOf(stage, parts[0] ?? ''))[contact]?.[0]).toBe('Jo Example');
    expect(await placements()).toBe(1);
    await expectNothingLeft();
  });

  it('is left alone when its manifest is gone, and not placed again when it comes back', async () => {
    await apply();
    await stage.write('groups/orders.yaml', germanGroup({ name: 'other', contact: 'Other' }));
    await apply();
    expect((await onlyOrder()).status).toBe('pending');
    await stage.write('groups/orders.yaml', numberOrder());
    await apply();
    expect(await placements()).toBe(1);
  });

  it.each([
    ['another number', [BERLIN, SECOND], 6, 'it does not have this one'],
    ['fewer numbers', [SECOND], 5, 'it has 1 that the manifest does not state'],
  ])('has its numbers for good: %s is a problem', async (_, numbers, line, why) => {
    await apply();
    await stage.write('groups/orders.yaml', numberOrder({ numbers }));
    const err = await problem();
    expect(err).toMatch(new RegExp(`groups/orders\\.yaml:${line}:.*fixed when it was placed, and ${why}`));
    expect(err).toContain('add another NumberOrder');
  });

  it('has its settings for good: others are something to know, and no change', async () => {
    await apply();
    await stage.write(
      'groups/orders.yaml',
      numberOrder({ extra: 'requirement_group: de-local\nconnection_id: "1"\n' }),
    );
    const { changes, attention } = await plan();
    expect(changes).toEqual([]);
    expect(attention).toContainEqual({
      code: 'order-differs',
      name: 'berlin',
      message: `number order ${(await onlyOrder()).id} has no connection_id, not 1: it was fixed when the order was placed`,
      source: { file: 'groups/orders.yaml', line: 7 },
    });
  });

  it('and failed is never placed again', async () => {
    await apply();
    const { id } = await onlyOrder();
    await stage.control(`number_orders/${id}/cancel`, {});
    const { attention } = await plan();
    expect(attention.filter(({ name }) => name === 'berlin')).toMatchObject([
      { code: 'order-failed', message: expect.stringContaining('cancelled; it is not placed again') },
    ]);
    await apply();
    expect(await placements()).toBe(1);
  });

  it('twice under one reference is refused with both ids, and nothing is done', async () => {
    const [first, second] = [await placeOrder(stage, [BERLIN]), await placeOrder(stage, [SECOND])];
    for (const { id } of [first, second]) {
      await stage.control(`number_orders/${id}`, { customer_reference: REFERENCE }, 'PATCH');
    }
    const { code, err } = await stage.run(['apply', '--yes', '--allow-orders']);
    expect(code).toBe(5);
    for (const { id } of [first, second]) expect(err).toContain(id);
    expect((await stage.state()).groups).toEqual([]);
  });

  it('and is named by its id keeps its reference, unless the manifest states another', async () => {
    const { id } = await placeOrder(stage, [BERLIN]);
    await stage.write('groups/orders.yaml', numberOrder({ numbers: [], extra: `id: ${id}\n` }));
    await apply();
    expect((await onlyOrder()).customer_reference).toBe('');
    await expectNothingLeft();
    const stated = `id: ${id}\ncustomer_reference: MY REF 001\n`;
    await stage.write('groups/orders.yaml', numberOrder({ extra: stated }));
    expect(orderChanges(await plan())).toMatchObject([
      {
        actions: ['adopt'],
        patch: [{ op: 'add', path: '/customer_reference', value: 'MY REF 001' }],
        order: { verb: 'adopt', phone_numbers: 1 },
      },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['patch']);
    expect((await onlyOrder()).customer_reference).toBe('MY REF 001');
    expect(await heldOrders(stage)).toHaveLength(1);
    await expectNothingLeft();
  });

  it('that Telnyx does not have, or another repository owns, is a mistake at its line', async () => {
    const nowhere = '00000000-0000-4000-8000-000000000000';
    await stage.write('groups/orders.yaml', numberOrder({ extra: `id: ${nowhere}\n` }));
    expect(await problem()).toMatch(/groups\/orders\.yaml:6:.*Telnyx has no number order 0{8}-/);
    const { id } = await placeOrder(stage, [BERLIN]);
    await stage.control(`number_orders/${id}`, { customer_reference: 'regsync/other/order/x' }, 'PATCH');
    await stage.write('groups/orders.yaml', numberOrder({ extra: `id: ${id}\n` }));
    const { code, err } = await stage.run(['plan']);
    expect([code, err]).toEqual([5, expect.stringContaining('belongs to another regsync scope')]);
  });

  it('warns in time where the address is not where Telnyx has the numbers', async () => {
    await apply();
    const [number] = (await onlyOrder()).phone_numbers;
    const move = (locality: string) =>
      stage.control(`number_order_phone_numbers/${number?.id}`, { locality }, 'PATCH');
    await move('BERLIN');
    expect((await plan()).attention.map(({ code }) => code)).not.toContain('order-address-mismatch');
    await move('HAMBURG');
    const found = (await plan()).attention.filter(({ code }) => code === 'order-address-mismatch');
    expect(found).toMatchObject([{ name: 'de-local', source: { file: 'groups/orders.yaml', line: 6 } }]);
    expect(found[0]?.message).toContain('Telnyx has its numbers in "HAMBURG"');
    expect(JSON.stringify(found)).not.toMatch(/Berlin|Musterstraße/);
  });
});

describe('values of its own', () => {
  const own = (text: string) => numberOrder({ extra: directTexts({ [contact]: text }) });

  it('are written right after the order is placed, and follow the manifest from then on', async () => {
    await stage.write('groups/orders.yaml', own('Jo Example'));
    const planned = orderChanges(await plan('--allow-orders'));
    expect(planned).toMatchObject([
      {
        actions: ['create', 'update'],
        order: { group: null, values: [{ requirement_id: contact, before: null }] },
      },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['create', 'patch']);
    const { sub_number_orders_ids: parts } = await onlyOrder();
    expect((await valuesOf(stage, parts[0] ?? ''))[contact]?.[0]).toBe('Jo Example');
    await expectNothingLeft();
    await stage.write('groups/orders.yaml', own('Somebody Else'));
    expect(orderChanges(await plan())).toMatchObject([
      { actions: ['update'], patch: [{ op: 'replace', path: `/requirements/${contact}` }] },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['patch']);
    expect((await valuesOf(stage, parts[0] ?? ''))[contact]?.[0]).toBe('Somebody Else');
    await expectNothingLeft();
  });

  it('may be documents, which are uploaded before the order is placed', async () => {
    const document = `requirements:\n  - requirement: ${form}\n    document: { file: ../documents/registration.pdf }\n`;
    await stage.write('groups/de.yaml', numberOrder({ extra: document }));
    await stage.write(
      'groups/orders.yaml',
      '---\n'.repeat(0) + numberOrder({ name: 'other', numbers: [SECOND] }),
    );
    await stage.write(
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
    expect((await stage.state()).documents).toHaveLength(1);
    await expectNothingLeft();
  });

  it('that are approved stay, and that were declined are not sent again', async () => {
    await stage.write('groups/orders.yaml', own('Jo Example'));
    await apply();
    const [part = ''] = (await onlyOrder()).sub_number_orders_ids;
    await stage.control(`sub_number_orders/${part}/decline`, { requirement_ids: [contact] });
    const { changes, attention } = await plan();
    expect(changes).toEqual([]);
    expect(attention.map(({ code }) => code)).toContain('order-declined');
    await stage.control(`sub_number_orders/${part}/approve`, { requirement_ids: [contact] });
    await stage.write('groups/orders.yaml', own('Somebody Else'));
    await expectNothingLeft();
  });

  it('that the order does not demand are something to know', async () => {
    await apply();
    const { id } = await onlyOrder();
    const unknown = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
    await stage.write(
      'groups/orders.yaml',
      numberOrder({ extra: `id: ${id}\n${directTexts({ [unknown]: 'x' })}` }),
    );
    const { changes, attention } = await plan();
    expect(orderChanges({ changes } as Plan)).toEqual([]);
    expect(attention.map(({ code }) => code)).toContain('requirements-changed');
  });

  it('of the wrong type are a mistake at their line', async () => {
    const { id } = await placeOrder(stage, [BERLIN]);
    await stage.write(
      'groups/orders.yaml',
      numberOrder({ extra: `id: ${id}\n${directTexts({ [form]: 'a text' })}` }),
    );
    expect(await problem()).toMatch(/groups\/orders\.yaml:9:.*takes a document, not text/);
  });
});

describe('an answer that lies or is lost', () => {
  const match = { method: 'POST', path: '^/number_orders$' };

  it.each([
    ['after', { kind: 'drop_after' }],
    ['after, as an error', { kind: 'status', status: 502, body: 'html', commit: true }],
    ['after, cut', { kind: 'truncate' }],
  ])('%s the order was placed: it is found by its reference', async (_, fault) => {
    await stage.control('faults', { ...fault, match });
    expect(orderOutcome(await apply())).toMatchObject({ status: 'applied', operations: ['create'] });
    expect(await placements()).toBe(1);
    await onlyOrder();
    await expectNothingLeft();
  });

  it.each([
    ['before it was placed', { kind: 'drop_before' }],
    ['before it was placed, as an error', { kind: 'status', status: 500, body: 'html' }],
  ])('%s: it is not tried again in this run, and placed by the next', async (_, fault) => {
    await stage.control('faults', { ...fault, match });
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
    await stage.control('faults', { kind: 'noop', match });
    expect(orderOutcome(await apply(4))?.error?.code).toMatch(
      /write-without-effect|outcome-unknown|unreachable/,
    );
    await apply();
    await onlyOrder();
    await expectNothingLeft();
  });

  it('with other numbers than were ordered is no success, and is not placed again', async () => {
    await stage.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const running = stage.start(['apply', '--yes', '--allow-orders', '--format', 'json']);
    const lists = async () => (await stage.requests()).filter(({ path }) => path === '/number_orders').length;
    while ((await lists()) < 3) await new Promise((again) => setTimeout(again, 50));
    const { id } = await placeOrder(stage, [SECOND]);
    await stage.control(`number_orders/${id}`, { customer_reference: REFERENCE }, 'PATCH');
    const { code, out } = await running.result;
    expect(code).toBe(4);
    expect(orderOutcome(JSON.parse(out).outcomes)?.error).toMatchObject({
      code: 'write-without-effect',
      message: expect.stringContaining('does not show the numbers that were ordered'),
    });
    expect(await problem()).toContain('fixed when it was placed');
    await onlyOrder();
  });

  it('and lists that lag do not place it twice: it is looked for again right before', async () => {
    await stage.control('quirks', { list_lag_ms: 3000 }, 'PATCH');
    const placed = await placeOrder(stage, [BERLIN]);
    await stage.control(`number_orders/${placed.id}`, { customer_reference: REFERENCE }, 'PATCH');
    await stage.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const outcome = orderOutcome(await apply());
    expect(outcome).toMatchObject({ status: 'applied', operations: [], id: placed.id });
    expect(outcome?.warnings).toEqual([
      `number order ${placed.id} has this reference already: none was placed`,
    ]);
    await onlyOrder();
  });

  it('to an edit without effect is a failure, and mended by the next run', async () => {
    await apply();
    const { id } = await onlyOrder();
    const stated = `id: ${id}\nrequirement_group: de-local\ncustomer_reference: MY REF 001\n`;
    await stage.write('groups/orders.yaml', numberOrder({ extra: stated }));
    await stage.control('faults', { kind: 'noop', match: { method: 'PATCH', path: '^/number_orders/' } });
    expect(orderOutcome(await apply(4))).toMatchObject({
      operations: ['patch'],
      error: { code: 'write-without-effect' },
    });
    await apply();
    expect((await onlyOrder()).customer_reference).toBe('MY REF 001');
    await expectNothingLeft();
  });

  it('leaves a placed order that cannot be found again with advice', async () => {
    await stage.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    await stage.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const outcome = orderOutcome(await apply());
    expect(outcome?.warnings).toEqual([expect.stringContaining(`write “id: ${outcome?.id}”`)]);
  });
});

describe('a manifest that is wrong', () => {
  it('about the type of a value is told offline, where there is a lock', async () => {
    await stage.run(['lock']);
    await stage.write('groups/orders.yaml', numberOrder({ extra: directTexts({ [form]: 'x' }) }));
    const { code, err } = await stage.run(['validate']);
    expect([code, err]).toEqual([3, expect.stringMatching(/"Signed Regulatory Form" takes a document/)]);
  });

  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['an unknown group', 'requirement_group: de-locall\n', /:6:.*unknown requirement group "de-locall".*/],
    [
      'a group and values',
      `requirement_group: de-local\n${directTexts({ [contact]: 'x' })}`,
      /exclude one another/,
    ],
    [
      'a name for a requirement',
      directTexts({ 'Contact Info': 'x' }),
      /:7:.*`regsync explain` shows the ids/,
    ],
    ['a reserved reference', 'customer_reference: regsync/acme/x\n', /made from names/],
    ['an unknown key', 'conection_id: "1"\n', /connection_id/],
  ];
  it.each(cases)('%s is a problem at its line', async (_, extra, expected) => {
    await stage.write('groups/orders.yaml', numberOrder({ extra }));
    const { code, err } = await stage.run(['validate']);
    expect([code, err]).toEqual([3, expect.stringMatching(expected)]);
  });

  it('the same number twice, no numbers, a number without a plus', async () => {
    const manifest = (numbers: readonly string[]) => numberOrder({ numbers, extra: '' });
    for (const [numbers, expected] of [
      [[BERLIN, BERLIN], /:6:.*already given on line 5/],
      [[], /an order needs "phone_numbers"/],
      [['49300000001'], /E\.164/],
    ] as const) {
      await stage.write('groups/orders.yaml', manifest(numbers));
      const { code, err } = await stage.run(['validate']);
      expect([code, err]).toEqual([3, expect.stringMatching(expected)]);
    }
  });

  it('two orders of one reference, and an order that a group attaches, too', async () => {
    const { id } = await placeOrder(stage, [BERLIN]);
    const reference = 'customer_reference: MY REF 001\n';
    await stage.write(
      'groups/orders.yaml',
      `${numberOrder({ extra: reference })}---\n${numberOrder({ name: 'second', extra: reference })}---\n${numberOrder({ name: 'third', extra: `id: ${id}\n` })}`,
    );
    await stage.write('groups/de.yaml', germanGroup({ extra: `attach:\n  - number_order: ${id}\n` }));
    const { code, err } = await stage.run(['validate']);
    expect(code).toBe(3);
    expect(err).toContain('the same reference as "berlin"');
    expect(err).toMatch(/groups\/orders\.yaml:12:.*this phone number is ordered by "berlin"/);
    expect(err).not.toContain('4930000000');
    expect(err).toMatch(/this number order is already named by/);
  });
});

it('is searched for in no other way than by its reference: an order of somebody else is not touched', async () => {
  const foreign = await placeOrder(stage, [SECOND]);
  await apply();
  const orders = await heldOrders(stage);
  expect(orders).toHaveLength(2);
  expect(orders.find(({ id }) => id === foreign.id)?.customer_reference).toBe('');
  expect(await callApi(stage, 'GET', `/number_orders/${foreign.id}`)).toMatchObject({ status: 'pending' });
});
