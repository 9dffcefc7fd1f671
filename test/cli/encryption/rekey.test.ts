import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { armor, readCiphertext } from '../../../src/manifest/encryption/ciphertext.ts';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import { Fault } from '../../../src/manifest/fault.ts';
import { type AgeKeyPair, newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const SCAN = 'the scan of a passport that nobody has';
const CONTACT = 'Compliance desk, Zoë';

let repository: TestRepository;
let old: AgeKeyPair;
let next: AgeKeyPair;

beforeEach(async () => {
  [old, next] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
  repository = await openTestRepository({});
  await repository.write('.regsync/recipients', `${old.recipient}\n`);
  await repository.write('documents/passport.pdf.age', await encryptFor([old.recipient], Buffer.from(SCAN)));
  const armored = armor(await encryptFor([old.recipient], Buffer.from('armored')));
  await repository.write('documents/armored.pdf.age', armored);
  await repository.write('groups/de.yaml', await manifest());
});
afterEach(() => repository.end());

function at(path: string): string {
  return join(repository.folder, path);
}

/** With everything around the encrypted text that a careless rewriting would lose. */
async function manifest(pin = sha256(SCAN)): Promise<string> {
  const lines = armor(await encryptFor([old.recipient], Buffer.from(CONTACT)))
    .trimEnd()
    .split('\n');
  return [
    '\ufeff# a comment at the top',
    'apiVersion: regsync/v1',
    'kind:   RequirementGroup   # oddly spaced',
    'name: "de-local"',
    'country_code: DE',
    'phone_number_type: local',
    'action: ordering',
    'partial: true',
    'requirements:',
    '    - requirement: Contact Info',
    '      text_from:',
    '        age: |-   # the text',
    ...lines.map((line) => `             ${line}`),
    '',
    '    # between',
    '    - requirement: 6d3e2643-efaa-4bd3-8c31-77b6cda1d6a2',
    `      document: { file: ../documents/passport.pdf.age, sha256: ${pin} }`,
    '    - requirement: 95cac7a7-cf24-4d34-81e4-e2d01a35adda',
    `      document: { file: "../documents/armored.pdf.age", sha256: '${sha256('armored')}' }`,
    '# the end',
    '',
  ].join('\r\n');
}

async function opened(file: string | Uint8Array, owner: AgeKeyPair): Promise<string> {
  const found = readCiphertext(typeof file === 'string' ? Buffer.from(file) : file);
  if (found instanceof Fault) return found.code;
  const decrypter = new Decrypter();
  decrypter.addIdentity(owner.identity);
  return decrypter.decrypt(found.bytes, 'text').catch(() => 'locked');
}

function inlineOf(text: string): string {
  return /-----BEGIN[\s\S]*END AGE ENCRYPTED FILE-----/.exec(text)?.[0].replace(/\r?\n */g, '\n') ?? '';
}

const FILES = ['documents/passport.pdf.age', 'documents/armored.pdf.age', 'groups/de.yaml'];

async function contents(): Promise<Buffer[]> {
  return Promise.all(FILES.map((path) => readFile(at(path))));
}

async function leftovers(): Promise<string[]> {
  return (await readdir(repository.folder, { recursive: true })).filter((path) => path.includes('tmp'));
}

const asOld = () => ({ env: { REGSYNC_AGE_IDENTITY: old.identity } });
const asNext = () => ({ env: { REGSYNC_AGE_IDENTITY: next.identity } });

describe('regsync rekey', () => {
  it('encrypts everything for the new recipients, in its place and form, and touches nothing else', async () => {
    const before = (await readFile(at('groups/de.yaml'))).toString();
    await chmod(at('documents/passport.pdf.age'), 0o640);
    await repository.write('.regsync/recipients', `${next.recipient}\n`);
    const { code, out, err } = await repository.run(['rekey'], asOld());
    expect(code, err).toBe(0);
    expect(out).toBe(
      [
        'documents/passport.pdf.age  encrypted for 1 recipient',
        'documents/armored.pdf.age  encrypted for 1 recipient',
        'groups/de.yaml:12  encrypted for 1 recipient',
        'Encrypted again: 3. Already for these recipients: 0.',
        '',
      ].join('\n'),
    );
    expect(err).toContain('none of your identities is among the recipients');
    const [passport = Buffer.of(), armored = Buffer.of(), text = Buffer.of()] = await contents();
    for (const [owner, seen] of [
      [next, [SCAN, 'armored', CONTACT]],
      [old, ['locked', 'locked', 'locked']],
    ] as const) {
      const inline = inlineOf(text.toString());
      expect(await Promise.all([passport, armored, inline].map((file) => opened(file, owner)))).toEqual(seen);
    }
    expect(armored.toString()).toMatch(/^-----BEGIN/);
    expect(text.toString().replace(inlineOf(text.toString()), '')).not.toBe(before);
    const around = (whole: string) => whole.replace(/-----BEGIN[\s\S]*END AGE ENCRYPTED FILE-----/, '…');
    expect(around(text.toString())).toBe(around(before));
    expect((await stat(at('documents/passport.pdf.age'))).mode & 0o777).toBe(0o640);
    expect(await leftovers()).toEqual([]);
    expect((await repository.run(['plan'], asNext())).code).toBe(0);
  });

  it('does nothing, and needs no identity, where everything is for the current recipients', async () => {
    const before = await contents();
    const { code, out, err } = await repository.run(['rekey', '--format', 'json']);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      format_version: '1.0',
      rekeyed: [],
      current: [
        { file: 'documents/passport.pdf.age', line: 1 },
        { file: 'documents/armored.pdf.age', line: 1 },
        { file: 'groups/de.yaml', line: 12 },
      ],
      recipients: 1,
    });
    expect(await contents()).toEqual(before);
    expect((await repository.run(['rekey', '--force'], asOld())).out).toContain('Encrypted again: 3.');
    expect(await contents()).not.toEqual(before);
  });

  it('says that no manifest names an encrypted file, where some lie there', async () => {
    await repository.write(
      'groups/de.yaml',
      'apiVersion: regsync/v1\nkind: RequirementGroup\nname: de\ncountry_code: DE\nphone_number_type: local\naction: ordering\n',
    );
    expect(await repository.run(['rekey'])).toMatchObject({
      code: 0,
      out: 'Nothing to do: your manifests contain no encrypted texts and name no encrypted files.\n',
    });
  });

  it('only what is named', async () => {
    await repository.write('.regsync/recipients', `${old.recipient}\n${next.recipient}\n`);
    const one = await repository.run(['rekey', 'documents/armored.pdf.age'], asOld());
    expect(one.out).toContain('Encrypted again: 1.');
    expect(one.err).not.toContain('none of your identities');
    const two = await repository.run(['rekey', 'groups/de.yaml'], asOld());
    expect(two.out).toContain('groups/de.yaml:12');
    const rest = await repository.run(['rekey'], asNext());
    expect([rest.code, rest.err]).toEqual([3, expect.stringContaining('documents/passport.pdf.age')]);
    const none = await repository.run(['rekey', 'documents/other.pdf.age'], asOld());
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('unknown-path')]);
  });

  it.each([
    ['without an identity', () => ({}), 'missing-identity', 3],
    ['with the identity of another', asNext, 'wrong-identity', 3],
  ])('changes nothing %s, and names everything that it cannot decrypt', async (_, options, code, times) => {
    await repository.write('.regsync/recipients', `${next.recipient}\n`);
    const before = await contents();
    const { code: exit, err } = await repository.run(['rekey'], options());
    expect(exit).toBe(3);
    expect(err.split(code)).toHaveLength(times + 1);
    expect(await contents()).toEqual(before);
    expect(await leftovers()).toEqual([]);
  });

  it('changes nothing when one file is not the one that is pinned', async () => {
    await repository.write('.regsync/recipients', `${next.recipient}\n`);
    await repository.write('groups/de.yaml', await manifest('b'.repeat(64)));
    const before = await contents();
    const { code, err } = await repository.run(['rekey'], asOld());
    expect([code, err]).toEqual([3, expect.stringContaining('digest-mismatch')]);
    expect(await contents()).toEqual(before);
    expect(await leftovers()).toEqual([]);
  });

  it('changes nothing when the last file cannot be written', async () => {
    await repository.write('.regsync/recipients', `${next.recipient}\n`);
    const before = await contents();
    // A folder stands where the new manifest is to lie until its turn comes.
    await repository.write('groups/.de.yaml.regsync-tmp/file', '');
    const { code, err } = await repository.run(['rekey'], asOld());
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be replaced')]);
    expect(await contents()).toEqual(before);
    expect((await leftovers()).filter((path) => path.startsWith('documents'))).toEqual([]);
  });

  it('clears away what a run that was killed has left beside files that need no change by now', async () => {
    for (const left of ['documents/.passport.pdf.age.regsync-tmp', 'groups/.de.yaml.regsync-tmp'])
      await repository.write(left, 'half');
    expect((await repository.run(['rekey'], asOld())).code).toBe(0);
    expect(await leftovers()).toEqual([]);
  });

  it('killed anywhere, leaves each file whole for old or new identities, and a second run finishes', async () => {
    const both = { env: { REGSYNC_AGE_IDENTITY: `${old.identity}\n${next.identity}` } };
    for (const delayMs of [150, 220, 260, 300, 340]) {
      await repository.write('.regsync/recipients', `${next.recipient}\n# ${delayMs}\n`);
      const { child, result } = repository.start(['rekey', '--force'], both);
      setTimeout(() => child.kill('SIGKILL'), delayMs);
      await result;
      const [passport = '', armored = '', text = ''] = await contents();
      for (const [file, plaintext] of [
        [passport, SCAN],
        [armored, 'armored'],
        [inlineOf(text.toString()), CONTACT],
      ] as const) {
        expect([await opened(file, old), await opened(file, next)]).toContain(plaintext);
      }
    }
    expect((await repository.run(['rekey'], both)).code).toBe(0);
    const [passport = '', armored = '', text = ''] = await contents();
    const files = [passport, armored, inlineOf(text.toString())];
    expect(await Promise.all(files.map((file) => opened(file, next)))).toEqual([SCAN, 'armored', CONTACT]);
    expect(await leftovers()).toEqual([]);
  });

  it('leaves an encrypted text alone that is not written as a block', async () => {
    const armored = armor(await encryptFor([old.recipient], Buffer.from(CONTACT)));
    const text = (await manifest()).replace(/age: \|-[\s\S]*?END AGE ENCRYPTED FILE-----/, () => {
      return `age: ${JSON.stringify(armored)}`;
    });
    await repository.write('groups/de.yaml', text);
    await repository.write('.regsync/recipients', `${next.recipient}\n`);
    const { code, err } = await repository.run(['rekey'], asOld());
    expect([code, err]).toEqual([3, expect.stringContaining('Write it as a block')]);
    expect(await readFile(at('groups/de.yaml'), 'utf8')).toBe(text);
    expect(await opened(await readFile(at('documents/passport.pdf.age')), old)).toBe(SCAN);
  });

  it('does not read a repository that has a problem as one that has less', async () => {
    await repository.write('groups/fr.yaml', 'kind: Document\n');
    expect((await repository.run(['rekey', '--force'], asOld())).code).toBe(3);
  });
});
