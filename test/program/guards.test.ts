import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/model/plan/plan.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({
    'groups/fr.yaml': frenchGroup(),
    'groups/guarded.yaml': guarded(),
  });
});
afterEach(() => repository.end());

function guarded(guard = 'deletion: forbid\n', name = 'fr-guarded'): string {
  return `${frenchGroup().replace('fr-local', name).trimEnd()}\n${guard}`;
}

const planned = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await repository.run(['plan', '--format', 'json', ...args])).out);
const references = async () =>
  (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();
const writes = async () => (await repository.requests()).filter(({ method }) => method !== 'GET');
const codes = ({ attention }: Plan) =>
  attention.filter(({ code }) => code !== 'under-review').map(({ code, name }) => `${code} ${name}`);

function git(...args: string[]): void {
  const person = [
    '-c',
    'user.name=Jane Roe',
    '-c',
    'user.email=jane@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  execFileSync('git', [...person, ...args], { cwd: repository.folder, stdio: 'ignore' });
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

describe('a deletion that a manifest forbids', () => {
  beforeEach(async () => {
    git('init', '--quiet');
    commit('Both groups');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.forgetRequests();
  });

  it('keeps the group when its manifest is gone and git still knows what it said; the other one goes', async () => {
    await rm(join(repository.folder, 'groups/fr.yaml'));
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    commit('Remove both');
    await repository.write('README.md', 'fr-guarded was here\n');
    commit('Something else');
    const plan = await planned('--prune');
    expect(plan.changes.map(({ name }) => name)).toEqual(['fr-local']);
    expect(codes(plan)).toEqual(['deletion-forbidden fr-guarded']);
    expect(plan.attention[0]?.message).toMatch(
      /groups\/guarded\.yaml in commit [0-9a-f]{7}, says `deletion: forbid`/,
    );
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme/fr-guarded']);
    expect((await planned('--prune')).changes).toEqual([]);
  });

  it('keeps it before the removal is committed, too', async () => {
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    expect(codes(await planned('--prune'))).toEqual(['deletion-forbidden fr-guarded']);
  });

  it('keeps an approved one, too, though --allow-delete names it', async () => {
    await repository.control('approve-all', {});
    await repository.forgetRequests();
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    const prune = ['--prune', '--allow-delete', 'fr-guarded'];
    const plan = await planned(...prune);
    expect(plan.changes).toEqual([]);
    expect(codes(plan)).toEqual(['deletion-forbidden fr-guarded']);
    expect((await repository.run(['apply', '--yes', ...prune])).code).toBe(0);
    expect(await references()).toContain('regsync/acme/fr-guarded');
    expect(await writes()).toEqual([]);
  });

  it('keeps nothing after a commit of its own that removes the line', async () => {
    await repository.write('groups/guarded.yaml', guarded(''));
    commit('Allow the deletion');
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    commit('Remove it');
    expect((await repository.run(['apply', '--yes', '--prune'])).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme/fr-local']);
    expect((await planned('--prune')).changes).toEqual([]);
  });

  it('keeps it in ci plan --base, and in the apply of that plan where the checkout has no history', async () => {
    const base = `${repository.folder}-base`;
    git('worktree', 'add', '--quiet', base);
    try {
      await rm(join(repository.folder, 'groups/guarded.yaml'));
      await rm(join(repository.folder, '.git'), { recursive: true });
      const args = ['ci', 'plan', '--prune', '--base', base, '--out', 'plan.json'];
      expect((await repository.run(args)).out).toContain('said `deletion: forbid` before this change');
      expect((await repository.run(['ci', 'apply', '--prune', '--plan', 'plan.json'])).code).toBe(0);
      expect(await references()).toContain('regsync/acme/fr-guarded');
      // Without the plan, nothing is left that says so.
      expect((await planned('--prune')).changes.map(({ name }) => name)).toEqual(['fr-guarded']);
    } finally {
      await rm(base, { recursive: true, force: true });
    }
  });

  it('warns where a shallow checkout cannot tell', async () => {
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    commit('Remove it');
    git('clone', '--quiet', '--depth', '1', `file://${repository.folder}`, 'shallow');
    const shallow = await repository.run(['plan', '--prune'], { cwd: join(repository.folder, 'shallow') });
    expect(shallow.out).toContain('fetch-depth: 0');
  });

  it('keeps a group that its last manifest meant by its id, under a name that the reference does not have', async () => {
    const { groups } = await repository.state();
    const found = groups.find(({ customer_reference }) => customer_reference === 'regsync/acme/fr-local');
    await repository.write('groups/fr.yaml', guarded(`id: ${found?.id}\ndeletion: forbid\n`, 'fr-renamed'));
    commit('Rename it');
    await rm(join(repository.folder, 'groups/fr.yaml'));
    commit('Remove it');
    const plan = await planned('--prune');
    expect(plan.changes).toEqual([]);
    expect(codes(plan)).toEqual(['deletion-forbidden fr-local']);
  });

  it('warns where git does not show the history, as in a folder of another user', async () => {
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    await repository.write('.git/HEAD', 'broken');
    const { out } = await repository.run(['plan', '--prune']);
    expect(out).toContain('git does not show the history of this checkout');
  });

  it('refuses to replace the group, names the way out, and applies the rest', async () => {
    const german = germanGroup().replace('de-local', 'fr-guarded');
    await repository.write('groups/guarded.yaml', `${german.trimEnd()}\ndeletion: forbid\n`);
    const { code, out } = await repository.run(['apply', '--yes', '--allow-replace']);
    expect([code, out.includes('deletion-forbidden')]).toEqual([4, true]);
    expect(await writes()).toEqual([]);
  });
});

describe('a replacement in the change that removes deletion: forbid', () => {
  const german = () => germanGroup().replace('de-local', 'fr-guarded');

  it('waits in ci plan --base and in the apply of that plan, and is done by the change after it', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const before = await repository.state();
    const base = `${repository.folder}-base`;
    git('init', '--quiet');
    commit('Forbid it');
    git('worktree', 'add', '--quiet', base);
    try {
      await rm(join(repository.folder, '.git'), { recursive: true });
      await repository.write('groups/guarded.yaml', german());
      await repository.forgetRequests();
      const plan = ['ci', 'plan', '--allow-replace', '--out', 'plan.json'];
      const shown = await repository.run([...plan, '--base', base]);
      expect(shown.out).toContain('`groups/guarded.yaml` said `deletion: forbid` before this change');
      const apply = ['ci', 'apply', '--allow-replace', '--plan', 'plan.json'];
      const { code, out } = await repository.run(apply);
      expect([code, out]).toEqual([4, expect.stringContaining('deletion-forbidden')]);
      expect(await writes()).toEqual([]);
      expect((await repository.state()).groups).toEqual(before.groups);
      // The next change has a base without the line.
      expect((await repository.run(plan)).code).toBe(0);
      expect((await repository.run(apply)).code).toBe(0);
      expect((await planned()).changes).toEqual([]);
    } finally {
      await rm(base, { recursive: true, force: true });
    }
  });

  it('waits until the removal of the line is committed', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    git('init', '--quiet');
    commit('Forbid it');
    await repository.write('groups/guarded.yaml', german());
    const { changes, diagnostics } = await planned('--allow-replace');
    expect(changes.map(({ name }) => name)).not.toContain('fr-guarded');
    expect(diagnostics.map(({ code, name }) => [code, name])).toContainEqual([
      'deletion-forbidden',
      'fr-guarded',
    ]);
    commit('Allow it');
    const allowed = await planned('--allow-replace');
    expect(allowed.changes.map(({ name }) => name)).toContain('fr-guarded');
  });
});

describe('manage: observe', () => {
  it('neither creates nor patches, and a later change of the group is attention', async () => {
    await repository.write('groups/guarded.yaml', guarded('manage: observe\n'));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme/fr-local']);
    expect(codes(await planned())).toEqual(['observed-differs fr-guarded']);
    const text = await repository.run(['plan', '--detailed-exitcode']);
    expect(text.code).toBe(0);
    expect(text.out).toContain('Telnyx has no group that it means');
  });

  it('does not prune a group that was only watched, after its manifest is gone', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    git('init', '--quiet');
    await repository.write('groups/guarded.yaml', guarded('manage: observe\n'));
    commit('Watch it');
    await rm(join(repository.folder, 'groups/guarded.yaml'));
    commit('Remove it');
    const plan = await planned('--prune');
    expect(plan.changes).toEqual([]);
    expect(plan.attention.find(({ name }) => name === 'fr-guarded')?.message).toContain('`manage: observe`');
  });
});
