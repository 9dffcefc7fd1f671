import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkOutBase, checkOutCommit, type Tree, type TreeOptions } from '../../src/forge/base-tree.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';

/**
 * One repository for all: `first` ← `base` ← `main` on the default branch, `head` on a branch from `first`, and `merge` of `base`
 * and `head`.
 */
let folder: string;
let origin: string;
const commits: Record<'first' | 'base' | 'main' | 'head' | 'merge', string> = {
  first: '',
  base: '',
  main: '',
  head: '',
  merge: '',
};

function gitIn(workspace: string, ...args: readonly string[]): string {
  const person = { NAME: 'Example', EMAIL: 'person@example.com' };
  return execFileSync('git', args, {
    cwd: workspace,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_AUTHOR_NAME: person.NAME,
      GIT_AUTHOR_EMAIL: person.EMAIL,
      GIT_COMMITTER_NAME: person.NAME,
      GIT_COMMITTER_EMAIL: person.EMAIL,
    },
  }).trim();
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'regsync-origin-'));
  origin = join(folder, 'origin');
  await mkdir(join(origin, 'groups'), { recursive: true });
  const commit = async (name: keyof typeof commits) => {
    await writeFile(join(origin, 'groups', `${name}.yaml`), `# ${name}\n`);
    gitIn(origin, 'add', '--all');
    gitIn(origin, 'commit', '--quiet', '-m', name);
    commits[name] = gitIn(origin, 'rev-parse', 'HEAD');
  };
  gitIn(origin, 'init', '--quiet', '--initial-branch=main');
  // So that a commit can be fetched by its name, as from GitHub.
  gitIn(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  await commit('first');
  gitIn(origin, 'checkout', '--quiet', '-b', 'pull');
  await commit('head');
  gitIn(origin, 'checkout', '--quiet', 'main');
  await commit('base');
  gitIn(origin, 'checkout', '--quiet', '--detach');
  gitIn(origin, 'merge', '--quiet', '--no-ff', '-m', 'Merge\n\nparent 1234\n', 'pull');
  commits.merge = gitIn(origin, 'rev-parse', 'HEAD');
  gitIn(origin, 'branch', 'merged');
  gitIn(origin, 'checkout', '--quiet', 'main');
  await commit('main');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let temporary: string;
let tree: Tree | null;
beforeEach(async () => {
  tree = null;
  temporary = await mkdtemp(join(tmpdir(), 'regsync-temporary-'));
});
afterEach(() => rm(temporary, { recursive: true, force: true }));

function options(given: Partial<TreeOptions> = {}): TreeOptions {
  const env = { PATH: process.env.PATH, HOME: folder, RUNNER_TEMP: temporary };
  return { env, workspace: origin, serverUrl: 'https://github.example.com', token: null, ...given };
}

const filesOf = async (found: Tree | null) =>
  found === null ? null : (await readdir(join(found.folder, 'groups'))).sort();
const at = (...names: readonly string[]) => names.map((name) => `${name}.yaml`);

describe('The files of another commit', () => {
  it('lie beside the checkout, which does not change, and are gone when they are removed', async () => {
    gitIn(origin, 'checkout', '--quiet', 'main');
    tree = await checkOutCommit(options(), commits.base);
    expect(await filesOf(tree)).toEqual(at('base', 'first'));
    expect(await readFile(join(tree?.folder ?? '', 'groups/base.yaml'), 'utf8')).toBe('# base\n');
    expect(gitIn(origin, 'status', '--porcelain')).toBe('');
    expect(await readdir(temporary)).toEqual([expect.stringMatching(/^regsync-tree-/)]);
    expect(tree?.folder.startsWith(temporary)).toBe(true);
    await tree?.remove();
    expect(await readdir(temporary)).toEqual([]);
    await expect(tree?.remove()).resolves.toBeUndefined();
  });

  it.each(['', undefined])('lie among temporary files where the runner says %j of them', async (place) => {
    const env = { PATH: process.env.PATH, HOME: folder, RUNNER_TEMP: place };
    tree = await checkOutCommit(options({ env }), commits.base);
    expect(tree?.folder.startsWith(join(tmpdir(), 'regsync-tree-'))).toBe(true);
    await tree?.remove();
    await expect(stat(tree?.folder ?? '')).rejects.toThrow('ENOENT');
  });

  it.each<[string, string, Partial<TreeOptions>]>([
    ['there is no such commit', 'f'.repeat(40), {}],
    ['there is no commit', '', {}],
    ['the checkout is none', '1'.repeat(40), { workspace: tmpdir() }],
    ['there is no git', '1'.repeat(40), { env: {} }],
  ])('cannot be had where %s, and nothing is left of the attempt', async (_, sha, given) => {
    const env = { ...(given.env ?? options().env), RUNNER_TEMP: temporary };
    expect(await checkOutCommit(options({ ...given, env }), sha)).toBeNull();
    expect(await readdir(temporary)).toEqual([]);
  });

  it('are fetched where the clone has not got the commit', async () => {
    const clone = join(temporary, 'clone');
    gitIn(origin, 'clone', '--quiet', '--depth=1', '--branch=main', `file://${origin}`, clone);
    tree = await checkOutCommit(options({ workspace: clone }), commits.head);
    expect(await filesOf(tree)).toEqual(at('first', 'head'));
    expect(gitIn(clone, 'rev-list', '--all')).toBe(commits.main);
    expect(gitIn(clone, 'status', '--porcelain')).toBe('');
  });
});

describe('The base of a pull request', () => {
  const pull = () => ({ baseSha: commits.first, headSha: commits.head });

  it('is what it was merged with in the commit that is checked out', async () => {
    gitIn(origin, 'checkout', '--quiet', commits.merge);
    tree = await checkOutBase(options(), pull());
    expect(await filesOf(tree)).toEqual(at('base', 'first'));
  });

  it('is that in a clone of this commit alone, too', async () => {
    const clone = join(temporary, 'clone');
    gitIn(origin, 'clone', '--quiet', '--depth=1', '--branch=merged', `file://${origin}`, clone);
    tree = await checkOutBase(options({ workspace: clone }), pull());
    expect(await filesOf(tree)).toEqual(at('base', 'first'));
  });

  it.each<[string, () => string, () => ReturnType<typeof pull>]>([
    ['the head itself is checked out', () => commits.head, pull],
    ['the merge is of another head', () => commits.merge, () => ({ ...pull(), headSha: commits.main })],
    [
      'the head is a merge of its own: one parent of it is no base',
      () => commits.merge,
      () => ({ ...pull(), headSha: commits.merge }),
    ],
    [
      'the head is what was merged into, not what was merged',
      () => commits.merge,
      () => ({ ...pull(), headSha: commits.base }),
    ],
    ['no commit before it is known', () => commits.first, pull],
  ])('is what the event says where %s', async (_, checkedOut, given) => {
    gitIn(origin, 'checkout', '--quiet', checkedOut());
    tree = await checkOutBase(options(), given());
    expect(await filesOf(tree)).toEqual(at('first'));
  });

  it('is where the head went its own way, if the head is checked out and the base has gone on since', async () => {
    gitIn(origin, 'checkout', '--quiet', commits.head);
    tree = await checkOutBase(options(), { ...pull(), baseSha: commits.main });
    expect(await filesOf(tree)).toEqual(at('first'));
  });

  it('is what the event says in a clone of the head alone, which does not know where it went its own way', async () => {
    const clone = join(temporary, 'clone');
    gitIn(origin, 'clone', '--quiet', '--depth=1', '--branch=pull', `file://${origin}`, clone);
    tree = await checkOutBase(options({ workspace: clone }), { ...pull(), baseSha: commits.main });
    expect(await filesOf(tree)).toEqual(at('base', 'first', 'main'));
  });

  it('is not guessed from a commit of three parents', async () => {
    const tip = gitIn(
      origin,
      'commit-tree',
      `${commits.merge}^{tree}`,
      ...['-p', commits.base, '-p', commits.head, '-p', commits.main, '-m', 'All'],
    );
    gitIn(origin, 'checkout', '--quiet', tip);
    tree = await checkOutBase(options(), pull());
    expect(await filesOf(tree)).toEqual(at('first'));
  });
});

describe('git', () => {
  /** In git's place: says which arguments and which environment it was started with, and ends well. */
  async function fakeGit(): Promise<{ readonly path: string; readonly read: () => Promise<string[]> }> {
    const log = join(temporary, 'log');
    const program = join(temporary, 'git');
    const cat = 'if [ "$1" = cat-file ] && [ "$2" = -e ]; then exit 1; fi';
    await writeFile(
      program,
      `#!/bin/sh\necho "$@" >>${log}\n/usr/bin/env | /usr/bin/env sort >>${log}\n${cat}\n`,
      {
        mode: 0o755,
      },
    );
    return {
      path: temporary,
      read: async () =>
        (await readFile(log, 'utf8')).split('\n').filter((line) => !/^(PWD|OLDPWD|SHLVL|_)=/.test(line)),
    };
  }

  it('gets no environment but what it needs, and the token for one server, in place of another’s', async () => {
    const { path, read } = await fakeGit();
    const env = {
      PATH: `${path}:/usr/bin:/bin`,
      HOME: '/home/example',
      RUNNER_TEMP: temporary,
      TELNYX_API_KEY: 'KEY0',
    };
    const token = new Sensitive('ghs_sampleToken');
    tree = await checkOutCommit(options({ env, token }), commits.base);
    const basic = Buffer.from('x-access-token:ghs_sampleToken').toString('base64');
    const key = 'http.https://github.example.com/.extraheader';
    const given = [
      'GIT_CONFIG_COUNT=2',
      `GIT_CONFIG_KEY_0=${key}`,
      `GIT_CONFIG_KEY_1=${key}`,
      'GIT_CONFIG_VALUE_0=',
      `GIT_CONFIG_VALUE_1=AUTHORIZATION: basic ${basic}`,
      `GIT_INDEX_FILE=${tree?.folder.replace(/tree$/, 'index')}`,
      'GIT_TERMINAL_PROMPT=0',
      'HOME=/home/example',
      `PATH=${path}:/usr/bin:/bin`,
    ];
    const { base } = commits;
    expect(await read()).toEqual([
      ...[`cat-file -e ${base}^{tree}`, ...given],
      ...[`fetch --quiet --no-tags --depth=1 origin ${base}`, ...given],
      ...[`read-tree ${base}`, ...given],
      ...[`checkout-index --all --force --prefix=${tree?.folder}/`, ...given],
      '',
    ]);
  });

  it('gets no header without a token', async () => {
    const { path, read } = await fakeGit();
    const env = { PATH: `${path}:/usr/bin:/bin`, RUNNER_TEMP: temporary };
    await checkOutCommit(options({ env }), commits.base);
    const lines = await read();
    expect(lines.filter((line) => line.startsWith('GIT_CONFIG'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('HOME='))).toEqual(['HOME=', 'HOME=', 'HOME=', 'HOME=']);
  });
});
