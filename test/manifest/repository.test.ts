import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openRepositories, openRepository, uniteRepositories } from '../../src/manifest/repository.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { loadDesired } from '../../src/resolve/load.ts';
import { selectManifests } from '../../src/resolve/selection.ts';
import { CONFIG, codes, group, places, workspace } from './workspace.ts';

async function problemsOfOpening(options: Parameters<typeof openRepository>[0]) {
  const error = await openRepository(options).catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInputError)) throw new Error('it was opened');
  return error.problems;
}

describe('the repository', () => {
  it('is found from a folder within it, with its defaults', async () => {
    const { root, at } = await workspace({ 'groups/deep/a.yaml': '' });
    expect(await openRepository({ cwd: at('groups/deep') })).toEqual({
      root,
      configFile: 'regsync.yaml',
      config: {
        scope: 'acme',
        formerScope: null,
        manifests: ['groups'],
        limits: { maxDeletes: 10, maxDeleteFraction: 0.3 },
        expiry: { warnDays: 30 },
        allowPlaintextDocuments: false,
        account: null,
      },
      manifestSources: [{ file: 'regsync.yaml', line: 1, column: 1 }],
    });
  });

  it('is configured by what the file states', async () => {
    const { root } = await workspace({
      'regsync.yaml': `${CONFIG}manifests: [a, b/c.yaml]\nlimits: { max_deletes: 0, max_delete_fraction: 1 }\nexpiry: { warn_days: 7 }\nallow_plaintext_documents: true\n`,
    });
    expect((await openRepository({ cwd: root })).config).toEqual({
      scope: 'acme',
      formerScope: null,
      manifests: ['a', 'b/c.yaml'],
      limits: { maxDeletes: 0, maxDeleteFraction: 1 },
      expiry: { warnDays: 7 },
      allowPlaintextDocuments: true,
      account: null,
    });
  });

  it('is looked for upwards, and --config is relative to where one looks', async () => {
    const { at } = await workspace({ 'inner/regsync.yaml': CONFIG, 'inner/other.yaml': CONFIG });
    expect(await openRepository({ cwd: at('inner') })).toMatchObject({ root: at('inner') });
    expect(await openRepository({ cwd: at('inner'), configFile: 'other.yaml' })).toMatchObject({
      root: at('inner'),
      configFile: 'other.yaml',
    });
  });

  it('is known by its real path', async () => {
    const { at } = await workspace({ 'inner/regsync.yaml': CONFIG });
    await symlink('inner', at('link'));
    expect(await openRepository({ cwd: at('link') })).toMatchObject({ root: at('inner') });
  });

  it('that is nowhere is a problem that says what to do', async () => {
    const { root, at } = await workspace({});
    await rm(at('regsync.yaml'));
    expect(await problemsOfOpening({ cwd: root })).toMatchObject([
      {
        code: 'no-config',
        message: expect.stringContaining(root),
        hint: expect.stringContaining('regsync init'),
      },
    ]);
    expect(await problemsOfOpening({ cwd: root, configFile: 'missing.yaml' })).toMatchObject([
      { code: 'file-not-found', source: { file: 'missing.yaml' } },
    ]);
  });

  it('is not taken from above a folder that is not there', async () => {
    const { at } = await workspace({});
    expect(await problemsOfOpening({ cwd: at('missing') })).toMatchObject([{ code: 'no-config' }]);
  });

  it('with a configuration that is a link out of it, or to nothing, is a problem and no other is taken', async () => {
    const { at } = await workspace({});
    await mkdir(at('inner'));
    for (const [destination, code] of [
      ['../regsync.yaml', 'unsafe-path'],
      ['nothing', 'file-not-found'],
    ] as const) {
      await symlink(destination, at('inner/regsync.yaml'));
      expect(await problemsOfOpening({ cwd: at('inner') })).toMatchObject([{ code }]);
      await rm(at('inner/regsync.yaml'));
    }
  });

  it.each(['../groups', '/groups', 'a\\b', '.git/hooks', 'C:\\groups'])(
    'does not look for manifests outside: %s',
    async (entry) => {
      const { root } = await workspace({ 'regsync.yaml': `${CONFIG}manifests:\n  - groups\n  - ${entry}\n` });
      expect(places(await problemsOfOpening({ cwd: root }))).toEqual(['regsync.yaml:6:5 unsafe-path']);
    },
  );

  it('with a faulty configuration gives its problems', async () => {
    const { root } = await workspace({
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscop: acme\n',
    });
    expect(await problemsOfOpening({ cwd: root })).toMatchObject([
      {
        code: 'unknown-key',
        hint: 'Did you mean "scope"?',
        excerpt: 'scop: «…»',
        source: { line: 3, column: 1 },
      },
    ]);
  });
});

describe('an entry of manifests', () => {
  const manifests = (list: string) => ({ 'regsync.yaml': `${CONFIG}manifests:\n${list}` });

  it('may be a file', async () => {
    const { load } = await workspace({
      ...manifests('  - here/a.yaml\n'),
      'here/a.yaml': group('a'),
      'here/b.yaml': 'x',
    });
    const { desired, problems } = await load();
    expect(problems).toEqual([]);
    expect(desired.RequirementGroup).toHaveLength(1);
  });

  it('may be the root, whose configuration and lock are no manifests', async () => {
    const { load } = await workspace({
      ...manifests('  - .\n'),
      'a.yaml': group('a'),
      'regsync.lock.yaml': 'x: y',
    });
    const { desired, problems, files } = await load();
    expect(problems).toEqual([]);
    expect(files).toBe(1);
    expect(desired.RequirementGroup[0]?.source.file).toBe('a.yaml');
  });

  it('that is not there is a problem, where it is written', async () => {
    const { load } = await workspace({
      ...manifests('  - groups\n  - gruops\n'),
      'groups/a.yaml': group('a'),
    });
    expect((await load()).problems).toMatchObject([
      {
        code: 'file-not-found',
        message: '"gruops": no such file or folder',
        source: { file: 'regsync.yaml', line: 6, column: 5 },
      },
    ]);
  });

  it('that holds no manifest is a problem of its own kind, which --prune may overlook', async () => {
    const { load } = await workspace({ 'groups/README.md': 'x' });
    const { desired, problems, files } = await load();
    expect(problems).toMatchObject([
      {
        code: 'no-manifests',
        hint: 'Add *.yaml files, or correct `manifests` in regsync.yaml. To delete all groups on purpose, add --prune.',
      },
    ]);
    expect(desired.RequirementGroup).toEqual([]);
    expect(files).toBe(0);
  });

  it('that holds only an empty file is a problem that --prune may not overlook', async () => {
    const { load } = await workspace({ 'groups/a.yaml': '# nothing\n' });
    expect(codes((await load()).problems)).toEqual(['empty-manifest']);
  });
});

describe('narrowing', () => {
  async function selection() {
    const { root, at } = await workspace({
      'groups/de/acme.yaml': `${group('acme-de')}\n---\n${group('acme-de-2')}`,
      'groups/fr.yaml': group('acme-fr'),
      'groups/de-extra.yaml': group('acme-extra'),
    });
    const repository = await openRepository({ cwd: root });
    const { desired } = await loadDesired(repository, { env: null });
    const select = (paths: readonly string[], targets: readonly string[] = [], cwd = root) => {
      const { selected, problems } = selectManifests(repository, desired, { paths, targets, cwd });
      return { names: [...selected.RequirementGroup].sort(), problems };
    };
    return { root, at, select };
  }

  it.each([
    [[], [], ['acme-de', 'acme-de-2', 'acme-extra', 'acme-fr']],
    [['.'], [], ['acme-de', 'acme-de-2', 'acme-extra', 'acme-fr']],
    [['groups'], [], ['acme-de', 'acme-de-2', 'acme-extra', 'acme-fr']],
    [['groups/de'], [], ['acme-de', 'acme-de-2']],
    [['groups/de/'], [], ['acme-de', 'acme-de-2']],
    [['./groups/de/acme.yaml', 'groups/fr.yaml'], [], ['acme-de', 'acme-de-2', 'acme-fr']],
    [[], ['acme-fr'], ['acme-fr']],
    [[], ['acme-fr', 'acme-de'], ['acme-de', 'acme-fr']],
    [['groups/de'], ['acme-de'], ['acme-de']],
  ])('to the paths %j and the targets %j gives %j', async (paths, targets, expected) => {
    const { select } = await selection();
    expect(select(paths, targets)).toEqual({ names: expected, problems: [] });
  });

  it('looks paths up from the current folder', async () => {
    const { at, select } = await selection();
    expect(select(['fr.yaml'], [], at('groups')).names).toEqual(['acme-fr']);
    expect(select(['.'], [], at('groups/de')).names).toEqual(['acme-de', 'acme-de-2']);
    expect(select(['../fr.yaml'], [], at('groups/de')).names).toEqual(['acme-fr']);
  });

  it('takes a path that goes through a link', async () => {
    const { at, select } = await selection();
    await symlink('groups', at('link'));
    await writeFile(at('outside'), '');
    expect(select(['link/de']).names).toEqual(['acme-de', 'acme-de-2']);
    expect(select(['link']).names).toHaveLength(4);
    expect(select(['.'], [], at('link')).names).toHaveLength(4);
  });

  it.each(['groups/missing.yaml', 'groups/d', 'regsync.yaml', '../elsewhere', '/etc'])(
    'to a path that holds no group is a problem: %s',
    async (path) => {
      const { select } = await selection();
      expect(codes(select([path]).problems)).toEqual(['unknown-path']);
    },
  );

  it('to a name that is not there is a problem that suggests one', async () => {
    const { select } = await selection();
    expect(select([], ['acme-frr']).problems).toMatchObject([
      {
        severity: 'error',
        code: 'unknown-target',
        message: 'no group or order is named "acme-frr"',
        hint: 'Did you mean "acme-fr"?',
      },
    ]);
  });

  it('to a target outside the paths is a problem', async () => {
    const { select } = await selection();
    expect(codes(select(['groups/de'], ['acme-fr']).problems)).toEqual(['nothing-selected']);
  });
});

describe('several accounts', () => {
  const ACCOUNTS = `apiVersion: regsync/v1
kind: Config
accounts:
  - { name: eu, scope: acme-eu, key_env: TELNYX_API_KEY_EU, manifests: [eu] }
  - { name: us, scope: acme-us, key_env: TELNYX_API_KEY_US, manifests: [us] }
`;

  it.each([
    ['scope', 'scope: acme-us', 'scope: acme-eu', 'another account already has the scope "acme-eu"'],
    ['name', 'name: us', 'name: eu', 'another account already has the name "eu"'],
    [
      'former scope, of which another account already has the groups',
      'scope: acme-us,',
      'scope: acme-us, former_scope: acme-eu,',
      '"acme-eu" is the scope of this repository for an account',
    ],
  ])('may not share a %s', async (_, from, to, message) => {
    const { root } = await workspace({ 'regsync.yaml': ACCOUNTS.replace(from, to) });
    const [problem, ...others] = await problemsOfOpening({ cwd: root, account: 'eu' });
    expect([problem?.message, others]).toEqual([expect.stringContaining(message), []]);
    expect(problem?.source).toMatchObject({ file: 'regsync.yaml', line: 5 });
  });

  it('are reached by what is stated of each, and by nothing of another', async () => {
    const text = `${ACCOUNTS.replace('key_env: TELNYX_API_KEY_EU,', 'key_env: TELNYX_API_KEY_EU, base_url: "https://api.telnyx.eu/v2",')}expiry: { warn_days: 7 }
`;
    const { root } = await workspace({ 'regsync.yaml': text });
    const shared = {
      formerScope: null,
      limits: { maxDeletes: 10, maxDeleteFraction: 0.3 },
      expiry: { warnDays: 7 },
      allowPlaintextDocuments: false,
    };
    const [eu, us] = [
      {
        root,
        configFile: 'regsync.yaml',
        config: {
          ...shared,
          scope: 'acme-eu',
          manifests: ['eu'],
          account: { name: 'eu', keyEnv: 'TELNYX_API_KEY_EU', baseUrl: 'https://api.telnyx.eu/v2' },
        },
        manifestSources: [{ file: 'regsync.yaml', line: 4, column: 5 }],
        allManifests: ['eu', 'us'],
      },
      {
        root,
        configFile: 'regsync.yaml',
        config: {
          ...shared,
          scope: 'acme-us',
          manifests: ['us'],
          account: { name: 'us', keyEnv: 'TELNYX_API_KEY_US', baseUrl: null },
        },
        manifestSources: [{ file: 'regsync.yaml', line: 5, column: 5 }],
        allManifests: ['eu', 'us'],
      },
    ];
    expect(await openRepositories({ cwd: root })).toEqual([eu, us]);
    expect(await openRepositories({ cwd: root, account: 'us' })).toEqual([us]);
    expect(await openRepository({ cwd: root, account: 'eu' })).toEqual(eu);
  });

  it.each<[string, string, string | undefined, string]>([
    [
      'of several, one must be named',
      ACCOUNTS,
      undefined,
      'regsync.yaml has several accounts: add --account NAME, with one of eu, us',
    ],
    [
      'one that is nearly named is suggested',
      ACCOUNTS,
      'eux',
      'regsync.yaml has no account "eux". Did you mean "eu"?',
    ],
    [
      'all are named where none is near',
      ACCOUNTS,
      'production',
      'regsync.yaml has no account "production". Accounts: eu, us.',
    ],
    [
      'there may be none to name',
      CONFIG,
      'eu',
      'regsync.yaml has no accounts: leave out --account "eu", or add "accounts" there',
    ],
  ])('%s', async (_, text, account, message) => {
    const { root } = await workspace({ 'regsync.yaml': text });
    const given = account === undefined ? {} : { account };
    await expect(openRepository({ cwd: root, ...given })).rejects.toThrow(
      expect.objectContaining({ message, problems: [] }),
    );
  });

  it('may be one alone, which need not be named', async () => {
    const [head, first] = ACCOUNTS.split(/(?<=accounts:\n.*\n)/);
    expect(first).toContain('acme-us');
    const { root } = await workspace({ 'regsync.yaml': head ?? '' });
    expect((await openRepository({ cwd: root })).config.account?.name).toBe('eu');
  });

  it('are all told what they share, each at its line', async () => {
    const { root } = await workspace({
      'regsync.yaml': `${ACCOUNTS}${ACCOUNTS.slice(ACCOUNTS.indexOf('  - '))}`,
    });
    const problems = await problemsOfOpening({ cwd: root });
    expect(
      problems.map(({ message, code, source }) => [source?.line, source?.column, code, message]),
    ).toEqual([
      [6, 5, 'duplicate-account', 'another account already has the name "eu"'],
      [6, 5, 'duplicate-account', 'another account already has the scope "acme-eu"'],
      [7, 5, 'duplicate-account', 'another account already has the name "us"'],
      [7, 5, 'duplicate-account', 'another account already has the scope "acme-us"'],
    ]);
  });

  it.each([
    [
      'an account, in one of another',
      'scope: acme-us,',
      'scope: acme-us, former_scope: acme-eu,',
      5,
      'for an account',
    ],
    [
      'an account, in its own',
      'scope: acme-us,',
      'scope: acme-us, former_scope: acme-us,',
      5,
      'for an account',
    ],
  ])('may not have a former scope that is in use: %s', async (_, from, to, line, where) => {
    const { root } = await workspace({ 'regsync.yaml': ACCOUNTS.replace(from, to) });
    expect(await problemsOfOpening({ cwd: root, account: 'eu' })).toMatchObject([
      { code: 'former-scope-in-use', message: expect.stringContaining(where), source: { line } },
    ]);
  });

  it('and a repository without accounts may not either', async () => {
    const { root } = await workspace({ 'regsync.yaml': `${CONFIG}former_scope: acme\n` });
    expect(await problemsOfOpening({ cwd: root })).toMatchObject([
      {
        code: 'former-scope-in-use',
        message: '"acme" is the scope of this repository now: a former scope is one that it has no more',
        hint: 'Write the scope that this repository had before, or remove `former_scope`.',
        source: { line: 4 },
      },
    ]);
    const { root: other } = await workspace({ 'regsync.yaml': `${CONFIG}former_scope: old\n` });
    expect((await openRepository({ cwd: other })).config.formerScope).toBe('old');
  });

  it('may not have manifests outside, whichever of them they are of', async () => {
    const { root } = await workspace({ 'regsync.yaml': ACCOUNTS.replace('[us]', '[us, ../eu]') });
    expect(places(await problemsOfOpening({ cwd: root, account: 'eu' }))).toEqual([
      'regsync.yaml:5:5 unsafe-path',
    ]);
  });

  it('are united where they are read as they are written', async () => {
    const { root } = await workspace({ 'regsync.yaml': ACCOUNTS });
    const { config, manifestSources } = uniteRepositories(await openRepositories({ cwd: root }));
    expect([config.manifests, manifestSources.map(({ line }) => line)]).toEqual([
      ['eu', 'us'],
      [4, 5],
    ]);
  });

  it('have former scopes of their own', async () => {
    const { root } = await workspace({
      'regsync.yaml': ACCOUNTS.replace('scope: acme-us,', 'scope: acme-us, former_scope: old,'),
    });
    const formerScopeOf = async (account: string) =>
      (await openRepository({ cwd: root, account })).config.formerScope;
    expect([await formerScopeOf('eu'), await formerScopeOf('us')]).toEqual([null, 'old']);
  });
});
