import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../support/mistakes.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** Mistakes that people made in manifests: each message says where, what is wrong, and what to type. */
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const REGISTRATION = '6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2';
const PROOF = '95cac7a7-cf24-4d34-81e4-e2d01a35adda';

async function said(args: readonly string[] = ['validate']): Promise<string> {
  return answerTo(repository, args);
}

describe('validate names the place, the mistake and the next step', () => {
  it.each<readonly [title: string, from: string | RegExp, to: string, where: string, next: string]>([
    [
      'of a country that is written as a name',
      'country_code: DE\n',
      'country_code: Germany\n',
      'groups/de.yaml:4:15  unknown-country  "Germany" is not a country code',
      'Write "DE".',
    ],
    [
      'of a misspelt file name',
      '../documents/local-address-proof.pdf',
      '../documents/local-adress-proof.pdf',
      'groups/de.yaml:13:15  file-not-found',
      'Did you mean "local-address-proof.pdf", in "documents"?',
    ],
    [
      'of a path that begins at the repository',
      '../documents/local-address-proof.pdf',
      'documents/local-address-proof.pdf',
      'groups/de.yaml:13:15  file-not-found',
      'Write "../documents/local-address-proof.pdf", which exists.',
    ],
    [
      'of a missing action',
      'action: ordering\n',
      '',
      'groups/de.yaml:1:1  missing-key  this manifest has no "action"',
      'Add "action: ordering" or "action: porting".',
    ],
    [
      'of a colon within a text',
      /text: ".*"/,
      'text: Contact: desk',
      'groups/de.yaml:9:11  invalid-yaml  ": " within this value begins a mapping',
      'Put the whole value in quotes, such as text: "Desk: compliance".',
    ],
    [
      'of a document that has expired',
      'local-address-proof.pdf }',
      'local-address-proof.pdf, expires: 2020-01-31 }',
      '"expires" is in the past',
      'Replace the document by a valid one, and write the new day into "expires".',
    ],
    [
      'of a month that does not exist',
      'local-address-proof.pdf }',
      'local-address-proof.pdf, expires: 2027-13-31 }',
      '"expires" is not a day of the calendar',
      'Write year, month and day, such as 2027-01-31.',
    ],
    [
      'of a path in place of the name of a document',
      '{ file: ../documents/local-address-proof.pdf }',
      '../documents/local-address-proof.pdf',
      '"document" must be a name',
      'write document: { file: ../documents/registration.pdf }',
    ],
    [
      'of a variable without the prefix',
      /text: ".*"/,
      'text_from: { env: TAX_ID }',
      'a variable whose name begins with REGSYNC_VAR_',
      'such as TAX_ID to REGSYNC_VAR_TAX_ID',
    ],
    [
      'of a file outside of the repository',
      '../documents/local-address-proof.pdf',
      '../../local-address-proof.pdf',
      'leads out of the repository',
      'Copy the file into documents/, and write the path of the copy.',
    ],
    [
      'of an approval that is written as no',
      'action: ordering\n',
      'action: ordering\napproval: no\n',
      '"approval" must be one of "submit", "none", not "no"',
      'Did you mean "none"?',
    ],
    [
      'of a manifest for a later version',
      'apiVersion: regsync/v1',
      'apiVersion: regsync/v2',
      '"apiVersion" must be "regsync/v1", not "regsync/v2"',
      'Update regsync with `npm install --global regsync@latest`',
    ],
    [
      'of a key that stands twice',
      'action: ordering\n',
      'action: ordering\naction: ordering\n',
      'groups/de.yaml:7:1  duplicate-key  the key "action" is already on line 6',
      'Delete one of the two lines.',
    ],
    [
      'of a requirement that stands twice',
      PROOF,
      REGISTRATION,
      'groups/de.yaml:12:18  duplicate-requirement',
      'Delete one of the two entries.',
    ],
    [
      'of a key that is indented too far',
      'country_code: DE\nphone',
      '  country_code: DE\nphone',
      'groups/de.yaml:3:7  invalid-yaml  the line below begins further right',
      'Move the line below to the column of this key.',
    ],
    [
      'of the curly quotes of a word processor',
      /text: ".*"/,
      'text: \u201cCompliance desk\u201d',
      'groups/de.yaml:9:11  curly-quotes',
      'Write straight quotes: "…".',
    ],
    [
      'of marks that a merge has left',
      'action: ordering\n',
      '<<<<<<< HEAD\naction: ordering\n=======\naction: porting\n>>>>>>> main\n',
      'a merge left conflict marks in this file',
      'delete the lines that begin with <<<<<<<, ======= and >>>>>>>',
    ],
  ])('%s', async (_, from, to, where, next) => {
    const text = germanGroup();
    const wrong = text.replace(from, to);
    expect(wrong).not.toBe(text);
    await repository.write('groups/de.yaml', wrong);
    const told = await said();
    expect(told).toContain(where);
    expect(told).toContain(next);
  });

  it('of a name that two manifests have', async () => {
    await repository.write('groups/two.yaml', germanGroup());
    const told = await said();
    expect(told).toContain(
      'duplicate-name  RequirementGroup "de-local" is already defined at groups/de.yaml:3:7',
    );
    expect(told).toContain('Give one of them another name, or delete it.');
  });

  it('of an id that two manifests have', async () => {
    const extra = 'id: 4689d4ed-0000-4000-8000-000000000000\n';
    await repository.write('groups/de.yaml', germanGroup({ extra }));
    await repository.write('groups/two.yaml', germanGroup({ name: 'two', extra }));
    const told = await said();
    expect(told).toContain('groups/two.yaml:7:5  duplicate-id');
    expect(told).toContain(
      'Keep the line in the manifest that the group is for, and remove it from the other.',
    );
  });

  it('of an empty document, and of one that is too large', async () => {
    await repository.write('documents/local-address-proof.pdf', '');
    await repository.write('documents/registration.pdf', `%PDF-1.7${' '.repeat(21_000_000)}`);
    const told = await said();
    expect(told).toContain('the document is empty');
    expect(told).toContain('Put the whole document there again');
    expect(told).toContain('21,000,008 bytes are too many');
    expect(told).toContain('scan it again in a lower resolution, or leave pages out');
  });

  it('of a manifest that no command reads', async () => {
    await repository.write('groups/nl.yaml.txt', germanGroup({ name: 'nl' }));
    await repository.write('groups/SE.YAML', germanGroup({ name: 'se' }));
    await repository.write('elsewhere.yaml', germanGroup({ name: 'elsewhere' }));
    const told = await said();
    expect(told).toContain('groups/nl.yaml.txt:1:1  misnamed-manifest');
    expect(told).toContain('Rename it to "nl.yaml".');
    expect(told).toContain('elsewhere.yaml:1:1  stray-manifest');
    // An ending in capitals is one that regsync reads.
    expect(told).toContain('in 2 manifest files');
    expect(told).toContain('Move it into groups/, or add its folder to `manifests` in regsync.yaml.');
  });

  it('of a document that is not encrypted', async () => {
    expect(await said()).toContain(
      'Run `regsync encrypt --update FILE`, or write "allow_plaintext_documents: true"',
    );
  });

  it('of a lock that somebody edited, without a second problem at the requirement', async () => {
    expect((await repository.run(['lock', '--sandbox'])).code).toBe(0);
    const { readFile } = await import('node:fs/promises');
    const lock = await readFile(`${repository.folder}/regsync.lock.yaml`, 'utf8');
    await repository.write('regsync.lock.yaml', lock.replace('Contact Info', 'Contact Inf'));
    const told = await said();
    expect(told).toContain('lock-edited  somebody edited DE/local/ordering');
    expect(told).toContain('Restore the file from git, or run `regsync lock`');
    expect(told).not.toContain('unknown-requirement');
  });
});

describe('plan names the next step', () => {
  it('where a variable is not set', async () => {
    await repository.write(
      'groups/de.yaml',
      germanGroup().replace(/text: ".*"/, 'text_from: { env: REGSYNC_VAR_TAX_ID }'),
    );
    const told = await said(['plan']);
    expect(told).toContain('groups/de.yaml:9:16  unset-variable');
    expect(told).toContain("Set it for plan and apply: export REGSYNC_VAR_TAX_ID='…'.");
  });
});
