import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { attachedGroup } from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import {
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

const NOWHERE = '00000000-0000-4000-8000-000000000000';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() }, 'here', buildWithClocks(0.05));
});
afterEach(() => repository.end());

interface AdvancedOrder {
  readonly id: string;
  readonly status: string;
  readonly requirement_group_id?: string;
}

/** Advanced orders come without an envelope. */
async function call(method: string, path: string, body?: object): Promise<AdvancedOrder> {
  const answer = await fetch(`${repository.sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${SAMPLE_KEY}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const row = (await answer.json()) as AdvancedOrder & { data?: AdvancedOrder };
  expect(answer.status, JSON.stringify(row)).toBe(200);
  return row.data ?? row;
}

const order = (given: object = {}) => call('POST', '/advanced_orders', { country_code: 'DE', ...given });
const readOrder = (id: string) => call('GET', `/advanced_orders/${id}`);
const close = (id: string, status: string) =>
  repository.control(`advanced_orders/${id}`, { status }, 'PATCH');

async function apply(expected = 0, ...args: string[]): Promise<Outcome[]> {
  const { code, out, err } = await repository.run(['apply', '--yes', '--format', 'json', ...args]);
  expect(code, out + err).toBe(expected);
  return JSON.parse(out).outcomes;
}

async function planText(): Promise<string> {
  const { code, out, err } = await repository.run(['plan']);
  expect(code, err).toBe(0);
  return out;
}

async function groupId(): Promise<string | undefined> {
  return (await repository.state()).groups[0]?.id;
}

async function attachments(): Promise<number> {
  const requests = await repository.requests();
  return requests.filter(({ method, path }) => method === 'PATCH' && path.startsWith('/advanced_orders/'))
    .length;
}

it('an advanced order gets its group once it is made, and then nothing is left to do', async () => {
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  expect(await planText()).toMatch(
    new RegExp(`@ {2}attach to advanced order ${id} {2}pending {2}carries no group {2}groups/de.yaml:8`),
  );
  const [outcome] = await apply();
  expect(outcome?.operations.slice(-2)).toEqual(['submit', 'attach']);
  expect((await readOrder(id)).requirement_group_id).toBe(await groupId());
  expect(await planText()).toContain('No changes. 1 group matches its manifest.');
});

it('an advanced order is given its group again when the group has changed, because it copies values', async () => {
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await apply();
  await repository.write(
    'groups/de.yaml',
    attachedGroup([{ advanced_order: id }], 'Jo Example, Example GmbH'),
  );
  expect(await planText()).toContain(`carries group ${await groupId()}`);
  const [outcome] = await apply();
  expect(outcome?.operations).toEqual(['patch', 'attach', 'submit']);
  expect(await attachments()).toBe(2);
  expect(await planText()).toContain('No changes.');
});

it('a closed advanced order is attention where it carries another group, and else nothing', async () => {
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await close(id, 'failed');
  await apply();
  expect(await planText()).toContain(`advanced order ${id} is failed and cannot take a group any more`);
  await close(id, 'hold');
  await apply();
  await close(id, 'ordered');
  const text = await planText();
  expect(text).toContain('No changes.');
  expect(text).not.toContain(id);
  expect(await attachments()).toBe(1);
});

it('a reviewed plan is stale once the order carries another group, and nothing is written', async () => {
  await repository.write('groups/other.yaml', germanGroup({ name: 'de-other', contact: 'Another desk' }));
  await apply();
  const groups = (await repository.state()).groups;
  const ours = groups.find(({ customer_reference: reference }) => reference?.endsWith('/de-local'));
  const other = groups.find(({ id }) => id !== ours?.id);
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await repository.run(['plan', '--out', 'plan.json']);
  const path = `/advanced_orders/${id}/requirement_group`;
  await call('PATCH', path, { requirement_group_id: other?.id });
  await repository.forgetRequests();
  const { code, err } = await repository.run(['apply', '--plan', 'plan.json']);
  expect([code, err]).toEqual([
    5,
    expect.stringContaining(`carries group ${other?.id} now, and no group in the reviewed plan`),
  ]);
  expect(await attachments()).toBe(0);
});

it('the words and envelopes of the API may be of either form', async () => {
  await repository.control(
    'quirks',
    { advanced_orders_envelope: 'data', advanced_orders_words: 'list', unset_fields: 'null' },
    'PATCH',
  );
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  expect((await apply())[0]?.operations.at(-1)).toBe('attach');
  expect(await planText()).toContain('No changes.');
});

it('an answer of success that changed nothing is a failure, and the next run mends it', async () => {
  const { id } = await order();
  await apply();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await repository.control('faults', {
    kind: 'noop',
    match: { method: 'PATCH', path: `/advanced_orders/${id}/requirement_group` },
  });
  const [outcome] = await apply(4);
  expect(outcome).toMatchObject({ status: 'failed', error: { code: 'attach-without-effect' } });
  await repository.control('faults', undefined, 'DELETE');
  expect((await apply())[0]?.operations).toEqual(['attach']);
  expect(await planText()).toContain('No changes.');
});

it.each([
  ['does not exist', async () => NOWHERE, 'Telnyx has no advanced order'],
  ['is for another country', async () => (await order({ country_code: 'FR' })).id, 'is for FR local numbers'],
])('an advanced order that %s is a problem at its line', async (_, place, message) => {
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: await place() }]));
  const { code, err } = await repository.run(['plan']);
  expect([code, err]).toEqual([3, expect.stringMatching(new RegExp(`groups/de.yaml:8:.*${message}`))]);
});

it('a question of a reviewer about an advanced order is attention', async () => {
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await apply();
  await repository.control(`advanced_orders/${id}/ask`, { comment: 'Which area code?' });
  expect(await planText()).toMatch(new RegExp(`advanced order ${id}: Reviewer on .*: "Which area code\\?"`));
});

describe('an advanced order that carries the group and keeps its old values, because', () => {
  let id: string;
  const path = '^/advanced_orders/';
  const fault = (given: object) =>
    repository.control('faults', { ...given, match: { method: 'PATCH', path } });
  const status = async () => (await repository.state()).groups[0]?.status;

  beforeEach(async () => {
    ({ id } = await order());
    await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
    await apply();
    const changed = attachedGroup([{ advanced_order: id }]).replace(/text: .*/, 'text: New');
    await repository.write('groups/de.yaml', changed);
  });

  it.each<[string, object, string]>([
    ['Telnyx refused it', { kind: 'status', status: 422 }, 'attach-refused'],
    ['its request was lost', { kind: 'drop_before', times: 20 }, 'unreachable'],
    ['its answer was lost', { kind: 'drop_after', times: 20 }, 'unreachable'],
  ])('%s, is in the next plan again, and the group waits with its submission', async (_, kind, code) => {
    await repository.run(['plan', '--out', 'plan.json']);
    await fault(kind);
    const [outcome] = await apply(4, '--plan', 'plan.json');
    expect(outcome).toMatchObject({
      operations: ['patch'],
      group_status: 'unapproved',
      error: { code, hint: expect.stringContaining('the next plan shows both again') },
    });
    await repository.control('faults', undefined, 'DELETE');
    const text = await planText();
    expect(text).toMatch(new RegExp(`@ {2}attach to advanced order ${id}`));
    expect(text).toContain('1 to submit');
    expect((await apply(0, '--plan', 'plan.json'))[0]?.operations).toEqual(['attach', 'submit']);
    expect(await status()).toBe('pending-approval');
    expect(await planText()).toContain('No changes.');
  });

  it('the group is never submitted, is named with what to do, because no later plan sees it', async () => {
    const once = attachedGroup([{ advanced_order: id }]).replace(/text: .*/, 'text: Newer');
    await repository.write('groups/de.yaml', `${once.trimEnd()}\napproval: none\n`);
    await fault({ kind: 'status', status: 422 });
    const [outcome] = await apply(4);
    expect(outcome?.error?.hint).toContain('a later plan does not see that its values are old');
    expect(await planText()).toContain('No changes.');
  });
});

it('a reviewer of an advanced order is answered there, once, and not as if it were a sub order', async () => {
  const { id } = await order();
  await repository.write('groups/de.yaml', attachedGroup([{ advanced_order: id }]));
  await apply();
  await repository.control(`advanced_orders/${id}/ask`, { comment: 'Which area code?' });
  const posted = async () =>
    (await repository.requests())
      .filter(({ method, path }) => method === 'POST' && path === '/comments')
      .map(({ body }) => body);
  const reply = (flag: string) =>
    repository.run(['reply', 'de-local', '030.', '--yes', '--mark-read', flag, id]);
  const wrong = await reply('--sub-order');
  expect([wrong.code, wrong.err]).toEqual([
    3,
    expect.stringContaining(`Write --advanced-order ${id} instead.`),
  ]);
  expect(await posted()).toEqual([]);
  const { code, out, err } = await reply('--advanced-order');
  expect(code, out + err).toBe(0);
  const sent = { body: '030.', comment_record_type: 'advanced_number_order', comment_record_id: id };
  expect(await posted()).toEqual([sent]);
  expect(await planText()).not.toContain('Which area code?');
  expect((await reply('--advanced-order')).code).toBe(0);
  expect(await posted()).toEqual([sent]);
});
