import { mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { callApi, placeOrder, valuesOf } from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { DE_REQUIREMENTS, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const CHECK = 'b7c72fb8-fa08-4529-aaf6-b9117d3f3698';
const NUMBER = '+61700000001';
const PEOPLE = { REGSYNC_VAR_FIRST: 'Josephine', REGSYNC_VAR_LAST: 'Exampleton' };
const LINK = /https:\/\/verify\.example\.com\/[0-9a-f-]{36}/;
const { contact } = DE_REQUIREMENTS;

const GROUP = `apiVersion: regsync/v1
kind: RequirementGroup
name: au-mobile
country_code: AU
phone_number_type: mobile
action: ordering
requirements:
  - requirement: ${contact}
    text: "Compliance desk, Example Pty Ltd"
`;

const ACTION = `requirements:
  - requirement: ${CHECK}
    action: { first_name: { env: REGSYNC_VAR_FIRST }, last_name: { env: REGSYNC_VAR_LAST } }
`;

const order = (extra: string) => `apiVersion: regsync/v1
kind: NumberOrder
name: au-desk
phone_numbers: ["${NUMBER}"]
${extra}`;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({}, 'here', buildWithClocks(0.05));
});
afterEach(() => repository.end());

const run = (args: readonly string[], isTerminal = false) =>
  repository.run(args, { env: PEOPLE, isTerminal });

async function plan(...args: string[]): Promise<Plan> {
  const { code, out, err } = await run(['plan', '--format', 'json', ...args]);
  expect(code, out + err).toBe(0);
  return JSON.parse(out);
}

async function apply(expected: number, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await run(['apply', '--yes', '--format', 'json', ...args]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function expectNothingLeft(): Promise<void> {
  const { code, out } = await run(['plan', '--detailed-exitcode']);
  expect([code, out]).toEqual([0, expect.stringContaining('No changes.')]);
}

const GATES = ['--allow-orders', '--allow-actions'] as const;

async function starts(): Promise<unknown[]> {
  const isStart = ({ method, path }: { method: string; path: string }) =>
    method === 'POST' && (path.startsWith('/external_requirements/') || path.endsWith('/initiate'));
  return (await repository.requests()).filter(isStart).map(({ body }) => body);
}

const subOrderOf = async (orderId: string) => {
  const path = `/sub_number_orders?filter[order_request_id]=${orderId}`;
  return (await callApi<{ id: string; status: string }[]>(repository, 'GET', path))[0]?.id ?? '';
};

const actionOf = (subOrderId: string) =>
  callApi<{ requirement_action: { value: string | null }; fields_required: { value: string | null }[] }>(
    repository,
    'GET',
    `/external_requirements/${CHECK}/sub_number_orders/${subOrderId}`,
  );

describe('an order of a country with an action', () => {
  it('is placed, gets the values of its group, and starts the action, in one run', async () => {
    await repository.write(
      'groups/au.yaml',
      `${GROUP}---\n${order(`requirement_group: au-mobile\n${ACTION}`)}`,
    );
    const planned = await plan(...GATES);
    expect(planned.changes.find(({ kind }) => kind === 'NumberOrder')).toMatchObject({
      actions: ['create', 'update', 'start'],
      order: {
        values: [{ requirement_id: contact }],
        starts: [
          { requirement_id: CHECK, id: null, fields: [{ name: 'first_name' }, { name: 'last_name' }] },
        ],
      },
    });
    expect(planned.summary.start).toBe(1);
    const outcomes = await apply(0, ...GATES);
    expect(outcomes.map(({ operations }) => operations)).toEqual([['create'], ['create', 'patch', 'start']]);
    const subOrder = await subOrderOf(outcomes[1]?.id ?? '');
    expect((await valuesOf(repository, subOrder))[contact]?.[0]).toBe('Compliance desk, Example Pty Ltd');
    expect((await actionOf(subOrder)).fields_required.map(({ value }) => value)).toEqual(
      Object.values(PEOPLE),
    );
    expect(await starts()).toEqual([{ requirement: { first_name: 'Josephine', last_name: 'Exampleton' } }]);
    await expectNothingLeft();
    await apply(0, ...GATES);
    expect(await starts()).toHaveLength(1);
  });
});

it('a new order gets its values as soon as it asks for them, which may be later than its answer', async () => {
  await repository.control('quirks', { order_fill_delay_seconds: 0.1 }, 'PATCH');
  await repository.write(
    'groups/au.yaml',
    `${GROUP}---\n${order(`requirement_group: au-mobile\n${ACTION}`)}`,
  );
  const outcomes = await apply(0, ...GATES);
  expect(outcomes.map(({ operations }) => operations)).toEqual([['create'], ['create', 'patch', 'start']]);
  await expectNothingLeft();
});

describe('the values of a group with an action', () => {
  it('reach an order that is there, and the plan says until when the person has to act', async () => {
    const { id, subOrders } = await placeOrder(repository, [NUMBER]);
    const subOrder = subOrders.AU ?? '';
    await repository.write('groups/au.yaml', `${GROUP}attach:\n  - number_order: ${id}\n`);
    const planned = await plan();
    expect(planned.changes.at(-1)).toMatchObject({
      actions: ['create', 'attach'],
      group: { attaches: [{ id: subOrder, by: 'values', requirements: [{ requirement_id: contact }] }] },
      consequences: [
        'orders take no group with an action ("Identity Check"): its values are written to each order',
      ],
    });
    const [outcome] = await apply(0);
    expect(outcome?.operations).toEqual(['create', 'attach']);
    expect((await valuesOf(repository, subOrder))[contact]?.[0]).toBe('Compliance desk, Example Pty Ltd');
    await expectNothingLeft();
    expect((await run(['plan'])).out).toMatch(
      new RegExp(
        `${subOrder}: "Identity Check" is an action: a person has to do it; without it the numbers are lost on \\d{4}-\\d\\d-\\d\\d, in \\d+ days\\. State it in a NumberOrder manifest`,
      ),
    );
  });

  it('follow a change of the group, one by one, and approved ones stay', async () => {
    const { id, subOrders } = await placeOrder(repository, [NUMBER]);
    const attached = (text: string) =>
      `${GROUP.replace('Compliance desk', text)}attach:\n  - sub_number_order: ${subOrders.AU}\n`;
    await repository.write('groups/au.yaml', attached('Compliance desk'));
    await apply(0);
    await repository.write('groups/au.yaml', attached('Another desk'));
    expect((await apply(0))[0]?.operations).toEqual(['patch', 'attach']);
    expect((await valuesOf(repository, subOrders.AU ?? ''))[contact]?.[0]).toBe(
      'Another desk, Example Pty Ltd',
    );
    await repository.control(`number_orders/${id}/approve`, { requirement_ids: [contact] });
    await repository.write('groups/au.yaml', attached('A third desk'));
    expect((await apply(0))[0]?.operations).toEqual(['patch']);
    await expectNothingLeft();
  });
});

describe('the gate of actions', () => {
  const written = order(ACTION);

  it('is closed unless it is opened, for a plan file on the command that applies as well', async () => {
    await repository.write('groups/au.yaml', written);
    const closed = await run(['plan', '--allow-orders']);
    expect([closed.code, closed.out]).toEqual([
      0,
      expect.stringContaining(
        'error: "au-desk" starts "b7c72fb8-fa08-4529-aaf6-b9117d3f3698", for which Telnyx gets the names of a person. To allow it, add --allow-actions',
      ),
    ]);
    await apply(5, '--allow-orders');
    await run(['plan', ...GATES, '--out', 'plan.json']);
    const shut = await run(['apply', '--plan', 'plan.json', '--allow-orders']);
    expect([shut.code, shut.err]).toEqual([5, expect.stringContaining('--allow-actions (for "au-desk")')]);
    expect([await starts(), (await callApi<[]>(repository, 'GET', '/number_orders')).length]).toEqual([
      [],
      0,
    ]);
    expect((await run(['apply', '--plan', 'plan.json', ...GATES])).code).toBe(0);
    expect(await starts()).toHaveLength(1);
  });

  it('is not needed once the action is started', async () => {
    await repository.write('groups/au.yaml', written);
    await apply(0, ...GATES);
    await expectNothingLeft();
    expect((await run(['plan'])).out).toContain(
      'is an action: the person has a link and has yet to do it; without it the numbers are lost on ',
    );
  });
});

/** An order that is there and asks for the action, and its manifest. */
async function waitingOrder(extra = ''): Promise<string> {
  const { id, subOrders } = await placeOrder(repository, [NUMBER]);
  await repository.write('groups/au.yaml', order(`id: ${id}\n${ACTION}${extra}`));
  return subOrders.AU ?? '';
}

const START = { method: 'POST', path: '^/external_requirements/' };

describe('an action is never started twice', () => {
  it('though the answer to its start is lost', async () => {
    const subOrder = await waitingOrder();
    await repository.control('faults', { kind: 'drop_after', match: START });
    const [outcome] = await apply(0, ...GATES);
    expect(outcome).toMatchObject({ status: 'applied', operations: ['start'] });
    expect(await starts()).toHaveLength(1);
    expect((await actionOf(subOrder)).requirement_action.value).toMatch(LINK);
    await expectNothingLeft();
  });

  it('though its start is lost on the way: that run does not repeat it, and the next one looks first', async () => {
    await waitingOrder();
    await repository.control('faults', { kind: 'drop_before', match: START });
    const [outcome] = await apply(4, ...GATES);
    expect(outcome).toMatchObject({
      status: 'failed',
      error: {
        code: 'outcome-unknown',
        hint: 'regsync does not know whether the action was started, and does not try again in this run. Plan again in a minute: the plan shows whether it is.',
      },
    });
    expect((await apply(0, ...GATES))[0]?.operations).toEqual(['start']);
    await expectNothingLeft();
  });

  it('though its link comes later, and the names alone tell that it is started', async () => {
    await repository.control('quirks', { action_link_delay_seconds: 600 }, 'PATCH');
    const subOrder = await waitingOrder();
    const [outcome] = await apply(0, ...GATES);
    expect(outcome?.warnings).toEqual([
      `the link for "${CHECK}" is not there yet. To see it later: regsync status --show-values`,
    ]);
    await expectNothingLeft();
    await apply(0, ...GATES);
    await repository.control('clock', { advance_seconds: 601 });
    expect((await actionOf(subOrder)).requirement_action.value).toMatch(LINK);
    await apply(0, ...GATES);
    expect(await starts()).toHaveLength(1);
  });

  it('though somebody else has started it since the plan', async () => {
    const subOrder = await waitingOrder();
    await run(['plan', ...GATES, '--out', 'plan.json']);
    const person = { first_name: 'Jo', last_name: 'Example' };
    const path = `/external_requirements/${CHECK}/sub_number_orders/${subOrder}`;
    await callApi(repository, 'POST', path, { requirement: person });
    const { code, err } = await run(['apply', '--plan', 'plan.json', ...GATES]);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('a consequence is new: sends the names of a person'),
    ]);
    expect(await starts()).toEqual([{ requirement: person }]);
  });

  it('for a person who failed, unless the manifest names another one', async () => {
    const subOrder = await waitingOrder();
    await apply(0, ...GATES);
    await repository.control(`sub_number_orders/${subOrder}/finish-action`, { result: 'failed' });
    expect((await run(['plan'])).out).toContain(
      'it is declined, and is not started again with the same names; without it the numbers are lost on',
    );
    await expectNothingLeft();
    const others = { REGSYNC_VAR_FIRST: 'Josephina', REGSYNC_VAR_LAST: 'Exampleton' };
    const { code, out } = await repository.run(['apply', '--yes', '--format', 'json', ...GATES], {
      env: others,
    });
    expect([code, JSON.parse(out).outcomes[0].operations]).toEqual([0, ['start']]);
    expect(await starts()).toHaveLength(2);
    const again = await repository.run(['plan', '--detailed-exitcode'], { env: others });
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('No changes.')]);
    await repository.control(`sub_number_orders/${subOrder}/finish-action`, {});
    const done = await repository.run(['plan'], { env: others });
    expect(done.out).not.toContain('is an action');
  });

  it('and a success that changed nothing is a failure', async () => {
    await waitingOrder();
    await repository.control('faults', { kind: 'noop', match: START });
    expect((await apply(4, ...GATES))[0]).toMatchObject({
      status: 'failed',
      error: { code: 'write-without-effect', source: { file: 'groups/au.yaml' } },
    });
  });
});

describe('the private link', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'regsync-links-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const linksIn = async (path: string) =>
    JSON.parse(await readFile(path, 'utf8')).links as { name: string; link: string }[];

  it('is written to a file that its owner alone can read, also by a later run', async () => {
    const path = join(folder, 'links.json');
    const subOrder = await waitingOrder();
    const { code, out, err } = await run(['apply', '--yes', ...GATES, '--links', path]);
    expect([code, err]).toEqual([0, expect.stringContaining(`Wrote 1 private link to ${path}.`)]);
    const { value } = (await actionOf(subOrder)).requirement_action;
    expect(await linksIn(path)).toEqual([
      {
        kind: 'NumberOrder',
        name: 'au-desk',
        order: subOrder,
        requirement_id: CHECK,
        requirement: CHECK,
        link: value,
      },
    ]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(out + err).not.toMatch(LINK);
    await rm(path);
    await run(['apply', '--yes', '--links', path]);
    expect((await linksIn(path)).map(({ link }) => link)).toEqual([value]);
  });

  it.each([
    ['in the repository', async () => 'links.json', 'it is in the repository, and links are private'],
    [
      'that leads into the repository',
      async () => {
        const path = join(folder, 'inside');
        await symlink(repository.folder, path);
        return join(path, 'links.json');
      },
      'it is in the repository, and links are private',
    ],
    [
      'that others can read',
      async () => {
        const path = join(folder, 'open.json');
        await writeFile(path, '', { mode: 0o644 });
        return path;
      },
      'others can read it',
    ],
    [
      'that a linked folder has in the repository',
      async () => {
        await symlink(repository.folder, join(folder, 'elsewhere'), 'junction');
        return join(folder, 'elsewhere', 'links.json');
      },
      'it is in the repository, and links are private',
    ],
    ['that is a device', async () => '/dev/null', 'it is not a file'],
  ])('is not written to a file %s, and nothing is started', async (_, make, message) => {
    await waitingOrder();
    const { code, err } = await run(['apply', '--yes', ...GATES, '--links', await make()]);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
    expect(await starts()).toEqual([]);
  });

  it('is shown by status on a terminal that asked for it, and nowhere else', async () => {
    const subOrder = await waitingOrder();
    const none = await run(['status', '--show-values'], true);
    expect(none.out).toContain('No action has a link');
    await apply(0, ...GATES);
    const { value } = (await actionOf(subOrder)).requirement_action;
    const shown = await run(['status', '--show-values'], true);
    expect([shown.code, shown.out]).toEqual([0, expect.stringContaining(`au-desk  "${CHECK}"  ${value}`)]);
    for (const args of [
      ['status', '--show-values'],
      ['status', '--show-values', '--format', 'json'],
    ])
      expect((await run(args)).code).toBe(3);
    expect((await run(['status'], true)).out).not.toMatch(LINK);
  });
});

describe('the action of a porting order', () => {
  const manifest = (id: string) =>
    `apiVersion: regsync/v1\nkind: PortingOrder\nname: au-port\nid: ${id}\n${ACTION}`;

  async function portingOrder(): Promise<string> {
    await repository.control('catalogue/AU/mobile/porting', { add: [CHECK] }, 'PATCH');
    const { id } = await repository.control<{ id: string }>('porting_orders', { phone_numbers: [NUMBER] });
    await repository.write('groups/port.yaml', manifest(id));
    return id;
  }

  const actionsOf = (id: string) =>
    callApi<{ status: string }[]>(repository, 'GET', `/porting_orders/${id}/action_requirements`);

  it('is initiated once, and waits for the person', async () => {
    const id = await portingOrder();
    const planned = await plan('--allow-actions');
    expect(planned.changes[0]).toMatchObject({
      actions: ['start'],
      order: { verb: 'unchanged', starts: [{ requirement_id: CHECK, status: 'created' }] },
    });
    expect(planned.summary).toMatchObject({ start: 1, porting_orders: { update: 0, unchanged: 1 } });
    expect((await apply(0, '--allow-actions'))[0]?.operations).toEqual(['start']);
    expect((await actionsOf(id)).map(({ status }) => status)).toEqual(['pending']);
    expect(await starts()).toEqual([{ params: { first_name: 'Josephine', last_name: 'Exampleton' } }]);
    await expectNothingLeft();
    await apply(0, '--allow-actions');
    expect(await starts()).toHaveLength(1);
  });

  it('is not repeated where its answer is lost', async () => {
    const id = await portingOrder();
    await repository.control('faults', { kind: 'drop_after', match: { method: 'POST', path: '/initiate$' } });
    expect((await apply(0, '--allow-actions'))[0]?.operations).toEqual(['start']);
    expect((await actionsOf(id)).map(({ status }) => status)).toEqual(['pending']);
    expect(await starts()).toHaveLength(1);
  });

  it.each(['cancelled', 'failed'])('that is %s is attention, with the reason', async (status) => {
    const id = await portingOrder();
    await apply(0, '--allow-actions');
    await repository.control(`porting_orders/${id}/finish-action`, { status, cancel_reason: 'Nobody came.' });
    expect((await run(['plan'])).out).toContain(
      `it is ${status} (Nobody came.), and is not started again with the same names`,
    );
    await expectNothingLeft();
  });
});

describe('what a manifest says of actions', () => {
  it.each([
    [
      'a group has none',
      `${GROUP}  - requirement: ${CHECK}\n    action: { first_name: Josephine, last_name: Exampleton }\n`,
      'action',
    ],
    [
      'an action has no text',
      `${GROUP}---\n${order(`requirements:\n  - { requirement: ${CHECK}, text: "Josephine" }\n`)}`,
      'a person fulfils it, and no value does',
    ],
    [
      'a text has no action',
      `${GROUP}---\n${order(ACTION.replace(CHECK, contact))}`,
      '"Contact Info" takes a text, not an action',
    ],
    ['it needs both names', order(ACTION.replace(/, last_name.*/, ' }')), 'last_name'],
    [
      'other values than actions exclude a group',
      `${GROUP}---\n${order(`requirement_group: au-mobile\n${ACTION}  - { requirement: ${contact}, text: x }\n`)}`,
      'exclude each other',
    ],
  ])('%s', async (_, content, message) => {
    await repository.write('groups/au.yaml', content);
    const { code, err } = await run(['plan', ...GATES]);
    expect([code, err]).toEqual([3, expect.stringContaining(message)]);
    expect(err).not.toMatch(/Josephine|Exampleton/);
  });

  it('is checked without the variables of its names by validate', async () => {
    await repository.write('groups/au.yaml', order(ACTION));
    const { code, err } = await repository.run(['validate']);
    expect(code, err).toBe(0);
    const planned = await repository.run(['plan']);
    expect([planned.code, planned.err]).toEqual([3, expect.stringContaining('REGSYNC_VAR_FIRST is not set')]);
  });
});

describe('status --wait, for an order whose person has a link', () => {
  const { file: program } = buildWithClocks(0.05);
  const waiting = (...args: string[]) =>
    repository.start(['status', '--wait', '--target', 'NumberOrder/*', ...args], { env: PEOPLE, program });

  beforeEach(async () => {
    await repository.write(
      'groups/au.yaml',
      `${GROUP}---\n${order(`requirement_group: au-mobile\n${ACTION}`)}`,
    );
    await apply(0, ...GATES);
  });

  it('goes on until the person has acted and Telnyx is done', async () => {
    const { child, result } = waiting();
    let heard = '';
    const says = new Promise<void>((done) => {
      child.stderr?.on('data', (chunk) => {
        heard += chunk;
        if (heard.includes('Waiting for')) done();
      });
    });
    await Promise.race([says, result]);
    expect(heard).toContain('Waiting for 1 order under way (au-desk)');
    const { orders = [] } = JSON.parse((await run(['status', '--format', 'json'])).out);
    expect(orders[0]).toMatchObject({ standing: 'needs-work', waits_for: [expect.any(String)] });
    const part = orders[0].parts[0].id;
    await repository.control(`sub_number_orders/${part}/finish-action`, {});
    await repository.control(`sub_number_orders/${part}/approve`, {});
    const { code, out, err } = await result;
    expect(code, err).toBe(0);
    expect(err).toMatch(/au-desk {2}pending, waits for a person → success/);
    expect(out).toContain('1 order: 1 done.');
  });

  it('ends out of time with the name of the order and the way to the link, and without it', async () => {
    const { code, out, err } = await waiting('--timeout', '10s').result;
    expect(code).toBe(4);
    expect(err).toContain(
      'timed out after 10 s: 1 order still under way. A person has yet to act for au-desk: to see the link, run regsync status --show-values.',
    );
    expect(out + err).not.toMatch(LINK);
  });
});
