import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import {
  link,
  mkdir,
  readdir,
  readFile,
  rm as remove,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { Decrypter } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { removePlaintexts } from '../../../src/cli/encryption/encrypt.ts';
import { readCiphertext } from '../../../src/manifest/encryption/ciphertext.ts';
import { Fault } from '../../../src/manifest/fault.ts';
import { type AgeKeyPair, newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { findProgram, whenInstalled } from '../../support/programs/programs.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const SCAN = 'the scan of a passport that nobody has';

let repository: TestRepository;
let [jane, ci]: AgeKeyPair[] = [];
beforeEach(async () => {
  repository = await openTestRepository({ 'documents/passport.pdf': SCAN });
  [jane, ci] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
  await repository.write('.regsync/recipients', `# jane\n${jane?.recipient}\n# CI\n${ci?.recipient}\n`);
});
afterEach(() => repository.end());

function at(path: string): string {
  return join(repository.folder, path);
}

async function decrypted(path: string, owner: AgeKeyPair | undefined): Promise<string> {
  const found = readCiphertext(await readFile(at(path)));
  if (found instanceof Fault) return found.code;
  const decrypter = new Decrypter();
  decrypter.addIdentity(owner?.identity ?? '');
  return decrypter.decrypt(found.bytes, 'text');
}

function knowing(owner: AgeKeyPair | undefined): { env: Record<string, string> } {
  return { env: { REGSYNC_AGE_IDENTITY: owner?.identity ?? '' } };
}

describe('regsync encrypt', () => {
  it('writes a file beside each that every recipient can decrypt, and prints what belongs into the manifest', async () => {
    const { code, out, err } = await repository.run(['encrypt', 'documents/passport.pdf']);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'documents/passport.pdf.age  encrypted for 2 recipients',
        '    file: ../documents/passport.pdf.age',
        `    sha256: ${sha256(SCAN)}`,
        '',
      ].join('\n'),
    );
    expect(err).toContain('documents/passport.pdf is still there, unencrypted');
    for (const owner of [jane, ci]) expect(await decrypted('documents/passport.pdf.age', owner)).toBe(SCAN);
    expect(await readFile(at('documents/passport.pdf'), 'utf8')).toBe(SCAN);
    expect((await readdir(at('documents'))).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('says the same as JSON', async () => {
    const { code, out } = await repository.run(['encrypt', 'documents/passport.pdf', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      format_version: '1.0',
      encrypted: [
        {
          file: 'documents/passport.pdf',
          encrypted_file: 'documents/passport.pdf.age',
          status: 'encrypted',
          sha256: sha256(SCAN),
          removed: false,
          manifest: { file: '../documents/passport.pdf.age', sha256: sha256(SCAN) },
        },
      ],
      recipients: 2,
    });
  });

  it('makes lines that a manifest can take as they are', async () => {
    const { out } = await repository.run(['encrypt', 'documents/passport.pdf']);
    const [, file = '', digest = ''] = out.split('\n');
    await repository.write(
      'groups/fr.yaml',
      `apiVersion: regsync/v1
kind: RequirementGroup
name: fr-local
country_code: FR
phone_number_type: local
action: ordering
requirements:
  - requirement: Proof of Address
    document:
  ${file}
  ${digest}
`,
    );
    expect((await repository.run(['validate'])).code).toBe(0);
    const applied = await repository.run(['apply', '--yes'], knowing(ci));
    expect(applied.code, applied.err).toBe(0);
    expect((await repository.state()).documents).toMatchObject([
      { filename: expect.stringMatching(/^document.pdf/), sha256: sha256(SCAN) },
    ]);
  });

  it('keeps a file that says the same, and replaces another only with --force', async () => {
    await repository.run(['encrypt', 'documents/passport.pdf']);
    const before = await readFile(at('documents/passport.pdf.age'));
    const same = await repository.run(['encrypt', 'documents/passport.pdf'], knowing(jane));
    expect([same.code, same.out]).toEqual([0, expect.stringContaining('regsync kept it')]);
    const unknown = await repository.run(['encrypt', 'documents/passport.pdf']);
    expect([unknown.code, unknown.err]).toEqual([3, expect.stringContaining('already exists')]);
    await repository.write('documents/passport.pdf', 'renewed');
    expect((await repository.run(['encrypt', 'documents/passport.pdf'], knowing(jane))).code).toBe(3);
    expect(Buffer.compare(await readFile(at('documents/passport.pdf.age')), before)).toBe(0);
    expect((await repository.run(['encrypt', 'documents/passport.pdf', '--force'])).code).toBe(0);
    expect(await decrypted('documents/passport.pdf.age', ci)).toBe('renewed');
  });

  it('writes nothing at all when one of several cannot be encrypted, and names each that cannot', async () => {
    await repository.write('documents/empty.pdf', '');
    await repository.write('documents/lfs.pdf', 'version https://git-lfs.github.com/spec/v1\n');
    await repository.write('documents/large.pdf', '');
    await truncate(at('documents/large.pdf'), 20_000_001);
    const names = ['passport.pdf', 'empty.pdf', 'lfs.pdf', 'large.pdf', 'missing.pdf', 'passport.pdf', '.'];
    const { code, err } = await repository.run(['encrypt', ...names.map((name) => `documents/${name}`)]);
    expect(code).toBe(3);
    for (const word of [
      'empty-file',
      'lfs-pointer',
      'too-large',
      'file-not-found',
      'duplicate-file',
      'not-a-file',
    ]) {
      expect(err).toContain(word);
    }
    expect(err).toContain(`Paths begin at the current folder, which is ${repository.folder}.`);
    expect((await readdir(at('documents'))).filter((name) => name.includes('.age'))).toEqual([]);
  });

  it.each([
    ['an HTML page', 'page.pdf', '<!doctype html><html></html>', 'html-page'],
    ['half a PDF', 'half.pdf', '%PDF-1.7\n1 0 obj', 'cut-off'],
    ['the text of a link', 'link.pdf', '../shared/link.pdf', 'link-as-text'],
    ['what git-crypt encrypted', 'locked.pdf', '\0GITCRYPT\0x', 'git-crypt'],
  ])('encrypts nothing that is no document: %s', async (_, name, content, word) => {
    await repository.write(`documents/${name}`, content);
    const { code, err } = await repository.run(['encrypt', `documents/${name}`]);
    expect([code, err]).toEqual([3, expect.stringContaining(word)]);
    expect(await readdir(at('documents'))).not.toContain(`${name}.age`);
  });

  it('encrypts a file whose name is as long as it can be with .age, and says when it is longer', async () => {
    for (const length of [236, 243, 247]) {
      const name = `${'x'.repeat(length)}.pdf`;
      await repository.write(`documents/${name}`, SCAN);
      const { code, err } = await repository.run(['encrypt', `documents/${name}`]);
      expect([code, err]).toEqual([0, expect.stringContaining('still there, unencrypted')]);
      expect(await decrypted(`documents/${name}.age`, ci)).toBe(SCAN);
    }
    const name = `${'x'.repeat(248)}.pdf`;
    await repository.write(`documents/${name}`, SCAN);
    const { code, err } = await repository.run(['encrypt', `documents/${name}`]);
    expect([code, err]).toEqual([3, expect.stringContaining('name-too-long')]);
    expect(err).not.toContain('already exists');
    expect((await readdir(at('documents'))).filter((each) => each.includes('tmp'))).toEqual([]);
  });

  it('does not encrypt twice', async () => {
    await repository.run(['encrypt', 'documents/passport.pdf']);
    await link(at('documents/passport.pdf.age'), at('documents/hidden.pdf'));
    for (const name of ['passport.pdf.age', 'hidden.pdf']) {
      const { code, err } = await repository.run(['encrypt', `documents/${name}`]);
      expect([code, err]).toEqual([3, expect.stringContaining('already-encrypted')]);
    }
  });

  it.each([
    ['no file', null, 'no-recipients'],
    ['nobody', '# nobody yet\n', 'no-recipients'],
    ['a mistyped recipient', 'age1qqqq\n', '.regsync/recipients:1:1  invalid-recipient'],
  ])('writes nothing when there is %s to encrypt for', async (_, text, word) => {
    if (text === null) await rm(at('.regsync'));
    else await repository.write('.regsync/recipients', text);
    const { code, err } = await repository.run(['encrypt', 'documents/passport.pdf']);
    expect([code, err]).toEqual([3, expect.stringContaining(word)]);
    expect(await readdir(at('documents'))).not.toContain('passport.pdf.age');
  });

  it('reads a scan from anywhere, but writes only into the repository', async () => {
    const elsewhere = join(repository.folder, '..', `${Math.random()}.regsync-scan`);
    await mkdir(elsewhere);
    try {
      await repository.write(join('..', elsewhere.split('/').at(-1) ?? '', 'scan.pdf'), SCAN);
      const scan = join(elsewhere, 'scan.pdf');
      const refused = await repository.run(['encrypt', scan]);
      expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('--out DIR')]);
      await symlink(elsewhere, at('away'));
      expect((await repository.run(['encrypt', scan, '--out', 'away'])).code).toBe(3);
      await mkdir(at('.git/objects'), { recursive: true });
      expect((await repository.run(['encrypt', scan, '--out', '.git/objects'])).code).toBe(3);
      expect(await readdir(elsewhere)).toEqual(['scan.pdf']);
      expect(await readdir(at('.git/objects'))).toEqual([]);
      const { code, out, err } = await repository.run(['encrypt', scan, '--out', 'documents']);
      expect([code, out, err]).toEqual([0, expect.stringContaining('documents/scan.pdf.age'), '']);
      expect(await decrypted('documents/scan.pdf.age', ci)).toBe(SCAN);
    } finally {
      await rm(elsewhere);
    }
  });

  it('removes the plaintext only for somebody who can decrypt what is kept', async () => {
    const blind = await repository.run(['encrypt', 'documents/passport.pdf', '--remove']);
    expect([blind.code, blind.err]).toEqual([3, expect.stringContaining('--remove needs an identity')]);
    const wrong = await repository.run(
      ['encrypt', 'documents/passport.pdf', '--remove'],
      knowing(await newAgeKeyPair()),
    );
    expect([wrong.code, wrong.err]).toEqual([3, expect.stringContaining('wrong-identity')]);
    expect(await readdir(at('documents'))).not.toContain('passport.pdf.age');
    const { code, out, err } = await repository.run(
      ['encrypt', 'documents/passport.pdf', '--remove'],
      knowing(jane),
    );
    expect([code, out, err]).toEqual([0, expect.stringContaining('the plaintext was removed'), '']);
    expect(await readdir(at('documents'))).not.toContain('passport.pdf');
    expect(await decrypted('documents/passport.pdf.age', ci)).toBe(SCAN);
  });

  it('removes no plaintext that was changed after it was encrypted', async () => {
    const run = repository.run(['encrypt', 'documents/passport.pdf', '--remove'], knowing(jane));
    let isOver = false;
    run.finally(() => {
      isOver = true;
    });
    // It was read and encrypted once its staged file is there, and what is staged is not yet in its place.
    while (!isOver && !existsSync(at('documents/.passport.pdf.age.regsync-tmp'))) await immediate();
    writeFileSync(at('documents/passport.pdf'), 'renewed');
    const { code, out, err } = await run;
    expect([code, out, err]).toEqual([
      0,
      expect.not.stringContaining('was removed'),
      expect.stringContaining('passport.pdf is still there, unencrypted'),
    ]);
    expect(await readFile(at('documents/passport.pdf'), 'utf8')).toBe('renewed');
    expect(await decrypted('documents/passport.pdf.age', ci)).toBe(SCAN);
  });

  it.each<[string, string, (given: { source: string; path: string }) => Promise<void>, boolean]>([
    ['that is as it was, beside what was written', 'written', async () => {}, true],
    ['whose encrypted file was there already', 'kept', async () => {}, true],
    ['that was changed meanwhile', 'written', ({ source }) => writeFile(source, 'renewed'), false],
    ['that was changed, with what was kept', 'kept', ({ source }) => writeFile(source, 'renewed'), false],
    ['that was emptied meanwhile', 'written', ({ source }) => writeFile(source, ''), false],
    ['that is a folder by now', 'written', ({ source }) => remove(source).then(() => mkdir(source)), false],
    ['whose encrypted file says something else by now', 'written', ({ path }) => writeFile(path, 'x'), false],
    ['whose encrypted file was cut', 'written', ({ path }) => truncate(path, 3), false],
  ])('removes, or leaves, a plaintext %s (%s): the last look tells', async (_, kind, change, isRemoved) => {
    const [source, path] = [at('documents/passport.pdf'), at('documents/passport.pdf.age')];
    const ciphertext = Buffer.from('what age made of it');
    await writeFile(path, ciphertext);
    const document = { sourcePath: source, path, sha256: sha256(SCAN) };
    await change({ source, path });
    const other = { sourcePath: at('documents/bill.pdf'), path, sha256: sha256('bill'), ciphertext: null };
    await writeFile(other.sourcePath, 'bill');
    const removed = await removePlaintexts([
      { ...document, ciphertext: kind === 'kept' ? null : ciphertext },
      other,
    ]);
    expect([...removed]).toEqual([...(isRemoved ? [source] : []), other.sourcePath]);
    expect([existsSync(source), existsSync(other.sourcePath)]).toEqual([!isRemoved, false]);
  });

  it('removes no link, whose plaintext would stay', async () => {
    await symlink('passport.pdf', at('documents/link.pdf'));
    const { code, err } = await repository.run(['encrypt', 'documents/link.pdf', '--remove'], knowing(jane));
    expect([code, err]).toEqual([3, expect.stringContaining('this is a link')]);
    expect((await stat(at('documents/passport.pdf'))).isFile()).toBe(true);
  });

  it('reads a text from standard input and prints it encrypted, to be pasted below a requirement', async () => {
    const { code, out, err } = await repository.run(['encrypt', '-'], { input: 'DE000000000\n' });
    expect([code, err]).toEqual([0, '']);
    const requirement = `  - requirement: Contact Info\n${out}`;
    await repository.write(
      'groups/de.yaml',
      `apiVersion: regsync/v1\nkind: RequirementGroup\nname: de-local\ncountry_code: DE\nphone_number_type: local\naction: ordering\npartial: true\nrequirements:\n${requirement}`,
    );
    const blind = await repository.run(['plan']);
    expect([blind.code, blind.err]).toEqual([
      3,
      expect.stringContaining('groups/de.yaml:11:12  missing-identity'),
    ]);
    expect((await repository.run(['validate'])).code).toBe(0);
    const applied = await repository.run(['apply', '--yes'], knowing(jane));
    expect(applied.code, applied.err).toBe(0);
    const [group] = (await repository.state()).groups;
    expect(group?.regulatory_requirements.map(({ field_value }) => field_value)).toContain('DE000000000');
    expect((await repository.run(['plan', '--detailed-exitcode'], knowing(ci))).code).toBe(0);
    for (const input of ['', ' \n']) expect((await repository.run(['encrypt', '-'], { input })).code).toBe(3);
    expect((await repository.run(['encrypt', '-', 'documents/passport.pdf'], { input: 'x' })).code).toBe(3);
  });
});

const AGE = findProgram('age') ?? '';
const AGE_KEYGEN = findProgram('age-keygen') ?? '';

describe('what regsync encrypt prints', () => {
  it('is YAML whatever the file is called', async () => {
    for (const name of [
      'a scan: final #2.pdf',
      '- [x].pdf',
      "Zoë's bill.pdf",
      'plain name.pdf',
      '100%.pdf',
    ]) {
      await repository.write(`documents/${name}`, SCAN);
      const { out } = await repository.run(['encrypt', `documents/${name}`]);
      const [, file = '', digest = ''] = out.split('\n');
      expect(parse(`document:\n${file}\n${digest}\n`)).toEqual({
        document: { file: `../documents/${name}.age`, sha256: sha256(SCAN) },
      });
    }
  });
});

describe.runIf(whenInstalled('age') && whenInstalled('age-keygen'))(
  'with the programs age and age-keygen',
  () => {
    it('keys and files are shared both ways', async () => {
      const keyFile = join(tmpdir(), `regsync-test-key-${process.pid}.txt`);
      try {
        execFileSync(AGE_KEYGEN, ['-o', keyFile], { stdio: 'ignore' });
        const recipient = execFileSync(AGE_KEYGEN, ['-y', keyFile]).toString();
        await repository.write('.regsync/recipients', recipient);
        expect((await repository.run(['encrypt', 'documents/passport.pdf'])).code).toBe(0);
        const read = execFileSync(AGE, ['-d', '-i', keyFile, at('documents/passport.pdf.age')]);
        expect(read.toString()).toBe(SCAN);
        execFileSync(AGE, ['-R', at('.regsync/recipients'), '-a', '-o', at('documents/theirs.pdf.age')], {
          input: SCAN,
        });
        await repository.write(
          'groups/fr.yaml',
          `apiVersion: regsync/v1\nkind: RequirementGroup\nname: fr-local\ncountry_code: FR\nphone_number_type: local\naction: ordering\nrequirements:\n  - requirement: Proof of Address\n    document: { file: ../documents/theirs.pdf.age, sha256: ${sha256(SCAN)} }\n`,
        );
        const env = { REGSYNC_AGE_IDENTITY_FILE: keyFile };
        const applied = await repository.run(['apply', '--yes'], { env });
        expect(applied.code, applied.err).toBe(0);
        expect((await repository.state()).documents).toMatchObject([{ sha256: sha256(SCAN) }]);
      } finally {
        await rm(keyFile);
      }
    });
  },
);

async function rm(path: string): Promise<void> {
  await remove(path, { recursive: true, force: true });
}
