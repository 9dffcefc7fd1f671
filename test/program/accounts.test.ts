import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { accessOf } from '../../src/cli/session/api.ts';
import type { Plan } from '../../src/model/plan/plan.ts';
import { newAgeKeyPair } from '../support/age-keys.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

const CONFIG = `apiVersion: regsync/v1
kind: Config
accounts:
  - name: eu
    scope: acme-eu
    key_env: TELNYX_API_KEY_EU
    base_url: https://api.telnyx.eu/v2
    manifests: [groups/eu]
  - name: us
    scope: acme-us
    key_env: TELNYX_API_KEY
    manifests: [groups/us]
`;
const ACCOUNT = CONFIG.slice(CONFIG.indexOf('  - name: us'));
/** Names are unique in an account, not between them. */
const MANIFESTS = {
  'regsync.yaml': CONFIG,
  'groups/eu/main.yaml': germanGroup({ name: 'main' }).replaceAll('../documents', '../../documents'),
  'groups/us/main.yaml': frenchGroup({ name: 'main', file: '../../documents/address-fr.png' }),
  'groups/us/more.yaml': frenchGroup({ name: 'more', file: '../../documents/address-fr.png' }),
};
/** No account may fall back to a key that is not its own. */
const KEYS = { TELNYX_API_KEY: `${SAMPLE_KEY}us`, TELNYX_API_KEY_EU: `${SAMPLE_KEY}eu` };

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository(MANIFESTS);
});
afterEach(() => repository.end());

const run = (...args: string[]) => repository.run(args, { env: KEYS });
const planned = async (...args: string[]): Promise<Plan> =>
  JSON.parse((await run('plan', '--format', 'json', ...args)).out);
const references = async () =>
  (await repository.state()).groups.map(({ customer_reference }) => customer_reference).sort();

describe('with several accounts', () => {
  it.each([
    'plan',
    'apply --yes',
    'status',
    'report',
    'gc',
    'import --plaintext',
    'ci plan',
    'new FR local ordering --name x',
  ])('%s is about one of them, and says which there are', async (command) => {
    const { code, err } = await run(...command.split(' '));
    expect([code, err]).toEqual([3, expect.stringContaining('add --account NAME, with one of eu, us')]);
    expect(await repository.requests()).toEqual([]);
  });

  it('each is planned and applied for itself, with a scope of its own', async () => {
    expect((await planned('--account', 'eu')).changes.map(({ name }) => name)).toContain('main');
    expect((await run('apply', '--yes', '--account', 'us')).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme-us/main', 'regsync/acme-us/more']);
    expect(await planned('--account', 'us')).toMatchObject({ scope: 'acme-us', changes: [] });
    expect((await run('apply', '--yes', '--account', 'eu')).code).toBe(0);
    expect(await references()).toEqual([
      'regsync/acme-eu/main',
      'regsync/acme-us/main',
      'regsync/acme-us/more',
    ]);
    const { changes, attention } = await planned('--account', 'eu');
    expect([changes, attention.filter(({ code }) => code === 'orphaned')]).toEqual([[], []]);
    expect((await run('status', '--account', 'eu')).out).toContain('scope acme-eu · 1 group ');
  });

  it('a plan of one is refused by another', async () => {
    await run('plan', '--account', 'eu', '--out', 'plan.json');
    const { code, err } = await run('apply', '--plan', 'plan.json', '--account', 'us');
    expect([code, err]).toEqual([5, expect.stringContaining('it is for another scope')]);
    expect(await references()).toEqual([]);
  });

  it('an account is the one that is meant where it is the only one', async () => {
    await repository.write('regsync.yaml', CONFIG.slice(0, CONFIG.indexOf('  - name: us')));
    expect((await run('apply', '--yes')).code).toBe(0);
    expect(await references()).toEqual(['regsync/acme-eu/main']);
  });

  it.each([
    ['eur', 'regsync.yaml has no account "eur". Did you mean "eu"?'],
    ['asia', 'regsync.yaml has no account "asia". Accounts: eu, us.'],
  ])('one that is not there (%s) is an error', async (name, message) => {
    for (const command of ['plan', 'validate', 'matrix', 'lock']) {
      const { code, err } = await run(command, '--account', name);
      expect([code, err]).toEqual([3, expect.stringContaining(message)]);
    }
  });

  it('--account is an error where there are none', async () => {
    await repository.write('regsync.yaml', 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    const { code, err } = await run('plan', '--account', 'eu');
    expect([code, err]).toEqual([
      3,
      expect.stringContaining('regsync.yaml has no accounts: leave out --account "eu"'),
    ]);
  });

  it('validate checks all of them, or the one that is named', async () => {
    expect((await run('validate')).out).toBe('Valid: 3 manifest files, 3 groups.\n');
    expect((await run('validate', '--account', 'us')).out).toBe('Valid: 2 manifest files, 2 groups.\n');
    expect((await run('validate', 'groups/eu')).out).toBe('Valid: 3 manifest files, 1 group.\n');
    expect((await run('validate', 'groups/nowhere')).code).toBe(3);
    await repository.write('groups/us/main.yaml', frenchGroup({ name: 'main' }).replace('FR', 'XX'));
    const { code, err } = await run('validate');
    expect([code, err]).toEqual([3, expect.stringContaining('groups/us/main.yaml:4:')]);
    expect((await run('validate', '--account', 'eu')).code).toBe(0);
  });

  it('validate says once what is wrong in manifests that they share', async () => {
    await repository.write('regsync.yaml', CONFIG.replace('groups/us', 'groups/eu'));
    await repository.write('groups/eu/main.yaml', germanGroup({ name: 'main' }).replace('DE', 'XX'));
    const { code, out } = await run('validate', '--format', 'json');
    expect(code).toBe(3);
    const { diagnostics } = JSON.parse(out) as { diagnostics: { code: string; severity: string }[] };
    expect(diagnostics.filter(({ severity }) => severity === 'error').map((entry) => entry.code)).toEqual([
      'unknown-country',
    ]);
  });

  it('one lock serves them all, whichever of them is asked', async () => {
    for (const args of [['--account', 'us'], ['--check']]) {
      const { code, out, err } = await run('lock', ...args);
      expect([code, err]).toEqual([0, err]);
      expect(out).toMatch(/2 combinations/);
    }
    expect((await run('validate')).err).not.toContain('regsync lock');
  });

  it('explain knows the groups of all, and new writes into the folder of the one', async () => {
    const { code, out } = await run('explain', 'more');
    expect([code, out]).toEqual([0, expect.stringContaining('FR local ordering')]);
    expect((await run('new', 'FR', 'local', 'ordering', '--name', 'x', '--account', 'eu')).out).toContain(
      'Wrote groups/eu/x.yaml',
    );
  });

  it('encrypt and rekey are about the files of all', async () => {
    const [first, second] = [await newAgeKeyPair(), await newAgeKeyPair()];
    await repository.write('.regsync/recipients', `${first.recipient}\n`);
    const encrypted = await run('encrypt', 'documents/address-fr.png', '--format', 'json');
    const [{ sha256 = '' } = {}] = (JSON.parse(encrypted.out) as { encrypted: { sha256?: string }[] })
      .encrypted;
    for (const account of ['eu', 'us']) {
      const file = `file: ../../documents/address-fr.png.age\nsha256: ${sha256}`;
      const document = `apiVersion: regsync/v1\nkind: Document\nname: proof\n${file}\n`;
      await repository.write(`groups/${account}/documents.yaml`, document);
    }
    await repository.write('.regsync/recipients', `${first.recipient}\n${second.recipient}\n`);
    const env = { ...KEYS, REGSYNC_AGE_IDENTITY: first.identity };
    const { code, out, err } = await repository.run(['rekey', '--format', 'json'], { env });
    expect([code, err]).toEqual([0, err]);
    expect((JSON.parse(out) as { rekeyed: unknown[] }).rekeyed).toHaveLength(1);
    expect((await run('validate')).err).not.toContain('stale-recipients');
  });

  it('the embedded sandbox keeps them apart', async () => {
    for (const [account, groups] of [
      ['eu', 1],
      ['us', 2],
    ] as const) {
      const { code } = await run('apply', '--sandbox', '--yes', '--account', account);
      expect(code).toBe(0);
      const plan = await run('plan', '--sandbox', '--account', account);
      expect(plan.out).toContain(`No changes. ${groups} group`);
    }
    await rm(join(repository.folder, '.regsync/sandbox.json.eu'));
    expect((await run('plan', '--sandbox', '--account', 'eu')).out).toContain('1 to create');
    expect((await run('plan', '--sandbox', '--account', 'us')).out).toContain('No changes.');
  });
});

describe('the key of an account', () => {
  /** What a server sees of whoever asks it. */
  async function listen(): Promise<{ readonly url: string; readonly seen: (string | undefined)[] }> {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"errors":[]}');
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    onTestFinished(() => void server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`, seen };
  }

  it.each([
    ['eu', KEYS.TELNYX_API_KEY_EU],
    ['us', KEYS.TELNYX_API_KEY],
  ])('of %s is the one that is sent, and no other', async (account, key) => {
    const { url, seen } = await listen();
    const { code, out, err } = await repository.run(['plan', '--account', account], {
      env: { ...KEYS, TELNYX_BASE_URL: url },
    });
    expect(code).toBe(7);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${key}`]));
    expect(out + err).not.toContain(SAMPLE_KEY);
  });

  it('that is not set is asked for by its name: no other takes its place', async () => {
    const { url, seen } = await listen();
    const env = { TELNYX_API_KEY: SAMPLE_KEY, TELNYX_BASE_URL: url };
    const { code, err } = await repository.run(['plan', '--account', 'eu'], { env });
    expect([code, err]).toEqual([
      7,
      expect.stringContaining('Set TELNYX_API_KEY_EU, or add --api-key-file FILE'),
    ]);
    expect(seen).toEqual([]);
  });

  it('goes to the region of the account, unless the environment says where to', () => {
    const account = { name: 'eu', keyEnv: 'TELNYX_API_KEY_EU', baseUrl: 'https://api.telnyx.eu/v2' };
    const asked = (configured: typeof account | null, env: Readonly<Record<string, string>>) =>
      accessOf(configured, env).url;
    expect(asked(account, {})).toBe('https://api.telnyx.eu/v2');
    expect(asked(account, { TELNYX_BASE_URL: 'http://127.0.0.1:8700/v2' })).toBe('http://127.0.0.1:8700/v2');
    expect(asked(null, {})).toBe('https://api.telnyx.com/v2');
  });
});

describe('accounts in the configuration', () => {
  const invalid = async (text: string) => {
    await repository.write('regsync.yaml', text);
    const { code, out, err } = await run('plan', '--account', 'eu');
    expect([code, out]).toEqual([3, '']);
    expect(await repository.requests()).toEqual([]);
    return err;
  };

  it.each([
    'https://canary.example.com/v2',
    'https://user:canary@api.telnyx.com/v2',
    'https://api.telnyx.com.canary.example.com/v2',
    'https://canary.telnyx.com/v2',
    'http://127.0.0.1:8700/canary',
    'http://api.telnyx.com/v2',
    'https://api.telnyx.com/v2?canary',
    'https://api.telnyx.com@canary.example.com/v2',
    'HTTPS://API.TELNYX.COM/v2',
  ])('send no key to %s, which is not repeated', async (url) => {
    const err = await invalid(CONFIG.replace('https://api.telnyx.eu/v2', url));
    expect(err).toContain('regsync.yaml:7:15');
    expect(err).toContain('"base_url" must be one of "https://api.telnyx.com/v2"');
    expect(err).not.toContain('canary');
  });

  it.each([
    'GITHUB_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'REGSYNC_AGE_IDENTITY',
    'TELNYX_API_KEYS',
    'TELNYX_API_KEY_',
    'telnyx_api_key',
    'KEY0123456789canary',
    '"TELNYX_API_KEY "',
  ])('send nothing of the environment but keys for Telnyx: not %s', async (name) => {
    const err = await invalid(CONFIG.replace('key_env: TELNYX_API_KEY_EU', `key_env: ${name}`));
    expect(err).toContain('regsync.yaml:6:14');
    expect(err).toContain('"key_env" must be the name of an environment variable: TELNYX_API_KEY, or');
    expect(err).not.toContain('canary');
  });

  it.each([
    ['a scope beside them', `${CONFIG}scope: acme\n`, '"scope" stands beside "accounts"'],
    ['manifests beside them', `${CONFIG}manifests: [groups]\n`, '"manifests" stands beside "accounts"'],
    ['none at all', 'apiVersion: regsync/v1\nkind: Config\naccounts: []\n', '"accounts" must not be empty'],
    ['neither them nor a scope', 'apiVersion: regsync/v1\nkind: Config\n', 'this manifest has no "scope"'],
    [
      'one without manifests',
      CONFIG.replace('    manifests: [groups/us]\n', ''),
      'this entry has no "manifests"',
    ],
    ['one without a variable', CONFIG.replace('    key_env: TELNYX_API_KEY\n', ''), 'has no "key_env"'],
    ['a key in place of its variable', CONFIG.replace('key_env', 'api_key'), 'unknown key "api_key"'],
    ['two of one name', CONFIG.replace('name: us', 'name: eu'), 'another account already has the name "eu"'],
    [
      'two of one scope',
      CONFIG.replace('acme-us', 'acme-eu'),
      'another account already has the scope "acme-eu"',
    ],
    [
      'a hundred and one of them',
      CONFIG + Array.from({ length: 99 }, (_, n) => ACCOUNT.replaceAll('us', `x${n}`)).join(''),
      '"accounts" must hold no more than 100 entries',
    ],
    ['a path that leads out', CONFIG.replace('groups/us', '../us'), 'regsync.yaml:12:16'],
  ])('are refused with %s', async (_, text, message) => {
    expect(await invalid(text)).toContain(message);
  });
});
