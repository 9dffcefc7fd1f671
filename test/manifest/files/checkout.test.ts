import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadLock } from '../../../src/cli/session/project.ts';
import { readAbsentEntries } from '../../../src/manifest/files/git-index.ts';
import { openRepository } from '../../../src/manifest/repository.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { CONFIG, group, groupWith, places, type Workspace, workspace } from '../workspace.ts';

function git(folder: string, ...args: readonly string[]): string {
  const sure = [
    '-c',
    'user.name=Jane Roe',
    '-c',
    'user.email=jane@example.com',
    '-c',
    'commit.gpgsign=false',
  ];
  return execFileSync('git', [...sure, ...args], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
}

async function committed(files: Readonly<Record<string, string>>): Promise<Workspace> {
  const made = await workspace({ 'groups/de/a.yaml': group('a'), 'groups/fr/b.yaml': group('b'), ...files });
  git(made.root, 'init', '--quiet');
  git(made.root, 'add', '.');
  git(made.root, 'commit', '--quiet', '--message=x');
  return made;
}

it.runIf(whenInstalled('git'))(
  'an index that is cut off is a problem: nobody knows what is kept away',
  async () => {
    const { root, load } = await committed({});
    git(root, 'sparse-checkout', 'set', 'groups/de');
    const index = join(root, '.git/index');
    await writeFile(index, (await readFile(index)).subarray(0, 60));
    expect(places((await load()).problems)).toEqual(['.git/index:1:1 not-checked-out']);
  },
);

describe.runIf(whenInstalled('git'))('a manifest that git has, and a sparse checkout keeps away', () => {
  it.each<[string, readonly (readonly string[])[], string]>([
    ['in cone mode', [['sparse-checkout', 'set', 'groups/de']], 'groups/fr/b.yaml'],
    ['with a sparse index', [['sparse-checkout', 'set', '--sparse-index', 'groups/de']], 'groups/fr'],
    ['by patterns', [['sparse-checkout', 'set', '--no-cone', '/*', '!/groups/fr/']], 'groups/fr/b.yaml'],
    [
      'in an index of version 4',
      [
        ['update-index', '--index-version', '4'],
        ['sparse-checkout', 'set', 'groups/de'],
      ],
      'groups/fr/b.yaml',
    ],
    [
      'in a split index',
      [
        ['sparse-checkout', 'set', 'groups/de'],
        ['update-index', '--split-index'],
      ],
      'groups/fr/b.yaml',
    ],
  ])('is missing, not deleted: %s', async (_, commands, path) => {
    const { root, load } = await committed({});
    expect((await load()).problems).toEqual([]);
    for (const command of commands) git(root, ...command);
    const { problems, files } = await load();
    expect([files, places(problems)]).toEqual([1, [`${path}:1:1 not-checked-out`]]);
    git(root, 'sparse-checkout', 'disable');
    expect((await load()).problems).toEqual([]);
  });

  it('is missing where its whole folder is, so that no import writes it again', async () => {
    const { root, load } = await committed({ 'documents/a.txt': 'x' });
    git(root, 'sparse-checkout', 'set', 'documents');
    expect(places((await load()).problems)).toEqual([
      'groups/de/a.yaml:1:1 not-checked-out',
      'groups/fr/b.yaml:1:1 not-checked-out',
      'regsync.yaml:1:1 file-not-found',
    ]);
  });

  it('is found where the repository is a folder of the working tree, and a linked working tree of git', async () => {
    const { root, at } = await committed({
      'telecom/regsync.yaml': CONFIG,
      'telecom/groups/de/c.yaml': group('c'),
      'telecom/groups/fr/d.yaml': group('d'),
    });
    const linked = join(at('.git'), '..', 'linked');
    git(root, 'worktree', 'add', '--quiet', linked);
    git(linked, 'sparse-checkout', 'set', 'telecom/groups/de');
    const { loadDesired } = await import('../../../src/resolve/load.ts');
    const repository = await openRepository({ cwd: join(linked, 'telecom') });
    const { problems } = await loadDesired(repository, { env: null });
    expect(places(problems)).toEqual(['groups/fr/d.yaml:1:1 not-checked-out']);
  });

  it('counts behind a link, and not where nobody reads it', async () => {
    const { root, at, load } = await committed({
      'vendor/it/c.yaml': group('c'),
      'vendor/it/d.yaml': group('d'),
      'other/e.yaml': group('e'),
    });
    await symlink('../vendor/it', at('groups/it'));
    git(
      root,
      'sparse-checkout',
      'set',
      '--no-cone',
      '/*',
      '!/vendor/it/d.yaml',
      '!/other/',
      '!/groups/.hidden/',
    );
    expect(places((await load()).problems)).toEqual(['vendor/it/d.yaml:1:1 not-checked-out']);
  });

  it('does not count where it is there all the same, or was deleted in the working tree', async () => {
    const { root, at, load } = await committed({});
    git(root, 'sparse-checkout', 'set', 'groups/de');
    await mkdir(at('groups/fr'));
    await writeFile(at('groups/fr/b.yaml'), group('b'));
    expect((await load()).problems).toEqual([]);
    git(root, 'sparse-checkout', 'disable');
    await rm(at('groups/fr/b.yaml'));
    expect((await load()).problems).toEqual([]);
  });

  it('is not taken from a shared index that git has left behind', async () => {
    const { root, load } = await committed({});
    git(root, 'sparse-checkout', 'set', 'groups/de');
    git(root, 'update-index', '--split-index');
    expect(places((await load()).problems)).toEqual(['groups/fr/b.yaml:1:1 not-checked-out']);
    git(root, 'sparse-checkout', 'disable');
    git(root, 'update-index', '--no-split-index');
    git(root, 'rm', '--quiet', 'groups/fr/b.yaml');
    expect((await load()).problems).toEqual([]);
  });

  it('explains a document, a text and a lock that are not there', async () => {
    const { root, load } = await committed({
      'groups/de/a.yaml': groupWith(
        'document: { file: ../../documents/a.txt }\n  - requirement: Other\n    text_from: { file: ../../values/a.txt }',
      ),
      'documents/a.txt': 'x',
      'values/a.txt': 'x',
      'regsync.lock.yaml': 'kind: Lock\n',
    });
    git(root, 'sparse-checkout', 'set', '--no-cone', '/groups/', '/regsync.yaml');
    expect(places((await load({})).problems)).toEqual([
      'groups/de/a.yaml:9:15 not-checked-out',
      'groups/de/a.yaml:11:16 not-checked-out',
    ]);
    expect(places((await loadLock({ root })).problems)).toEqual(['regsync.lock.yaml:1:1 not-checked-out']);
  });

  it('is read from the index alone, which runs nothing that a repository may configure', async () => {
    const { root, at, load } = await committed({});
    git(root, 'sparse-checkout', 'set', 'groups/de');
    await writeFile(at('run.sh'), `#!/bin/sh\ntouch ${JSON.stringify(at('was-run'))}\n`, { mode: 0o755 });
    git(root, 'config', 'core.fsmonitor', at('run.sh'));
    git(root, 'config', 'core.hooksPath', root);
    await load();
    await expect(readFile(at('was-run'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is understood in an index of SHA-256, and never in one that is cut or no index', async () => {
    const { root, at } = await workspace({ 'groups/a.yaml': group('a'), 'groups/b.yaml': group('b') });
    git(root, 'init', '--quiet', '--object-format=sha256');
    git(root, 'add', '.');
    git(root, 'update-index', '--skip-worktree', 'groups/b.yaml');
    const index = await readFile(at('.git/index'));
    expect(readAbsentEntries(index)?.skipped).toEqual([{ path: 'groups/b.yaml', isRegularFile: true }]);
    for (let length = 0; length < index.length - 32; length += 7) {
      const found = readAbsentEntries(index.subarray(0, length));
      expect(found === null || found.skipped.every(({ path }) => path === 'groups/b.yaml')).toBe(true);
    }
    expect(readAbsentEntries(Buffer.alloc(1000))).toBeNull();
  });
});

describe.runIf(whenInstalled('git'))('a repository that git tracks, and no .gitmodules names', () => {
  const COMMIT = '5'.repeat(40);

  it.each([
    ['is empty', 'groups/fr', ['groups/fr:1:1 not-checked-out']],
    ['is not there', null, ['groups/fr:1:1 not-checked-out']],
    ['has something in it', 'groups/fr/it', []],
  ])('is missing where its folder %s', async (_, folder, expected) => {
    const { root, at, load } = await committed({});
    git(root, 'rm', '--quiet', '-r', 'groups/fr');
    git(root, 'update-index', '--add', '--cacheinfo', `160000,${COMMIT},groups/fr`);
    if (folder !== null) await mkdir(at(folder), { recursive: true });
    const { problems } = await load();
    expect(places(problems)).toEqual(expected);
    git(root, 'update-index', '--force-remove', 'groups/fr');
    expect((await load()).problems).toEqual([]);
  });
});

describe('a submodule that was not fetched', () => {
  const MODULES = '[submodule "fr"]\n\tpath = groups/fr\n\turl = https://git.example.com/fr.git\n';

  it.each([
    ['is empty', 'groups/fr'],
    ['is not there', null],
    ['was emptied', 'groups/fr/.git'],
  ])('is a problem at its path where its folder %s', async (_, folder) => {
    const { at, load } = await workspace({ 'groups/de/a.yaml': group('a'), '.gitmodules': MODULES });
    if (folder !== null) await mkdir(at(folder), { recursive: true });
    const { problems } = await load();
    expect(places(problems)).toEqual(['groups/fr:1:1 not-checked-out']);
    expect(problems[0]).toMatchObject({ hint: expect.stringContaining('git submodule update --init') });
  });

  it.each([
    ['is the folder of manifests', 'path = groups', 'groups', ['groups:1:1', 'regsync.yaml:4:12']],
    ['is above it', 'path = "com pliance"', 'com pliance', ['com pliance:1:1', 'regsync.yaml:4:12']],
    ['is a link’s target', 'path = vendor/fr', 'vendor/fr', ['vendor/fr:1:1']],
  ])('is one where it %s', async (_, written, folder, expected) => {
    const { at, load } = await workspace({
      'regsync.yaml': `${CONFIG}manifests: [${folder.startsWith('com') ? 'com pliance/groups' : 'groups'}]\n`,
      '.gitmodules': `[submodule "x"]\n\t${written} # kept apart\n`,
      ...(folder === 'vendor/fr' ? { 'groups/a.yaml': group('a') } : {}),
    });
    await mkdir(at(folder), { recursive: true });
    if (folder === 'vendor/fr') await symlink('../vendor/fr', at('groups/fr'));
    const found = places((await load()).problems);
    expect(found.map((place) => place.replace(/ \S+$/, ''))).toEqual(expected);
    expect(found[0]).toContain('not-checked-out');
  });

  it('is one within a submodule that was fetched', async () => {
    const { load } = await workspace({
      'groups/fr/b.yaml': group('b'),
      '.gitmodules': MODULES,
      'groups/fr/.gitmodules': '[submodule "lyon"]\n\tpath = lyon\n',
    });
    expect(places((await load()).problems)).toEqual(['groups/fr/lyon:1:1 not-checked-out']);
  });

  it('explains a document that is not there, and is no problem where nothing is read', async () => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith('document: { file: ../documents/a.pdf }'),
      '.gitmodules':
        '[submodule "d"]\n\tpath = documents\n[submodule "t"]\n\tpath = theme\n[submodule "o"]\n\tpath = ../out\n',
    });
    expect(places((await load()).problems)).toEqual(['groups/a.yaml:9:15 not-checked-out']);
  });

  it('is none once it is there', async () => {
    const { load } = await workspace({ 'groups/fr/b.yaml': group('b'), '.gitmodules': MODULES });
    expect((await load()).problems).toEqual([]);
  });
});
