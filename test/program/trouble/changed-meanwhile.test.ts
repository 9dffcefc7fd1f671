import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import { callApi, type PlacedOrder, placeOrder } from '../../support/orders.ts';
import { forward, openProxy } from '../../support/proxies/proxy.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const SECRET = 'Jo Example, +49 30 0000000';

interface Step {
  /** `GET /requirement_groups/{id}`, with what stands behind the question mark. */
  readonly at: RegExp;
  readonly act: () => Promise<unknown>;
}

/** An apply, and what somebody else does when it asks for something: each step once, right before the sandbox hears of it. */
async function applyWhile(
  steps: readonly Step[],
  ...args: string[]
): Promise<{ code: number | null; outcomes: Outcome[]; all: string }> {
  await repository.forgetRequests();
  const waiting = [...steps];
  const url = await openProxy(async (message, response) => {
    const asked = `${message.method} ${decodeURIComponent(message.url ?? '').replace('/v2', '')}`;
    const next = waiting.findIndex(({ at }) => at.test(asked));
    // Its own requests do not come this way.
    for (const { act } of next < 0 ? [] : waiting.splice(next, 1)) await act();
    forward(repository.sandbox.origin, message, response);
  });
  const options = { env: { TELNYX_BASE_URL: url } };
  const { code, out, err } = await repository.run(
    ['apply', '--yes', '--format', 'json', '--parallelism', '1', ...args],
    options,
  );
  expect(waiting, `steps that never came: ${err}`).toEqual([]);
  return { code, outcomes: JSON.parse(out).outcomes, all: out + err };
}

async function groupOf(name: string) {
  const { groups } = await repository.state();
  const found = groups.filter(({ customer_reference }) => customer_reference === `regsync/acme/${name}`);
  if (found[0] === undefined) throw new Error(`no group ${name}`);
  return found[0];
}

const valueIn = (group: Awaited<ReturnType<typeof groupOf>>, id: string) =>
  group.regulatory_requirements.find(({ requirement_id }) => requirement_id === id)?.field_value;

const writes = async () =>
  (await repository.requests())
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, '{id}')}`);

const patch = (id: string, body: object) => callApi(repository, 'PATCH', `/requirement_groups/${id}`, body);
const contact = (text: string) => ({
  regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.contact, field_value: text }],
});
const approve = (name: string) => repository.control(`groups/approve?reference=regsync/acme/${name}`, {});

describe('a group that is to be changed', () => {
  let id: string;
  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    id = (await groupOf('de-local')).id;
    await repository.write('groups/de.yaml', germanGroup({ contact: 'New desk, Example GmbH' }));
  });

  it('keeps the approval that came while the apply was at work on others, which go on', async () => {
    await repository.write('groups/fr.yaml', frenchGroup({ file: '../documents/registration.pdf' }));
    const look = { at: new RegExp(`GET /requirement_groups/${id}`), act: () => approve('de-local') };
    const { code, outcomes, all } = await applyWhile([look]);
    expect(code).toBe(4);
    expect(outcomes.map(({ name, status, operations }) => [name, status, operations])).toEqual([
      ['de-local', 'failed', []],
      ['fr-local', 'applied', ['patch', 'submit']],
    ]);
    expect(outcomes[0]?.error).toMatchObject({
      code: 'changed-since-planned',
      message: `group ${id} changed since it was planned: its status is approved, no longer pending-approval. It was left as it is; plan again`,
    });
    expect(all).not.toContain('New desk');
    const group = await groupOf('de-local');
    expect([group.status, valueIn(group, DE_REQUIREMENTS.contact)]).toEqual([
      'approved',
      'Compliance desk, Example GmbH',
    ]);
    // Reviewed anew, the same change goes through.
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
  });

  it.each([
    ['another value', () => patch(id, contact(SECRET)), 'it holds another value for "Contact Info"'],
    [
      'another reference',
      () => patch(id, { customer_reference: 'somebody-else' }),
      'it has another customer_reference',
    ],
    ['no existence', () => callApi(repository, 'DELETE', `/requirement_groups/${id}`), 'it is gone'],
  ])('and got %s meanwhile is left as it is, and the value is not told', async (_, act, message) => {
    const { code, outcomes, all } = await applyWhile([
      { at: new RegExp(`GET /requirement_groups/${id}`), act: () => act().catch(() => {}) },
    ]);
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({ status: 'failed', operations: [] });
    expect(outcomes[0]?.error?.message).toContain(message);
    expect(all).not.toContain(SECRET);
    const { groups } = await repository.state();
    expect(JSON.stringify(groups)).not.toContain('New desk');
  });

  it('and got what it was to get meanwhile is not written to, and nothing is left to do', async () => {
    const { code, outcomes } = await applyWhile([
      {
        at: new RegExp(`GET /requirement_groups/${id}`),
        act: () => patch(id, contact('New desk, Example GmbH')),
      },
    ]);
    expect(code).toBe(0);
    expect(outcomes[0]).toMatchObject({ status: 'applied', operations: ['submit'] });
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('and got another value in the moment of the write is not submitted with it', async () => {
    const other = valueIn(await groupOf('de-local'), DE_REQUIREMENTS.proof);
    const swap = () =>
      patch(id, { regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.form, field_value: other }] });
    const { code, outcomes } = await applyWhile([
      { at: new RegExp(`PATCH /requirement_groups/${id}`), act: swap },
    ]);
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      operations: ['patch'],
      error: { code: 'changed-since-planned', message: expect.stringContaining('It is not submitted') },
    });
    expect((await groupOf('de-local')).status).toBe('unapproved');
  });

  it('keeps the approval that came while its document was uploaded', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    await repository.write('groups/fr.yaml', frenchGroup({ file: '../documents/new.pdf' }));
    await repository.write('documents/new.pdf', '%PDF-1.4\n% a sample\n%%EOF\n');
    const { code, outcomes } = await applyWhile([{ at: /POST \/documents/, act: () => approve('fr-local') }]);
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      name: 'fr-local',
      status: 'failed',
      operations: ['upload'],
      error: { code: 'changed-since-planned' },
    });
    expect((await groupOf('fr-local')).status).toBe('approved');
  });
});

describe('a group that is only to be submitted', () => {
  let id: string;
  beforeEach(async () => {
    await repository.write('groups/de.yaml', germanGroup({ extra: 'approval: none\n' }));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    id = (await groupOf('de-local')).id;
    await repository.write('groups/de.yaml', germanGroup());
  });

  it('and got another value meanwhile is not submitted', async () => {
    const { code, outcomes } = await applyWhile([
      { at: new RegExp(`GET /requirement_groups/${id}`), act: () => patch(id, contact(SECRET)) },
    ]);
    expect(code).toBe(4);
    expect(outcomes[0]?.error?.code).toBe('changed-since-planned');
    expect((await groupOf('de-local')).status).toBe('unapproved');
  });

  it('and got another value meanwhile that its manifest does not state is not submitted', async () => {
    const whole = germanGroup();
    const partial = `${whole.slice(0, whole.indexOf(`  - requirement: ${DE_REQUIREMENTS.form}`))}  - requirement: ${whole.slice(whole.indexOf(DE_REQUIREMENTS.address))}`;
    await repository.write(
      'groups/de.yaml',
      partial.replace('requirements:', 'partial: true\nrequirements:'),
    );
    const other = valueIn(await groupOf('de-local'), DE_REQUIREMENTS.proof);
    const { code, outcomes } = await applyWhile([
      {
        at: new RegExp(`GET /requirement_groups/${id}`),
        act: () =>
          patch(id, {
            regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.form, field_value: other }],
          }),
      },
    ]);
    expect(code).toBe(4);
    expect(outcomes[0]?.error?.code).toBe('changed-since-planned');
    expect((await groupOf('de-local')).status).toBe('unapproved');
  });

  it('and was submitted meanwhile is as it should be', async () => {
    const submit = () => callApi(repository, 'POST', `/requirement_groups/${id}/submit_for_approval`);
    const { code, outcomes } = await applyWhile([
      { at: new RegExp(`GET /requirement_groups/${id}`), act: submit },
    ]);
    expect(code).toBe(0);
    expect(outcomes[0]).toMatchObject({
      status: 'applied',
      operations: [],
      group_status: 'pending-approval',
    });
  });
});

describe('a group that an order is to get', () => {
  let id: string;
  let order: PlacedOrder;
  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    id = (await groupOf('de-local')).id;
    await approve('de-local');
    order = await placeOrder(repository, ['+49300000001']);
    const attach = `attach:\n  - sub_number_order: ${order.subOrders.DE}\n`;
    await repository.write('groups/de.yaml', germanGroup({ extra: attach }));
  });

  it.each(['unapproved', 'pending-approval', 'declined'])(
    'and is %s meanwhile is not attached as the approved one that was planned',
    async (status) => {
      const { code, outcomes } = await applyWhile([
        {
          at: new RegExp(`GET /requirement_groups/${id}`),
          act: () => repository.control(`groups/${id}`, { status }, 'PATCH'),
        },
      ]);
      expect(code).toBe(4);
      expect(outcomes[0]?.error?.message).toContain(`its status is ${status}, no longer approved`);
      expect((await writes()).filter((write) => write.startsWith('POST'))).toEqual([]);
    },
  );
});

describe('a group that is to be created', () => {
  const LOOK = /GET \/requirement_groups\?.*filter\[customer_reference\]=regsync\/acme\/fr-local/;
  const make = (value: string, reference = 'regsync/acme/fr-local') =>
    callApi<{ readonly id: string }>(repository, 'POST', '/requirement_groups', {
      country_code: 'FR',
      phone_number_type: 'local',
      action: 'ordering',
      customer_reference: reference,
      regulatory_requirements: value === '' ? [] : [{ requirement_id: proof, field_value: value }],
    });
  let proof: string;
  let mine: string;
  let foreign: string;
  beforeEach(async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const group = await groupOf('fr-local');
    [proof, mine] = [
      group.regulatory_requirements[0]?.requirement_id ?? '',
      group.regulatory_requirements[0]?.field_value ?? '',
    ];
    foreign = valueIn(await groupOf('de-local'), DE_REQUIREMENTS.proof) ?? '';
    await callApi(repository, 'DELETE', `/requirement_groups/${group.id}`).catch(() => {});
    await repository.control(`groups/retire?reference=regsync/acme/fr-local`, {}).catch(() => {});
    if ((await repository.state()).groups.some(({ id }) => id === group.id)) {
      await patch(group.id, { customer_reference: 'of-somebody' });
    }
  });

  it('and is there by now as it is wanted is not made a second time', async () => {
    const { code, outcomes } = await applyWhile(
      [{ at: LOOK, act: () => make(mine) }],
      '--target',
      'fr-local',
    );
    expect(code).toBe(0);
    expect(outcomes[0]).toMatchObject({ status: 'applied', operations: ['submit'] });
    expect(outcomes[0]?.warnings[0]).toContain('has this reference already: none was created');
    expect(outcomes[0]?.id).toBe((await groupOf('fr-local')).id);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('and is there by now without values gets them', async () => {
    const { code, outcomes } = await applyWhile([{ at: LOOK, act: () => make('') }], '--target', 'fr-local');
    expect(code).toBe(0);
    expect(outcomes[0]?.operations).toEqual(['patch', 'submit']);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('and is there by now with another value fails with its id', async () => {
    const { code, outcomes } = await applyWhile(
      [{ at: LOOK, act: () => make(foreign) }],
      '--target',
      'fr-local',
    );
    expect(code).toBe(4);
    const group = await groupOf('fr-local');
    expect(outcomes[0]).toMatchObject({ status: 'failed', operations: [] });
    expect(outcomes[0]?.error?.message).toContain(
      `group ${group.id} changed since it was planned: it holds another value for "Proof of Address"`,
    );
    expect(valueIn(group, proof)).toBe(foreign);
  });

  it('and is there twice by now is not made a third time, and the line that settles it is given', async () => {
    let oldest = '';
    const twice = async () => {
      oldest = (await make(mine)).id;
      await make(mine);
    };
    const { code, outcomes } = await applyWhile([{ at: LOOK, act: twice }], '--target', 'fr-local');
    expect(code).toBe(4);
    expect(outcomes[0]?.error?.code).toBe('duplicate-groups');
    expect(outcomes[0]?.error?.message).toContain(`Write "id: ${oldest}" into the manifest`);
    expect(await writes()).toEqual(['POST /requirement_groups', 'POST /requirement_groups']);
  });

  it('and was made by somebody a moment before is neither submitted nor used', async () => {
    let oldest = '';
    const first = async () => {
      oldest = (await make(mine)).id;
    };
    const { code, outcomes } = await applyWhile(
      [{ at: /POST \/requirement_groups$/, act: first }],
      '--target',
      'fr-local',
    );
    expect(code).toBe(4);
    expect(outcomes[0]).toMatchObject({
      status: 'failed',
      operations: ['create'],
      error: { code: 'duplicate-groups' },
    });
    expect(outcomes[0]?.error?.message).toMatch(
      new RegExp(`oldest first: ${oldest} .*, ${outcomes[0]?.id} `),
    );
    const { groups } = await repository.state();
    expect(groups.find(({ id }) => id === outcomes[0]?.id)?.status).toBe('unapproved');
  });
});

describe('a group that is to be deleted', () => {
  const OTHER = frenchGroup({ name: 'other' });
  let id: string;
  beforeEach(async () => {
    await repository.write('groups/other.yaml', OTHER);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    id = (await groupOf('other')).id;
    await repository.write('groups/other.yaml', frenchGroup({ name: 'another' }));
  });

  it.each([
    ['approved', () => approve('other'), 'its status is approved'],
    [
      'given to another scope',
      () => patch(id, { customer_reference: 'regsync/elsewhere/other' }),
      'it has another customer_reference',
    ],
    [
      'given other values',
      async () => {
        const de = await groupOf('de-local');
        const { requirement_id } = (await groupOf('other')).regulatory_requirements[0] ?? {};
        const field_value = valueIn(de, DE_REQUIREMENTS.proof);
        return patch(id, { regulatory_requirements: [{ requirement_id, field_value }] });
      },
      'it holds another value for requirement',
    ],
  ])('and was %s meanwhile stays', async (_, act, message) => {
    const { code, outcomes } = await applyWhile(
      [{ at: new RegExp(`GET /requirement_groups/${id}`), act }],
      '--prune',
    );
    expect(code).toBe(4);
    const outcome = outcomes.find(({ name }) => name === 'other');
    expect(outcome).toMatchObject({ status: 'failed', operations: [] });
    expect(outcome?.error?.message).toContain(message);
    expect(outcomes.find(({ name }) => name === 'another')?.status).toBe('applied');
    expect((await repository.state()).groups.map((group) => group.id)).toContain(id);
  });

  it('because another takes its place, and was approved meanwhile, stays beside its successor', async () => {
    await repository.write('groups/other.yaml', germanGroup({ name: 'other' }));
    const { code, outcomes } = await applyWhile(
      [
        {
          at: new RegExp(`GET /requirement_groups/${id}`),
          act: () => repository.control(`groups/${id}/approve`, {}),
        },
      ],
      '--allow-replace',
    );
    expect(code).toBe(4);
    expect(outcomes.find(({ name }) => name === 'other')).toMatchObject({
      status: 'failed',
      operations: ['create', 'submit'],
      error: { code: 'changed-since-planned' },
    });
    expect((await repository.state()).groups.map((group) => group.id)).toContain(id);
  });
});
