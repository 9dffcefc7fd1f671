import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import type { Plan, PlanChange } from '../../../src/model/plan/plan.ts';
import {
  attach,
  attachedGroup,
  callApi,
  PORTING_REQUIREMENTS,
  placeOrder,
  portingGroup,
  portingValuesOf,
  valuesOf,
} from '../../support/orders.ts';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Result,
  type TestRepository,
} from '../../support/test-repository.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const BERLIN = '+49300000001';
const PARIS = '+33100000001';
const { contact, proof } = DE_REQUIREMENTS;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

async function plan(...args: string[]): Promise<Plan> {
  const { code, out, err } = await repository.run(['plan', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  return JSON.parse(out);
}

async function apply(expected = 0, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await repository.run(['apply', '--yes', '--format', 'json', ...args]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function expectNothingLeft(): Promise<void> {
  const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
}

function groupChanges({ changes }: Plan): readonly PlanChange[] {
  return changes.filter(({ kind }) => kind === 'RequirementGroup');
}

function problemsOf({ code, err }: Result): string {
  expect(code).toBe(3);
  return err;
}

async function groupId(): Promise<string> {
  return (await repository.state()).groups[0]?.id ?? '';
}

/** Every request that gave a group to an order. */
async function attachments(): Promise<string[]> {
  const gives = ({ method, path }: { method: string; path: string }) =>
    (method === 'POST' && path.endsWith('/requirement_group')) ||
    (method === 'PATCH' && path.startsWith('/porting_orders/'));
  return (await repository.requests()).filter(gives).map(({ path }) => path);
}

describe('a group that is attached to an order', () => {
  it('is created, submitted and attached in one run, and then nothing is left to do', async () => {
    const { subOrders } = await placeOrder(repository, [BERLIN]);
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: subOrders.DE ?? '' }]));
    const planned = await plan();
    expect(groupChanges(planned)[0]).toMatchObject({
      actions: ['create', 'submit', 'attach'],
      group: {
        attaches: [
          {
            kind: 'sub_number_order',
            id: subOrders.DE,
            status: 'pending',
            source: { file: 'groups/de.yaml', line: 8 },
          },
        ],
      },
    });
    expect(planned.summary).toMatchObject({ submit: 1, attach: 1 });
    const [outcome] = await apply();
    expect(outcome?.operations.slice(-3)).toEqual(['create', 'submit', 'attach']);
    const held = await valuesOf(repository, subOrders.DE ?? '');
    expect(held[contact]).toEqual(['Compliance desk, Example GmbH', 'pending-approval']);
    const group = (await repository.state()).groups[0];
    for (const { requirement_id, field_value } of group?.regulatory_requirements ?? []) {
      expect(held[requirement_id]?.[0]).toBe(field_value);
    }
    await expectNothingLeft();
  });

  it('changes: plan shows which pending orders will follow, apply gives them the values, approved ones stay', async () => {
    await apply();
    const first = await placeOrder(repository, [BERLIN, PARIS], undefined);
    const second = await placeOrder(repository, ['+49300000002'], await groupId());
    const entries = [{ number_order: first.id }, { number_order: second.id }];
    await repository.write('groups/de.yaml', attachedGroup(entries));
    expect((await apply())[0]?.operations).toEqual(['attach']);
    await repository.control(`sub_number_orders/${first.subOrders.DE}/approve`, {
      requirement_ids: [contact],
    });
    await repository.write('groups/de.yaml', attachedGroup(entries, 'Jo Example, Example GmbH'));
    const { summary, changes } = await plan();
    expect(summary).toMatchObject({ groups: { update: 1 }, submit: 1, attach: 1 });
    expect(changes[0]?.group?.attaches?.map(({ id }) => id)).toEqual([second.subOrders.DE]);
    const [outcome] = await apply();
    expect(outcome?.operations).toEqual(['patch', 'submit', 'attach']);
    expect((await valuesOf(repository, second.subOrders.DE ?? ''))[contact]?.[0]).toBe(
      'Jo Example, Example GmbH',
    );
    expect((await valuesOf(repository, first.subOrders.DE ?? ''))[contact]).toEqual([
      'Compliance desk, Example GmbH',
      'approved',
    ]);
    expect(await valuesOf(repository, first.subOrders.FR ?? '')).not.toHaveProperty(contact);
    await expectNothingLeft();
  });

  it('and only attached counts as unchanged, with the order in every picture of the plan', async () => {
    await apply();
    const { subOrders } = await placeOrder(repository, [BERLIN]);
    const id = subOrders.DE ?? '';
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: id }]));
    const planned = await plan();
    expect(planned.summary).toMatchObject({ groups: { unchanged: 1, update: 0 }, submit: 0, attach: 1 });
    const text = (await repository.run(['plan'])).out;
    expect(text).toMatch(/^ {2}@ {2}de-local .* attach to 1 order .*groups\/de\.yaml:1$/m);
    expect(text).toMatch(
      new RegExp(
        `^ {6}@ {2}attach to sub number order ${id} {2}pending {2}.*Contact Info.*groups/de.yaml:8$`,
        'm',
      ),
    );
    expect(text).toContain('Plan: 0 to create, 0 to update, 0 to delete, 0 to submit, 1 to attach.');
    const markdown = (await repository.run(['plan', '--format', 'markdown'])).out;
    expect(markdown).toContain('**attach to 1 order**');
    expect(markdown).toContain(`! attach to sub number order ${id} (pending): `);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
    const { code, out } = await repository.run(['apply', '--yes']);
    expect([code, out]).toEqual([0, expect.stringMatching(/de-local {2}applied {2}attached to 1 order/)]);
    await expectNothingLeft();
  });

  it('reaches one phone number of an order and no other', async () => {
    await apply();
    const { numbers, subOrders } = await placeOrder(repository, [BERLIN, '+49300000002']);
    await repository.write('groups/de.yaml', attachedGroup([{ phone_number: numbers[1]?.id ?? '' }]));
    await apply();
    const holdings = [
      await valuesOf(repository, subOrders.DE ?? '', 0),
      await valuesOf(repository, subOrders.DE ?? '', 1),
    ];
    expect(holdings.map((values) => values[contact]?.[0])).toEqual(['', 'Compliance desk, Example GmbH']);
    await expectNothingLeft();
  });

  it('is compared with all numbers of an order, of which only the first 50 come with it', async () => {
    await apply();
    const numbers = Array.from({ length: 53 }, (_, index) => `+4930000010${String(index).padStart(2, '0')}`);
    const order = await placeOrder(repository, numbers, await groupId());
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: order.id }]));
    await expectNothingLeft();
    await callApi(repository, 'PATCH', `/number_order_phone_numbers/${order.numbers[52]?.id}`, {
      regulatory_requirements: [{ requirement_id: contact, field_value: 'Somebody else' }],
    });
    expect((await plan()).summary.attach).toBe(1);
    await apply();
    await expectNothingLeft();
  });

  it('is not attached again where its values were declined, only when they change', async () => {
    await apply();
    const { subOrders } = await placeOrder(repository, [BERLIN], await groupId());
    const id = subOrders.DE ?? '';
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: id }]));
    await repository.control(`sub_number_orders/${id}/decline`, { requirement_ids: [contact] });
    const planned = await plan();
    expect(planned.changes).toEqual([]);
    expect(planned.attention).toContainEqual({
      code: 'order-declined',
      name: 'de-local',
      message: `sub number order ${id}: a reviewer declined "Contact Info", and the group still holds the same; change it, and the order follows`,
      source: { file: 'groups/de.yaml', line: 11 },
    });
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: id }], 'Jo Example'));
    await apply();
    expect((await valuesOf(repository, id))[contact]).toEqual(['Jo Example', 'pending-approval']);
    await expectNothingLeft();
  });

  it('and approved completes the order at once, which is no failure and leaves nothing to do', async () => {
    await apply();
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    const { id, subOrders } = await placeOrder(repository, [BERLIN]);
    const single = await placeOrder(repository, ['+49300000002']);
    const entries = [{ number_order: id }, { phone_number: single.numbers[0]?.id ?? '' }];
    await repository.write('groups/de.yaml', attachedGroup(entries));
    expect((await apply())[0]?.operations).toEqual(['attach', 'attach']);
    expect(await callApi(repository, 'GET', `/sub_number_orders/${subOrders.DE}`)).toMatchObject({
      status: 'success',
    });
    expect((await plan()).attention.map(({ code }) => code)).toEqual(['order-closed', 'order-closed']);
    await expectNothingLeft();
  });

  it('is attached before the group that it replaces is deleted', async () => {
    await apply();
    const { subOrders } = await placeOrder(repository, [BERLIN], await groupId());
    const id = subOrders.DE ?? '';
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: id }], 'Jo Example'));
    await repository.control('groups/retire?reference=regsync/acme/de-local', {});
    expect(groupChanges(await plan('--allow-replace'))[0]?.actions).toEqual([
      'create',
      'submit',
      'attach',
      'delete',
    ]);
    const [outcome] = await apply(0, '--allow-replace');
    expect(outcome?.operations.slice(-4)).toEqual(['create', 'submit', 'attach', 'delete']);
    expect((await valuesOf(repository, id))[contact]?.[0]).toBe('Jo Example');
    await expectNothingLeft();
  });

  it('is not deleted when it is replaced, as long as an order refuses its successor', async () => {
    await apply();
    const { subOrders } = await placeOrder(repository, [BERLIN], await groupId());
    const id = subOrders.DE ?? '';
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: id }], 'Jo Example'));
    await repository.control('groups/retire?reference=regsync/acme/de-local', {});
    const match = { method: 'POST', path: '/requirement_group$' };
    await repository.control('faults', { kind: 'status', status: 422, match });
    const [failed] = await apply(4, '--allow-replace');
    expect([failed?.operations.at(-1), failed?.error?.code]).toEqual(['submit', 'attach-refused']);
    expect((await repository.state()).groups).toHaveLength(2);
    const [finished] = await apply(0, '--allow-replace');
    expect(finished?.operations).toEqual(['attach', 'delete']);
    expect((await repository.state()).groups).toHaveLength(1);
    await expectNothingLeft();
  });
});

describe('an order whose requirements are still to come', () => {
  it('is left alone until they are there, however often it is planned', async () => {
    await apply();
    await repository.control(
      'quirks',
      { order_fill_delay_seconds: 60, attach_before_filled: 'refuse' },
      'PATCH',
    );
    const { subOrders } = await placeOrder(repository, [BERLIN]);
    await repository.write('groups/de.yaml', attachedGroup([{ sub_number_order: subOrders.DE ?? '' }]));
    const planned = await plan();
    expect([planned.changes, planned.attention.map(({ code }) => code)]).toEqual([
      [],
      ['under-review', 'order-incomplete'],
    ]);
    await apply();
    await expectNothingLeft();
    await repository.control('clock', { advance_seconds: 61 });
    await apply();
    expect(await attachments()).toHaveLength(1);
    await expectNothingLeft();
  });
});

describe('statuses that Telnyx does not say', () => {
  it('do not make a phone number flap: those of its sub order are taken', async () => {
    await apply();
    await repository.control('quirks', { order_requirement_statuses: 'described' }, 'PATCH');
    const { numbers } = await placeOrder(repository, [BERLIN], await groupId());
    const entries = [{ phone_number: numbers[0]?.id ?? '' }];
    await repository.control(`number_order_phone_numbers/${numbers[0]?.id}/approve`, {
      requirement_ids: [contact],
    });
    await repository.write('groups/de.yaml', attachedGroup(entries, 'Jo Example'));
    expect((await apply())[0]?.operations).toEqual(['patch', 'submit']);
    await expectNothingLeft();
  });
});

describe('a porting order', () => {
  async function addOrder(status = 'draft'): Promise<string> {
    return (await repository.control<{ id: string }>('porting_orders', { phone_numbers: [BERLIN], status }))
      .id;
  }

  it.each(['draft', 'in-process', 'exception'])('follows its group while it is %s', async (status) => {
    const id = await addOrder(status);
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }]));
    const [outcome] = await apply();
    expect(outcome?.operations).toEqual(['upload', 'create', 'submit', 'attach']);
    expect((await portingValuesOf(repository, id))[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000123456');
    await expectNothingLeft();
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }], '0000654321'));
    expect((await plan()).summary).toMatchObject({ groups: { update: 1 }, attach: 1 });
    await apply();
    expect((await portingValuesOf(repository, id))[PORTING_REQUIREMENTS.account]?.[0]).toBe('0000654321');
    await expectNothingLeft();
  });

  it('loses what it holds of its own, and the plan says so before', async () => {
    const id = await addOrder('in-process');
    await callApi(repository, 'PATCH', `/porting_orders/${id}`, {
      requirements: [{ requirement_type_id: PORTING_REQUIREMENTS.account, field_value: '9999' }],
    });
    await repository.control(`porting_orders/${id}/approve`, {});
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }]));
    expect(groupChanges(await plan())[0]?.consequences).toEqual([
      `porting order ${id} loses its own "Account Number" (approved)`,
    ]);
    await apply();
    await expectNothingLeft();
  });

  it('with an approved value that differs, and nothing else, is left alone', async () => {
    const id = await addOrder('in-process');
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }]));
    await apply();
    await repository.control(`porting_orders/${id}/approve`, {
      requirement_ids: [PORTING_REQUIREMENTS.account],
    });
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }], '0000654321'));
    expect(groupChanges(await plan())[0]?.actions).toEqual(['update', 'submit']);
  });

  it.each(['submitted', 'ported', 'cancelled', 'paused'])('that is %s is never touched', async (status) => {
    const id = await addOrder(status);
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }]));
    const planned = await plan();
    expect(planned.summary.attach).toBe(0);
    expect(planned.attention).toMatchObject([
      {
        code: 'order-closed',
        message: `porting order ${id} is ${status} and cannot take a group any more: remove the entry`,
      },
    ]);
    await apply();
    expect(await attachments()).toEqual([]);
  });
});

describe('an order that is closed', () => {
  it('is an attention item and never touched', async () => {
    await apply();
    const { id, subOrders } = await placeOrder(repository, [BERLIN]);
    await repository.control(`number_orders/${id}/cancel`, {});
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: id }], 'Jo Example'));
    const planned = await plan();
    expect(planned.attention).toMatchObject([
      {
        code: 'order-closed',
        message: `sub number order ${subOrders.DE} is cancelled and cannot take a group any more: remove the entry`,
      },
    ]);
    await apply();
    expect(await attachments()).toEqual([]);
  });
});

describe('an entry that is wrong', () => {
  it.each(['sub_number_order', 'number_order', 'phone_number'])(
    'names a %s that Telnyx does not have',
    async (kind) => {
      await repository.write('groups/de.yaml', attachedGroup([{ [kind]: NOWHERE }]));
      const problems = problemsOf(await repository.run(['plan']));
      expect(problems).toMatch(
        new RegExp(`groups/de.yaml:8:\\d+ .*Telnyx has no ${kind.replaceAll('_', ' ')} ${NOWHERE}`),
      );
    },
  );

  it('names an order for other numbers', async () => {
    const { id, subOrders, numbers } = await placeOrder(repository, [PARIS]);
    await repository.write(
      'groups/de.yaml',
      attachedGroup([
        { number_order: id },
        { sub_number_order: subOrders.FR ?? '' },
        { phone_number: numbers[0]?.id ?? '' },
      ]),
    );
    const problems = problemsOf(await repository.run(['plan']));
    expect(problems).toMatch(/groups\/de\.yaml:8:.*this group is for DE local numbers, and .* has none/);
    expect(problems).toMatch(
      /groups\/de\.yaml:9:.*is for FR local numbers, and this group for DE local ones/,
    );
    expect(problems).toMatch(/groups\/de\.yaml:10:.*is for FR local numbers/);
  });

  it('names a porting order of another type', async () => {
    const { id } = await repository.control<{ id: string }>('porting_orders', {
      phone_number_type: 'national',
    });
    await repository.write('groups/de.yaml', portingGroup([{ porting_order: id }]));
    expect(problemsOf(await repository.run(['plan']))).toMatch(
      /groups\/de\.yaml:8:.*is for national numbers/,
    );
  });

  it('names an order of the other action, twice, or as a phone number: found without Telnyx', async () => {
    const extra = attach({ porting_order: NOWHERE }, { number_order: NOWHERE }, { number_order: NOWHERE });
    await repository.write(
      'groups/de.yaml',
      germanGroup({ extra: `${extra}  - phone_number: "+49300000001"\n  - {}\n` }),
    );
    const err = problemsOf(await repository.run(['validate'], { env: { TELNYX_API_KEY: undefined } }));
    expect(err).toMatch(/groups\/de\.yaml:11:.*must be the ordered phone number's id at Telnyx, a UUID/);
    expect(err).toMatch(/groups\/de\.yaml:12:.*this entry has no value/);
    await repository.write('groups/de.yaml', germanGroup({ extra }));
    const problems = problemsOf(await repository.run(['validate'], { env: { TELNYX_API_KEY: undefined } }));
    expect(problems).toMatch(
      /groups\/de\.yaml:8:.*a porting order takes groups for porting, and this one is for ordering/,
    );
    expect(problems).toMatch(
      /groups\/de\.yaml:10:.*this number order is already named by "de-local" at groups\/de\.yaml:9:/,
    );
    expect(await repository.requests()).toEqual([]);
  });

  it('names an order that another group has, whole or in part', async () => {
    const { id, subOrders, numbers } = await placeOrder(repository, [BERLIN]);
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: id }]));
    const entries = [{ sub_number_order: subOrders.DE ?? '' }, { phone_number: numbers[0]?.id ?? '' }];
    await repository.write('groups/other.yaml', germanGroup({ name: 'other', extra: attach(...entries) }));
    const problems = problemsOf(await repository.run(['plan']));
    expect(problems).toMatch(
      /groups\/other\.yaml:8:.*already belongs to number order .*, attached to "de-local" at groups\/de\.yaml:8/,
    );
    expect(problems).toMatch(/groups\/other\.yaml:9:.*already belongs to number order/);
    await repository.write('groups/other.yaml', germanGroup({ name: 'other' }));
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: id }, ...entries]));
    expect((await plan()).summary.attach).toBe(1);
  });
});

describe('a group that is not fulfilled', () => {
  it('is not attached, and says to what and why', async () => {
    const { id, subOrders } = await placeOrder(repository, [BERLIN]);
    const manifest = attachedGroup([{ number_order: id }]).replace('attach:', 'partial: true\nattach:');
    const [head, rest] = manifest.split(`  - requirement: ${proof}\n`);
    await repository.write('groups/de.yaml', `${head}${rest?.split('\n').slice(1).join('\n')}`);
    const planned = await plan();
    expect(groupChanges(planned)[0]?.actions).toEqual(['create']);
    expect(planned.attention).toMatchObject([
      { code: 'order-deadline', source: { line: 9 } },
      {
        code: 'unfulfilled',
        message: `not attached to sub number order ${subOrders.DE}: orders take only complete groups; no value for "Proof of Local Address"`,
      },
    ]);
    await apply();
    expect(await attachments()).toEqual([]);
    await expectNothingLeft();
  });
});

describe('apply --plan', () => {
  it('attaches to the orders that were reviewed, and refuses others', async () => {
    await apply();
    const { id, subOrders } = await placeOrder(repository, [BERLIN]);
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: id }]));
    await plan('--out', 'plan.json');
    const { code, out } = await repository.run(['apply', '--plan', 'plan.json']);
    expect([code, out]).toEqual([0, expect.stringContaining('attached to 1 order')]);
    expect((await valuesOf(repository, subOrders.DE ?? ''))[contact]?.[0]).toBe(
      'Compliance desk, Example GmbH',
    );
    await expectNothingLeft();
    // The second order carries the values when the plan is reviewed, and no longer when it is applied.
    const other = await placeOrder(repository, ['+49300000002'], await groupId());
    await repository.write(
      'groups/de.yaml',
      attachedGroup([{ number_order: id }, { number_order: other.id }]),
    );
    const disturb = (subOrderId = '') =>
      callApi(repository, 'PATCH', `/sub_number_orders/${subOrderId}`, {
        regulatory_requirements: [{ requirement_id: contact, field_value: 'Somebody' }],
      });
    await disturb(subOrders.DE);
    await plan('--out', 'plan.json');
    await disturb(other.subOrders.DE);
    await repository.forgetRequests();
    const stale = await repository.run(['apply', '--plan', 'plan.json']);
    expect([stale.code, stale.err]).toEqual([
      5,
      expect.stringContaining(
        `it would attach to sub number order ${other.subOrders.DE}, which the reviewed`,
      ),
    ]);
    expect(await attachments()).toEqual([]);
  });

  it('refuses a value of an order that nobody saw change', async () => {
    await apply();
    const { id, subOrders } = await placeOrder(repository, [BERLIN], await groupId());
    await repository.write('groups/de.yaml', attachedGroup([{ number_order: id }]));
    const set = (requirement_id: string, field_value: string) =>
      callApi(repository, 'PATCH', `/sub_number_orders/${subOrders.DE}`, {
        regulatory_requirements: [{ requirement_id, field_value }],
      });
    await set(contact, 'Somebody');
    await plan('--out', 'plan.json');
    await set(proof, '');
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json']);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining(`it would change "Proof of Local Address" of sub number order ${subOrders.DE}`),
    ]);
    expect(await attachments()).toEqual([]);
  });
});

describe('status and report', () => {
  it('show the orders of a group and whether they carry its values', async () => {
    await apply();
    const [carrying, differing, closed] = [
      await placeOrder(repository, [BERLIN], await groupId()),
      await placeOrder(repository, ['+49300000002']),
      await placeOrder(repository, ['+49300000003']),
    ];
    await repository.control(`number_orders/${closed.id}/cancel`, {});
    const orders = [carrying, differing, closed];
    await repository.write('groups/de.yaml', attachedGroup(orders.map(({ id }) => ({ number_order: id }))));
    const { groups } = JSON.parse((await repository.run(['status', '--format', 'json'])).out);
    expect(groups[0].orders.map(({ id, state }: { id: string; state: string }) => [id, state])).toEqual([
      [carrying.subOrders.DE, 'carries'],
      [differing.subOrders.DE, 'differs'],
      [closed.subOrders.DE, 'closed'],
    ]);
    const text = (await repository.run(['status'])).out;
    expect(text).toMatch(
      new RegExp(`@  sub number order ${carrying.subOrders.DE}  pending +carries the group's values`),
    );
    expect(text).toContain('> the next apply attaches it');
    await repository.run(['report', '--out', 'report.html']);
    const page = await readFile(`${repository.folder}/report.html`, 'utf8');
    expect(page).toContain(
      `<code>sub number order ${closed.subOrders.DE}</code> · cancelled · takes no group any more`,
    );
  });
});

describe('when Telnyx does not do its part', () => {
  const path = '/requirement_group$';
  let ids: readonly string[];
  beforeEach(async () => {
    await apply();
    const orders = [
      await placeOrder(repository, [BERLIN]),
      await placeOrder(repository, ['+49300000002']),
      await placeOrder(repository, ['+49300000003']),
    ];
    ids = orders.map(({ subOrders }) => subOrders.DE ?? '');
    await repository.write(
      'groups/de.yaml',
      attachedGroup(
        ids.map((id) => ({ sub_number_order: id })),
        'Jo Example',
      ),
    );
    await repository.write('groups/fr.yaml', frenchGroup());
  });

  it('one refusal stops neither the other orders nor the other groups, and says which line and what to do', async () => {
    const url = await openProxy(async (message, response) => {
      const isSecond = message.method === 'POST' && message.url?.includes(`${ids[1]}/requirement_group`);
      if (isSecond) await repository.control(`sub_number_orders/${ids[1]}/cancel`, {});
      forward(repository.sandbox.origin, message, response);
    });
    const env = { TELNYX_BASE_URL: url };
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json'], { env });
    expect(code, out).toBe(4);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes.map(({ name, status }) => [name, status])).toEqual([
      ['de-local', 'failed'],
      ['fr-local', 'applied'],
    ]);
    expect(outcomes[0]).toMatchObject({
      operations: ['patch', 'submit', 'attach', 'attach'],
      error: {
        code: 'attach-refused',
        message: expect.stringContaining(`sub number order ${ids[1]} did not get the group's values`),
        status: 422,
        errors: [{ code: '85002' }],
        source: { file: 'groups/de.yaml', line: 9 },
        hint: 'The order does not take values any more. Remove it from `attach:`.',
      },
    });
    for (const id of [ids[0], ids[2]])
      expect((await valuesOf(repository, id ?? ''))[contact]?.[0]).toBe('Jo Example');
    await expectNothingLeft();
  });

  it('an order that was closed while another was given its values gets none, and says since when', async () => {
    await repository.control('faults', { kind: 'slow', ms: 1000, match: { method: 'POST', path } });
    const running = repository.start(['apply', '--yes', '--format', 'json']);
    while ((await attachments()).length === 0) await new Promise((again) => setTimeout(again, 10));
    await repository.control(`sub_number_orders/${ids[1]}/cancel`, {});
    const { code, out } = await running.result;
    expect(code, out).toBe(4);
    const { outcomes } = JSON.parse(out) as { outcomes: Outcome[] };
    expect(outcomes[0]).toMatchObject({
      operations: ['patch', 'submit', 'attach', 'attach'],
      error: {
        code: 'changed-since-planned',
        message: expect.stringContaining('its status is cancelled, no longer pending'),
        source: { file: 'groups/de.yaml', line: 9 },
      },
    });
    expect((await attachments()).length).toBe(2);
    await expectNothingLeft();
  });

  it('a 200 that changed nothing is a failure, and the next run repairs it', async () => {
    await repository.control('faults', { kind: 'noop', match: { method: 'POST', path } });
    const [outcome] = await apply(4);
    expect(outcome?.error).toMatchObject({
      code: 'attach-without-effect',
      source: { file: 'groups/de.yaml', line: 8 },
    });
    await apply();
    await expectNothingLeft();
  });

  it('two refusals are both told', async () => {
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      times: 2,
      match: { method: 'POST', path },
    });
    const [outcome] = await apply(4);
    expect(outcome?.error?.message).toContain(ids[0]);
    const title = outcome?.error?.errors[0]?.title;
    expect(outcome?.warnings).toEqual([
      expect.stringMatching(
        new RegExp(`${ids[1]} .*answered 422: .*${title}.* request id .*groups/de.yaml:9$`),
      ),
    ]);
  });
});
