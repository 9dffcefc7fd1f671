import { execFileSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newAgeKeyPair } from '../../support/age-keys.ts';
import { examine, repositoryWithEverything } from '../../support/doctor.ts';
import { readTree } from '../../support/folders.ts';
import { buildWithClocks } from '../../support/programs/builds.ts';
import { makeCertificates, serveTls, startProxy } from '../../support/servers/network.ts';
import {
  frenchGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';
import { findClosedPort } from '../../telnyx/scripted-server.ts';

const quick = buildWithClocks(0.1);

/** As init leaves it. */
const BEGUN = { 'groups/.gitkeep': '' };

async function repositoryOf(...given: Parameters<typeof openTestRepository>): Promise<TestRepository> {
  const repository = await openTestRepository(...given);
  onTestFinished(() => repository.end());
  return repository;
}

async function fullRepository(): Promise<TestRepository> {
  const { repository } = await repositoryWithEverything();
  onTestFinished(() => repository.end());
  return repository;
}

const unhandled = ({ findings }: Awaited<ReturnType<typeof examine>>) =>
  findings.filter(({ status }) => status === 'unhandled').map(({ id, exit_code }) => [id, exit_code]);

describe('where all is well', () => {
  it('it says so in a line each, with a sign that needs no colour, and exits 0', async () => {
    const repository = await fullRepository();
    const { code, out } = await repository.run(['doctor']);
    expect(code).toBe(0);
    expect(out).toContain('\nThe way to Telnyx\n');
    expect(out).toMatch(/\n {2}✓ {2}API key +TELNYX_API_KEY has one, and it looks like a key of Telnyx's\n/);
    expect(out).toMatch(/\n {2}✓ {2}base URL +http:\S+, from TELNYX_BASE_URL\n/);
    expect(out).toMatch(/\n {2}✓ {2}permission +it may read all 5 lists|all 6 lists/);
    expect(out).toMatch(/\n {2}~ {2}lock +no regsync\.lock\.yaml: `regsync lock` writes it/);
    expect(out).not.toContain('✗');
    expect(out).toMatch(
      /\nDoctor: \d+ as expected, \d+ otherwise but handled, 0 not handled, \d+ with nothing to look at\.\n$/,
    );
  });

  it('it reads alone, at Telnyx and here', async () => {
    const repository = await fullRepository();
    await repository.forgetRequests();
    const before = await readTree(repository.folder);
    const { code, findings } = await examine(repository);
    const others = findings.filter(({ status, seen }) => seen && status !== 'expected').map(({ id }) => id);
    // There is neither of them here.
    expect([code, others]).toEqual([0, ['lock', 'git']]);
    expect((await examine(repository, {}, '--sandbox')).code).toBe(0);
    expect(new Set((await repository.requests()).map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(await readTree(repository.folder)).toEqual(before);
  });

  it('it stays so with an empty account and no manifest', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([0, []]);
    expect(examined.find('manifests')).toMatchObject({ status: 'handled' });
  });
});

describe('the key', () => {
  it.each([
    ['there is none', { TELNYX_API_KEY: undefined }, 'Set TELNYX_API_KEY, or add --api-key-file FILE'],
    ['it is another credential', { TELNYX_API_KEY: 'sk-canary' }, 'does not begin with KEY'],
    ['it is of two lines', { TELNYX_API_KEY: `${SAMPLE_KEY}\ncanary` }, 'a line break'],
  ])('%s: exit 7, and Telnyx is looked for all the same', async (_, env, says) => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, { env });
    expect([examined.code, unhandled(examined)]).toEqual([7, [['key', 7]]]);
    expect(examined.find('key')?.message).toContain(says);
    expect(examined.find('connection')?.status).toBe('expected');
    expect(examined.find('permission')).toMatchObject({ seen: false });
    expect(examined.out + examined.err).not.toContain('canary');
  });

  it('is revoked: exit 7, and nothing more is asked', async () => {
    const repository = await repositoryOf(BEGUN);
    await repository.control('keys', { key: SAMPLE_KEY, state: 'revoked' });
    await repository.forgetRequests();
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([7, [['permission', 7]]]);
    expect(examined.find('permission')?.message).toContain('does not accept the key (401)');
    // One without a key, one with it.
    expect(await repository.requests()).toHaveLength(2);
  });

  it('may not read something: exit 7, by its name', async () => {
    const repository = await repositoryOf(BEGUN);
    const match = { method: 'GET', path: '^/(documents|porting_orders)$' };
    await repository.control('faults', { kind: 'status', status: 403, body: 'json', times: 99, match });
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([7, [['permission', 7]]]);
    expect(examined.find('permission')?.message).toContain('/documents (403)');
    expect(examined.find('order-permission')).toMatchObject({
      status: 'handled',
      message: expect.stringContaining('/porting_orders (403)'),
    });
  });

  it('is wanted in a file that is not there: exit 3', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, {}, '--api-key-file', 'nowhere');
    expect([examined.code, unhandled(examined)]).toEqual([3, [['key', 3]]]);
  });

  it('for plans is too short: exit 3, and it is not shown', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, { env: { REGSYNC_PLAN_KEY: 'acme-canary-2026' } });
    expect([examined.code, unhandled(examined)]).toEqual([3, [['plan-key', 3]]]);
    expect(examined.out).not.toContain('canary');
  });
});

describe('the clock', () => {
  it('that is off is named with the difference, and is no failure', async () => {
    const repository = await repositoryOf(BEGUN);
    await repository.control('clock', { advance_seconds: 7200 });
    const { code, find } = await examine(repository);
    expect(code).toBe(0);
    expect(find('clock')).toMatchObject({
      status: 'handled',
      message: expect.stringContaining('2 hours behind that of the server'),
    });
  });
});

describe('a server that is not reached', () => {
  it('is exit 8, with the setting that names it, and nothing is said of the account', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, { env: { TELNYX_BASE_URL: await findClosedPort() } });
    expect([examined.code, unhandled(examined)]).toEqual([8, [['connection', 8]]]);
    expect(examined.find('connection')?.message).toBe('connection refused. Is TELNYX_BASE_URL right?');
    expect(examined.findings.filter(({ section }) => section === 'api')).toEqual([]);
  });

  it('is exit 3 where the setting is not a base URL', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, { env: { TELNYX_BASE_URL: 'http://example.com/v2' } });
    expect([examined.code, unhandled(examined)]).toEqual([3, [['base-url', 3]]]);
    expect(examined.find('base-url')?.message).toContain(
      'TELNYX_BASE_URL must begin with https://, because http:// is for localhost alone',
    );
  });

  it('is told from one that is something else', async () => {
    const repository = await repositoryOf(BEGUN);
    for (const [fault, says] of [
      [{ kind: 'status', status: 200, body: 'html' }, 'another server than the API of Telnyx'],
      [{ kind: 'redirect', status: 302, location: 'https://example.com/' }, 'a redirect (302)'],
    ] as const) {
      await repository.control('faults', { ...fault, match: { method: 'GET' } });
      const examined = await examine(repository);
      expect([examined.code, examined.find('connection')?.message]).toEqual([
        8,
        expect.stringContaining(says),
      ]);
    }
  });

  it('that breaks off on the way is exit 8 at the list that it broke off at', async () => {
    const repository = await repositoryOf(BEGUN);
    const match = { method: 'GET', path: '^/documents$' };
    await repository.control('faults', { kind: 'status', status: 502, body: 'html', times: 99, match });
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([8, [['list-documents', 8]]]);
    expect(examined.find('list-documents')?.message).toContain('answered 502');
  });
});

describe("a company's network", () => {
  it('is described by its variables: the proxy, without its value, and the file of certificates', async () => {
    const repository = await repositoryOf(BEGUN, 'processes', quick);
    const certificates = makeCertificates();
    const proxy = await startProxy();
    const port = await serveTls(certificates.issue(), repository.sandbox.origin);
    const env = {
      TELNYX_BASE_URL: `https://api.example.com:${port}/v2`,
      NODE_EXTRA_CA_CERTS: certificates.caFile,
      HTTPS_PROXY: proxy.url.replace('http://', 'http://name:canary@'),
      NO_PROXY: 'localhost',
    };
    const { code, out, err, find } = await examine(repository, { env });
    expect([code, find('proxy')?.message, find('certificates')?.message]).toEqual([
      0,
      'through the one that HTTPS_PROXY names',
      'checked against those that Node trusts and 1 more in the file that NODE_EXTRA_CA_CERTS names',
    ]);
    expect(out + err).not.toMatch(/canary|127\.0\.0\.1/);
    expect(proxy.carried().includes(SAMPLE_KEY)).toBe(false);
  });

  it('whose proxy refuses, or whose CA is not known, is exit 8 by its cause', async () => {
    const repository = await repositoryOf(BEGUN, 'processes', quick);
    const certificates = makeCertificates();
    const port = await serveTls(certificates.issue(), repository.sandbox.origin);
    const { url: HTTPS_PROXY } = await startProxy(() => 407);
    const refused = await examine(repository, {
      env: { TELNYX_BASE_URL: `https://api.example.com:${port}/v2`, HTTPS_PROXY },
    });
    expect([refused.code, refused.find('connection')?.message]).toEqual([
      8,
      expect.stringContaining('the proxy that HTTPS_PROXY names needs another name and password'),
    ]);
    const TELNYX_BASE_URL = `https://localhost:${port}/v2`;
    const unknown = await examine(repository, {
      env: { TELNYX_BASE_URL, NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' },
    });
    expect([
      unknown.code,
      unknown.find('certificates')?.message,
      unknown.find('connection')?.message,
    ]).toEqual([
      8,
      expect.stringContaining('cannot be read: it does not exist'),
      expect.stringContaining(
        'TLS failed: its certificate is signed by a CA that this machine does not know',
      ),
    ]);
  });

  it('with a variable that is no URL is exit 3', async () => {
    const repository = await repositoryOf(BEGUN);
    const env = { TELNYX_BASE_URL: 'https://api.example.com/v2', HTTPS_PROXY: 'canary:3128' };
    const examined = await examine(repository, { env });
    expect([examined.code, unhandled(examined)]).toEqual([3, [['proxy', 3]]]);
    expect(examined.out).not.toContain('canary');
  });
});

describe('the repository', () => {
  it('that is not there yet is begun with init', async () => {
    const repository = await repositoryOf(BEGUN);
    const { code, find } = await examine(repository, { cwd: '/tmp' });
    expect([code, find('configuration')?.status]).toEqual([0, 'handled']);
    expect(find('configuration')?.message).toContain('`regsync init`');
    expect(find('git')).toBeUndefined();
  });

  it('whose configuration is wrong is exit 3 at its line, and Telnyx is looked for all the same', async () => {
    const repository = await repositoryOf({
      ...BEGUN,
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nlimit: 3\n',
    });
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([3, [['configuration', 3]]]);
    expect(examined.find('configuration')?.message).toMatch(/^regsync\.yaml:4:1 {2}.*limit/);
    expect(examined.find('groups-envelope')?.status).toBe('expected');
  });

  it('that names a folder which is not there is exit 3', async () => {
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [nowhere]\n';
    const examined = await examine(await repositoryOf({ 'regsync.yaml': config }));
    expect([examined.code, unhandled(examined)]).toEqual([3, [['manifests', 3]]]);
  });

  it('of several accounts is looked at for each of them', async () => {
    const config = `apiVersion: regsync/v1
kind: Config
accounts:
  - { name: one, scope: one, manifests: [groups], key_env: TELNYX_API_KEY_ONE }
  - { name: two, scope: two, manifests: [groups], key_env: TELNYX_API_KEY_TWO }
`;
    const repository = await repositoryOf({ 'regsync.yaml': config, 'groups/fr.yaml': frenchGroup() });
    const examined = await examine(repository, {
      env: { TELNYX_API_KEY_ONE: SAMPLE_KEY, TELNYX_API_KEY: undefined },
    });
    expect([examined.code, unhandled(examined)]).toEqual([7, [['key', 7]]]);
    const keys = examined.findings.filter(({ id }) => id === 'key');
    expect(keys.map(({ account, status }) => [account, status])).toEqual([
      ['one', 'expected'],
      ['two', 'unhandled'],
    ]);
    expect(keys[1]?.message).toContain('Set TELNYX_API_KEY_TWO');
    const accounts = examined.findings
      .filter(({ section }) => section === 'api')
      .map(({ account }) => account);
    expect(new Set(accounts)).toEqual(new Set(['one']));
    const named = await examine(repository, { env: { TELNYX_API_KEY_ONE: SAMPLE_KEY } }, '--account', 'one');
    expect([named.code, unhandled(named)]).toEqual([0, []]);
  });

  it('is asked about by git, which runs nothing that the repository names', async () => {
    const repository = await repositoryOf({ 'groups/fr.yaml': frenchGroup() });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Example', '-c', 'user.email=example@example.com', ...args], {
        cwd: repository.folder,
        stdio: 'pipe',
      });
    expect((await examine(repository)).find('git')?.message).toContain('not a git repository');
    git('init', '--quiet');
    await repository.write('.gitattributes', 'documents/** -text\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'begin');
    const clean = await examine(repository);
    expect(
      [clean.find('git'), clean.find('checkout'), clean.find('attributes')].map((one) => one?.status),
    ).toEqual(['expected', 'expected', 'expected']);
    await repository.write('hook.sh', `#!/bin/sh\ntouch "${repository.folder}/ran"\n`);
    execFileSync('chmod', ['+x', join(repository.folder, 'hook.sh')]);
    git('config', 'core.fsmonitor', join(repository.folder, 'hook.sh'));
    await repository.write('.gitattributes', '');
    await repository.write('groups/fr.yaml', `${frenchGroup()}# changed\n`);
    const dirty = await examine(repository);
    expect(dirty.find('git')?.message).toContain(
      '1 file of manifests and configuration changed and not committed',
    );
    expect(dirty.find('attributes')).toMatchObject({ status: 'handled' });
    expect(await readTree(repository.folder)).not.toHaveProperty('ran');
  });

  it('that a sparse checkout keeps in part away is exit 3', async () => {
    const repository = await repositoryOf({
      'groups/a/fr.yaml': frenchGroup(),
      'groups/b/other.yaml': frenchGroup({ name: 'b' }),
    });
    const git = (...args: string[]) => execFileSync('git', args, { cwd: repository.folder, stdio: 'pipe' });
    git('init', '--quiet');
    git('add', '.');
    git(
      '-c',
      'user.name=Example',
      '-c',
      'user.email=example@example.com',
      'commit',
      '--quiet',
      '-m',
      'begin',
    );
    git('sparse-checkout', 'set', 'groups/a', 'documents');
    const examined = await examine(repository);
    expect([examined.code, unhandled(examined)]).toEqual([3, [['checkout', 3]]]);
    expect(examined.find('checkout')?.message).toContain('keeps 1 file away');
  });

  it('with encrypted files is told whether its identity is one of the recipients', async () => {
    const [owner, stranger] = [await newAgeKeyPair(), await newAgeKeyPair()];
    const repository = await repositoryOf({ ...BEGUN, '.regsync/recipients': owner.recipient });
    for (const [identity, status, says] of [
      [undefined, 'handled', 'not set'],
      [owner.identity, 'expected', 'one of the recipients'],
      [stranger.identity, 'handled', 'not one of .regsync/recipients'],
      [`${owner.identity}X`, 'unhandled', 'REGSYNC_AGE_IDENTITY: line 1'],
    ] as const) {
      const { find, out } = await examine(repository, { env: { REGSYNC_AGE_IDENTITY: identity } });
      expect(find('identity')).toMatchObject({ status, message: expect.stringContaining(says) });
      expect(out).not.toContain('AGE-SECRET-KEY-1Q');
    }
    expect((await examine(await repositoryOf(BEGUN))).find('identity')).toBeUndefined();
  });
});

describe('--record', () => {
  it('keeps shapes in a file for its owner alone', async () => {
    const repository = await fullRepository();
    const { code } = await repository.run(['doctor', '--record', 'shapes.json']);
    expect(code).toBe(0);
    const file = join(repository.folder, 'shapes.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const record = JSON.parse((await readTree(repository.folder))['shapes.json'] ?? '');
    // All that is described is known by its name.
    expect(JSON.stringify(record)).not.toMatch(/<(?:key|header)>/);
    const groups = record.answers.find(
      (one: { path: string; query: string[] }) =>
        one.path === '/requirement_groups' && one.query.includes('page[number]'),
    );
    expect(groups).toMatchObject({
      method: 'GET',
      status: 200,
      query: ['page[number]', 'page[size]'],
      headers: expect.arrayContaining(['date', 'x-request-id']),
      rate_limit: { 'x-ratelimit-limit': '100000' },
      body: {
        object: { data: { list: '2', items: { object: { id: 'text(uuid)', status: 'text(word)' } } } },
      },
    });
  });

  it('replaces an earlier record, and nothing else that is there', async () => {
    const repository = await repositoryOf(BEGUN);
    const before = (await readTree(repository.folder))['regsync.yaml'];
    const refused = await examine(repository, {}, '--record', 'regsync.yaml');
    expect([refused.code, refused.find('record')?.message]).toEqual([
      3,
      'regsync.yaml exists and is not a record. Write another file name after --record',
    ]);
    expect((await readTree(repository.folder))['regsync.yaml']).toBe(before);
    await repository.write('shapes.json', '');
    for (const _ of ['an empty file', 'a record']) {
      expect((await examine(repository, {}, '--record', 'shapes.json')).find('record')?.status).toBe(
        'expected',
      );
    }
  });

  it('that cannot be written is a line, beside all that was found', async () => {
    const repository = await repositoryOf(BEGUN);
    const examined = await examine(repository, {}, '--record', 'nowhere/shapes.json');
    expect([examined.code, unhandled(examined)]).toEqual([3, [['record', 3]]]);
    expect(examined.find('connection')?.status).toBe('expected');
  });
});

describe('other commands', () => {
  const [FIND, AFTER] = [
    'Run `regsync doctor` to find the cause.',
    'If that does not help, run `regsync doctor`.',
  ];
  const hintFor = (code: number) => (code === 8 ? FIND : AFTER);

  it.each<[what: string, args: readonly string[], env: Record<string, string | undefined>, code: number]>([
    ['the key is missing', ['plan'], { TELNYX_API_KEY: undefined }, 7],
    ['the key is malformed', ['status'], { TELNYX_API_KEY: 'x' }, 7],
    ['nothing answers', ['plan'], { TELNYX_BASE_URL: 'http://127.0.0.1:9/v2' }, 8],
    ['the base URL is wrong', ['apply', '--yes'], { TELNYX_BASE_URL: 'http://example.com/v2' }, 3],
    ['the file of the key is not there', ['lock', '--api-key-file', 'nowhere'], {}, 3],
  ])('point to it, once, where %s', async (_, args, env, code) => {
    const repository = await repositoryOf({ 'groups/fr.yaml': frenchGroup() }, 'processes', quick);
    const result = await repository.run(args, { env });
    expect(result.code).toBe(code);
    expect(result.err.split(' `regsync doctor`')).toHaveLength(2);
    expect(result.err.endsWith(`\n${hintFor(code)}\n`)).toBe(true);
  });

  it.each<[what: string, args: readonly string[], env: Record<string, string | undefined>]>([
    ['a manifest is wrong', ['plan'], {}],
    ['usage is wrong', ['plan', '--nonsense'], {}],
    ['nobody can type, as in a pipeline', ['ci', 'plan'], { TELNYX_API_KEY: undefined }],
    ['only errors are wanted', ['plan', '--quiet'], { TELNYX_API_KEY: undefined }],
  ])('do not where %s', async (_, args, env) => {
    const manifest = args.includes('plan') && Object.keys(env).length === 0 ? 'kind: [' : frenchGroup();
    const { code, err } = await (await repositoryOf({ 'groups/fr.yaml': manifest })).run(args, { env });
    expect(code).not.toBe(0);
    expect(err).not.toContain('doctor');
  });
});
