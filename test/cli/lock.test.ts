import { appendFile, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INVISIBLE } from '../../src/model/text/visible.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../support/test-repository.ts';

const DAY = 86_400;
const PROOF_OF_ADDRESS = '6a09cdc3-8948-47f0-aa62-74ac943d6c58';
const IDENTITY_DOCUMENT = 'b3dc7ee5-3b37-4f06-9ab6-a8e74c311282';
const WITHOUT_KEY = { TELNYX_API_KEY: undefined };

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup(), 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const lockPath = () => join(repository.folder, 'regsync.lock.yaml');
const readLock = () => readFile(lockPath(), 'utf8');
const regulate = (combination: string, body: unknown) =>
  repository.control(`catalogue/${combination}`, body, 'PATCH');
const combinationsIn = (text: string) => [...text.matchAll(/combination: (\S+)/g)].map(([, key]) => key);
const json = async (...args: string[]) =>
  JSON.parse((await repository.run([...args, '--format', 'json'])).out);

async function lock(...args: string[]): Promise<string> {
  const { code, out, err } = await repository.run(['lock', ...args]);
  expect(code, out + err).toBe(0);
  return out;
}

describe('regsync lock', () => {
  it('writes down what the manifests use, and says so', async () => {
    const out = await lock();
    expect(out).toContain('+  DE/local/ordering  version 1  5 requirements');
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      'Lock: 2 added, 0 changed, 0 dropped. regsync.lock.yaml holds 2 combinations; review the difference and commit it.',
    );
    const text = await readLock();
    expect(combinationsIn(text)).toEqual(['DE/local/ordering', 'FR/local/ordering']);
    expect(text).toContain('        name: Contact Info\n');
    expect(await readdir(repository.folder)).toEqual([
      'documents',
      'groups',
      'regsync.lock.yaml',
      'regsync.yaml',
    ]);
  });

  it('only reads at Telnyx', async () => {
    await lock();
    const requests = await repository.requests();
    expect(requests.length).toBeGreaterThan(0);
    expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('a second one changes no byte', async () => {
    await lock();
    const [text, { ino }] = [await readLock(), await lstat(lockPath())];
    expect(await lock()).toBe('No changes. regsync.lock.yaml holds what Telnyx demands: 2 combinations.\n');
    expect([await readLock(), (await lstat(lockPath())).ino]).toEqual([text, ino]);
  });

  it('does not need what only an apply needs: a variable may be unset', async () => {
    await repository.write(
      'groups/de.yaml',
      germanGroup().replace(/text: ".*"/, 'text_from: { env: REGSYNC_VAR_CONTACT }'),
    );
    await lock();
  });

  it('keeps what was asked for with --add, and drops what no manifest uses any more', async () => {
    expect(await lock('--add', 'it/local/ordering', '--add', 'DE/toll-free/ordering')).toContain(
      '4 combinations',
    );
    await rm(join(repository.folder, 'groups/de.yaml'));
    const out = await lock();
    expect(out).toContain('-  DE/local/ordering  version 1  no manifest uses it');
    expect(combinationsIn(await readLock())).toEqual([
      'DE/toll_free/ordering',
      'FR/local/ordering',
      'IT/local/ordering',
    ]);
  });

  it('what a manifest used already stays once it is asked for', async () => {
    await lock();
    expect(await lock('--add', 'DE/local/ordering')).toContain('stays from now on, used or not');
    await rm(join(repository.folder, 'groups/de.yaml'));
    await lock();
    expect(combinationsIn(await readLock())).toEqual(['DE/local/ordering', 'FR/local/ordering']);
  });

  it('takes three words for a combination, also beside others', async () => {
    const words = ['--add', 'gb', 'local', 'ordering', '--add', 'DE/local/porting', 'fr', 'local', 'porting'];
    await lock(...words);
    const added = ['DE/local/porting', 'FR/local/porting', 'GB/local/ordering'];
    expect(combinationsIn(await readLock())).toEqual(expect.arrayContaining(added));
  });

  it('can be the first thing that is done in a repository without manifests', async () => {
    for (const file of ['de.yaml', 'fr.yaml']) await rm(join(repository.folder, 'groups', file));
    expect((await repository.run(['lock'])).code).toBe(3);
    await lock('--add', 'FR/local/ordering');
    expect(await lock()).toContain('No changes.');
  });

  it('a combination that Telnyx names nothing for is a notice', async () => {
    const { code, err } = await repository.run(['lock', '--add', 'DE/mobile/ordering']);
    expect(code).toBe(0);
    expect(err).toContain('notice: Telnyx lists no requirements for DE/mobile/ordering');
  });

  it.each([
    [
      'UK/local/ordering',
      '--add UK/local/ordering: "UK" is not a country code (ISO 3166-1 alpha-2). Did you mean "GB"?',
    ],
    ['ZZ/local/ordering', '--add ZZ/local/ordering: "ZZ" is not a country code (ISO 3166-1 alpha-2)'],
    [
      'Germany/local/ordering',
      '--add Germany/local/ordering: "Germany" is not a country code (ISO 3166-1 alpha-2). Write "DE".',
    ],
    [
      'DE/lokal/ordering',
      '--add DE/lokal/ordering: "lokal" is not a type of phone numbers. Did you mean "local"?',
    ],
    ['DE/local/buying', '--add DE/local/buying: "buying" is not an action. Use one of ordering, porting.'],
    ['DE/local', '--add takes a combination such as DE/local/ordering, not "DE/local"'],
    [
      'DE/local/ordering/more',
      '--add takes a combination such as DE/local/ordering, not "DE/local/ordering/more"',
    ],
  ])('--add %s is refused before anything is asked', async (written, expected) => {
    const { code, err } = await repository.run(['lock', '--add', written]);
    expect(code).toBe(3);
    expect(err).toBe(`error: ${expected}\n`);
    expect(await repository.requests()).toEqual([]);
  });

  it('a broken manifest stops it: what it uses is not known', async () => {
    await lock();
    const before = await readLock();
    await repository.write('groups/de.yaml', 'kind: [');
    expect((await repository.run(['lock'])).code).toBe(3);
    expect(await readLock()).toBe(before);
  });

  it('an API that fails leaves the lock as it is', async () => {
    await lock();
    const before = await readLock();
    await repository.control('faults', {
      kind: 'status',
      status: 500,
      times: 99,
      match: { path: 'requirements' },
    });
    const { code } = await repository.run(['lock', '--add', 'IT/local/ordering']);
    expect(code).toBe(8);
    expect(await readLock()).toBe(before);
  });

  it('tells what became of every requirement, by words and as JSON', async () => {
    await lock();
    await regulate('DE/local/ordering', {
      add: [
        IDENTITY_DOCUMENT,
        { id: DE_REQUIREMENTS.contact, name: 'Contact Person', acceptance_criteria: { max_length: 40 } },
        { id: DE_REQUIREMENTS.form, type: 'textual' },
        { id: DE_REQUIREMENTS.registration, acceptance_criteria: { time_limit: null } },
      ],
      remove: [DE_REQUIREMENTS.proof],
    });
    const report = await json('lock', '--check');
    expect(report).toMatchObject({
      written: false,
      summary: { added: 0, changed: 1, dropped: 0, unchanged: 1 },
      combinations: [
        {
          combination: 'DE/local/ordering',
          status: 'changed',
          version: { before: 1, after: 2 },
          next: null,
          changes: [
            { kind: 'tightened', name: 'Contact Person', detail: 'max_length none → 40' },
            { kind: 'renamed', name: 'Contact Person', detail: 'from "Contact Info"' },
            { kind: 'loosened', name: 'Business Registration', requirement_id: DE_REQUIREMENTS.registration },
            { kind: 'removed', name: 'Proof of Local Address' },
            { kind: 'type-changed', name: 'Signed Regulatory Form', detail: 'document → textual' },
            { kind: 'added', name: 'Identity Document' },
          ],
        },
        { combination: 'FR/local/ordering', status: 'unchanged', changes: [] },
      ],
    });
    const out = await lock();
    expect(out).toContain('~  DE/local/ordering  version 1 → 2');
    expect(out).toMatch(/\+ {2}Identity Document +added\n/);
    expect(out).toMatch(/- {2}Proof of Local Address +removed\n/);
    expect(out).toMatch(/~ {2}Contact Person +tightened: max_length none → 40\n/);
    expect(await lock('--check')).toContain('No changes.');
  });

  it('knows what is scheduled, with its day', async () => {
    const day = new Date(Date.now() + 30 * DAY * 1000).toISOString().slice(0, 10);
    await regulate('FR/local/ordering', { replace: [IDENTITY_DOCUMENT], effective_at: `${day}T00:00:00Z` });
    expect(await lock()).toContain(
      `! version 2 is scheduled for ${day}: adds "Identity Document"; removes "Proof of Address"`,
    );
    expect(await readLock()).toContain(`effective_at: "${day}T00:00:00.000Z"`);
    expect(await lock()).toContain('No changes.');
    await repository.control('clock', { advance_seconds: 31 * DAY });
    expect(await lock()).toContain('~  FR/local/ordering  version 1 → 2');
    expect(await readLock()).not.toContain('effective_at');
  });

  it('writes what is no plain word so that everybody sees it', async () => {
    const name = 'Proof \u202eof\u200b # [x]: "y"\n- z';
    await regulate('FR/local/ordering', {
      add: [{ id: PROOF_OF_ADDRESS, name, description: '\u001b[31m&a *b' }],
    });
    const out = await lock();
    const text = await readLock();
    for (const shown of [out, text]) expect(shown.replaceAll('\n', '').match(INVISIBLE)).toBeNull();
    expect(text).toContain('name: "Proof \\u202eof\\u200b # [x]: \\"y\\"\\n- z"');
    expect((await repository.run(['validate'])).code).toBe(3);
    expect(await lock()).toContain('No changes.');
  });
});

describe('regsync lock --check', () => {
  it('0 when equal, 2 when something else is demanded, and never writes', async () => {
    await lock();
    const before = await readLock();
    expect((await repository.run(['lock', '--check'])).code).toBe(0);
    await regulate('FR/local/ordering', { add: [IDENTITY_DOCUMENT] });
    const { code, out } = await repository.run(['lock', '--check']);
    expect(code).toBe(2);
    expect(out).toMatch(/\+ {2}Identity Document +added/);
    expect(out).toContain('To take this over: regsync lock');
    expect(await readLock()).toBe(before);
  });

  it('names a command that takes it over: with what is added, and where it was found', async () => {
    await lock();
    await mkdir(join(repository.folder, 'a part'));
    const where = ['--chdir', 'a part', '--config', '../regsync.yaml'];
    const args = [
      'lock',
      '--check',
      '--add',
      'gb/local/ordering',
      '--add',
      'DE/toll-free/ordering',
      ...where,
    ];
    const { code, out } = await repository.run(args);
    expect(code).toBe(2);
    expect(out.trimEnd().split('\n').at(-1)).toBe(
      'Lock: 2 added, 0 changed, 0 dropped. To take this over: regsync lock --add GB/local/ordering ' +
        "--add DE/toll_free/ordering --chdir 'a part' --config ../regsync.yaml",
    );
    await lock('--add', 'GB/local/ordering', '--add', 'DE/toll_free/ordering', ...where);
    expect((await repository.run(args)).code).toBe(0);
  });

  it('names the sandbox and the account, too', async () => {
    const account = { scope: 'acme', manifests: ['groups'], key_env: 'TELNYX_API_KEY_ACME' };
    const accounts = [{ name: 'acme', ...account }];
    await repository.write(
      'regsync.yaml',
      JSON.stringify({ apiVersion: 'regsync/v1', kind: 'Config', accounts }),
    );
    const where = ['--account', 'acme', '--sandbox'];
    await lock(...where);
    const { out } = await repository.run(['lock', '--check', '--add', 'GB/local/ordering', ...where]);
    expect(out).toContain(
      'To take this over: regsync lock --add GB/local/ordering --account acme --sandbox\n',
    );
  });

  it('2 also when a manifest uses what is not locked, or the lock holds what none uses', async () => {
    await lock();
    await rm(join(repository.folder, 'groups/de.yaml'));
    expect((await repository.run(['lock', '--check'])).code).toBe(2);
    await repository.write('groups/de.yaml', germanGroup());
    await repository.write(
      'groups/it.yaml',
      germanGroup({ name: 'it' }).replace('_code: DE\nphone', '_code: IT\nphone'),
    );
    expect((await repository.run(['lock', '--check'])).code).toBe(2);
  });

  it('3 without a lock, before anything is asked', async () => {
    const { code, err } = await repository.run(['lock', '--check']);
    expect(code).toBe(3);
    expect(err).toContain('regsync.lock.yaml does not exist');
    expect(await repository.requests()).toEqual([]);
  });

  it('3 with a lock that was edited; without --check it is written anew', async () => {
    await lock();
    const before = await readLock();
    await writeFile(lockPath(), before.replace('name: Contact Info', 'name: Contact'));
    const { code, err } = await repository.run(['lock', '--check']);
    expect(code).toBe(3);
    expect(err).toContain('regsync.lock.yaml:7:5  lock-edited');
    const repaired = await repository.run(['lock']);
    expect(repaired).toMatchObject({ code: 0 });
    expect(repaired.err).toContain('warning: somebody edited DE/local/ordering');
    const names = (text: string) => text.match(/ name: .*/g);
    expect(names(await readLock())).toEqual(names(before));
  });
});

describe('regsync validate with a lock', () => {
  const validate = (...args: string[]) => repository.run(['validate', ...args], { env: WITHOUT_KEY });

  beforeEach(async () => {
    await lock();
    await repository.forgetRequests();
  });
  afterEach(async () => expect(await repository.requests()).toEqual([]));

  it('finds nothing wrong with sound manifests, and has nothing to add', async () => {
    await appendFile(join(repository.folder, 'regsync.yaml'), 'allow_plaintext_documents: true\n');
    expect(await validate()).toMatchObject({ code: 0, out: 'Valid: 2 manifest files, 2 groups.\n', err: '' });
    expect(JSON.parse((await validate('--format', 'json')).out)).toMatchObject({
      valid: true,
      diagnostics: [],
    });
  });

  it('without one it says what it could not check', async () => {
    await rm(lockPath());
    const { code, err } = await validate();
    expect(code).toBe(0);
    expect(err).toContain('structure and references only');
    expect(err).toContain('`regsync lock`');
  });

  it.each<[string, (manifest: string) => string, string, string]>([
    [
      'a misspelt name',
      (text) => text.replace('Contact Info', 'Contact Inf'),
      '8:18  unknown-requirement',
      'Did you mean "Contact Info"?',
    ],
    [
      'an id of another country',
      (text) => text.replace(DE_REQUIREMENTS.form, PROOF_OF_ADDRESS),
      '14:18  unknown-requirement',
      '`regsync lock`',
    ],
    [
      'a requirement too few',
      (text) => text.replace(/ {2}- requirement: a3a8.*\n.*\n/, ''),
      '1:1  missing-requirement',
      '"Signed Regulatory Form"',
    ],
    [
      'a wrong type',
      (text) => text.replace(/text: ".*"/, 'document: { file: ../documents/registration.pdf }'),
      '9:15  wrong-value-type',
      'Write text: "…".',
    ],
    [
      'a requirement twice, by name and id',
      (text) => text.replace(DE_REQUIREMENTS.form, DE_REQUIREMENTS.contact),
      '14:18  repeated-requirement',
      'line 8',
    ],
    [
      'a requirement twice, by one name',
      (text) => text.replace(DE_REQUIREMENTS.form, 'Contact Info'),
      '14:18  duplicate-requirement',
      'line 8',
    ],
  ])('%s, at its line', async (_, change, place, expected) => {
    await repository.write('groups/de.yaml', change(germanGroup()));
    const { code, err } = await validate();
    expect(code).toBe(3);
    expect(err).toContain(`groups/de.yaml:${place}`);
    expect(err).toContain(expected);
    expect(err).toContain('\n1 problem and 3 warnings in 2 manifest files.');
  });

  it('a value that breaks its acceptance criteria, at its line and without showing it', async () => {
    await regulate('DE/local/ordering', {
      add: [{ id: DE_REQUIREMENTS.contact, acceptance_criteria: { regex: '^[A-Z ]+$', max_length: 5 } }],
    });
    await lock();
    await repository.forgetRequests();
    const { code, err } = await validate();
    expect(code).toBe(3);
    expect(err).toMatch(/groups\/de\.yaml:9:11 {2}too-long {2}"Contact Info": longer than 5 characters/);
    expect(err).toContain('pattern-mismatch');
    expect(err).not.toContain('Compliance');
  });

  it('everything at once, and only what concerns the paths that are given', async () => {
    await repository.write('groups/de.yaml', germanGroup().replace('Contact Info', 'Contact Inf'));
    await repository.write('groups/fr.yaml', frenchGroup().replace('Proof of Address', 'Proof of Adress'));
    const { err } = await validate();
    expect(err.match(/unknown-requirement/g)).toHaveLength(2);
    expect(err).toContain('2 problems and 3 warnings in 2 manifest files.');
    expect((await validate('groups/fr.yaml')).err.match(/unknown-requirement/g)).toHaveLength(1);
  });

  it('a value that has a mistake of its own is not missing, too', async () => {
    await repository.write('groups/de.yaml', germanGroup().replace('local-address-proof.pdf', 'nowhere.pdf'));
    const { code, err } = await validate();
    expect(code).toBe(3);
    expect(err).toContain('file-not-found');
    expect(err).not.toContain('missing-requirement');
  });

  it('partial: true allows requirements without a value', async () => {
    const manifest = germanGroup({ extra: 'partial: true\n' }).replace(/ {2}- requirement: a3a8.*\n.*\n/, '');
    await repository.write('groups/de.yaml', manifest);
    expect((await validate()).code).toBe(0);
  });

  it('a text from an unset variable counts as given, and the rest is checked all the same', async () => {
    const manifest = germanGroup().replace(/text: ".*"/, 'text_from: { env: REGSYNC_VAR_CONTACT }');
    await repository.write('groups/de.yaml', manifest);
    expect((await validate()).code).toBe(0);
    await repository.write('groups/de.yaml', manifest.replace(/ {2}- requirement: a3a8.*\n.*\n/, ''));
    expect((await validate()).err).toContain('missing-requirement');
  });

  it('a name that two requirements have is an error that lists their ids', async () => {
    await repository.write(
      'groups/gb.yaml',
      frenchGroup({ name: 'gb' })
        .replace('FR\nphone_number_type: local', 'GB\nphone_number_type: mobile')
        .replace('Proof of Address', 'Proof of Identity'),
    );
    await lock();
    await repository.forgetRequests();
    const { code, err } = await validate();
    expect(code).toBe(3);
    expect(err).toContain('groups/gb.yaml:8:18  ambiguous-requirement');
    expect(err).toContain(
      '30b0c9c2-0b62-425f-8291-968d04237910 (document: Of the representative: passport or driving licence) or 51a8b4c1-cf03-469a-8ffe-66e69d66103c (document: Of the company',
    );
  });

  it('a combination that is not locked is a notice, and stops nothing', async () => {
    await repository.write(
      'groups/it.yaml',
      germanGroup({ name: 'it' }).replace('_code: DE\nphone', '_code: IT\nphone'),
    );
    const { code, err } = await validate();
    expect(code).toBe(0);
    expect(err).toContain(
      'groups/it.yaml:1:1  not-locked  notice: regsync.lock.yaml does not contain IT/local/ordering',
    );
    expect(err).toContain('Run `regsync lock`.');
  });
});

describe('sample data', () => {
  const isSample = async () => (await readLock()).includes('\nsample: true\n');

  it('is told from what Telnyx says: a lock is used only for the catalogue that it was taken from', async () => {
    await lock('--sandbox');
    expect(await isSample()).toBe(true);
    expect((await repository.run(['plan', '--sandbox'])).err).not.toContain('lock');
    // The server cannot be reached, and the warning comes before that.
    const elsewhere = { TELNYX_BASE_URL: 'https://127.0.0.1:9/v2' };
    const { code, err } = await repository.run(['plan'], { env: elsewhere });
    expect(code).toBe(8);
    expect(err).toContain('sample-lock  warning: regsync.lock.yaml contains sample data of the sandbox');
  });

  it('never takes the place of what Telnyx says, and a rehearsal goes by sample data alone', async () => {
    await lock();
    await writeFile(lockPath(), (await readLock()).replace('sample: true\n', ''));
    await renameEverything();
    const before = await readLock();
    const { code, err } = await repository.run(['lock', '--sandbox']);
    expect(code).toBe(3);
    expect(err).toContain('--sandbox would replace them by sample data');
    expect(await readLock()).toBe(before);
    const rehearsal = await repository.run(['plan', '--sandbox', '--detailed-exitcode']);
    expect(rehearsal.code).toBe(2);
    expect(rehearsal.err).toContain('so regsync does not use it with the sandbox');
  });

  /** As if Telnyx gave other ids than the sandbox does. */
  async function renameEverything(): Promise<void> {
    const path = join(repository.folder, 'groups/fr.yaml');
    await regulate('FR/local/ordering', {
      replace: [{ id: '0d000000-0000-4000-8000-000000000002', name: 'Proof of Address', type: 'document' }],
    });
    await rm(lockPath());
    await lock();
    await writeFile(lockPath(), (await readLock()).replace('sample: true\n', ''));
    expect(await readFile(path, 'utf8')).toContain('Proof of Address');
  }
});

describe('a lock that cannot be relied on', () => {
  const COMMANDS = [['validate'], ['validate', 'groups/fr.yaml'], ['plan'], ['apply', '--yes'], ['status']];

  async function expectRefused(expected: string): Promise<void> {
    await repository.forgetRequests();
    for (const command of COMMANDS) {
      const { code, out, err } = await repository.run(command);
      expect([command, code, out]).toEqual([command, 3, '']);
      expect(err).toContain(expected);
    }
    expect(await repository.requests()).toEqual([]);
  }

  it.each<[string, (text: string) => string, string]>([
    [
      'was edited',
      (text) => text.replace('field_type: document', 'field_type: textual'),
      'regsync.lock.yaml:7:5  lock-edited',
    ],
    [
      'is of a newer format',
      (text) => text.replace('"1.0"', '"1.1"'),
      'regsync.lock.yaml:4:17  other-lock-format',
    ],
    ['is no YAML', (text) => `${text}\t- x: [`, 'regsync.lock.yaml:'],
    [
      'holds conflict marks',
      (text) => text.replace('combinations:', '<<<<<<< ours\ncombinations:'),
      'regsync.lock.yaml:6:1  merge-conflict',
    ],
    ['is empty', () => '', 'regsync.lock.yaml:1:1  empty-manifest'],
    ['nests a thousand levels', () => `kind: Lock\nx: ${'['.repeat(1000)}`, 'regsync.lock.yaml:2:'],
    ['is a billion laughs', () => `kind: Lock\na: &a [x]\nb: [${'*a, '.repeat(50)}]`, 'too-many-aliases'],
    ['is too large', () => `# ${'x'.repeat(5_000_000)}`, 'too-large'],
    ['is no text', () => '\u0000', 'control-character'],
  ])('%s: nothing is done with it, by any command', async (_, change, expected) => {
    await lock();
    await writeFile(lockPath(), change(await readLock()));
    await expectRefused(expected);
  });

  it('a link out of the repository is not followed', async () => {
    const outside = join(tmpdir(), `regsync-lock-${process.pid}.yaml`);
    await lock();
    await writeFile(outside, await readLock());
    await rm(lockPath());
    await symlink(outside, lockPath());
    await expectRefused('is a link that leads out of the repository');
    await rm(outside);
    await expectRefused('file-not-found');
  });

  it('a folder in its place is an error, and is not replaced', async () => {
    await mkdir(lockPath());
    await expectRefused('this is a folder');
    expect((await repository.run(['lock'])).code).toBe(3);
  });

  it.each([
    ['of a newer format', (text: string) => text.replace('"1.0"', '"1.1"')],
    ['with conflict marks', (text: string) => `<<<<<<< ours\n${text}`],
    ['that is no lock', () => 'a: b\n'],
  ])('one %s is never overwritten', async (_, change) => {
    await lock();
    const broken = change(await readLock());
    await writeFile(lockPath(), broken);
    expect((await repository.run(['lock'])).code).toBe(3);
    expect(await readLock()).toBe(broken);
  });
});

describe('a regulation that changed since the lock was written', () => {
  const changes = (plan: { attention: { code: string; name: string; message: string }[] }) =>
    plan.attention
      .filter(({ code }) => code === 'requirements-changed')
      .map(({ name, message }) => `${name}: ${message}`);

  beforeEach(async () => {
    await lock();
  });

  it('is attention in plan and status, at each group that it concerns', async () => {
    expect(changes(await json('plan'))).toEqual([]);
    await repository.run(['apply', '--yes']);
    await regulate('DE/local/ordering', {
      add: [IDENTITY_DOCUMENT, { id: DE_REQUIREMENTS.contact, acceptance_criteria: { max_length: 40 } }],
      remove: [DE_REQUIREMENTS.proof],
    });
    const expected = [
      'de-local: the demands changed since the lock: added "Identity Document"; removed "Proof of Local Address"; tightened "Contact Info" (max_length none → 40); see `regsync lock --check`',
    ];
    expect(changes(await json('plan'))).toEqual(expected);
    expect(changes(await json('status'))).toEqual(expected);
    expect((await repository.run(['plan'])).out).toMatch(/! {2}de-local +the demands changed since the lock/);
    await lock();
    expect(changes(await json('plan'))).toEqual([]);
  });

  it('what is scheduled is told with its day, also when the lock knows of it', async () => {
    const day = new Date(Date.now() + 30 * DAY * 1000).toISOString().slice(0, 10);
    await regulate('FR/local/ordering', { add: [IDENTITY_DOCUMENT], effective_at: `${day}T00:00:00Z` });
    const expected = [
      `fr-local: the demands will change: version 2 is scheduled for ${day}: adds "Identity Document"`,
    ];
    expect(changes(await json('plan'))).toEqual(expected);
    await lock();
    expect(changes(await json('plan'))).toEqual(expected);
    expect((await repository.run(['plan', '--fail-on-expiry', '400'])).code).toBe(0);
  });

  it('looser rules and other words are for `regsync lock`, not for every plan', async () => {
    await regulate('DE/local/ordering', {
      add: [
        {
          id: DE_REQUIREMENTS.registration,
          description: 'Other words',
          acceptance_criteria: { time_limit: null },
        },
      ],
    });
    expect(changes(await json('plan'))).toEqual([]);
    expect((await repository.run(['lock', '--check'])).code).toBe(2);
  });

  it('moves no fingerprint, and a plan that was reviewed before is applied after', async () => {
    const before = await json('plan', '--out', 'plan.json');
    await regulate('FR/local/ordering', {
      add: [IDENTITY_DOCUMENT],
      effective_in_seconds: 30 * DAY,
    });
    const after = await json('plan');
    expect(after.attention).toHaveLength(before.attention.length + 1);
    expect(after.fingerprint).toBe(before.fingerprint);
    expect(after.changes).toEqual(before.changes);
    expect((await repository.run(['apply', '--plan', 'plan.json'])).code).toBe(0);
  });

  it('never blocks groups that exist, however much of it changed', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await regulate('DE/local/ordering', {
      replace: [
        IDENTITY_DOCUMENT,
        { id: DE_REQUIREMENTS.contact, acceptance_criteria: { max_length: 3, regex: 'x' } },
      ],
    });
    for (const relocked of [false, true]) {
      if (relocked) await lock();
      const { code, out } = await repository.run(['plan', '--detailed-exitcode']);
      expect([code, out.includes('No changes.')]).toEqual([0, true]);
      expect((await repository.run(['apply', '--yes'])).code).toBe(0);
      expect((await repository.run(['status'])).code).toBe(0);
    }
  });
});

describe('names resolve through the lock, for good', () => {
  const renamed = (name: string, id: string = DE_REQUIREMENTS.contact) =>
    regulate('DE/local/ordering', { add: [{ id, name }] });

  it('a requirement that was renamed still goes by the name that the manifest uses', async () => {
    await lock();
    await renamed('Contact Person');
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
    await lock();
    for (const command of [['validate'], ['apply', '--yes']])
      expect((await repository.run(command)).code).toBe(0);
    const group = (await repository.state()).groups.find(({ country_code }) => country_code === 'DE');
    const contact = group?.regulatory_requirements.find(
      ({ requirement_id }) => requirement_id === DE_REQUIREMENTS.contact,
    );
    expect(contact?.field_value).toBe('Compliance desk, Example GmbH');
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it('without a lock the same name is unknown', async () => {
    await renamed('Contact Person');
    const { code, err } = await repository.run(['plan']);
    expect(code).toBe(3);
    expect(err).toContain('unknown-requirement');
  });

  it('a name that moved to another requirement keeps its meaning, and is ambiguous once that is locked', async () => {
    await lock();
    await renamed('Contact Person');
    await regulate('DE/local/ordering', {
      add: [{ id: '0d000000-0000-4000-8000-000000000001', name: 'Contact Info', type: 'textual' }],
    });
    await repository.write('groups/de.yaml', germanGroup({ extra: 'partial: true\n' }));
    const plan = await json('plan', '--target', 'de-local');
    const [group] = plan.changes.filter(({ kind }: { kind: string }) => kind === 'RequirementGroup');
    expect(group.patch.map(({ path }: { path: string }) => path)).toContain(
      `/requirements/${DE_REQUIREMENTS.contact}`,
    );
    await lock();
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(3);
    expect(err).toContain('ambiguous-requirement');
    expect((await repository.run(['plan'])).err).toContain('ambiguous-requirement');
  });

  it('a requirement that is gone is a notice offline, and an error only for a group that is still to be created', async () => {
    await lock();
    await repository.run(['apply', '--yes', '--target', 'de-local']);
    await repository.write(
      'groups/de.yaml',
      germanGroup().replace(DE_REQUIREMENTS.form, 'Signed Regulatory Form'),
    );
    await repository.write(
      'groups/fresh.yaml',
      germanGroup({ name: 'fresh' }).replace(DE_REQUIREMENTS.form, 'Signed Regulatory Form'),
    );
    await regulate('DE/local/ordering', { remove: [DE_REQUIREMENTS.form] });
    await lock();
    const validated = await repository.run(['validate']);
    expect(validated.code).toBe(0);
    expect(validated.err).toContain('groups/de.yaml:14:18  requirement-gone  notice:');
    const all = await repository.run(['plan']);
    expect(all.code).toBe(3);
    expect(all.err).toContain('groups/fresh.yaml:14:18  requirement-gone');
    expect(all.err).not.toContain('groups/de.yaml');
    expect((await repository.run(['plan', '--target', 'de-local', '--detailed-exitcode'])).code).toBe(0);
  });
});
