import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { foreignAccount, REQUIREMENTS } from '../support/foreign-account.ts';
import { whenInstalled } from '../support/programs/programs.ts';
import { germanGroup, openTestRepository, ROOT, type TestRepository } from '../support/test-repository.ts';

const { contact, registration, proof, form, localAddress, proofOfAddress, spanishTax } = REQUIREMENTS;

/** Whatever is private in the account. No byte of it may be in git. */
const SECRETS = [
  'Nachtweg',
  'Prüfstraße',
  'Zoë Müller',
  'Łódź',
  'Desk of',
  '098765432',
  'registration of nobody',
  'Nachtdienst GmbH',
];

let repository: TestRepository;
let home: TestRepository;
let env: Record<string, string>;
beforeEach(async () => {
  [repository, home] = await Promise.all([openTestRepository({}), openTestRepository({})]);
  await rm(join(repository.folder, 'documents'), { recursive: true });
  env = { HOME: home.folder, REGSYNC_AGE_IDENTITY_FILE: join(home.folder, 'key.txt') };
});
afterEach(() => Promise.all([repository.end(), home.end()]));

/** Twelve groups of an account that several people have kept by hand for years. */
async function makeMess(): Promise<string[]> {
  const account = foreignAccount(repository.sandbox.url);
  const papers = await account.upload('registration of nobody');
  const address = await account.address({
    business_name: 'Nachtdienst GmbH',
    postal_code: '10998',
    street_address: 'Nachtweg 3',
  });
  const german = (desk: string, more: Record<string, string> = {}) => ({
    [contact]: `Desk of ${desk}`,
    [registration]: papers,
    [localAddress]: address,
    ...more,
  });
  const group = account.group;
  const ids = [
    // Two that are the same in every way, under one reference.
    await group('DE/local/ordering', german('A'), 'CRM 7'),
    await group('DE/local/ordering', german('A'), 'CRM 7'),
    // Two that share a reference, and differ in their action.
    await group('ES/local/ordering', { [localAddress]: await account.address(MADRID) }, 'Madrid'),
    await group('ES/local/porting', { [spanishTax]: '098765432' }, 'Madrid'),
    // References that lead nowhere, that no file can have, and none.
    await group('DE/local/ordering', german('B'), '../../.git/hooks/pre-commit'),
    await group('DE/local/ordering', german('C'), 'CON'),
    await group('FR/local/ordering', { [proofOfAddress]: await account.upload('bill') }),
    // Names and addresses that are not ASCII.
    await group(
      'DE/local/ordering',
      {
        ...german('Zoë Müller,\nsecond line: "#1"'),
        [localAddress]: await account.address(LODZ),
      },
      'Zoë & Söhne № 7',
    ),
    // One document for three requirements, which other groups have, too.
    await group('DE/local/ordering', german('D', { [proof]: papers, [form]: papers }), 'shared'),
    // A document that is gone, one with a virus, and a review that said no.
    await group('FR/local/ordering', { [proofOfAddress]: await account.upload('gone') }, 'gone'),
    await group('FR/local/ordering', { [proofOfAddress]: await account.upload('virus') }, 'virus'),
    await group('DE/local/ordering', german('E', { [proof]: papers, [form]: papers }), 'declined'),
  ];
  const held = (await repository.state()).groups;
  const documentOf = (id: string | undefined) =>
    held
      .find((own) => own.id === id)
      ?.regulatory_requirements.find(({ requirement_id }) => requirement_id === proofOfAddress)?.field_value;
  await repository.control(`documents/${documentOf(ids[9])}`, undefined, 'DELETE');
  await repository.control(`documents/${documentOf(ids[10])}/scan`, { result: 'infected' });
  await account.submit(ids[11] ?? '');
  await repository.control(`groups/${ids[11]}/decline`, { comment: 'illegible' });
  return ids;
}

const MADRID = { country_code: 'ES', locality: 'Madrid', street_address: 'Nachtweg 2' };
const LODZ = { business_name: 'Zoë Müller', street_address: 'Prüfstraße 9', locality: 'Łódź' };

const regsync = (...args: string[]) => repository.run(args, { env });

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-c', 'user.name=Jane Roe', '-c', 'user.email=jane@example.com', ...args], {
    cwd: repository.folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { PATH: process.env.PATH, HOME: home.folder, GIT_CONFIG_NOSYSTEM: '1' },
  });
}

/** What pre-commit would run for `.pre-commit-hooks.yaml`. */
async function installHook(): Promise<void> {
  const [{ entry }] = parse(await readFile(join(ROOT, '.pre-commit-hooks.yaml'), 'utf8'));
  const command = String(entry).replace('regsync', `'${process.execPath}' '${ROOT}/dist/regsync.js'`);
  await writeFile(join(repository.folder, '.git/hooks/pre-commit'), `#!/bin/sh\nexec ${command}\n`, {
    mode: 0o755,
  });
}

/** Every blob that git has, so that nothing hides in a tree that was staged once. */
function everythingInGit(): string {
  const listed = git('cat-file', '--batch-all-objects', '--batch-check').trim().split('\n');
  const blobs = listed.flatMap((line) => (line.includes(' blob ') ? [line.split(' ')[0] ?? ''] : []));
  return blobs.map((id) => git('cat-file', 'blob', id)).join('\n');
}

describe.runIf(whenInstalled('git'))('an account of twelve messy groups', () => {
  it('is imported with --encrypt, committed under the hook, and planned without a change', async () => {
    const ids = await makeMess();
    await repository.forgetRequests();
    git('init', '--quiet');
    await installHook();
    const key = await regsync('keygen', '--out', join(home.folder, 'key.txt'), '--add');
    expect(key.code, key.err).toBe(0);

    const imported = await regsync('import', '--encrypt', '--format', 'json');
    expect(imported.code, imported.err).toBe(0);
    const report = JSON.parse(imported.out) as { imported: { id: string; name: string }[] };
    const names = new Map(report.imported.map(({ id, name }) => [id, name]));
    const [first, second] = [names.get(ids[0] ?? ''), names.get(ids[1] ?? '')];
    expect([first, second].sort()).toEqual(['crm-7', 'crm-7-2']);
    expect(ids.slice(2).map((id) => names.get(id))).toEqual([
      'madrid-ordering',
      'madrid-porting',
      'git-hooks-pre-commit',
      'x-con',
      'fr-local-ordering',
      'zoe-sohne-no-7',
      'shared',
      'gone',
      'virus',
      'declined',
    ]);
    expect(await readdir(join(repository.folder, 'documents'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/(?<!\.age)$/)]),
    );

    const lock = await regsync('lock', '--quiet');
    expect(lock.code, lock.err).toBe(0);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Import the account');
    expect(git('status', '--porcelain')).toBe('');
    const kept = everythingInGit();
    expect(SECRETS.filter((secret) => kept.includes(secret))).toEqual([]);

    const plan = await regsync('plan', '--detailed-exitcode');
    expect(plan.out).toContain('No changes. 12 groups match their manifests.');
    expect(plan.code, plan.err).toBe(0);
    const methods = (await repository.requests()).map(({ method }) => method);
    expect(new Set(methods)).toEqual(new Set(['GET']));
  });

  it('keeps a plaintext document out of git afterwards, by the same hook', async () => {
    git('init', '--quiet');
    await installHook();
    await regsync('keygen', '--out', join(home.folder, 'key.txt'), '--add');
    await repository.write('documents/registration.pdf', '%PDF-1.4\nregistration of nobody\n%%EOF\n');
    await repository.write('documents/local-address-proof.pdf', '%PDF-1.4\nbill\n%%EOF\n');
    await repository.write('groups/de.yaml', germanGroup());
    git('add', '--all');
    expect(() => git('commit', '--quiet', '--message', 'too early')).toThrow('plaintext-document');
    const files = ['documents/registration.pdf', 'documents/local-address-proof.pdf'];
    const encrypted = await regsync('encrypt', ...files, '--update', '--remove');
    expect(encrypted.code, encrypted.err).toBe(0);
    git('add', '--all');
    git('commit', '--quiet', '--message', 'encrypted');
    expect(git('ls-files', 'documents').trim().split('\n')).toEqual([
      'documents/local-address-proof.pdf.age',
      'documents/registration.pdf.age',
    ]);
    expect((await regsync('apply', '--yes')).code).toBe(0);
    expect((await regsync('plan', '--detailed-exitcode')).code).toBe(0);
  });
});

describe('a text that says who somebody is', () => {
  it('is named by validate once, however many files have one, and not once it is encrypted', async () => {
    const group = (name: string, value: string) =>
      `apiVersion: regsync/v1\nkind: RequirementGroup\nname: ${name}\ncountry_code: ES\nphone_number_type: local\naction: porting\npartial: true\nrequirements:\n  - requirement: ${spanishTax}\n    ${value}\n`;
    await repository.write('groups/a.yaml', group('a', 'text: "012345678"'));
    await repository.write('groups/b.yaml', group('b', 'text_from: { file: ../texts/b.txt }'));
    await repository.write('groups/c.yaml', group('c', 'text_from: { env: REGSYNC_VAR_TAX }'));
    await repository.write('texts/b.txt', '012345679');
    const unlocked = await repository.run(['validate']);
    expect([unlocked.code, unlocked.err]).toEqual([0, expect.not.stringContaining('plaintext-identity')]);
    expect((await repository.run(['lock'])).code).toBe(0);
    const { code, err } = await repository.run(['validate']);
    expect(code).toBe(0);
    expect(err.match(/plaintext-identity/g)).toHaveLength(1);
    expect(err).toMatch(/groups\/a\.yaml:10:\d+ {2}plaintext-identity {2}warning: .*and so is 1 more text/);
    expect(err).not.toContain('0123');
    const narrowed = await repository.run(['validate', 'groups/b.yaml']);
    expect(narrowed.err).toMatch(/groups\/b\.yaml:10:\d+ {2}plaintext-identity/);
    expect((await repository.run(['validate', 'groups/c.yaml'])).err).not.toContain('plaintext-identity');
    await repository.write(
      'regsync.yaml',
      'apiVersion: regsync/v1\nkind: Config\nscope: acme\nallow_plaintext_documents: true\n',
    );
    expect((await repository.run(['validate'])).err).not.toContain('plaintext-identity');
  });
});
