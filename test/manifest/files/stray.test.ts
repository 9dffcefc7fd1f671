import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openRepository } from '../../../src/manifest/repository.ts';
import { loadDesired } from '../../../src/resolve/load.ts';
import { CONFIG, group, places, workspace } from '../workspace.ts';

const MANIFEST = group('b');

describe('a file in a folder of manifests', () => {
  it.each(['b.YAML', 'b.Yml', 'deep/B.YML'])('is a manifest by its ending in any case: %s', async (name) => {
    const { load } = await workspace({ [`groups/${name}`]: MANIFEST });
    const { desired, problems } = await load();
    expect([desired.RequirementGroup.map((each) => each.name), problems]).toEqual([['b'], []]);
  });

  it.each([
    ['b.yaml.txt', MANIFEST],
    ['b.yaml.bak', MANIFEST],
    ['b.yml~', MANIFEST],
    ['b', MANIFEST],
    ['deep/b.yaml.disabled', `\ufeff# Berlin\r\n---\r\n${MANIFEST.replaceAll('\n', '\r\n')}`],
    [
      'b.txt',
      'kind: RequirementGroup\nrequirements:\n  - requirement: x\n    text: y\napiVersion: "regsync/v1"\n',
    ],
    ['b.json', '{ "kind": "RequirementGroup", "apiVersion": "regsync/v1" }'],
  ])('that reads like a manifest and is named otherwise is a problem: %s', async (name, content) => {
    const { load } = await workspace({ 'groups/a.yaml': group('a'), [`groups/${name}`]: content });
    const { problems } = await load();
    expect(places(problems)).toEqual([`groups/${name}:1:1 misnamed-manifest`]);
    expect(problems[0]).toMatchObject({ severity: 'error', hint: expect.stringContaining('"b.yaml"') });
  });

  it('that is the text of a link to a folder is a problem: what it leads to looks deleted', async () => {
    const { load } = await workspace({
      'groups/a.yaml': group('a'),
      'groups/fr': '../shared/fr',
      'shared/fr/b.yaml': MANIFEST,
    });
    expect(places((await load()).problems)).toEqual(['groups/fr:1:1 link-as-text']);
  });

  it.each([
    ['README', '# Groups\nOne file for each:\n\n    apiVersion: regsync/v1\n'],
    ['notes.txt', 'Ask Jane Roe'],
    ['regsync.txt', 'apiVersion: v1\n'],
    ['lock.txt', 'apiVersion: regsync/v1\nkind: Lock\n'],
  ])('that is something else is no problem: %s', async (name, content) => {
    const { load } = await workspace({ 'groups/a.yaml': group('a'), [`groups/${name}`]: content });
    expect((await load()).problems).toEqual([]);
  });
});

describe('a manifest that no folder of manifests holds', () => {
  async function notices(files: Readonly<Record<string, string>>, cwd = '.') {
    const made = await workspace({ 'groups/a.yaml': group('a'), ...files });
    const repository = await openRepository({ cwd: made.at(cwd) });
    const load = async () => (await loadDesired(repository, { env: null, looksElsewhere: true })).problems;
    return { ...made, load };
  }

  it.each(['b.yaml', 'Groups2/b.YML', 'archive/2026/b.yml', 'groups/.b.yaml', 'groups/.old/b.yaml'])(
    'is a notice: %s',
    async (path) => {
      const { load } = await notices({ [path]: MANIFEST });
      const problems = await load();
      expect(places(problems)).toEqual([`${path}:1:1 stray-manifest`]);
      expect(problems[0]?.severity).toBe('notice');
    },
  );

  it('is passed over in another repository, in packages, behind a dot and behind a link', async () => {
    const { at, load } = await notices({
      'examples/one/regsync.yaml': CONFIG,
      'examples/one/groups/b.yaml': MANIFEST,
      'node_modules/x/b.yaml': MANIFEST,
      '.github/b.yaml': MANIFEST,
      'docs/other.yaml': 'a: 1\n',
      'regsync.lock.yaml': 'apiVersion: regsync/v1\nkind: Lock\n',
    });
    await mkdir(at('elsewhere'));
    await symlink('../groups', at('elsewhere/groups'));
    expect(await load()).toEqual([]);
  });

  it.each([
    ['groups/.b.yaml', '[groups, groups/.b.yaml]'],
    ['groups/.b.yaml', '[groups/.b.yaml, groups]'],
    ['groups/.old/b.yaml', '[groups, groups/.old]'],
    ['groups/.old/b.yaml', '[groups/.old, groups]'],
    ['.hidden/b.yaml', '[groups, .hidden]'],
    ['elsewhere/b.yaml', '[groups, elsewhere/b.yaml]'],
  ])('is passed over where the configuration names it: %s, manifests: %s', async (path, manifests) => {
    const { load } = await notices({
      [path]: MANIFEST,
      'regsync.yaml': `${CONFIG}manifests: ${manifests}\n`,
    });
    expect(await load()).toEqual([]);
  });

  it('is passed over where another configuration, or another account, may name it', async () => {
    const other = await notices({
      'other/b.yaml': MANIFEST,
      'regsync-test.yaml': `${CONFIG}manifests: [other]\n`,
    });
    expect(await other.load()).toEqual([]);
    const accounts = await workspace({
      'regsync.yaml': [
        'apiVersion: regsync/v1',
        'kind: Config',
        'accounts:',
        '  - { name: one, scope: one, manifests: [one], key_env: TELNYX_API_KEY_ONE }',
        '  - { name: two, scope: two, manifests: [two], key_env: TELNYX_API_KEY_TWO }',
        '',
      ].join('\n'),
      'one/a.yaml': group('a'),
      'two/b.yaml': MANIFEST,
      'three/c.yaml': group('c'),
    });
    const repository = await openRepository({ cwd: accounts.root, account: 'one' });
    const { problems } = await loadDesired(repository, { env: null, looksElsewhere: true });
    expect(places(problems)).toEqual(['three/c.yaml:1:1 stray-manifest']);
  });

  it('is shown three times at most, and the last says how many more there are', async () => {
    const files = Array.from({ length: 13 }, (_, index) => [`x/${index}.yaml`, MANIFEST]);
    const { load } = await notices(Object.fromEntries(files));
    const problems = await load();
    expect(problems).toHaveLength(3);
    expect(problems.at(-1)?.message).toContain('(10 more like it)');
  });
});
