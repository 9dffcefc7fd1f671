import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planText, readPlanFile } from '../../src/cli/apply/plan-file.ts';
import { InvalidInputError, RefusedError } from '../../src/model/errors.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { mapObjects, relay } from '../security/hostile.ts';
import { numberOrder } from '../support/number-orders.ts';
import { callApi } from '../support/orders.ts';
import { desiredGroup, observedWorld, planInput } from '../support/plan-inputs.ts';
import { describedPlan } from '../support/plans.ts';
import { findProgram } from '../support/programs/programs.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Result,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup({ name: 'de-local' }) });
});
afterEach(() => repository.end());

const PLAN_KEY = '0123456789abcdef0123456789abcdef';

async function run(...args: string[]): Promise<Result> {
  return repository.run(args);
}

async function expectDone(...args: string[]): Promise<Result> {
  const result = await run(...args);
  expect(result.code, result.out + result.err).toBe(0);
  return result;
}

async function planned(...args: string[]): Promise<Plan> {
  await expectDone('plan', '--out', 'plan.json', ...args);
  await repository.forgetRequests();
  return JSON.parse(await readFile(join(repository.folder, 'plan.json'), 'utf8'));
}

async function writes(): Promise<readonly string[]> {
  const requests = await repository.requests();
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
}

async function onlyGroup() {
  const [group] = (await repository.state()).groups;
  if (group === undefined) throw new Error('there is no group');
  return group;
}

/** Somebody else, with the vendor's portal. */
async function change(body: object): Promise<void> {
  await callApi(repository, 'PATCH', `/requirement_groups/${(await onlyGroup()).id}`, body);
}

const textOf = (value: string) => ({
  regulatory_requirements: [{ requirement_id: DE_REQUIREMENTS.contact, field_value: value }],
});

describe('what somebody changed after the review', () => {
  beforeEach(async () => {
    await expectDone('apply', '--yes');
    await repository.write('groups/de.yaml', germanGroup({ name: 'de-local', contact: 'Jo Example' }));
  });

  it('is refused by every door, which name the value, and the new plan is shown', async () => {
    const { fingerprint } = await planned();
    await change(textOf('Somebody else'));
    await repository.forgetRequests();
    const why = /RequirementGroup\/de-local: "Contact Info" holds «[0-9a-f]{8}» now, and holds «[0-9a-f]{8}»/;

    const byFile = await run('apply', '--plan', 'plan.json');
    expect([byFile.code, byFile.err]).toEqual([5, expect.stringMatching(why)]);
    expect(byFile.err).toContain('~  de-local');
    const inPipeline = await run('ci', 'apply', '--plan', 'plan.json');
    expect([inPipeline.code, inPipeline.err]).toEqual([5, expect.stringMatching(why)]);
    expect(inPipeline.out).toContain('de-local');
    const byFingerprint = await run('ci', 'apply', '--fingerprint', fingerprint);
    expect([byFingerprint.code, byFingerprint.err]).toEqual([
      5,
      expect.stringContaining('the manifests or Telnyx changed since that review'),
    ]);
    expect(await writes()).toEqual([]);
    expect(JSON.stringify(await repository.state())).toContain('Somebody else');
  });

  it('is refused where it is the status', async () => {
    const { fingerprint } = await planned();
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment: 'Not legible' });
    for (const door of [
      ['apply', '--plan', 'plan.json'],
      ['ci', 'apply', '--plan', 'plan.json'],
      ['ci', 'apply', '--fingerprint', fingerprint],
    ]) {
      const { code, err } = await repository.run(door);
      expect([door, code]).toEqual([door, 5]);
      if (door.includes('--plan'))
        expect(err).toContain('the group is declined now, and is pending-approval in the reviewed plan');
    }
    expect(await writes()).toEqual([]);
  });

  it('is fine where it is what was wanted', async () => {
    await planned();
    await change(textOf('Jo Example'));
    await expectDone('apply', '--plan', 'plan.json');
    expect((await run('plan')).out).toContain('No changes.');
  });

  it('is fine where an apply was interrupted between writing and submitting', async () => {
    await planned();
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      body: 'json',
      match: { method: 'POST', path: 'submit_for_approval$' },
    });
    expect((await run('apply', '--plan', 'plan.json')).code).toBe(4);
    expect((await onlyGroup()).status).toBe('unapproved');
    await expectDone('apply', '--plan', 'plan.json');
    expect((await onlyGroup()).status).toBe('pending-approval');
  });

  it('is refused where it is the reference of an adopted group', async () => {
    const { id } = await onlyGroup();
    const extra = `id: ${id}\ncustomer_reference: CRM 0001\n`;
    await repository.write('groups/de.yaml', germanGroup({ name: 'de-local', extra }));
    await planned();
    await change({ customer_reference: 'CRM 0002' });
    await repository.forgetRequests();
    const { code, err } = await run('apply', '--plan', 'plan.json');
    expect([code, err]).toEqual([
      5,
      expect.stringContaining(
        'its customer_reference is "CRM 0002" now, and "regsync/acme/de-local" in the reviewed plan',
      ),
    ]);
    expect(await writes()).toEqual([]);
    expect((await onlyGroup()).customer_reference).toBe('CRM 0002');
  });

  it('is refused where it is a value of an orphan that is deleted', async () => {
    await repository.write('groups/de.yaml', frenchGroup());
    await planned('--prune');
    await change(textOf('Somebody else'));
    // As an API would leave it that takes changes of what it reviews.
    await repository.control(
      'groups?reference=regsync/acme/de-local',
      { status: 'pending-approval' },
      'PATCH',
    );
    await repository.forgetRequests();
    const { code, err } = await run('apply', '--plan', 'plan.json');
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('which it deletes, holds other values than when'),
    ]);
    expect(await writes()).toEqual([]);
  });
});

describe('a reviewed order of numbers', () => {
  it('is not placed with a group that was declined since', async () => {
    await expectDone('apply', '--yes');
    await repository.control('approve-all', {});
    await repository.write('groups/orders.yaml', numberOrder());
    const { fingerprint } = await planned('--allow-orders');
    await repository.control('groups/decline?reference=regsync/acme/de-local', { comment: 'Not legible' });
    const { code, err } = await run('apply', '--plan', 'plan.json', '--allow-orders');
    expect([code, err]).toEqual([
      5,
      expect.stringContaining(
        'NumberOrder/berlin: group de-local, which it is ordered with, is declined now, and is approved in the reviewed plan',
      ),
    ]);
    expect((await run('ci', 'apply', '--fingerprint', fingerprint, '--allow-orders')).code).toBe(5);
    expect(await writes()).toEqual([]);
  });
});

describe('a plan of one account', () => {
  it('is refused by another one with the same key of plans, by every door', async () => {
    const others = 'd0000000-0000-4000-8000-000000000002';
    await expectDone('apply', '--yes');
    const server = await relay(repository.sandbox, ({ status, body }, { headers }) => ({
      status,
      body: mapObjects(body, (row) =>
        'user_id' in row && String(headers.authorization).includes('production')
          ? { ...row, user_id: others }
          : row,
      ),
    }));
    const as = (key: string) => ({
      env: { TELNYX_API_KEY: key, REGSYNC_PLAN_KEY: PLAN_KEY, TELNYX_BASE_URL: server.baseUrl },
    });
    await repository.write('groups/fr.yaml', frenchGroup());
    expect((await repository.run(['plan', '--out', 'plan.json'], as('KEY0001_staging'))).code).toBe(0);
    const text = await readFile(join(repository.folder, 'plan.json'), 'utf8');
    const { fingerprint, users } = JSON.parse(text) as Plan;
    expect(users).toEqual([expect.stringMatching(/^«[0-9a-f]{8}»$/)]);
    expect(text).not.toContain('c142e29a-3f38-40a0-9538-7a7f0f744088');
    await repository.forgetRequests();
    for (const door of [
      ['apply', '--plan', 'plan.json'],
      ['ci', 'apply', '--plan', 'plan.json'],
      ['ci', 'apply', '--fingerprint', fingerprint],
    ]) {
      const { code, err } = await repository.run(door, as('KEY0002_production'));
      expect([door, code, err]).toEqual([
        door,
        5,
        expect.stringContaining(door.includes('--plan') ? 'another Telnyx account' : 'changed since'),
      ]);
    }
    expect(await writes()).toEqual([]);
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json'], as('KEY0003_staging'));
    expect(code, err).toBe(0);
  });
});

describe('a reference of its own', () => {
  it('is shown in every picture of the plan that creates the group, and one of ours is not', async () => {
    await repository.write(
      'groups/de.yaml',
      germanGroup({ name: 'a', extra: 'customer_reference: CRM 0001\n' }),
    );
    await repository.write('groups/fr.yaml', frenchGroup());
    const { changes } = await planned();
    const patches = changes.flatMap(({ name, patch }) =>
      patch.filter(({ path }) => path === '/customer_reference').map((operation) => [name, operation]),
    );
    expect(patches).toEqual([['a', { op: 'add', path: '/customer_reference', value: 'CRM 0001' }]]);
    const text = (await run('plan')).out;
    expect(text).toContain('      = customer_reference  "CRM 0001"\n');
    expect(text).not.toContain('regsync/acme/');
    expect((await run('plan', '--format', 'markdown')).out).toContain('customer_reference  "CRM 0001"');

    await repository.write(
      'groups/de.yaml',
      germanGroup({ name: 'a', extra: 'customer_reference: CRM 0002\n' }),
    );
    const { code, err } = await run('apply', '--plan', 'plan.json');
    expect([code, err]).toEqual([5, expect.stringContaining('= customer_reference  "CRM 0002"')]);
    expect(await writes()).toEqual([]);
  });
});

describe('the API key', () => {
  it('that comes back as data stands in no plan, and the plan can be applied', async () => {
    await repository.control(
      'catalogue/DE/local/ordering',
      {
        replace: [{ name: `Contact of ${SAMPLE_KEY}`, type: 'textual' }],
      },
      'PATCH',
    );
    const manifest = `${germanGroup().split('requirements:')[0]}requirements: []\npartial: true\n`;
    await repository.write('groups/de.yaml', manifest.replace('de-local', 'fresh'));
    await repository.control('groups', {
      customer_reference: `regsync/acme/${SAMPLE_KEY}`,
      country_code: 'DE',
      status: 'unapproved',
    });
    await repository.control('groups', {
      customer_reference: `regsync/acme/x-${Buffer.from(SAMPLE_KEY).toString('base64')}`,
      country_code: 'DE',
      status: 'unapproved',
    });
    const plan = await planned('--prune');
    const text = JSON.stringify(plan);
    expect(text).toContain('«sensitive»');
    for (const form of [SAMPLE_KEY, Buffer.from(SAMPLE_KEY).toString('base64')])
      expect(text).not.toContain(form);
    expect(plan.changes.filter(({ group }) => group?.verb === 'delete')).toHaveLength(2);
    await expectDone('apply', '--plan', 'plan.json');
    expect((await repository.state()).groups.map(({ customer_reference }) => customer_reference)).toEqual([
      'regsync/acme/fresh',
    ]);
  });
});

describe('REGSYNC_PLAN_KEY', () => {
  it.each([
    ['acme2026', 'has fewer than 32 characters'],
    ['"', 'has fewer than 32 characters'],
    [PLAN_KEY.slice(1), 'has fewer than 32 characters'],
    [`${PLAN_KEY}"`, 'contains a quote, a backslash or a control character'],
    [`${PLAN_KEY}\\`, 'contains a quote, a backslash or a control character'],
    [`${PLAN_KEY}\n${PLAN_KEY}`, 'contains a quote, a backslash or a control character'],
  ])('%j is refused before anything is asked, by a message that says how to make one', async (key, why) => {
    await repository.write('plan.json', '{}');
    for (const args of [
      ['plan', '--format', 'json'],
      ['apply', '--yes', '--format', 'json'],
      ['ci', 'plan', '--format', 'json'],
      ['ci', 'apply', '--allow-unreviewed', '--format', 'json'],
      ['plan', '--sandbox', '--format', 'json'],
    ]) {
      const { code, out } = await repository.run(args, { env: { REGSYNC_PLAN_KEY: key } });
      expect([args, code]).toEqual([args, 3]);
      const { message } = (JSON.parse(out) as { error: { message: string } }).error;
      expect(message).toContain(why);
      expect(message).toContain('openssl rand -hex 32');
      expect(message).not.toContain('acme2026');
    }
    expect(await repository.requests()).toEqual([]);
  });

  it('that is long enough is taken, with blanks around it, and an empty one is none', async () => {
    const planWith = async (key: string): Promise<Plan> => {
      const { code, out } = await repository.run(['plan', '--format', 'json'], {
        env: { REGSYNC_PLAN_KEY: key },
      });
      expect(code).toBe(0);
      return JSON.parse(out);
    };
    const [plain, padded, empty, none] = [
      await planWith(PLAN_KEY),
      await planWith(` ${PLAN_KEY}\n`),
      await planWith(''),
      JSON.parse((await run('plan', '--format', 'json')).out),
    ];
    expect(padded.mac).toBe(plain.mac);
    expect(empty.mac).toBe(none.mac);
    expect(plain.mac).not.toBe(none.mac);
  });
});

describe('a plan file', () => {
  it.each<[string, (path: string) => unknown, number, string]>([
    ['that is not there', () => null, 3, 'does not exist. Make one with `regsync plan --out FILE`'],
    ['that is a folder', (path) => mkdir(path), 3, 'is a folder. Write the path of the file'],
    [
      'that is a pipe nobody writes to',
      (path) => execFileSync(findProgram('mkfifo') ?? '', [path]),
      3,
      'is a pipe, a device',
    ],
    [
      'that is sparse and has no end',
      async (path) => {
        await writeFile(path, '{');
        await truncate(path, 600 * 1024 * 1024);
      },
      5,
      'is too large to be a plan: it has 600.0 MiB',
    ],
    [
      'that is nested without end',
      (path) => writeFile(path, `${'['.repeat(400_000)}${']'.repeat(400_000)}`),
      5,
      'is not a plan',
    ],
  ])('%s is refused by a sentence', async (_, make, code, why) => {
    await make(join(repository.folder, 'other.json'));
    for (const args of [
      ['apply', '--plan', 'other.json'],
      ['ci', 'apply', '--plan', 'other.json'],
    ]) {
      const result = await repository.run(args);
      expect([args, result.code, result.err]).toEqual([args, code, expect.stringContaining(why)]);
    }
  });

  it.skipIf(process.platform === 'win32')('that is a device without end is not read', async () => {
    for (const path of ['/dev/zero', '/dev/full', '/dev/random']) {
      await expect(readPlanFile(path)).rejects.toThrow(InvalidInputError);
      await expect(readPlanFile(path)).rejects.toThrow('is a pipe, a device or a socket');
    }
  });

  it('with a value that is nested deeply is refused like any other that was changed', async () => {
    const plan = await planned();
    const marker = '"value":"';
    const text = JSON.stringify(plan);
    const at = text.indexOf(marker) + marker.length - 1;
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const end = text.indexOf('"', at + 1) + 1;
    await repository.write('deep.json', text.slice(0, at) + deep + text.slice(end));
    for (const args of [
      ['apply', '--plan', 'deep.json'],
      ['ci', 'apply', '--plan', 'deep.json', '--format', 'json'],
    ]) {
      const { code, out, err } = await repository.run(args);
      expect([args, code, out + err]).toEqual([args, 5, expect.stringContaining('is not a plan')]);
    }
  });

  it('of more than 64 MiB is read again', async () => {
    await planned();
    await appendFile(join(repository.folder, 'plan.json'), Buffer.alloc(65 * 1024 * 1024, ' '));
    await expectDone('apply', '--plan', 'plan.json');
  });

  it('that could not be read again is not written', () => {
    const plan = describedPlan(
      planInput({ RequirementGroup: [desiredGroup()], observed: observedWorld({}) }),
    );
    const { length } = Buffer.from(planText('plan.json', plan));
    expect(planText('plan.json', plan, length)).toHaveLength(planText('plan.json', plan).length);
    expect(() => planText('plan.json', plan, length - 1)).toThrow(RefusedError);
    expect(() => planText('plan.json', plan, length - 1)).toThrow(
      /^regsync did not write the plan to plan\.json: it is larger than .*add paths, --target or --shard\.$/,
    );
  });
});
