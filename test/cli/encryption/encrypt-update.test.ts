import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import {
  DE_REQUIREMENTS,
  frenchGroup,
  germanGroup,
  openTestRepository,
  type TestRepository,
} from '../../support/test-repository.ts';

const owner = await newAgeKeyPair();
const env = { REGSYNC_AGE_IDENTITY: owner.identity };

const SHARED = `# The registration, for both
apiVersion: regsync/v1
kind: Document
name: registration
file: ../documents/registration.pdf   # of the court
`;

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({
    '.regsync/recipients': `${owner.recipient}\n`,
    'groups/de.yaml': germanGroup(),
    'groups/shared.yaml': SHARED,
    'groups/uses.yaml': frenchGroup().replace('{ file: ../documents/address-fr.png }', 'registration'),
  });
});
afterEach(() => repository.end());

const read = (path: string) => readFile(join(repository.folder, path), 'utf8');

describe('regsync encrypt --update', () => {
  it('changes every manifest that names the document, and the next plan finds the same documents', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    const digest = sha256(await readFile(join(repository.folder, 'documents/registration.pdf')));
    const before = await read('groups/de.yaml');
    const { code, out, err } = await repository.run(
      ['encrypt', 'documents/registration.pdf', '--update', '--remove'],
      { env },
    );
    expect(code, err).toBe(0);
    expect(out).toBe(
      [
        'documents/registration.pdf.age  encrypted for 1 recipient; the plaintext was removed',
        '    groups/de.yaml:11  names it now',
        '    groups/de.yaml:15  names it now',
        '    groups/shared.yaml:5  names it now',
        '',
      ].join('\n'),
    );
    expect(await read('groups/shared.yaml')).toBe(
      `${SHARED.replace('registration.pdf ', 'registration.pdf.age ')}sha256: ${digest}\n`,
    );
    expect(await read('groups/de.yaml')).toBe(
      before.replaceAll(
        '{ file: ../documents/registration.pdf }',
        `{ file: ../documents/registration.pdf.age, sha256: ${digest} }`,
      ),
    );
    expect(await readdir(join(repository.folder, 'documents'))).not.toContain('registration.pdf');
    expect((await readdir(join(repository.folder, 'groups'))).filter((name) => name.includes('tmp'))).toEqual(
      [],
    );
    const plan = await repository.run(['plan', '--detailed-exitcode']);
    expect(plan.code, plan.out).toBe(0);
  });

  it('takes a new version of a document to Telnyx: one upload, and then no change', async () => {
    expect((await repository.run(['encrypt', 'documents/registration.pdf', '--update'], { env })).code).toBe(
      0,
    );
    expect((await repository.run(['apply', '--yes'], { env })).code).toBe(0);
    await repository.write('documents/registration.pdf', '%PDF-1.4\nof this year\n%%EOF\n');
    const refused = await repository.run(['encrypt', 'documents/registration.pdf', '--update'], { env });
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('file-exists')]);
    const args = ['encrypt', 'documents/registration.pdf', '--update', '--force', '--format', 'json'];
    const { code, out, err } = await repository.run(args);
    expect(code, err).toBe(0);
    expect(JSON.parse(out).encrypted[0].updated).toEqual([
      { file: 'groups/de.yaml', line: 11 },
      { file: 'groups/de.yaml', line: 15 },
      { file: 'groups/shared.yaml', line: 5 },
    ]);
    expect(err).toContain('documents/registration.pdf is still there, unencrypted');
    const apply = await repository.run(['apply', '--yes'], { env });
    expect(apply.code, apply.out).toBe(0);
    const state = await repository.state();
    const held = state.groups.flatMap(({ regulatory_requirements }) =>
      regulatory_requirements.filter(({ requirement_id }) => requirement_id === DE_REQUIREMENTS.registration),
    );
    const document = state.documents.find(({ id }) => id === held[0]?.field_value);
    expect(document?.sha256).toBe(sha256('%PDF-1.4\nof this year\n%%EOF\n'));
    expect((await repository.run(['plan', '--detailed-exitcode'])).code).toBe(0);
  });

  it.each([
    ['no manifest names the document', 'documents/address-fr.png', '', 'unnamed-document'],
    ['a manifest is broken', 'documents/registration.pdf', 'kind: [', 'invalid-yaml'],
  ])('writes nothing where %s', async (_, file, broken, words) => {
    if (broken !== '') await repository.write('groups/broken.yaml', broken);
    const before = [await read('groups/de.yaml'), await readdir(join(repository.folder, 'documents'))];
    const { code, out, err } = await repository.run(
      ['encrypt', 'documents/registration.pdf', file, '--update'].filter(
        (arg, index, all) => all.indexOf(arg) === index,
      ),
    );
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(words);
    expect(err).toContain('nothing was written');
    expect([await read('groups/de.yaml'), await readdir(join(repository.folder, 'documents'))]).toEqual(
      before,
    );
  });
});
