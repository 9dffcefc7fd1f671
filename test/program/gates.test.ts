import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type SandboxGroup,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const planned = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json', ...args])).out);
const references = async () =>
  (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();
const plantOwned = (name: string, status = 'unapproved') =>
  repository.control<SandboxGroup>('groups', { customer_reference: `regsync/acme/${name}`, status });
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');

describe('orphans', () => {
  beforeEach(async () => {
    await repository.run(['apply', '--yes']);
    await plantOwned('left-behind');
    await repository.control('groups', { customer_reference: 'regsync/other/left-behind' });
    await repository.control('groups', { customer_reference: 'MY OWN REF' });
  });

  it('are mentioned, and kept without --prune', async () => {
    const plan = await planned();
    expect(plan.attention.filter(({ code }) => code === 'orphaned').map(({ name }) => name)).toEqual([
      'left-behind',
    ]);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await references()).toContain('regsync/acme/left-behind');
  });

  it('are deleted with --prune, and nothing else is', async () => {
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await references()).toEqual(['MY OWN REF', 'regsync/acme/fr-local', 'regsync/other/left-behind']);
  });

  it('a manifest that is deleted makes its group an orphan; the last one needs --prune to be believed', async () => {
    await rm(join(repository.folder, 'groups/fr.yaml'));
    expect((await repository.run(['plan'])).code).toBe(3);
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await references()).toEqual(['MY OWN REF', 'regsync/other/left-behind']);
  });

  it('are judged against all manifests and pruned by no narrowed run', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    const plan = await planned('--prune', '--target', 'de-local');
    expect(plan.changes.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(['prune-needs-all']);
    expect((await repository.run(['apply', '--yes', '--prune', 'groups/de.yaml'])).code).toBe(0);
    expect(await references()).toContain('regsync/acme/left-behind');
  });

  it('an approved one stays unless it is named; the others go', async () => {
    await plantOwned('precious', 'approved');
    expect(
      (await repository.run(['apply', '--yes', '--prune', '--allow-delete', 'somebody-else'])).code,
    ).toBe(0);
    expect(await references()).toContain('regsync/acme/precious');
    expect(await references()).not.toContain('regsync/acme/left-behind');
    expect((await repository.run(['apply', '--yes', '--prune', '--allow-delete', 'precious'])).code).toBe(0);
    expect(await references()).not.toContain('regsync/acme/precious');
  });
});

describe('limits', () => {
  it('by count: the numbers are in the message, the plan is printed in full, nothing at all is applied', async () => {
    for (let index = 0; index < 11; index++) await plantOwned(`old-${index}`);
    const plan = await repository.run(['plan', '--prune']);
    expect(plan.code).toBe(0);
    expect(plan.out).toContain('11 groups would be deleted; limits.max_deletes allows 10');
    expect(plan.out).toContain('1 to create');
    for (let index = 0; index < 11; index++) expect(plan.out).toContain(`old-${index}`);
    const { code, err } = await repository.run(['apply', '--yes', '--prune']);
    expect(code).toBe(5);
    expect(err).toContain('11 groups would be deleted');
    expect(await writes()).toEqual([]);
  });

  it('by fraction, from ten groups up', async () => {
    for (let index = 0; index < 9; index++)
      await repository.write(`groups/g${index}.yaml`, frenchGroup({ name: `fr-${index}` }));
    await repository.run(['apply', '--yes']);
    for (let index = 0; index < 5; index++) await plantOwned(`old-${index}`);
    const { code, err } = await repository.run(['apply', '--yes', '--prune']);
    expect(code).toBe(5);
    expect(err).toContain('5 of 15 groups would be deleted (0.33); limits.max_delete_fraction allows 0.3');
    await repository.write(
      'regsync.yaml',
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_delete_fraction: 0.4 }\n',
    );
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await references()).toHaveLength(10);
  });

  it('a replacement’s deletion counts, too', async () => {
    await repository.run(['apply', '--yes']);
    await repository.write(
      'regsync.yaml',
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_deletes: 0 }\n',
    );
    await repository.write('groups/fr.yaml', germanGroup({ name: 'fr-local' }));
    const { code, err } = await repository.run(['apply', '--yes', '--allow-replace']);
    expect(code).toBe(5);
    expect(err).toContain('1 group would be deleted; limits.max_deletes allows 0');
  });
});

describe('no gate opens another one', () => {
  it.each([[['--prune']], [['--allow-delete', 'fr-local']], [['--prune', '--allow-delete', 'fr-local']]])(
    '%s does not replace',
    async (gates) => {
      await repository.run(['apply', '--yes']);
      await repository.write('groups/fr.yaml', germanGroup({ name: 'fr-local' }));
      expect((await repository.run(['apply', '--yes', ...gates])).code).toBe(5);
      expect((await repository.state()).groups.map(({ country_code }) => country_code)).toEqual(['FR']);
    },
  );

  it('--allow-replace and --allow-delete do not prune', async () => {
    await plantOwned('old');
    expect((await repository.run(['apply', '--yes', '--allow-replace', '--allow-delete', 'old'])).code).toBe(
      0,
    );
    expect(await references()).toContain('regsync/acme/old');
  });
});

describe('adoption by id:', () => {
  const pinned = (id: string, extra = '') => frenchGroup({ extra: `id: ${id}\n${extra}` });

  it('a group that is nobody’s: its reference is left alone, and what differs is written', async () => {
    const { id } = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'bought in 2024',
    });
    await repository.write('groups/fr.yaml', pinned(id));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const { groups } = await repository.state();
    expect(groups).toMatchObject([{ id, customer_reference: 'bought in 2024', status: 'pending-approval' }]);
    expect((await planned()).changes).toEqual([]);
  });

  it('a reference that the manifest states is adopted', async () => {
    const { id } = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'bought in 2024',
    });
    await repository.write('groups/fr.yaml', pinned(id));
    await repository.run(['apply', '--yes']);
    await repository.control('approve-all', {});
    await repository.write('groups/fr.yaml', pinned(id, 'customer_reference: FR 2026\n'));
    const plan = await planned();
    expect(plan.changes.map(({ actions }) => actions)).toEqual([['adopt']]);
    expect(plan.summary.groups.adopt).toBe(1);
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.state()).groups).toMatchObject([
      { id, customer_reference: 'FR 2026', status: 'approved' },
    ]);
    expect((await planned()).changes).toEqual([]);
  });

  it('ours: a group keeps its history when its manifest is renamed', async () => {
    await repository.run(['apply', '--yes']);
    const [group] = (await repository.state()).groups;
    await repository.write('groups/fr.yaml', frenchGroup({ name: 'renamed', extra: `id: ${group?.id}\n` }));
    const plan = await planned('--prune');
    expect(plan.changes).toEqual([]);
    expect(plan.attention.filter(({ code }) => code === 'orphaned')).toEqual([]);
  });

  it('absent: exit 3; somebody else’s: exit 5; nothing is written', async () => {
    await repository.write('groups/fr.yaml', pinned('0d000000-0000-4000-8000-000000000000'));
    expect((await repository.run(['apply', '--yes'])).code).toBe(3);
    const { id } = await repository.control<SandboxGroup>('groups', {
      country_code: 'FR',
      customer_reference: 'regsync/other/theirs',
    });
    await repository.write('groups/fr.yaml', pinned(id));
    const { code, err } = await repository.run(['apply', '--yes']);
    expect(code).toBe(5);
    expect(err).toContain('belongs to another regsync scope');
    expect(await writes()).toEqual([]);
  });
});

describe('an exact plan', () => {
  it('carries its gates, so that the apply needs none, and contradicting it is exit 3', async () => {
    await plantOwned('old');
    await repository.run(['plan', '--prune', '--out', 'plan.json']);
    const contradiction = await repository.run(['apply', '--plan', 'plan.json', '--target', 'fr-local']);
    expect(contradiction.code).toBe(3);
    expect(contradiction.err).toContain('this --target');
    expect((await repository.run(['apply', '--plan', 'plan.json', '--prune'])).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme/fr-local']);
  });

  it('does not open a gate that was closed when it was reviewed', async () => {
    await plantOwned('old');
    await repository.run(['plan', '--out', 'plan.json']);
    expect((await repository.run(['apply', '--plan', 'plan.json', '--prune'])).code).toBe(3);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    expect(await references()).toContain('regsync/acme/old');
  });

  it('is applied although half of it is done, and again when all of it is', async () => {
    await repository.write('groups/de.yaml', germanGroup());
    await repository.run(['plan', '--out', 'plan.json']);
    await repository.control('faults', {
      kind: 'status',
      status: 422,
      body: 'json',
      match: { path: 'submit_for_approval' },
    });
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(4);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    await repository.forgetRequests();
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
    expect(await writes()).toEqual([]);
  });

  it('names an orphan that appeared since, and does not delete it', async () => {
    await plantOwned('old');
    await repository.run(['plan', '--prune', '--out', 'plan.json']);
    await plantOwned('appeared');
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json']);
    expect(code).toBe(5);
    expect(err).toContain('RequirementGroup/appeared: delete is not in the reviewed plan');
    expect(await writes()).toEqual([]);
  });

  it('has a say in everything that it was made with: what contradicts it is named', async () => {
    await repository.run(['plan', '--out', 'plan.json']);
    await repository.forgetRequests();
    const { code, err } = await repository.run([
      'apply',
      '--plan',
      'plan.json',
      '--prune',
      '--allow-replace',
    ]);
    expect([code, err]).toEqual([
      3,
      'error: the reviewed plan was made without --prune and --allow-replace. Drop them here, or make a new plan with them\n',
    ]);
    expect(await writes()).toEqual([]);
  });

  it.each([
    ['regsync_version', '9.8.7', 'is a plan of regsync 9.8.7, and this is '],
    ['regsync_version', 'canary', 'is not a plan that this version of regsync ('],
  ])('of another format names the versions, where %s is %s', async (key, version, said) => {
    await repository.run(['plan', '--out', 'plan.json']);
    const plan = JSON.parse(await readFile(join(repository.folder, 'plan.json'), 'utf8'));
    await repository.write('plan.json', JSON.stringify({ ...plan, format_version: '2.0', [key]: version }));
    const { code, err } = await repository.run(['apply', '--plan', 'plan.json']);
    expect([code, err]).toEqual([5, expect.stringContaining(said)]);
    expect(err).not.toContain('canary');
  });

  it('is followed by the command that applies it, unless a gate is shut', async () => {
    const said = 'Wrote the plan to plan.json. To apply exactly this: regsync apply --plan plan.json\n';
    expect((await repository.run(['plan', '--out', 'plan.json'])).err).toContain(said);
    expect((await repository.run(['plan', '--out', 'plan.json', '--quiet'])).err).not.toContain('Wrote');
  });

  it('survives a move of the manifest to another file and line, as a squash merge may bring', async () => {
    await repository.run(['plan', '--out', 'plan.json']);
    await rm(join(repository.folder, 'groups/fr.yaml'));
    await repository.write(
      'groups/europe/all.yaml',
      `# moved\n\n---\n${frenchGroup({ file: '../../documents/address-fr.png' })}`,
    );
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
  });
});
