import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/plan/outcome.ts';
import type { Plan } from '../../../src/model/plan/plan.ts';
import type { StatusReport } from '../../../src/model/report/status.ts';
import { shardOf } from '../../../src/model/shard.ts';
import { numberOrder } from '../../support/number-orders.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Result,
  type SandboxState,
  type TestRepository,
} from '../../support/test-repository.ts';

const SHARDS = 8;
const shards = Array.from({ length: SHARDS }, (_, index) => `${index + 1}/${SHARDS}`);

let repository: TestRepository;
afterEach(() => repository.end());

const planned = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json', ...args])).out);
const groupsOf = ({ changes }: Plan): string[] =>
  changes.filter(({ kind }) => kind === 'RequirementGroup').map(({ name }) => name);
const references = async () =>
  (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

/** Documents and addresses that several shards need may be there once for each. */
const isOfShared = (warning: string) => /^another run has made the same (?:document|address) /.test(warning);

describe('eight shards at once, under a rate limit that they share', () => {
  /** Documents and an address that many groups share: what the eight could quarrel about. */
  const NAMES = Array.from({ length: 24 }, (_, index) => `group-${index}`);
  const MANIFESTS = Object.fromEntries(
    NAMES.map((name, index) => [
      `groups/${name}.yaml`,
      index % 2 === 0 ? germanGroup({ name, contact: `Desk ${index}, Example GmbH` }) : frenchGroup({ name }),
    ]),
  );
  /** What is there before: an orphan, two groups that are not ours, and one of ours without its values. */
  const FOUND = [
    { customer_reference: 'regsync/acme/left-behind' },
    { customer_reference: 'regsync/other/group' },
    { customer_reference: 'MY OWN REF' },
    { customer_reference: 'regsync/acme/group-1', country_code: 'FR' },
  ];
  /** Fewer a second than the eight have connections: on any machine that is not very slow, they run into it. */
  const LIMIT = { limit: 30, windowMs: 1000 };

  beforeEach(async () => {
    repository = await openTestRepository(MANIFESTS);
  });

  /** The same with one run, in a sandbox of its own. */
  async function applyAtOnce(): Promise<SandboxState> {
    const single = await openTestRepository(MANIFESTS);
    try {
      for (const group of FOUND) await single.control('groups', group);
      expect((await single.run(['apply', '--yes'])).code).toBe(0);
      return await single.state();
    } finally {
      await single.end();
    }
  }

  it('end in exactly the state of one run, prune nothing, and then have nothing left to do', async () => {
    const one = await applyAtOnce();
    for (const group of FOUND) await repository.control('groups', group);
    await repository.control('rate-limit', LIMIT, 'PUT');
    const results = await Promise.all(
      shards.map(
        (shard) =>
          repository.start(['apply', '--yes', '--prune', '--format', 'json', '--shard', shard]).result,
      ),
    );
    for (const { code, err } of results) expect([code, err]).toEqual([0, err]);
    await repository.control('rate-limit', {}, 'PUT');

    const outcomes = results.map(({ out }) => (JSON.parse(out) as { outcomes: Outcome[] }).outcomes);
    for (const [index, own] of outcomes.entries()) {
      const expected = NAMES.filter((name) => shardOf(name, SHARDS) === index + 1);
      expect(own.map(({ name }) => name).sort()).toEqual(expected.sort());
    }
    expect(
      outcomes.flat().filter(({ status, warnings }) => status !== 'applied' || !warnings.every(isOfShared)),
    ).toEqual([]);

    const many = await repository.state();
    expect(meaningOf(many)).toEqual(meaningOf(one));
    for (const kind of ['documents', 'addresses'] as const) {
      const [copies, single] = [countByReference(many[kind]), countByReference(one[kind])];
      expect([...copies.keys()].sort()).toEqual([...single.keys()].sort());
      expect(new Set(single.values())).toEqual(new Set([1]));
      for (const number of copies.values()) expect(number).toBeLessThanOrEqual(SHARDS);
    }
    for (const shard of shards) expect((await planned('--shard', shard)).changes).toEqual([]);
    expect(await planned()).toMatchObject({ changes: [], summary: { groups: { unchanged: NAMES.length } } });
  });
});

describe('a shard', () => {
  const NAMES = ['group-0', 'group-1', 'group-2', 'group-3', 'group-4', 'group-5'];
  const inShard = (index: number, total: number) => NAMES.filter((name) => shardOf(name, total) === index);

  beforeEach(async () => {
    const manifests = NAMES.map((name) => [`groups/${name}.yaml`, frenchGroup({ name })]);
    repository = await openTestRepository(Object.fromEntries(manifests));
  });

  it('plans, shows, applies and reports its own groups, and says that it is one', async () => {
    const own = inShard(1, 2);
    expect(own.length % NAMES.length).not.toBe(0);
    const text = await repository.run(['plan', '--shard', '1/2']);
    expect(text.out).toContain(`regsync plan   scope acme · ${own.length} groups · shard 1/2\n`);
    expect((await repository.run(['plan', '--shard', '1/2', '--format', 'markdown'])).out).toContain(
      '**Narrowed** to `shard 1/2`. regsync does not compare other groups, and prunes nothing.',
    );
    expect(groupsOf(await planned('--shard', '1/2'))).toEqual(own);
    expect((await repository.run(['apply', '--yes', '--shard', '1/2'])).code).toBe(0);
    expect(await references()).toEqual(own.map((name) => `regsync/acme/${name}`));
    const status = await repository.run(['status', '--shard', '1/2', '--format', 'json']);
    const report = JSON.parse(status.out) as StatusReport;
    expect(report.shard).toBe('1/2');
    expect(report.groups.map(({ name }) => name)).toEqual(own);
    expect((await repository.run(['status', '--shard', '1/2'])).out).toContain(' · shard 1/2 · as of ');
    expect(groupsOf(await planned())).toEqual(inShard(2, 2));
  });

  it('has an order where its group is', async () => {
    await repository.write('groups/berlin.yaml', `${germanGroup()}---\n${numberOrder({ name: 'capital' })}`);
    const withOrder = await Promise.all(
      shards.map(async (shard) =>
        (await planned('--shard', shard)).changes.map(({ kind, name }) => [kind, name]),
      ),
    );
    const dealt = shardOf('de-local', SHARDS) - 1;
    expect(withOrder[dealt]).toEqual(
      expect.arrayContaining([
        ['RequirementGroup', 'de-local'],
        ['NumberOrder', 'capital'],
      ]),
    );
    const kinds = withOrder.flat().map(([kind]) => kind);
    expect(kinds.filter((kind) => kind === 'NumberOrder')).toHaveLength(1);
    expect(shardOf('capital', SHARDS) - 1).not.toBe(dealt);
  });

  it('keeps its groups when others come and go', async () => {
    const before = groupsOf(await planned('--shard', '2/3'));
    await repository.write('groups/group-0.yaml', frenchGroup({ name: 'another' }));
    await repository.write(
      'groups/more.yaml',
      `${frenchGroup({ name: 'more' })}---\n${frenchGroup({ name: 'most' })}`,
    );
    const after = groupsOf(await planned('--shard', '2/3'));
    const stayed = (name: string) => NAMES.includes(name) && name !== 'group-0';
    expect(after.filter(stayed)).toEqual(before.filter(stayed));
  });

  it('that holds no group is fine', async () => {
    const empty = shards.find((shard) => inShard(Number(shard.split('/')[0]), SHARDS).length === 0) ?? '';
    for (const command of [
      ['plan', '--detailed-exitcode'],
      ['apply', '--yes'],
      ['ci', 'plan'],
    ]) {
      const { code, out, err } = await repository.run([...command, '--shard', empty]);
      expect([code, err]).toEqual([0, err]);
      if (command[0] !== 'apply') expect(out).toContain('No changes. 0 groups match their manifests.');
    }
    const elsewhere = NAMES.find((name) => !inShard(1, 2).includes(name)) ?? '';
    expect(await planned('--shard', '1/2', '--target', elsewhere)).toMatchObject({ changes: [] });
    expect((await repository.run(['plan', '--shard', '1/2', '--target', 'nobody'])).code).toBe(3);
  });

  it('comes from the plan file: repeating it is fine, another is a contradiction', async () => {
    await repository.run(['plan', '--shard', '1/2', '--out', 'one.json']);
    await repository.run(['plan', '--out', 'all.json']);
    for (const [file, shard] of [
      ['one.json', '2/2'],
      ['one.json', '1/3'],
      ['all.json', '1/2'],
    ] as const) {
      const { code, err } = await repository.run(['apply', '--plan', file, '--shard', shard]);
      expect([code, err]).toEqual([
        3,
        expect.stringContaining('was made without this --shard. Drop it here'),
      ]);
      expect((await repository.run(['ci', 'apply', '--plan', file, '--shard', shard])).code).toBe(3);
    }
    expect(await writes()).toEqual([]);
    expect((await repository.run(['apply', '--plan', 'one.json'])).code).toBe(0);
    expect(await references()).toEqual(inShard(1, 2).map((name) => `regsync/acme/${name}`));
    expect((await repository.run(['apply', '--plan', 'one.json', '--shard', '1/2'])).code).toBe(0);
  });

  it.each(['2/2', '9/8', '1/9999'])('changed in a plan file to %s is refused', async (shard) => {
    await repository.run(['plan', '--shard', '1/2', '--out', 'one.json']);
    const path = join(repository.folder, 'one.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"shard": "1/2"', `"shard": "${shard}"`));
    expect(await readFile(path, 'utf8')).not.toBe(text);
    const { code, err } = await repository.run(['apply', '--plan', 'one.json']);
    expect([code, err]).toEqual([5, expect.stringContaining('does not belong to this run')]);
    expect(await writes()).toEqual([]);
  });

  it('counts towards the limits what the others are to delete', async () => {
    await repository.run(['apply', '--yes']);
    for (const name of NAMES) await repository.write(`groups/${name}.yaml`, germanGroup({ name }));
    const limits = 'limits: { max_deletes: 5 }';
    await repository.write('regsync.yaml', `apiVersion: regsync/v1\nkind: Config\nscope: acme\n${limits}\n`);
    await repository.forgetRequests();
    for (const shard of ['1/2', '2/2']) {
      const { code, err } = await repository.run(['apply', '--yes', '--allow-replace', '--shard', shard]);
      expect([code, err]).toEqual([
        5,
        expect.stringContaining('limits.max_deletes allows 5; 3 of them in other shards'),
      ]);
    }
    expect(await writes()).toEqual([]);
  });

  it('is validated with all others: a mistake anywhere stops each of them', async () => {
    await repository.write('groups/broken.yaml', frenchGroup({ name: 'broken' }).replace('FR', 'XX'));
    for (const shard of ['1/2', '2/2']) {
      for (const command of [['plan'], ['ci', 'validate']])
        expect((await repository.run([...command, '--shard', shard])).code).toBe(3);
    }
  });

  describe('--shard auto', () => {
    const auto = (env: Readonly<Record<string, string>>): Promise<Result> =>
      repository.run(['plan', '--shard', 'auto'], { env });

    it.each([
      ['a Kubernetes Job', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' }, '1/8'],
      ['the last of a Kubernetes Job', { JOB_COMPLETION_INDEX: '7', JOB_COMPLETIONS: '8' }, '8/8'],
      ['GitLab', { CI_NODE_INDEX: '3', CI_NODE_TOTAL: '4' }, '3/4'],
      ['GitLab, where nothing is parallel by the other', { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '1' }, '1/1'],
    ])('goes by %s', async (_, env, shard) => {
      const { code, out } = await auto(env);
      expect([code, out]).toEqual([0, expect.stringContaining(` · shard ${shard}`)]);
    });

    it.each([
      ['nothing is set', {}, 'cannot tell the shard'],
      ['the number of pods is not passed on', { JOB_COMPLETION_INDEX: '0' }, 'JOB_COMPLETIONS is not set'],
      ['it is empty', { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '' }, 'JOB_COMPLETIONS is not set'],
      ['there are fewer', { JOB_COMPLETION_INDEX: '8', JOB_COMPLETIONS: '8' }, 'JOB_COMPLETION_INDEX is "8"'],
      ['GitLab counts from one', { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' }, 'CI_NODE_INDEX is "0"'],
      ['it is no number', { CI_NODE_INDEX: 'one', CI_NODE_TOTAL: '4' }, 'CI_NODE_INDEX is "one"'],
      [
        'two of them are set',
        { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4', JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' },
        'finds both JOB_COMPLETION_INDEX and CI_NODE_INDEX',
      ],
    ])('is an error where %s', async (_, env, message) => {
      const { code, err } = await auto(env as Readonly<Record<string, string>>);
      expect([code, err]).toEqual([3, expect.stringContaining(message)]);
      expect(await repository.requests()).toEqual([]);
    });
  });

  it.each(['3', '0/2', '3/2', 'two', ''])('--shard %j is an error', async (shard) => {
    const { code, err } = await repository.run(['plan', '--shard', shard]);
    expect([code, err]).toEqual([3, expect.stringContaining('--shard takes i/n, such as 3/8')]);
  });
});

/** What the groups say, whatever the ids of what they refer to. */
function meaningOf({ groups, documents, addresses }: SandboxState): unknown {
  const names = new Map([
    ...documents.map(
      ({ id, customer_reference, sha256 }) => [id, `${customer_reference} ${sha256}`] as const,
    ),
    ...addresses.map(({ id, customer_reference }) => [id, `${customer_reference}`] as const),
  ]);
  return groups
    .map(({ customer_reference, country_code, status, regulatory_requirements }) => ({
      reference: `${customer_reference}`,
      country_code,
      status,
      values: regulatory_requirements.map(({ requirement_id, field_value, status: state }) => [
        requirement_id,
        names.get(field_value) ?? field_value,
        state,
      ]),
    }))
    .sort((a, b) => a.reference.localeCompare(b.reference));
}

function countByReference(
  rows: readonly { readonly customer_reference: string | null }[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { customer_reference } of rows) {
    const reference = `${customer_reference}`;
    counts.set(reference, (counts.get(reference) ?? 0) + 1);
  }
  return counts;
}
