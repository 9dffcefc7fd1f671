import { createHash } from 'node:crypto';
import { chmod, lstat, mkdir, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type ForeignAccount, foreignAccount, REQUIREMENTS } from '../../support/foreign-account.ts';
import {
  frenchGroup,
  germanGroup,
  openTestRepository,
  type Result,
  SAMPLE_KEY,
  type TestRepository,
} from '../../support/test-repository.ts';

let repository: TestRepository;
let account: ForeignAccount;
beforeEach(async () => {
  repository = await openTestRepository({});
  await rm(join(repository.folder, 'documents'), { recursive: true });
  account = foreignAccount(repository.sandbox.url);
});
afterEach(() => repository.end());

const { contact, registration, proof, form, localAddress, proofOfAddress } = REQUIREMENTS;

/** Complete, with two documents that are one file. */
async function germanForeigner(reference?: string): Promise<string> {
  const papers = await account.upload('registration');
  return account.group(
    'DE/local/ordering',
    {
      [contact]: '+49 30 0000000',
      [registration]: papers,
      [proof]: await account.upload('utility bill'),
      [form]: papers,
      [localAddress]: await account.address(),
    },
    reference,
  );
}

async function frenchForeigner(reference?: string, content = 'bill'): Promise<string> {
  return account.group('FR/local/ordering', { [proofOfAddress]: await account.upload(content) }, reference);
}

/** Every file of the repository but those of `.regsync`, with its bytes. */
async function filesOf(folder = repository.folder): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries.filter((found) => found.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files[path.slice(folder.length + 1)] = await readFile(path, 'latin1');
  }
  return files;
}

async function manifestOf(path: string): Promise<string> {
  return readFile(join(repository.folder, path), 'utf8');
}

interface Report {
  readonly imported: readonly {
    readonly name: string;
    readonly id: string;
    readonly file: string;
    readonly notes: readonly string[];
  }[];
  readonly skipped: readonly { readonly id: string; readonly code: string; readonly message: string }[];
  readonly failed: readonly { readonly id: string; readonly code: string; readonly message: string }[];
  readonly files: readonly string[];
}

async function importJson(...args: string[]): Promise<Report> {
  const { out } = await repository.run(['import', ...choiceFor(args), '--format', 'json', ...args]);
  return JSON.parse(out);
}

/** An import has to choose; one that is about something else leaves everything as it is. */
function choiceFor(args: readonly string[]): readonly string[] {
  return args.some((arg) => ['--encrypt', '--no-documents'].includes(arg)) ? [] : ['--plaintext'];
}

async function untilStaged(documents: number): Promise<void> {
  for (;;) {
    const staged = Object.entries(await filesOf()).filter(
      ([path, content]) => /import-\d+\/[0-9a-f]{64}$/.test(path) && content !== '',
    );
    if (staged.length >= documents) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The next plan finds nothing, and neither it nor the import has written anything to Telnyx. */
async function expectNoChanges(identity?: string): Promise<void> {
  const plan = await repository.run(['plan', '--detailed-exitcode', '--format', 'json'], {
    env: { REGSYNC_AGE_IDENTITY: identity },
  });
  expect({ code: plan.code, changes: JSON.parse(plan.out).changes }).toEqual({ code: 0, changes: [] });
  const methods = (await repository.requests()).map(({ method }) => method);
  expect(new Set(methods)).toEqual(new Set(['GET']));
}

describe('an account that regsync has never seen', () => {
  it('is imported whole: values, documents, addresses, and a plan that finds nothing', async () => {
    const german = await germanForeigner('CRM 0001');
    await account.submit(german);
    await repository.control(`groups/${german}/decline`, { comment: 'illegible' });
    const french = await frenchForeigner();
    await account.submit(french);
    await repository.control(`groups/${french}/approve`, { expires_in_days: 90 });
    const spanish = await account.group('ES/local/porting', {
      [REQUIREMENTS.spanishTax]: '012345678',
      [localAddress]: await account.address({ country_code: 'ES', locality: 'Madrid' }),
    });
    const american = await account.group('US/local/ordering', {}, 'empty on purpose');
    const australian = await account.group('AU/mobile/ordering', {
      [contact]: 'Example Pty, "NO"\nsecond line',
    });
    await account.group('IT/local/ordering', {
      [REQUIREMENTS.italianTax]: 'XXXXXX00X00X000X',
      [REQUIREMENTS.birth]: '2000-01-31',
      [REQUIREMENTS.identity]: await account.upload('identity card'),
      [localAddress]: await account.address({ country_code: 'IT', locality: 'Roma' }),
    });
    await repository.forgetRequests();
    const before = await repository.state();

    const { code, out, err } = await repository.run(['import', '--plaintext']);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(out).toContain('Import: 6 imported, 0 skipped, 0 failed.');
    await expectNoChanges();
    expect({ ...(await repository.state()), now: null }).toEqual({ ...before, now: null });

    const manifest = await manifestOf('groups/crm-0001.yaml');
    expect(manifest).toContain(`id: ${german}\n`);
    expect(manifest).toContain('regsync keeps its customer_reference "CRM 0001"');
    expect(manifest).not.toContain('customer_reference:');
    expect(manifest).toContain('  - requirement: Contact Info\n    text: "+49 30 0000000"\n');
    expect(manifest).toMatch(/^# yaml-language-server: \$schema=\.\.\/schemas\/manifest\.schema\.json\n/);
    // One file under one name, for both requirements.
    expect(manifest.match(/document: crm-0001-business-registration\n/g)).toHaveLength(2);
    expect(await manifestOf('groups/fr-local-ordering.yaml')).toMatch(/\n {6}expires: \d{4}-\d{2}-\d{2}\n/);
    expect(await manifestOf('groups/es-local-porting.yaml')).toContain('text: "012345678"');
    expect(await manifestOf('groups/au-mobile-ordering.yaml')).toContain('Identity Check');
    for (const id of [spanish, american, australian]) {
      const [entry] = (await importJson(id)).skipped;
      expect(entry).toMatchObject({ id, code: 'covered' });
    }
  });

  it('is left alone by a second import, which writes nothing', async () => {
    await germanForeigner('CRM 0001');
    await frenchForeigner();
    await repository.run(['import', '--plaintext']);
    const before = await filesOf();
    const report = await importJson();
    expect(report.skipped.map(({ code }) => code)).toEqual(['covered', 'covered']);
    expect(report).toMatchObject({ imported: [], failed: [], files: [] });
    expect(await filesOf()).toEqual(before);
  });

  it('gets documents whose bytes and digests are those that Telnyx has, readable by their owner alone', async () => {
    await germanForeigner('crm');
    const { files } = await importJson();
    const documents = files.filter((path) => path.startsWith('documents/'));
    expect(documents).toEqual([
      'documents/crm-business-registration.pdf',
      'documents/crm-proof-of-local-address.pdf',
    ]);
    const known = (await repository.state()).documents.map(({ sha256 }) => sha256);
    for (const path of files) {
      const { mode } = await stat(join(repository.folder, path));
      expect((mode & 0o777).toString(8)).toBe('600');
    }
    const manifest = await manifestOf('groups/crm.yaml');
    for (const path of documents) {
      const sha256 = createHash('sha256')
        .update(await readFile(join(repository.folder, path)))
        .digest('hex');
      expect(known).toContain(sha256);
      expect(manifest).toContain(`sha256: ${sha256}\n`);
    }
  });

  it('has identical addresses and files once, in files that its groups share', async () => {
    for (const reference of ['one', 'two', 'three']) await germanForeigner(reference);
    await repository.forgetRequests();
    const report = await importJson();
    expect(report.files).toEqual([
      'documents/one-business-registration.pdf',
      'documents/one-proof-of-local-address.pdf',
      'groups/documents.yaml',
      'groups/addresses.yaml',
      'groups/one.yaml',
      'groups/three.yaml',
      'groups/two.yaml',
    ]);
    expect((await manifestOf('groups/addresses.yaml')).match(/kind: Address/g)).toHaveLength(1);
    expect((await manifestOf('groups/documents.yaml')).match(/kind: Document/g)).toHaveLength(2);
    await expectNoChanges();

    // One more that uses them finds them.
    await germanForeigner('four');
    await repository.forgetRequests();
    expect((await importJson()).files).toEqual(['groups/four.yaml']);
    await expectNoChanges();
  });

  it('keeps an unsubmitted group unsubmitted until somebody removes a line', async () => {
    await frenchForeigner('draft');
    await repository.forgetRequests();
    expect((await importJson()).imported[0]?.notes).toEqual([
      'never submitted: `approval: none` keeps it so',
    ]);
    await expectNoChanges();
    const manifest = await manifestOf('groups/draft.yaml');
    await repository.write('groups/draft.yaml', manifest.replace('approval: none\n', ''));
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    expect((await repository.state()).groups[0]?.status).toBe('pending-approval');
  });
});

describe('what is imported', () => {
  test('can be narrowed by id and by filters', async () => {
    const german = await germanForeigner('CRM 1');
    const french = await frenchForeigner('CRM 2');
    const other = await frenchForeigner('other');
    await account.submit(other);
    const imported = async (...args: string[]) => {
      const report = await importJson(...args);
      await rm(join(repository.folder, 'groups'), { recursive: true, force: true });
      await rm(join(repository.folder, 'documents'), { recursive: true, force: true });
      return report.imported.map(({ id }) => id).sort();
    };
    expect(await imported(french)).toEqual([french]);
    expect(await imported(french.toUpperCase(), german)).toEqual([french, german].sort());
    expect(await imported('--country', 'de')).toEqual([german]);
    expect(await imported('--country', 'FR', '--status', 'pending approval')).toEqual([other]);
    expect(await imported('--reference', 'CRM')).toEqual([french, german].sort());
    expect(await imported('--type', 'mobile')).toEqual([]);
    expect(await imported('--action', 'ordering')).toHaveLength(3);
    expect((await importJson(german, '--country', 'FR')).skipped).toMatchObject([
      { id: german, code: 'filtered-out' },
    ]);
  });

  test('must exist, and be called by its id', async () => {
    const absent = await repository.run(['import', '--plaintext', '00000000-0000-4000-8000-000000000000']);
    expect(absent).toMatchObject({ code: 3, out: '' });
    expect(absent.err).toContain('Telnyx has no requirement group 00000000-0000-4000-8000-000000000000');
    const name = await repository.run(['import', '--plaintext', 'MY-REF', '--format', 'json']);
    expect(name.code).toBe(3);
    expect(JSON.parse(name.out).error.message).toContain('--reference');
    expect((await repository.run(['import', '--plaintext', '--type', 'landline'])).code).toBe(3);
    const country = await repository.run(['import', '--plaintext', '--country', 'uk']);
    expect(country.code).toBe(3);
    expect(country.err).toContain('Did you mean "GB"?');
    // DD and VD are withdrawn codes with the same names.
    for (const [name, code] of [
      ['Germany', 'DE'],
      ['Vietnam', 'VN'],
      ['Zimbabwe', 'ZW'],
    ] as const) {
      const { err } = await repository.run(['import', '--plaintext', '--country', name]);
      expect(err).toContain(`Write "${code}".`);
    }
    await frenchForeigner();
    const { code, out } = await repository.run(['import', '--plaintext', '--status', 'aproved']);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Nothing to import: the filters leave out the only group of the account.\n',
    });
  });

  test('is nothing where the account holds nothing', async () => {
    const { code, out } = await repository.run(['import', '--plaintext']);
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Nothing to import: the account has no requirement groups.\n',
    });
    expect(await readdir(repository.folder)).toEqual(['regsync.yaml']);
  });

  test('is asked for again by its id where the list does not hold it yet', async () => {
    const id = await frenchForeigner();
    await account.group('FR/local/ordering', {}, 'older');
    await repository.control('quirks', { list_lag_ms: 600_000 }, 'PATCH');
    // Its document is not listed either: what cannot be seen is not stated.
    const report = await importJson(id);
    expect(report.imported).toMatchObject([
      { id, notes: ['Proof of Address: Telnyx lists no such document any more', expect.anything()] },
    ]);
  });
});

describe('groups that are this scope’s', () => {
  it('get the name that their reference holds, and no id', async () => {
    await repository.write(
      'groups/de.yaml',
      germanGroup({ name: 'de-local' })
        .replaceAll('registration.pdf', 'a.pdf')
        .replaceAll('local-address-proof', 'b'),
    );
    await repository.write('documents/a.pdf', '%PDF-1.4\na\n%%EOF\n');
    await repository.write('documents/b.pdf', '%PDF-1.4\nb\n%%EOF\n');
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await rm(join(repository.folder, 'groups'), { recursive: true });
    await repository.forgetRequests();
    const { imported } = await importJson();
    expect(imported).toMatchObject([{ name: 'de-local', file: 'groups/de-local.yaml' }]);
    const manifest = await manifestOf('groups/de-local.yaml');
    expect(manifest).not.toMatch(/^id:/m);
    // The files that it was made of lie there still, and are the ones.
    expect(manifest).toContain('file: ../documents/a.pdf');
    await expectNoChanges();
  });

  it('are adopted by id where a reference is shared, and where it makes no name', async () => {
    const references = [
      'regsync/acme/twice',
      'regsync/acme/twice',
      'regsync/acme/a/b',
      'regsync/acme/',
      'regsync/acme/Ünnamed',
    ];
    for (const reference of references) await frenchForeigner(reference);
    await account.group('DE/local/ordering', { [contact]: 'Example GmbH' }, 'regsync/acme/moved');
    await frenchForeigner('regsync/acme/moved');
    await repository.forgetRequests();
    const { imported } = await importJson();
    expect(imported.map(({ name }) => name).sort()).toEqual([
      'a-b',
      'fr-local-ordering',
      'moved-de',
      'moved-fr',
      'twice',
      'twice-2',
      'unnamed',
    ]);
    await expectNoChanges();
  });

  it('that cannot be used again, or belong to another scope, are skipped and said so', async () => {
    const retired = await frenchForeigner('regsync/acme/fr');
    await repository.control(`groups/${retired}/retire`, {});
    const successor = await frenchForeigner('regsync/acme/fr');
    const elsewhere = await frenchForeigner('regsync/other/fr');
    await repository.forgetRequests();
    const report = await importJson();
    expect(report.imported).toMatchObject([{ id: successor, name: 'fr' }]);
    expect(report.skipped).toMatchObject([
      { id: retired, code: 'no-longer-eligible' },
      { id: elsewhere, code: 'other-scope' },
    ]);
    await expectNoChanges();
  });
});

describe('values that a manifest cannot state', () => {
  it('are left out with the reason, so that the plan stays empty', async () => {
    const document = await account.upload('gone');
    const id = await account.group('DE/local/ordering', {
      [contact]: 'Example GmbH',
      [registration]: document,
      [localAddress]: await account.address(),
    });
    await repository.control(`documents/${document}`, undefined, 'DELETE');
    const requirements = [
      { requirement_id: localAddress, field_value: '9999999999999999999' },
      {
        requirement_id: '77777777-7777-4777-8777-777777777777',
        field_type: 'biometric',
        field_value: 'a scan',
      },
    ];
    await repository.control(`groups/${id}`, { regulatory_requirements: requirements }, 'PATCH');
    const short = await account.group('ES/local/ordering', { [REQUIREMENTS.spanishTax]: '1' });
    await repository.forgetRequests();
    const report = await importJson();
    expect(report.imported.find((group) => group.id === id)?.notes).toEqual([
      'Business Registration: Telnyx lists no such document any more',
      'Proof of Local Address: Telnyx has no value',
      'Signed Regulatory Form: Telnyx has no value',
      'Local Address: Telnyx lists no such address any more',
    ]);
    const manifest = await manifestOf('groups/de-local-ordering.yaml');
    expect(manifest).toContain('partial: true');
    expect(manifest).toContain(
      `# - Business Registration (${registration}): Telnyx lists no such document any more\n`,
    );
    expect(manifest).toContain('text: "a scan"');
    expect(report.imported.find((group) => group.id === short)?.notes[0]).toContain('(too-short)');
    await expectNoChanges();
  });

  it('like a country that no schema knows make the group fail, and no other', async () => {
    await repository.control('groups', { country_code: 'ZZ', customer_reference: 'odd', status: 'approved' });
    await frenchForeigner('even');
    const { code, out } = await repository.run(['import', '--plaintext', '--format', 'json']);
    const report: Report = JSON.parse(out);
    expect(code).toBe(4);
    expect(report.imported).toMatchObject([{ name: 'even' }]);
    expect(report.failed).toMatchObject([{ code: 'inexpressible' }]);
    await repository.forgetRequests();
    await expectNoChanges();
  });

  it('like an address without a name are named by their ids', async () => {
    const address = await account.address({ business_name: 'x' });
    const state = await repository.control<{ addresses: { id: string }[] }>('state');
    expect(state.addresses).toHaveLength(1);
    const id = await account.group('DE/local/ordering', { [localAddress]: address });
    const lower = await account.address({ country_code: 'de' }).catch(() => null);
    if (lower !== null) {
      const requirements = [{ requirement_id: localAddress, field_value: lower }];
      await repository.control(`groups/${id}`, { regulatory_requirements: requirements }, 'PATCH');
    }
    await repository.forgetRequests();
    await importJson();
    if (lower !== null) expect(await manifestOf('groups/de-local-ordering.yaml')).toContain(`id: "${lower}"`);
    await expectNoChanges();
  });
});

describe('documents', () => {
  it('stay at Telnyx with --no-documents, and are named by their ids', async () => {
    await germanForeigner('crm');
    await repository.forgetRequests();
    const { files } = await importJson('--no-documents');
    expect(files).toEqual(['groups/crm.yaml']);
    expect(await manifestOf('groups/crm.yaml')).toMatch(/document:\n {6}id: "?[0-9a-f-]{36}"?\n/);
    expect((await repository.requests()).some(({ path }) => path.endsWith('/download'))).toBe(false);
    await expectNoChanges();
  });

  it('of which Telnyx gives no digest are named by their ids, since no file could be recognised', async () => {
    await repository.control('quirks', { documents_sha256: false }, 'PATCH');
    await germanForeigner('crm');
    await repository.forgetRequests();
    const { files, imported } = await importJson();
    expect(files).toEqual(['groups/crm.yaml']);
    expect(imported[0]?.notes[0]).toContain('gives no digest');
    await expectNoChanges();
  });

  it.each([
    ['infected', 'scan', { result: 'infected' }, 'found a virus'],
    ['denied', 'deny', {}, 'denied'],
  ])('that are %s are not downloaded', async (_, verb, body, why) => {
    const id = await account.upload('malware');
    await account.group('FR/local/ordering', { [proofOfAddress]: id }, 'crm');
    await repository.control(`documents/${id}/${verb}`, body);
    await repository.forgetRequests();
    const { files, imported } = await importJson();
    expect(files).toEqual(['groups/crm.yaml']);
    expect(imported[0]?.notes[0]).toContain(why);
    expect(await manifestOf('groups/crm.yaml')).toContain(why);
    expect((await repository.requests()).some(({ path }) => path.endsWith('/download'))).toBe(false);
    await expectNoChanges();
  });

  it.each([
    [
      'other bytes than those of its digest',
      { kind: 'status', status: 200, body: 'echo' },
      'does not match its own digest',
    ],
    ['an error', { kind: 'status', status: 404, body: 'json' }, 'cannot download its document'],
    [
      'a redirect',
      { kind: 'redirect', status: 302, location: 'https://example.com/' },
      'cannot download its document',
    ],
  ])('that are served as %s stop their group, and no other', async (_, fault, why) => {
    const bad = await account.upload('bad');
    await account.group('FR/local/ordering', { [proofOfAddress]: bad }, 'bad');
    await frenchForeigner('good');
    await repository.control('faults', {
      ...fault,
      times: 99,
      match: { method: 'GET', path: `${bad}/download$` },
    });
    const { code, out } = await repository.run(['import', '--plaintext', '--format', 'json']);
    const report: Report = JSON.parse(out);
    expect(code).toBe(4);
    expect(report.failed).toMatchObject([
      { code: 'document-refused', message: expect.stringContaining(why) },
    ]);
    expect(report.files).toEqual(['documents/good-proof-of-address.pdf', 'groups/good.yaml']);
    await repository.control('faults', undefined, 'DELETE');
    await repository.forgetRequests();
    await expectNoChanges();
  });
});

describe('without a choice of how the repository keeps what is private', () => {
  it('an import ends before it reads anything, and prints the three commands to type', async () => {
    await germanForeigner('crm');
    await repository.forgetRequests();
    const args = ['import', '--country', 'DE', '--no-orders', '--reference', 'MY REF'];
    const { code, out, err } = await repository.run(args);
    expect([code, out]).toEqual([3, '']);
    const rest = "--country DE --reference 'MY REF' --no-orders";
    for (const choice of ['--encrypt', '--plaintext', '--no-documents'])
      expect(err).toContain(`import-choice  regsync import ${choice} ${rest}\n`);
    const json = JSON.parse((await repository.run([...args, '--format', 'json'])).out);
    expect(json.diagnostics).toHaveLength(3);
    expect(await repository.requests()).toEqual([]);
    expect(Object.keys(await filesOf())).toEqual(['regsync.yaml']);
  });

  it('two opposite choices are refused', async () => {
    const { code, err } = await repository.run(['import', '--encrypt', '--plaintext']);
    expect(code).toBe(3);
    expect(err).toContain("'--plaintext' cannot be used with option '--encrypt'");
  });
});

/** Ciphertexts in ASCII armor, in which any few letters may stand by chance. */
const BLOCKS = /-----BEGIN AGE[\s\S]*?-----END AGE/g;

describe('with --encrypt', () => {
  let identity: string;
  beforeEach(async () => {
    identity = await generateX25519Identity();
    await repository.write('.regsync/recipients', `${await identityToRecipient(identity)}\n`);
  });

  it('documents, texts and address fields are written for the recipients, and nothing of them is readable', async () => {
    const address = await account.address({
      street_address: 'Beispielweg 4711',
      phone_number: '+49 30 0004711',
    });
    const values = { [contact]: 'Desk 4712, Zoë & Söhne\nsecond line', [localAddress]: address };
    await account.group('DE/local/ordering', values, 'one');
    await account.group('DE/local/ordering', { ...values, [contact]: '+49 30 0000000' }, 'two');
    await repository.forgetRequests();
    const { code, out, err } = await repository.run(['import', '--encrypt']);
    expect(code, err).toBe(0);
    expect(err).toContain('They need REGSYNC_AGE_IDENTITY_FILE');
    const written = Object.entries(await filesOf()).filter(([path]) => path.startsWith('groups/'));
    expect(written.map(([path]) => path).sort()).toEqual([
      'groups/addresses.yaml',
      'groups/one.yaml',
      'groups/two.yaml',
    ]);
    const everything = [...written.map(([, text]) => text), out, err].join();
    for (const secret of ['4711', '4712', 'Zo', 'Beispielweg', '+49', 'Example GmbH', 'Berlin', '10117'])
      expect(everything.replace(BLOCKS, '')).not.toContain(secret);
    // No two ciphertexts are equal, so that equal values cannot be told.
    const blocks = everything.match(BLOCKS) ?? [];
    expect([blocks.length, new Set(blocks).size]).toEqual([7, 7]);
    expect(await manifestOf('groups/addresses.yaml')).toContain('country_code: DE\n');
    expect((await repository.run(['validate'])).code).toBe(0);
    await expectNoChanges(identity);
    const without = await repository.run(['plan']);
    expect([without.code, without.err]).toEqual([3, expect.stringContaining('missing-identity')]);
  });

  it('and --no-documents leaves the documents at Telnyx, and encrypts the rest', async () => {
    await germanForeigner('crm');
    await repository.forgetRequests();
    expect((await importJson('--encrypt', '--no-documents')).files).toEqual(['groups/crm.yaml']);
    expect(await manifestOf('groups/crm.yaml')).not.toContain('+49');
    await expectNoChanges(identity);
  });

  it('documents are decrypted to the bytes that were downloaded', async () => {
    await germanForeigner('crm');
    await repository.forgetRequests();
    const { files } = await importJson('--encrypt');
    expect(files).toEqual([
      'documents/crm-business-registration.pdf.age',
      'documents/crm-proof-of-local-address.pdf.age',
      'groups/crm.yaml',
    ]);
    await expectNoChanges(identity);
    const decrypter = new Decrypter();
    decrypter.addIdentity(identity);
    const ciphertext = await readFile(join(repository.folder, files[0] ?? ''));
    const plaintext = await decrypter.decrypt(ciphertext);
    expect(Buffer.from(plaintext).toString()).toBe('%PDF-1.4\nregistration\n%%EOF\n');
    const sha256 = createHash('sha256').update(plaintext).digest('hex');
    expect(await manifestOf('groups/crm.yaml')).toContain(`sha256: ${sha256}\n`);
  });

  it('nothing of them is ever on the disk as it is, not even when the run is killed', async () => {
    const first = await account.upload('SECRET-4711');
    const last = await account.upload('slow');
    await account.group('FR/local/ordering', { [proofOfAddress]: first }, 'first');
    await account.group('FR/local/ordering', { [proofOfAddress]: last }, 'last');
    const slow = { kind: 'slow', ms: 600_000, match: { method: 'GET', path: `${last}/download$` } };
    await repository.control('faults', slow);
    const running = repository.start(['import', '--encrypt']);
    await untilStaged(1);
    running.child.kill('SIGKILL');
    await running.result;
    const everything = Object.values(await filesOf()).join('');
    expect(everything).toContain('age-encryption.org');
    expect(everything).not.toContain('SECRET-4711');
    expect(everything).not.toContain('%PDF');

    await repository.control('faults', undefined, 'DELETE');
    await repository.forgetRequests();
    expect((await repository.run(['import', '--encrypt'])).code).toBe(0);
    await expectNoChanges(identity);
  });

  it('a file that lies there in plain text is not used, one that is encrypted is', async () => {
    await germanForeigner('crm');
    await repository.write('documents/registration.pdf', '%PDF-1.4\nregistration\n%%EOF\n');
    expect((await importJson('--encrypt')).files).toContain('documents/crm-business-registration.pdf.age');
    await germanForeigner('two');
    expect((await importJson('--encrypt')).files).toEqual(['groups/two.yaml']);
    await repository.forgetRequests();
    await expectNoChanges(identity);
  });

  it('nothing is asked or written without recipients', async () => {
    await germanForeigner('crm');
    await repository.forgetRequests();
    await rm(join(repository.folder, '.regsync'), { recursive: true });
    const { code, err } = await repository.run(['import', '--encrypt']);
    expect(code).toBe(3);
    expect(err).toContain('.regsync/recipients');
    expect(await repository.requests()).toEqual([]);
    expect(Object.keys(await filesOf())).toEqual(['regsync.yaml']);
  });
});

describe('files that are there', () => {
  it('are untouched to the byte: names that are taken get a number', async () => {
    await germanForeigner('crm');
    const manifest = frenchGroup({ name: 'crm', file: '../documents/crm-business-registration.pdf' });
    await repository.write('groups/crm.yaml', `# a comment\r\n${manifest}`);
    await repository.write('documents/crm-business-registration.pdf', '%PDF-1.4\nanother\n%%EOF\n');
    await repository.write('documents/CRM-2-Proof-of-local-address.PDF', 'somebody’s');
    const taken = frenchGroup({ name: 'taken', file: '../documents/crm-business-registration.pdf' });
    await repository.write('groups/CRM-2.yaml', taken);
    const before = await filesOf();
    const report = await importJson();
    // Some file systems take CRM-2 and crm-2 for one name.
    expect(report.imported).toMatchObject([{ name: 'crm-2', file: 'groups/crm-2-2.yaml' }]);
    expect(report.files).toEqual([
      'documents/crm-2-business-registration.pdf',
      'documents/crm-2-proof-of-local-address-2.pdf',
      'groups/crm-2-2.yaml',
    ]);
    expect(await filesOf()).toMatchObject(before);
  });

  it('of a broken repository stop the import before anything is asked or written', async () => {
    await frenchForeigner('crm');
    await repository.write('groups/broken.yaml', 'apiVersion: regsync/v1\nkind: Unknown\n');
    const before = await filesOf();
    await repository.forgetRequests();
    expect((await repository.run(['import', '--plaintext'])).code).toBe(3);
    expect(await filesOf()).toEqual(before);
    expect(await repository.requests()).toEqual([]);
  });

  it('that need a variable which is not set do not stop it', async () => {
    await repository.write(
      'groups/dk.yaml',
      'apiVersion: regsync/v1\nkind: RequirementGroup\nname: dk\ncountry_code: DK\nphone_number_type: local\naction: ordering\npartial: true\nrequirements:\n  - requirement: Company Number\n    text_from: { env: REGSYNC_VAR_NOT_SET }\n',
    );
    await frenchForeigner('crm');
    expect((await importJson()).imported).toHaveLength(1);
  });
});

describe('where files go', () => {
  it('is --out, if manifests are read from there', async () => {
    await frenchForeigner('crm');
    await repository.forgetRequests();
    expect((await importJson('--out', 'groups/imported/fr')).files).toEqual([
      'documents/crm-proof-of-address.pdf',
      'groups/imported/fr/crm.yaml',
    ]);
    expect(await manifestOf('groups/imported/fr/crm.yaml')).toContain(
      'file: ../../../documents/crm-proof-of-address.pdf',
    );
    await expectNoChanges();
  });

  it.each(['elsewhere', 'groups/.hidden', '..', '/tmp', '.git', 'regsync.yaml', 'groups/../documents'])(
    'is not %s, which no plan would read',
    async (out) => {
      await frenchForeigner('crm');
      const before = await filesOf();
      const { code, err } = await repository.run(['import', '--plaintext', '--out', out]);
      expect(code).toBe(3);
      expect(err).toContain('--out');
      expect(await filesOf()).toEqual(before);
    },
  );

  it.each(['groups', 'documents', '.regsync'])(
    'is not outside of the repository when %s is a link that leads there',
    async (name) => {
      await frenchForeigner('crm');
      const outside = `${repository.folder}-outside`;
      await mkdir(outside);
      await symlink(outside, join(repository.folder, name));
      const { code } = await repository.run(['import', '--plaintext']);
      expect(code).toBe(3);
      expect(await readdir(outside)).toEqual([]);
      expect(Object.keys(await filesOf())).toEqual(['regsync.yaml']);
      await rm(outside, { recursive: true });
    },
  );
});

describe('when writing fails', () => {
  it('takes back what was written before', async () => {
    await germanForeigner('crm');
    // Documents go first; a link that leads nowhere is no folder for manifests.
    await symlink('nowhere', join(repository.folder, 'groups'));
    const { code, out, err } = await repository.run(['import', '--plaintext']);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toContain('groups/crm.yaml cannot be written');
    expect((await readdir(repository.folder)).sort()).toEqual(['groups', 'regsync.yaml']);
  });

  it('says so where a file stands in the place of the folder of documents', async () => {
    await germanForeigner('crm');
    await repository.write('documents', 'a file');
    const { code, err } = await repository.run(['import', '--plaintext']);
    expect(code).toBe(3);
    expect(err).toContain(
      'documents/crm-business-registration.pdf cannot be written: a part of its path is not a folder',
    );
    expect(Object.keys(await filesOf()).sort()).toEqual(['documents', 'regsync.yaml']);
  });

  it.runIf(process.getuid?.() !== 0)('leaves a folder that may not be written to as it is', async () => {
    await germanForeigner('crm');
    await mkdir(join(repository.folder, 'groups'));
    await chmod(join(repository.folder, 'groups'), 0o500);
    const { code, err } = await repository.run(['import', '--plaintext']);
    await chmod(join(repository.folder, 'groups'), 0o700);
    expect(code).toBe(3);
    expect(err).toContain('permission denied');
    expect(Object.keys(await filesOf())).toEqual(['regsync.yaml']);
  });
});

describe('a killed import', () => {
  it('leaves nothing where it can be read or committed, and the next one cleans up', async () => {
    await germanForeigner('crm');
    const last = await account.upload('slow');
    await account.group('FR/local/ordering', { [proofOfAddress]: last }, 'slow');
    await repository.control('faults', {
      kind: 'slow',
      ms: 600_000,
      match: { method: 'GET', path: `${last}/download$` },
    });
    const running = repository.start(['import', '--plaintext']);
    await untilStaged(2);
    running.child.kill('SIGKILL');
    expect((await running.result).signal).toBe('SIGKILL');

    const left = await filesOf();
    const staged = Object.keys(left).filter((path) => path !== 'regsync.yaml');
    expect(staged.every((path) => path.startsWith('.regsync/import-'))).toBe(true);
    const ignore = staged.find((path) => path.endsWith('.gitignore')) ?? '';
    expect(left[ignore]).toBe('*\n');
    expect((await lstat(join(repository.folder, ignore, '..'))).mode & 0o777).toBe(0o700);

    await repository.control('faults', undefined, 'DELETE');
    await repository.forgetRequests();
    expect((await repository.run(['import', '--plaintext'])).code).toBe(0);
    expect(Object.keys(await filesOf()).some((path) => path.startsWith('.regsync'))).toBe(false);
    await expectNoChanges();
  });

  it('can be run again, whenever it was killed', async () => {
    for (let number = 0; number < 9; number++) await frenchForeigner(`crm ${number}`, `bill ${number % 5}`);
    const whole = await repository.run(['import', '--plaintext']);
    expect(whole.code).toBe(0);
    const expected = Object.keys(await filesOf()).filter((path) => path.startsWith('documents/'));
    const written = Object.keys(await filesOf()).filter((path) => path !== 'regsync.yaml');
    for (const kept of [3, 6, 10]) {
      // Files appear in this order: documents, what groups share, groups.
      const order = [...written].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
      for (const path of order.slice(kept)) await rm(join(repository.folder, path), { force: true });
      await repository.forgetRequests();
      expect((await repository.run(['import', '--plaintext'])).code).toBe(0);
      const documents = Object.keys(await filesOf()).filter((path) => path.startsWith('documents/'));
      expect(documents.sort()).toEqual(expected.sort());
      await expectNoChanges();
    }
  });

  it('by a real signal at some moment or other is no different', async () => {
    for (let number = 0; number < 12; number++) await frenchForeigner(`crm ${number}`, `bill ${number % 5}`);
    for (const afterRequests of [2, 6, 9]) {
      await repository.forgetRequests();
      const running = repository.start(['import', '--plaintext']);
      await untilRequests(afterRequests, running.result);
      running.child.kill('SIGKILL');
      await running.result;
      expect((await repository.run(['validate'])).err).not.toContain('unknown-reference');
    }
    await repository.forgetRequests();
    expect((await repository.run(['import', '--plaintext'])).code).toBe(0);
    await expectNoChanges();
    expect(Object.keys(await filesOf()).filter((path) => path.startsWith('documents/'))).toHaveLength(5);
  });

  it('by SIGINT ends in order, with nothing written', async () => {
    await frenchForeigner('crm');
    await repository.control('faults', {
      kind: 'slow',
      ms: 3000,
      match: { method: 'GET', path: 'download$' },
    });
    const running = repository.start(['import', '--plaintext']);
    await untilRequests(6, running.result);
    running.child.kill('SIGINT');
    const { code } = await running.result;
    expect(code).toBe(130);
    expect(Object.keys(await filesOf())).toEqual(['regsync.yaml']);
  });

  function rank(path: string): number {
    if (path.startsWith('documents/')) return 0;
    return /\/(?:documents|addresses)(?:-\d+)?\.yaml$/.test(path) ? 1 : 2;
  }

  async function untilRequests(number: number, ended: Promise<Result>): Promise<void> {
    let over = false;
    void ended.then(() => {
      over = true;
    });
    while (!over && (await repository.requests()).length < number) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
});

test('the embedded sandbox can be imported from, as the first steps of a newcomer', async () => {
  await repository.write('documents/address-fr.png', Buffer.from('89504e470d0a1a0a', 'hex'));
  await repository.write('groups/fr.yaml', frenchGroup());
  expect((await repository.run(['apply', '--sandbox', '--yes'])).code).toBe(0);
  await rm(join(repository.folder, 'groups'), { recursive: true });
  expect((await repository.run(['import', '--plaintext', '--sandbox'])).code).toBe(0);
  expect((await repository.run(['plan', '--sandbox', '--detailed-exitcode'])).code).toBe(0);
});

test('without a key nothing is asked and nothing is written', async () => {
  expect((await repository.run(['import', '--plaintext'], { env: { TELNYX_API_KEY: undefined } })).code).toBe(
    7,
  );
  await repository.control('keys', { key: SAMPLE_KEY, state: 'revoked' });
  expect((await repository.run(['import', '--plaintext'])).code).toBe(7);
  expect(await readdir(repository.folder)).toEqual(['regsync.yaml']);
});
