import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { attachedGroup, callApi, placeOrder, valuesOf } from '../../support/orders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

/** What became of writes that Telnyx answered otherwise than one would wish. Waits are short here. */
const build = buildWithClocks(0.02);

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() }, 'here', build);
});
afterEach(() => repository.end());

async function apply(...args: string[]): Promise<{ code: number | null; outcomes: Outcome[] }> {
  const { code, out, err } = await repository.run(
    ['apply', '--yes', '--format', 'json', '--parallelism', '1', ...args],
    { env },
  );
  expect(out, err).not.toBe('');
  return { code, outcomes: JSON.parse(out).outcomes };
}

let env: Readonly<Record<string, string>> = {};
afterEach(() => {
  env = {};
});

/** Stands before the sandbox; what `meddle` says yes to, it has answered itself. */
async function between(
  interferingProxy: (asked: string, message: IncomingMessage, response: ServerResponse) => Promise<boolean>,
): Promise<void> {
  const url = await openProxy(async (message, response) => {
    const asked = `${message.method} ${decodeURIComponent(message.url ?? '').replace('/v2', '')}`;
    if (!(await interferingProxy(asked, message, response)))
      forward(repository.sandbox.origin, message, response);
  });
  env = { TELNYX_BASE_URL: url };
}

async function answer(message: IncomingMessage, response: ServerResponse, status: number, body: object) {
  for await (const _ of message);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

const NO = { errors: [{ code: '10015', title: 'Not now', detail: 'A sample refusal.' }] };

const countOf = async (method: string, path: RegExp) =>
  (await repository.requests()).filter((request) => request.method === method && path.test(request.path))
    .length;

const group = async () => {
  const [found] = (await repository.state()).groups;
  if (found === undefined) throw new Error('there is no group');
  return found;
};

describe('a key that is refused', () => {
  it('after a group was made hides nothing of what was done', async () => {
    const match = { method: 'POST', path: 'submit_for_approval$' };
    await repository.control('faults', { kind: 'status', status: 401, match });
    const { code, outcomes } = await apply();
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      id: (await group()).id,
      status: 'failed',
      operations: ['upload', 'create'],
      error: { code: 'not-authorised' },
    });
  });

  it('before anything was written ends the run', async () => {
    await repository.control('faults', { kind: 'status', status: 401, match: { method: 'POST' } });
    expect((await repository.run(['apply', '--yes', '--quiet'])).code).toBe(7);
  });
});

describe('a group that is read back', () => {
  it('with a refusal, after it was written, is not written again though its document was scanned meanwhile', async () => {
    await repository.control('quirks', { scan_delay_seconds: 3600 }, 'PATCH');
    let [wasMade, looks] = [false, 0];
    await between(async (asked, message, response) => {
      if (asked === 'POST /requirement_groups') wasMade = true;
      // Not scanned yet at the first look, and scanned at the second.
      if (asked.startsWith('GET /documents/') && ++looks === 2) {
        await repository.control('clock', { advance_seconds: 3601 });
      }
      const isReadBack = wasMade && asked.startsWith('GET /requirement_groups/');
      if (isReadBack) await answer(message, response, 422, NO);
      return isReadBack;
    });
    const { code, outcomes } = await apply();
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      operations: ['upload', 'create'],
      error: { code: 'refused-by-api' },
    });
    expect(await countOf('POST', /^\/requirement_groups$/)).toBe(1);
  });

  it('under another reference than it was made with is a failure', async () => {
    let wasMade = false;
    await between(async (asked, message, response) => {
      if (asked === 'POST /requirement_groups') wasMade = true;
      if (!wasMade || !asked.startsWith('GET /requirement_groups/')) return false;
      const row = await callApi<object>(repository, 'GET', `/requirement_groups/${(await group()).id}`);
      await answer(message, response, 200, { data: { ...row, customer_reference: 'cut' } });
      return true;
    });
    const { code, outcomes } = await apply();
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      operations: ['upload', 'create'],
      error: { code: expect.any(String) },
    });
    expect(outcomes[0]?.error?.message).toContain('customer_reference');
    expect((await group()).status).toBe('unapproved');
  });

  it('and is approved already is not submitted', async () => {
    await repository.write('groups/fr.yaml', germanGroup());
    await apply();
    await repository.control('groups/approve?reference=regsync/acme/de-local', {});
    await repository.control('quirks', { patch_effect: 'keep' }, 'PATCH');
    await repository.write('groups/fr.yaml', germanGroup({ contact: 'New desk, Example GmbH' }));
    await repository.forgetRequests();
    const { code, outcomes } = await apply();
    expect(code).toBe(0);
    expect(outcomes[0]).toMatchObject({ operations: ['patch'], group_status: 'approved' });
    expect(await countOf('POST', /submit_for_approval/)).toBe(0);
  });
});

describe('a group that is deleted', () => {
  beforeEach(async () => {
    expect((await apply()).code).toBe(0);
    await repository.write('groups/fr.yaml', germanGroup());
  });

  const pruned = (outcomes: readonly Outcome[]) => outcomes.find(({ name }) => name === 'fr-local');

  it('has no status afterwards', async () => {
    const { outcomes } = await apply('--prune');
    expect(pruned(outcomes)).toMatchObject({ status: 'applied', operations: ['delete'], group_status: null });
  });

  it('and is still there afterwards is a failure', async () => {
    await repository.control('faults', { kind: 'noop', match: { method: 'DELETE' } });
    const { code, outcomes } = await apply('--prune');
    expect(code).toBe(4);
    expect(pruned(outcomes)).toMatchObject({ status: 'failed', error: { code: 'delete-without-effect' } });
  });

  it.each([
    ['before it is looked at', /^GET \/requirement_groups\//],
    ['between the look and the DELETE', /^DELETE /],
  ])('by somebody else %s is deleted', async (_, at) => {
    const [gone] = (await repository.state()).groups;
    await between(async (asked) => {
      if (at.test(asked) && asked.includes(gone?.id ?? '')) {
        await callApi(repository, 'DELETE', `/requirement_groups/${gone?.id}`).catch(() => {});
      }
      return false;
    });
    const { code, outcomes } = await apply('--prune');
    expect(code).toBe(0);
    expect(pruned(outcomes)).toMatchObject({ status: 'applied', operations: ['delete'] });
  });
});

describe('an order that gets the values of its group', () => {
  const contact = DE_REQUIREMENTS.contact;

  it('may keep what was approved in it, and carries the rest', async () => {
    await repository.write('groups/fr.yaml', germanGroup());
    await apply();
    const { id, subOrders } = await placeOrder(repository, ['+49300000001'], (await group()).id);
    const order = subOrders.DE ?? '';
    await repository.control(`sub_number_orders/${order}/approve`, { requirement_ids: [contact] });
    const changed = attachedGroup([{ number_order: id }], 'Jo Example, Example GmbH').replace(
      /(proof: \{ file: |95cac7a7[^\n]*\n {4}document: \{ file: )\.\.\/documents\/local-address-proof\.pdf/,
      '$1../documents/registration.pdf',
    );
    await repository.write('groups/fr.yaml', changed);
    const { code, outcomes } = await apply();
    expect(code).toBe(0);
    expect(outcomes[0]?.operations).toEqual(['patch', 'submit', 'attach']);
    const held = await valuesOf(repository, order);
    expect(held[contact]).toEqual(['Compliance desk, Example GmbH', 'approved']);
    const { regulatory_requirements: own } = await group();
    const proof = own.find(({ requirement_id }) => requirement_id === DE_REQUIREMENTS.proof);
    expect(held[DE_REQUIREMENTS.proof]?.[0]).toBe(proof?.field_value);
  });

  it('and that somebody fills in otherwise meanwhile is left as it is, and the value is not told', async () => {
    await repository.write('groups/fr.yaml', germanGroup());
    await apply();
    const { subOrders, numbers } = await placeOrder(repository, ['+49300000001']);
    const order = subOrders.DE ?? '';
    await repository.write(
      'groups/fr.yaml',
      attachedGroup([{ sub_number_order: order }], 'New desk, Example GmbH'),
    );
    await between(async (asked) => {
      if (asked.endsWith('submit_for_approval')) {
        await callApi(repository, 'PATCH', `/number_order_phone_numbers/${numbers[0]?.id}`, {
          regulatory_requirements: [{ requirement_id: contact, field_value: 'Jo Example' }],
        });
      }
      return false;
    });
    const { code, outcomes } = await apply();
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      operations: ['patch', 'submit'],
      error: { code: 'changed-since-planned', source: { file: 'groups/fr.yaml' } },
    });
    expect(outcomes[0]?.error?.message).toContain(`it holds another value for requirement ${contact}`);
    expect(JSON.stringify(outcomes)).not.toContain('Jo Example');
    expect((await valuesOf(repository, order))[contact]?.[0]).toBe('Jo Example');
  });

  it('is not tried for each of many while Telnyx cannot be reached', async () => {
    await repository.write('groups/fr.yaml', germanGroup());
    await apply();
    const orders = [];
    for (const last of [1, 2, 3, 4, 5]) orders.push(await placeOrder(repository, [`+4930000000${last}`]));
    const ids = orders.map(({ subOrders }) => subOrders.DE ?? '');
    await repository.write(
      'groups/fr.yaml',
      attachedGroup(
        ids.map((id) => ({ sub_number_order: id })),
        'New desk',
      ),
    );
    const tried = new Set<string>();
    let isDown = false;
    await between(async (asked, message, response) => {
      if (asked.endsWith('submit_for_approval')) isDown = true;
      const id = ids.find((one) => asked.includes(one));
      if (!isDown || id === undefined) return false;
      tried.add(id);
      await answer(message, response, 503, NO);
      return true;
    });
    const { code, outcomes } = await apply();
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({ operations: ['patch', 'submit'], error: { code: 'unreachable' } });
    expect([...tried]).toEqual(ids.slice(0, 3));
  });
});
