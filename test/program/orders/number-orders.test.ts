import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { placeOrder, valuesOf } from '../../support/orders.ts';
import { DE_REQUIREMENTS, germanGroup } from '../../support/test-repository.ts';

const { contact, form } = DE_REQUIREMENTS;
const REFERENCE = 'regsync/acme/order/berlin';

const here = useOrders();
const { plan, apply, expectNothingLeft, onlyOrder, placements, problem } = here;

describe('an order that does not exist yet', () => {
  it('is shown with what it costs, placed after its group with the group’s values, and then nothing is left to do', async () => {
    await here.repository.write(
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
        'goes to review: this run creates the group "de-local"',
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
    const held = await valuesOf(here.repository, order.sub_number_orders_ids[0] ?? '');
    expect(held[contact]).toEqual(['Compliance desk, Example GmbH', 'pending-approval']);
    await expectNothingLeft();
  });

  it('has its place in every picture of a plan and of an apply', async () => {
    const text = (await here.repository.run(['plan', '--allow-orders'])).out;
    expect(text).toContain('scope acme · 1 group · 1 order');
    expect(text).toMatch(
      /^ {2}\+ {2}berlin {2}order of 1 number {2}→ pending {2}place {2}groups\/orders\.yaml:1$/m,
    );
    expect(text).toMatch(/^ {6}= with group de-local$/m);
    expect(text).toMatch(/^ {6}! orders 1 phone number, which costs money$/m);
    expect(text).toContain('1 to submit, 1 order to place.');
    const markdown = (await here.repository.run(['plan', '--allow-orders', '--format', 'markdown'])).out;
    expect(markdown).toContain('### regsync plan · 1 group and 1 order change · 1 order to place');
    expect(markdown).toContain('**1 order will be placed, which costs money:** `berlin`.');
    expect(markdown).toContain('| 🟢 **place order** | `berlin` | order of 1 number<br>– → `pending` |');
    const summary = join(here.repository.folder, 'summary.md');
    const args = ['ci', 'apply', '--allow-orders', '--allow-unreviewed', '--summary', summary];
    const { code, out } = await here.repository.run(args);
    expect([code, out]).toEqual([0, expect.stringMatching(/berlin {4}applied {2}order placed {2,}pending/)]);
    expect(await readFile(summary, 'utf8')).toMatch(/regsync apply · 1 group and 1 order done/);
    const status = JSON.parse((await here.repository.run(['status', '--format', 'json'])).out);
    expect(status.groups[0].orders).toMatchObject([
      { kind: 'sub_number_order', state: 'carries', source: { file: 'groups/orders.yaml', line: 6 } },
    ]);
    expect((await here.repository.run(['plan'])).out).toContain(
      'No changes. 1 group and 1 order match their manifests.',
    );
  });

  it('is not placed as long as the gate is closed, and nothing else is done either', async () => {
    const planned = await plan();
    expect([planned.applyable, planned.diagnostics]).toMatchObject([
      false,
      [{ severity: 'error', code: 'orders-not-allowed', name: 'berlin' }],
    ]);
    const { code, err } = await here.repository.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain(
      '"berlin" orders 1 phone number, which costs money. To allow it, add --allow-orders',
    );
    const writes = (await here.repository.requests()).filter(({ method }) => method !== 'GET');
    expect(writes).toEqual([]);
  });

  it('and is in a plan file that was made with the gate shut, needs another plan file', async () => {
    const out = join(here.repository.folder, 'plan.json');
    await plan('--out', out);
    const { code, err } = await here.repository.run(['apply', '--plan', out]);
    expect(code).toBe(5);
    expect(err).toContain(
      'To allow it, add --allow-orders. A plan file keeps its gates. Make a new plan with `regsync plan --out FILE`',
    );
    expect(await placements()).toBe(0);
  });

  it('and was reviewed, is placed by the plan file alone; another number in it is refused', async () => {
    const out = join(here.repository.folder, 'plan.json');
    await plan('--allow-orders', '--out', out);
    await here.repository.write('groups/orders.yaml', numberOrder({ numbers: [SECOND] }));
    const stale = await here.repository.run(['apply', '--plan', out, '--allow-orders']);
    expect([stale.code, stale.err]).toEqual([
      5,
      expect.stringContaining('NumberOrder/berlin: its manifest changed'),
    ]);
    expect(await placements()).toBe(0);
    await here.repository.write('groups/orders.yaml', numberOrder());
    const done = await here.repository.run(['apply', '--plan', out, '--allow-orders']);
    expect(done.code, done.err).toBe(0);
    const again = await here.repository.run(['apply', '--plan', out, '--allow-orders']);
    expect(again.code, again.err).toBe(0);
    expect(await placements()).toBe(1);
    await expectNothingLeft();
  });

  it('is skipped when its group fails in the same run, and placed by the next one', async () => {
    const match = { method: 'POST', path: '^/requirement_groups$' };
    await here.repository.control('faults', { kind: 'status', status: 422, match });
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
    await here.repository.write('groups/de.yaml', partial);
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
    expect((await valuesOf(here.repository, part))[contact]).toEqual(['', 'awaiting-value']);
    const { attention } = await plan();
    expect(attention.map(({ code }) => code)).toContain('unfulfilled');
    expect(attention.find(({ code }) => code === 'order-deadline')?.message).toMatch(
      new RegExp(`^sub number order ${part}: needs values until \\d{4}-\\d{2}-\\d{2}, in 30 days; without`),
    );
    await here.repository.write('groups/de.yaml', germanGroup());
    expect((await apply()).map(({ operations }) => operations.at(-1))).toContain('attach');
    expect((await valuesOf(here.repository, part))[contact]?.[0]).toBe('Compliance desk, Example GmbH');
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
    await here.repository.write('groups/de.yaml', group);
    await here.repository.write(
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
    const { code } = await here.repository.run(['apply', '--yes', '--allow-orders']);
    expect(code).toBe(5);
    expect((await here.repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('with a group that is not in the run is placed with the group as it is, or not at all', async () => {
    const alone = await plan('--allow-orders', '--target', 'berlin');
    expect(alone.diagnostics).toMatchObject([{ code: 'order-needs-group' }]);
    await apply(0, '--target', 'de-local');
    await here.repository.write('groups/de.yaml', germanGroup({ contact: 'Jo Example' }));
    expect(orderChanges(await plan('--allow-orders', 'groups/orders.yaml'))).toHaveLength(1);
    expect((await apply(0, 'groups/orders.yaml')).map(({ kind }) => kind)).toEqual(['NumberOrder']);
    const { sub_number_orders_ids: parts } = await onlyOrder();
    expect((await valuesOf(here.repository, parts[0] ?? ''))[contact]?.[0]).toBe(
      'Compliance desk, Example GmbH',
    );
    expect((await plan()).summary).toMatchObject({ groups: { update: 1 }, attach: 1 });
  });

  it('was reviewed with its group, and is never placed without it', async () => {
    const { repository } = here;
    const blank = germanGroup({ extra: 'partial: true\n' }).replace(
      /requirements:\n[\s\S]*/,
      'requirements: []\n',
    );
    await repository.write('groups/de.yaml', blank);
    await repository.write(
      'groups/orders.yaml',
      numberOrder({ name: 'later', extra: 'requirement_group: de-local\n' }),
    );
    expect((await repository.run(['apply', '--yes', 'groups/de.yaml'])).code).toBe(0);
    await repository.write('groups/de.yaml', germanGroup());
    const reviewed = await repository.run(['plan', '--allow-orders', '--out', 'reviewed.json']);
    expect(reviewed.out).toContain('= with group de-local');
    const match = { method: 'PATCH', path: '/requirement_groups' };
    await repository.control('faults', { kind: 'status', status: 422, times: 2, match });
    expect((await repository.run(['apply', '--plan', 'reviewed.json', '--allow-orders'])).code).toBe(4);
    await repository.control('faults', undefined, 'DELETE');
    for (const { id } of (await repository.state()).documents)
      await repository.control(`documents/${id}/scan`, { result: 'infected' });
    const again = await repository.run(['apply', '--plan', 'reviewed.json', '--allow-orders']);
    expect([again.code, again.err]).toEqual([
      5,
      expect.stringContaining(
        'it would be ordered without a group, which the reviewed plan shows with group de-local',
      ),
    ]);
    expect(await placements()).toBe(0);
    // Nor does a plan of today promise it.
    expect((await repository.run(['plan', '--allow-orders'])).out).not.toContain('with group de-local');
  });

  it('and is refused, says which and why, and leaves nothing behind', async () => {
    await placeOrder(here.repository, [BERLIN]);
    // Lists do not show it, so that regsync cannot see whose number it is.
    await here.repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: '' }));
    const outcome = orderOutcome(await apply(4));
    expect(outcome).toMatchObject({
      status: 'failed',
      operations: [],
      error: {
        code: 'refused-by-api',
        status: 422,
        hint: 'A number is gone. Search for another one, and write it into the manifest.',
        source: { file: 'groups/orders.yaml', line: 1 },
      },
    });
    expect(JSON.stringify(outcome)).not.toContain('49300000001');
    await here.repository.control('quirks', { list_lag_ms: 0 }, 'PATCH');
    expect(await heldOrders(here.repository)).toHaveLength(1);
  });
});

describe('an order that exists', () => {
  it('follows its group: plan shows the order, apply gives it the values', async () => {
    await apply();
    const { sub_number_orders_ids: parts } = await onlyOrder();
    await here.repository.write('groups/de.yaml', germanGroup({ contact: 'Jo Example' }));
    const { changes } = await plan();
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      actions: ['update', 'submit', 'attach'],
      group: { attaches: [{ id: parts[0], source: { file: 'groups/orders.yaml', line: 6 } }] },
    });
    await apply();
    expect((await valuesOf(here.repository, parts[0] ?? ''))[contact]?.[0]).toBe('Jo Example');
    expect(await placements()).toBe(1);
    await expectNothingLeft();
  });

  it('is left alone when its manifest is gone, and not placed again when it comes back', async () => {
    await apply();
    await here.repository.write('groups/orders.yaml', germanGroup({ name: 'other', contact: 'Other' }));
    await apply();
    expect((await onlyOrder()).status).toBe('pending');
    await here.repository.write('groups/orders.yaml', numberOrder());
    await apply();
    expect(await placements()).toBe(1);
  });

  it.each([
    ['another number', [BERLIN, SECOND], 6, 'it does not have this one'],
    ['fewer numbers', [SECOND], 5, 'it has 1 that the manifest does not state'],
  ])('has its numbers for good: %s is a problem', async (_, numbers, line, why) => {
    await apply();
    await here.repository.write('groups/orders.yaml', numberOrder({ numbers }));
    const err = await problem();
    expect(err).toMatch(new RegExp(`groups/orders\\.yaml:${line}:.*cannot change, and ${why}`));
    expect(err).toContain('add another NumberOrder');
  });

  it('has its settings for good: others are something to know, and no change', async () => {
    await apply();
    await here.repository.write(
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
    await here.repository.control(`number_orders/${id}/cancel`, {});
    const { attention } = await plan();
    expect(attention.filter(({ name }) => name === 'berlin')).toMatchObject([
      { code: 'order-failed', message: expect.stringContaining('cancelled; it is not placed again') },
    ]);
    await apply();
    expect(await placements()).toBe(1);
  });

  it('twice under one reference fails with both ids, nothing is placed, and everything else goes on', async () => {
    const [first, second] = [
      await placeOrder(here.repository, [BERLIN]),
      await placeOrder(here.repository, [SECOND]),
    ];
    for (const { id } of [first, second]) {
      await here.repository.control(`number_orders/${id}`, { customer_reference: REFERENCE }, 'PATCH');
    }
    const { code, err } = await here.repository.run(['apply', '--yes', '--allow-orders']);
    expect(code).toBe(4);
    for (const { id } of [first, second]) expect(err).toContain(id);
    expect((await heldOrders(here.repository)).map(({ id }) => id).sort()).toEqual(
      [first.id, second.id].sort(),
    );
    expect((await here.repository.state()).groups).toMatchObject([{ status: 'pending-approval' }]);
    const { applyable, diagnostics } = await plan();
    expect([applyable, diagnostics.map(({ code, name }) => [code, name])]).toEqual([
      true,
      [['duplicate-orders', 'berlin']],
    ]);
    // The line that the message gives settles it.
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: `id: ${first.id}\n` }));
    expect((await here.repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('and is named by its id keeps its reference, unless the manifest states another', async () => {
    const { id } = await placeOrder(here.repository, [BERLIN]);
    await here.repository.write('groups/orders.yaml', numberOrder({ numbers: [], extra: `id: ${id}\n` }));
    await apply();
    expect((await onlyOrder()).customer_reference).toBe('');
    await expectNothingLeft();
    const stated = `id: ${id}\ncustomer_reference: MY REF 001\n`;
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: stated }));
    expect(orderChanges(await plan())).toMatchObject([
      {
        actions: ['adopt'],
        patch: [{ op: 'add', path: '/customer_reference', value: 'MY REF 001' }],
        order: { verb: 'adopt', phone_numbers: 1 },
      },
    ]);
    expect(orderOutcome(await apply())?.operations).toEqual(['patch']);
    expect((await onlyOrder()).customer_reference).toBe('MY REF 001');
    expect(await heldOrders(here.repository)).toHaveLength(1);
    await expectNothingLeft();
  });

  it('that Telnyx does not have, or another repository owns, is a mistake at its line', async () => {
    const nowhere = '00000000-0000-4000-8000-000000000000';
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: `id: ${nowhere}\n` }));
    expect(await problem()).toMatch(/groups\/orders\.yaml:6:.*Telnyx has no number order 0{8}-/);
    const { id } = await placeOrder(here.repository, [BERLIN]);
    await here.repository.control(
      `number_orders/${id}`,
      { customer_reference: 'regsync/other/order/x' },
      'PATCH',
    );
    await here.repository.write('groups/orders.yaml', numberOrder({ extra: `id: ${id}\n` }));
    const { code, err } = await here.repository.run(['plan']);
    expect([code, err]).toEqual([5, expect.stringContaining('belongs to another regsync scope')]);
  });

  it('warns in time where the address is not where Telnyx has the numbers', async () => {
    await apply();
    const [number] = (await onlyOrder()).phone_numbers;
    const move = (locality: string) =>
      here.repository.control(`number_order_phone_numbers/${number?.id}`, { locality }, 'PATCH');
    await move('BERLIN');
    expect((await plan()).attention.map(({ code }) => code)).not.toContain('order-address-mismatch');
    await move('HAMBURG');
    const found = (await plan()).attention.filter(({ code }) => code === 'order-address-mismatch');
    expect(found).toMatchObject([{ name: 'de-local', source: { file: 'groups/orders.yaml', line: 6 } }]);
    expect(found[0]?.message).toContain('Telnyx has its numbers in "HAMBURG"');
    expect(JSON.stringify(found)).not.toMatch(/Berlin|Musterstraße/);
  });
});
