import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foreignAccount, REQUIREMENTS } from '../support/foreign-account.ts';
import { everythingFrom, repositoryWith, UNPRINTABLE } from './hostile.ts';

/** What an account may hold against the program that makes files of it. One chapter for each risk that SECURITY.md names. */

const HOSTILE = [
  '../../etc/passwd',
  '..\\..\\Windows\\win.ini',
  '/etc/passwd',
  'C:\\x',
  'CON',
  'con.yaml',
  'nul',
  'a\nb',
  'a\u0000b',
  'a\n---\nkind: RequirementGroup\nname: injected',
  '.git/hooks/pre-commit',
  '.hidden',
  '~',
  '$(id)',
  '`id`',
  'x'.repeat(5000),
  'Zoë',
  'ZOE',
  'zoe',
  'Ｚｏｅ',
  '漢字',
  '\u202egnp.exe',
  'regsync',
  'regsync.lock',
  'documents',
  'addresses',
  '__proto__',
  '%2e%2e%2f',
  '"quoted"',
  "it's: #1",
  '- item',
  '\u001b[31mred',
  '*alias',
  '!!js/function x',
];

/** Texts that YAML reads as something else when they stand there as they are. */
const TEXTS = [
  ...HOSTILE,
  '0123',
  '+49 30 0000000',
  'NO',
  'true',
  'null',
  '1e3',
  '2027-01-31',
  '# no comment',
  'first\nsecond: line\n  third',
  'trailing \n',
  'a\u0085b\u2028c\ufeffd\uffffe',
  '👩‍👩‍👧 \u{e0001}',
];

describe('Names from the API', () => {
  it('never steer a path, whatever they are', async () => {
    const repository = await repositoryWith({
      'regsync.yaml': 'apiVersion: regsync/v1\nkind: Config\nscope: acme\nmanifests: [.]\n',
    });
    const names = HOSTILE.map((name, index) => ({ id: requirementId(index), name, type: 'textual' }));
    await repository.control('catalogue/FR/local/ordering', { replace: names }, 'PATCH');
    for (const reference of HOSTILE) {
      const regulatory_requirements = [{ requirement_id: requirementId(0), field_value: 'text' }];
      const group = { country_code: 'FR', customer_reference: reference, status: 'approved' };
      await repository.control('groups', { ...group, regulatory_requirements });
    }
    const before = await readdir(repository.folder);
    await repository.forgetRequests();
    const result = await repository.run(['import', '--plaintext', '--format', 'json']);
    expect(result.code).toBe(0);
    const report = JSON.parse(result.out) as { imported: object[]; files: string[] };
    expect(report.imported).toHaveLength(HOSTILE.length);
    for (const path of report.files) expect(path).toMatch(/^[a-z0-9][a-z0-9._-]*\.yaml$/);
    expect((await readdir(repository.folder)).sort()).toEqual([...report.files, ...before].sort());
    expect(new Set(report.files.map((path) => path.toLowerCase())).size).toBe(HOSTILE.length);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    expect(everythingFrom(result)).not.toMatch(UNPRINTABLE);
    expect(everythingFrom(await repository.run(['import', '--plaintext']))).not.toMatch(UNPRINTABLE);
    for (const path of report.files) {
      expect(await readFile(join(repository.folder, path), 'utf8')).not.toMatch(UNPRINTABLE);
    }
  });

  it('of documents are not looked at: files are called what their requirement is', async () => {
    const repository = await repositoryWith({});
    const account = foreignAccount(repository.sandbox.url);
    const document = await account.upload('../../passport of Jane Roe');
    await account.group('FR/local/ordering', { [REQUIREMENTS.proofOfAddress]: document }, 'crm');
    const { out } = await repository.run(['import', '--plaintext', '--format', 'json']);
    expect(JSON.parse(out).files).toEqual(['documents/crm-proof-of-address.pdf', 'groups/crm.yaml']);
    expect(out).not.toContain('Jane');
  });
});

describe('Values into YAML', () => {
  it('read back as what they are, in texts and in fields of addresses', async () => {
    const repository = await repositoryWith({});
    const account = foreignAccount(repository.sandbox.url);
    for (const [index, text] of TEXTS.entries()) {
      const address = await account.address({ business_name: text, extended_address: `${text}${index}` });
      const group = { country_code: 'DE', customer_reference: `crm ${index}`, status: 'approved' };
      const regulatory_requirements = [
        { requirement_id: REQUIREMENTS.contact, field_value: text },
        { requirement_id: REQUIREMENTS.localAddress, field_value: address },
      ];
      await repository.control('groups', { ...group, regulatory_requirements });
    }
    const { code, out } = await repository.run(['import', '--plaintext', '--format', 'json']);
    const { imported, failed } = JSON.parse(out) as Report;
    expect({ code, failed, imported: imported.length }).toEqual({
      code: 0,
      failed: [],
      imported: TEXTS.length,
    });
    for (const { notes } of imported) expect(notes.filter((note) => !note.includes('no value'))).toEqual([]);
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
    // What a plan finds equal is equal: any other text would show.
    const [path = ''] = imported.filter(({ name }) => name === 'crm-0').map(({ file }) => file);
    const manifest = await readFile(join(repository.folder, path), 'utf8');
    await repository.write(path, manifest.replaceAll('passwd', 'passwD'));
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(2);
  });
});

interface Report {
  readonly imported: readonly { name: string; file: string; notes: readonly string[] }[];
  readonly failed: readonly object[];
}

function requirementId(index: number): string {
  return `99999999-9999-4999-8999-${String(index).padStart(12, '0')}`;
}
