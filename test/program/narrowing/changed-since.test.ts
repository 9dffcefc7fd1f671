import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../../src/model/plan/plan.ts';
import { type Checkout, openCheckout } from '../../support/checkout.ts';
import { frenchGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const group = (name: string, contact = 'Compliance desk', extra = '') => `apiVersion: regsync/v1
kind: RequirementGroup
name: ${name}
country_code: DE
phone_number_type: local
action: ordering
partial: true
${extra}requirements:
  - requirement: Contact Info
    text: ${contact}, Example GmbH
`;
const NAMES = ['a', 'b', 'c', 'd', 'e'];

let repository: TestRepository;
let home: string;
let checkout: Checkout;
beforeEach(async () => {
  repository = await openTestRepository({
    ...Object.fromEntries(NAMES.map((name) => [`groups/${name}.yaml`, group(name)])),
    '.gitignore': '.regsync/\n*.json\n',
  });
  home = await mkdtemp(join(tmpdir(), 'regsync-home-'));
  checkout = await openCheckout(repository.folder, home);
  checkout.git('init', '--quiet', '--initial-branch=main');
  checkout.commit('Begin');
  await run('apply', '--yes', '--quiet');
  checkout.git('checkout', '--quiet', '-b', 'topic');
});
afterEach(async () => {
  await repository.end();
  await rm(home, { recursive: true, force: true });
});

const run = (...args: readonly string[]) => repository.run(args, { env: { HOME: home } });
const planned = async (...args: readonly string[]): Promise<Plan> => {
  const { out, err, code } = await run('plan', '--format', 'json', ...args);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};
const namesOf = ({ changes }: Plan) => changes.map(({ name, actions }) => `${name} ${actions[0]}`);
const held = async () =>
  (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();

/** Changes a, removes b, moves c without a change, and drifts at e. */
async function change(): Promise<void> {
  await repository.write('groups/e.yaml', group('e', 'Somebody else'));
  await run('apply', '--yes', '--quiet', '--target', 'e');
  await checkout.change({
    'groups/a.yaml': group('a', 'Night desk'),
    'groups/b.yaml': null,
    'groups/c.yaml': null,
    'groups/deep/z.yaml': `# Moved\n${group('c')}`,
    'groups/e.yaml': group('e'),
  });
}

describe('A plan of a change', () => {
  it('shows what differs from a branch, says so, and leaves the rest alone', async () => {
    await change();
    expect(namesOf(await planned())).toEqual(['a update', 'e update']);
    const plan = await planned('--changed-since', 'main');
    expect(namesOf(plan)).toEqual(['a update']);
    expect(plan.options.changed).toEqual({
      since: 'main',
      names: ['RequirementGroup/a'],
      removed: [
        {
          kind: 'RequirementGroup',
          name: 'b',
          reference: 'regsync/acme/b',
        },
      ],
    });
    expect(plan.attention.map(({ code, name }) => `${code} ${name}`)).toEqual(['orphaned b']);
    const { out } = await run('plan', '--changed-since', 'main');
    expect(out).toContain(
      'Only what differs from main: 1 group. 3 others were not looked at. The change removes RequirementGroup/b.',
    );
  });

  it('shows a group whose document differs, and nothing of a configuration that only raises a limit', async () => {
    await checkout.change({
      'groups/fr.yaml': frenchGroup(),
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_deletes: 3 }\n',
    });
    expect(namesOf(await planned('--changed-since', 'main'))).toContain('fr-local create');
    checkout.commit('Add a group with a document');
    expect(namesOf(await planned('--changed-since', 'topic'))).toEqual([]);
    const document = join(repository.folder, 'documents/address-fr.png');
    await writeFile(document, Buffer.concat([await readFile(document), Buffer.from('another')]));
    expect((await planned('--changed-since', 'topic')).options.changed?.names).toEqual([
      'RequirementGroup/fr-local',
    ]);
  });

  it('compares with the commit where the branch began, and not with what others did since', async () => {
    checkout.git('checkout', '--quiet', 'main');
    await checkout.change({ 'groups/d.yaml': group('d', 'Meanwhile') });
    checkout.commit('Meanwhile');
    checkout.git('checkout', '--quiet', 'topic');
    await checkout.change({ 'groups/a.yaml': group('a', 'Night desk') });
    checkout.commit('Change a');
    expect(namesOf(await planned('--changed-since', 'main'))).toEqual(['a update']);
  });

  it('asks only about its groups, however many there are', async () => {
    await change();
    await repository.forgetRequests();
    await planned('--changed-since', 'main', '--verbose');
    const paths = (await repository.requests()).map(
      ({ path, query }) => `${path}?${decodeURIComponent(query)}`,
    );
    const listings = paths.filter((path) => path.startsWith('/requirement_groups?'));
    expect(listings.length).toBeLessThanOrEqual(3);
  });

  it('sees that a document differs to which a link leads that git does not have', async () => {
    const extra = '  - requirement: Business Registration\n    document: { file: ../ignored/paper.pdf }\n';
    await checkout.change({
      '.gitignore': '.regsync/\n*.json\nignored\n',
      'papers/paper.pdf': '%PDF-1.4\n% one\n%%EOF\n',
      'groups/desk.yaml': group('desk') + extra,
    });
    checkout.commit('Add a document');
    await symlink('papers', join(repository.folder, 'ignored'));
    await checkout.change({ 'papers/paper.pdf': '%PDF-1.4\n% two\n%%EOF\n' });
    expect(namesOf(await planned('--changed-since', 'HEAD'))).toContain('desk create');
  });

  it('deletes the groups that it leaves behind with --prune, and no other orphan', async () => {
    await checkout.change({ 'groups/d.yaml': null });
    checkout.git('checkout', '--quiet', 'main');
    checkout.commit('Leave an orphan');
    checkout.git('checkout', '--quiet', '-B', 'topic');
    await checkout.change({ 'groups/b.yaml': null });
    expect(namesOf(await planned('--prune'))).toEqual(['b delete', 'd delete']);
    const args = ['--changed-since', 'main', '--prune'];
    expect(namesOf(await planned(...args, '--out', 'plan.json'))).toEqual(['b delete']);
    expect((await run('apply', '--plan', 'plan.json')).code).toBe(0);
    expect(await held()).toEqual(['a', 'c', 'd', 'e'].map((name) => `regsync/acme/${name}`));
    expect(namesOf(await planned(...args))).toEqual([]);
  });

  it('keeps to the limits, and keeps a group whose manifest forbade its deletion', async () => {
    await checkout.change({
      'groups/b.yaml': group('b', 'Compliance desk', 'deletion: forbid\n'),
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimits: { max_deletes: 0 }\n',
    });
    checkout.commit('Guard');
    await checkout.change({ 'groups/b.yaml': null, 'groups/c.yaml': null });
    const plan = await planned('--changed-since', 'topic', '--prune');
    expect(namesOf(plan)).toEqual(['c delete']);
    expect(plan.attention.map(({ code, name }) => `${code} ${name}`)).toEqual(['deletion-forbidden b']);
    expect([plan.applyable, plan.diagnostics.map(({ code }) => code)]).toEqual([false, ['limit-exceeded']]);
  });

  it('of a gate for a name that is not in it says which run has it', async () => {
    await change();
    const plan = await planned('--changed-since', 'main', '--prune', '--allow-delete', 'x');
    expect(plan.diagnostics.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^--allow-delete x deletes nothing: the change does not remove a manifest of this name/,
      ),
    ]);
  });
});

describe('The plan file of a change', () => {
  it('holds its names, and an apply does no more than it shows', async () => {
    await change();
    await planned('--changed-since', 'main', '--out', 'plan.json');
    expect((await run('show', 'plan.json')).out).toContain('Only what differs from main: 1 group.');
    const { code, err } = await run('apply', '--plan', 'plan.json', '--format', 'json');
    expect(code, err).toBe(0);
    expect(namesOf(await planned())).toEqual(['e update']);
    expect(namesOf(await planned('--changed-since', 'main'))).toEqual([]);
  });

  it('is refused if somebody adds a name, or takes the names out', async () => {
    await change();
    await planned('--changed-since', 'main', '--out', 'plan.json');
    const file = join(repository.folder, 'plan.json');
    const plan = JSON.parse(await readFile(file, 'utf8'));
    const { changed, ...whole } = plan.options;
    for (const options of [
      { ...whole, changed: { ...changed, names: [...changed.names, 'RequirementGroup/e'] } },
      whole,
    ]) {
      await writeFile(file, JSON.stringify({ ...plan, options }));
      const { code, err } = await run('apply', '--plan', 'plan.json');
      expect([code, err]).toEqual([5, expect.stringContaining('the plan file does not belong to this run')]);
    }
    expect(namesOf(await planned())).toEqual(['a update', 'e update']);
  });

  it('is stale if a group of it changed, and not if another did', async () => {
    await change();
    await planned('--changed-since', 'main', '--out', 'plan.json');
    await repository.write('groups/d.yaml', group('d', 'Later'));
    await repository.write('groups/a.yaml', group('a', 'Later'));
    const { code, err } = await run('apply', '--plan', 'plan.json');
    expect([code, err]).toEqual([5, expect.stringContaining('RequirementGroup/a: its manifest changed')]);
    await repository.write('groups/a.yaml', group('a', 'Night desk'));
    expect((await run('apply', '--plan', 'plan.json')).code).toBe(0);
    expect(namesOf(await planned())).toEqual(['d update', 'e update']);
  });
});

describe('The base of a change', () => {
  it('may be a folder with the repository as it was', async () => {
    const before = await mkdtemp(join(tmpdir(), 'regsync-before-'));
    await cp(repository.folder, before, { recursive: true });
    await change();
    expect(namesOf(await planned('--changed-since', before))).toEqual(['a update']);
    await rm(before, { recursive: true });
  });

  it('is not taken for the repository itself, where the configuration has an absolute path', async () => {
    const before = await mkdtemp(join(tmpdir(), 'regsync-before-'));
    await cp(repository.folder, before, { recursive: true });
    await change();
    const step = ['ci', 'plan', '--format', 'json', '--changes', 'own'];
    const own = async (...args: readonly string[]) => {
      const { code, out, err } = await run(...step, ...args);
      expect(code, err).toBe(0);
      return JSON.parse(out) as Plan;
    };
    const config = join(repository.folder, 'regsync.yaml');
    expect(namesOf(await own('--config', config, '--base', before))).toEqual(['a update']);
    const { changes, diagnostics } = await own('--base', '.');
    expect(changes.map(({ name }) => name)).toEqual(['a', 'e']);
    expect(diagnostics.map(({ code }) => code)).toContain('changes-all');
    await rm(before, { recursive: true });
  });

  it('is explained if git knows nothing about the manifests', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'regsync-elsewhere-'));
    const there = await openCheckout(elsewhere, home);
    there.git('init', '--quiet', '--initial-branch=main');
    there.commit('Begin');
    await change();
    const config = join(repository.folder, 'regsync.yaml');
    const args = ['--chdir', elsewhere, '--config', config, '--changed-since', 'main'];
    const { code, err } = await run('plan', ...args);
    expect([code, err]).toEqual([3, expect.stringContaining('Name that folder: --chdir DIR')]);
    await rm(elsewhere, { recursive: true });
  });

  it.each(['--assume-unchanged', '--skip-worktree'])(
    'shows what differs from the base in a file that git does not look at since %s',
    async (flag) => {
      checkout.git('update-index', flag, 'groups/a.yaml');
      await repository.write('groups/a.yaml', group('a', 'Night desk'));
      expect(checkout.git('status', '--short')).toBe('');
      expect(namesOf(await planned('--changed-since', 'main'))).toEqual(['a update']);
    },
  );

  it('differs by the files of another repository within this one, which git does not list', async () => {
    const nested = join(repository.folder, 'groups/nested');
    await repository.write('groups/nested/f.yaml', group('f'));
    execFileSync('git', ['init', '--quiet', nested], { env: { PATH: process.env.PATH, HOME: home } });
    expect(namesOf(await planned('--changed-since', 'main'))).toEqual(['f create']);
  });

  it.each([
    ['mian', 'git knows no such branch, tag or commit, and there is no such folder. Did you mean "main"?'],
    [
      'origin/release',
      'git knows no such branch, tag or commit, and there is no such folder. ' +
        'Fetch it first: `git fetch origin release:refs/remotes/origin/release`',
    ],
    ['main..topic', 'this is a range, and regsync compares with one commit. Write --changed-since main'],
    ['main...topic', 'this is a range, and regsync compares with one commit. Write --changed-since main'],
    ['main~9', 'git knows "main", and not so many commits before it. Name one'],
    ['groups', 'this folder belongs to the repository itself'],
    ['/tmp', 'this folder has no regsync.yaml of the scope "acme"'],
    ['--all', 'git knows no such branch'],
  ])('is explained if it is none: %s', async (written, message) => {
    const { code, err } = await run('plan', `--changed-since=${written}`);
    expect([code, err]).toEqual([3, expect.stringContaining(`--changed-since ${written}: ${message}`)]);
  });

  it('is explained where there is no git repository', async () => {
    await rm(join(repository.folder, '.git'), { recursive: true });
    const { code, err } = await run('plan', '--changed-since', 'main');
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('this is not a git repository, and there is no such folder. Name a folder'),
    ]);
  });

  it('is explained where there is no commit yet', async () => {
    await rm(join(repository.folder, '.git'), { recursive: true });
    checkout.git('init', '--quiet', '--initial-branch=main');
    const { code, err } = await run('plan', '--changed-since', 'main');
    expect([code, err]).toEqual([3, expect.stringContaining('this branch has no commit yet. Commit first')]);
  });

  it.each([
    { depth: ['--depth=1'], ref: 'main' },
    { depth: ['--depth=1'], ref: 'origin/main' },
    { depth: ['--single-branch'], ref: 'main' },
    { depth: ['--single-branch'], ref: 'origin/main' },
  ])(
    'is fetched by the command of the message, from a clone of one branch: $depth $ref',
    async ({ depth, ref }) => {
      await change();
      checkout.commit('Go on');
      const clone = await mkdtemp(join(tmpdir(), 'regsync-clone-'));
      const env = { PATH: process.env.PATH, HOME: home };
      const source = `file://${repository.folder}`;
      execFileSync('git', ['clone', '--quiet', ...depth, '--branch=topic', source, clone], {
        env,
        stdio: 'ignore',
      });
      const { err } = await run('plan', '--chdir', clone, '--changed-since', ref);
      const [, command] = /`git ([^`]+)`/.exec(err) ?? [];
      execFileSync('git', (command ?? '').split(' '), { cwd: clone, env, stdio: 'ignore' });
      expect(namesOf(await planned('--chdir', clone, '--changed-since', ref))).toEqual(['a update']);
      await rm(clone, { recursive: true });
    },
  );

  it('is explained where a shallow clone lacks it', async () => {
    checkout.commit('Go on');
    const clone = await mkdtemp(join(tmpdir(), 'regsync-clone-'));
    const options = { env: { PATH: process.env.PATH, HOME: home }, stdio: 'ignore' } as const;
    const source = `file://${repository.folder}`;
    execFileSync('git', ['clone', '--quiet', '--depth=1', '--branch=topic', source, clone], options);
    execFileSync('git', ['-C', clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main:main'], options);
    for (const [ref, message] of [
      ['main', 'this clone has only a part of the history, and lacks the commit'],
      ['v1', 'this clone has only a part of the history. Run `git fetch --unshallow origin v1:v1`'],
    ]) {
      const { code, err } = await run('plan', '--chdir', clone, '--changed-since', `${ref}`);
      expect([code, err]).toEqual([3, expect.stringContaining(`${message}`)]);
    }
    await rm(clone, { recursive: true });
  });

  it('is explained if its manifests are invalid', async () => {
    await repository.write('groups/d.yaml', 'kind: [\n');
    checkout.commit('Break d');
    await repository.write('groups/d.yaml', group('d'));
    const { code, err } = await run('plan', '--changed-since', 'topic');
    expect(code).toBe(3);
    expect(err).toContain(
      'regsync cannot tell what differs from topic, because its manifests are invalid there.',
    );
    expect(err).toMatch(/groups\/d\.yaml:\d+:\d+ +invalid-yaml +in topic: /);
  });
});
