import { symlink } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { armor } from '../../src/manifest/encryption/ciphertext.ts';
import {
  type Identities,
  openIdentities,
  parseIdentities,
} from '../../src/manifest/encryption/identities.ts';
import { readPlaintext } from '../../src/manifest/encryption/read-plaintext.ts';
import { encryptFor, readRecipients } from '../../src/manifest/encryption/recipients.ts';
import { Fault } from '../../src/manifest/fault.ts';
import { openRepository } from '../../src/manifest/repository.ts';
import { reveal, type Sensitive } from '../../src/model/privacy/sensitive.ts';
import { loadDesired } from '../../src/resolve/load.ts';
import { CONFIG, groupWith, places, workspace } from '../manifest/workspace.ts';
import { newAgeKeyPair, sha256 } from '../support/age-keys.ts';

const PLAINTEXT = 'the registration of Example GmbH';

async function encrypted(content: string | Uint8Array = PLAINTEXT) {
  const owner = await newAgeKeyPair();
  return { ...owner, file: await encryptFor([owner.recipient], Buffer.from(content)) };
}

function holding(...keys: readonly string[]): Identities {
  return openIdentities(async () => keys);
}

function block(file: Uint8Array): string {
  const lines = armor(file).trimEnd().split('\n');
  return `text_from:\n      age: |\n${lines.map((line) => `        ${line}\n`).join('')}`;
}

describe('an encrypted document', () => {
  it('is known by the digest that its manifest states, without a key', async () => {
    const { file } = await encrypted();
    const digest = sha256(PLAINTEXT);
    const { load } = await workspace({
      'groups/a.yaml': groupWith(`document: { file: ../documents/bill.pdf.age, sha256: ${digest} }`),
      'documents/bill.pdf.age': file,
    });
    for (const env of [null, {}]) {
      const { desired, problems } = await load(env);
      expect(problems).toEqual([]);
      expect(desired.RequirementGroup[0]?.requirements[0]?.content).toMatchObject({
        kind: 'document',
        document: { path: 'documents/bill.pdf.age', sha256: digest, bytes: file.length },
      });
    }
  });

  it('needs that digest', async () => {
    const { file } = await encrypted();
    const { load } = await workspace({
      'groups/a.yaml': groupWith('document: { file: ../documents/bill.pdf.age }'),
      'documents/bill.pdf.age': file,
    });
    const { problems } = await load();
    expect(places(problems)).toEqual(['groups/a.yaml:9:15 missing-digest']);
    expect(problems[0]?.hint).toContain('regsync encrypt');
  });

  it('is confined to the repository like any other file, and so are the recipients', async () => {
    const { file, recipient } = await encrypted();
    const outside = await workspace({ 'bill.pdf.age': file, recipients: recipient });
    const { root, at, load } = await workspace({
      'groups/a.yaml': groupWith(`document: { file: ../link.pdf.age, sha256: ${sha256(PLAINTEXT)} }`),
      '.regsync/sandbox.json': '{}',
    });
    await symlink(outside.at('bill.pdf.age'), at('link.pdf.age'));
    await symlink(outside.at('recipients'), at('.regsync/recipients'));
    expect(places((await load()).problems)).toEqual(['groups/a.yaml:9:15 unsafe-path']);
    await expect(readRecipients(root)).rejects.toMatchObject({ problems: [{ code: 'unsafe-path' }] });
  });

  it('is hinted at where the manifest still names the plaintext', async () => {
    const { file } = await encrypted();
    const { load } = await workspace({
      'groups/a.yaml': groupWith('document: { file: ../documents/bill.pdf }'),
      'documents/bill.pdf.age': file,
    });
    const [problem] = (await load()).problems;
    expect(problem).toMatchObject({ code: 'file-not-found', hint: expect.stringContaining('bill.pdf.age') });
  });

  it.each([
    ['no age file', '%PDF-1.7', 'not-encrypted'],
    ['empty', '', 'empty-file'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n', 'lfs-pointer'],
    ['cut within its header', 'age-encryption.org/v1\n-> X25519 abc', 'damaged-file'],
    [
      'encrypted with a passphrase',
      'age-encryption.org/v1\n-> scrypt a 18\nb\n--- c\n',
      'passphrase-encrypted',
    ],
  ])('is a problem at its line when it is %s', async (_, content, code) => {
    const { load } = await workspace({
      'groups/a.yaml': groupWith(`document: { file: ../bill.pdf.AGE, sha256: ${'a'.repeat(64)} }`),
      'bill.pdf.AGE': content,
    });
    expect(places((await load()).problems)).toEqual([`groups/a.yaml:9:15 ${code}`]);
  });

  it('is decrypted in memory for its upload, binary or in armor', async () => {
    const { identity, file } = await encrypted();
    const other = await newAgeKeyPair();
    const { root } = await workspace({ 'a.pdf.age': file, 'b.pdf.age': armor(file) });
    for (const path of ['a.pdf.age', 'b.pdf.age']) {
      const read = await readPlaintext(root, path, holding(other.identity, identity));
      expect(String(read)).toBe(PLAINTEXT);
    }
  });

  it('that was changed or cut anywhere is not decrypted to something else', async () => {
    const { identity, file } = await encrypted('x'.repeat(100_000));
    const identities = holding(identity);
    const damages = [file.slice(0, -1), file.slice(0, 65_600), Buffer.concat([file, Buffer.of(0)])];
    for (let at = 30; at < file.length; at += Math.ceil(file.length / 40)) {
      const flipped = Uint8Array.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      damages.push(flipped);
    }
    for (const damaged of damages) {
      const { root } = await workspace({ 'a.pdf.age': damaged });
      const read = await readPlaintext(root, 'a.pdf.age', identities);
      expect(read).toBeInstanceOf(Fault);
      expect(['damaged-file', 'wrong-identity', 'not-encrypted']).toContain((read as Fault).code);
    }
  });

  it.each([
    ['nothing', '', 'empty-file'],
    ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n', 'lfs-pointer'],
  ])('that holds %s is refused', async (_, content, code) => {
    const { identity, file } = await encrypted(content);
    const { root } = await workspace({ 'a.pdf.age': file });
    expect(await readPlaintext(root, 'a.pdf.age', holding(identity))).toMatchObject({ code });
  });
});

describe('an encrypted text', () => {
  const TEXT = 'Compliance desk, Zoë';

  it.each(['inline', 'in a file'])(
    '%s is decrypted where texts are read, and left alone elsewhere',
    async (where) => {
      const { identity, file } = await encrypted(`${TEXT}\n`);
      const value = where === 'inline' ? block(file) : 'text_from: { file: contact.txt.age }';
      const { root } = await workspace({ 'groups/a.yaml': groupWith(value), 'groups/contact.txt.age': file });
      const repository = await openRepository({ cwd: root });
      const identities = holding(identity);
      const read = await loadDesired(repository, { env: {}, identities });
      expect(read.problems).toEqual([]);
      const content = read.desired.RequirementGroup[0]?.requirements[0]?.content as unknown as {
        text: Sensitive;
      };
      expect(reveal(content.text)).toBe(TEXT);
      expect(JSON.stringify(read.desired)).not.toContain(TEXT);
      const unread = await loadDesired(repository, { env: null, identities });
      expect(unread.problems).toEqual([]);
      expect(unread.desired.RequirementGroup[0]?.requirements[0]?.content).toEqual({
        kind: 'unread_text',
        variable: null,
      });
    },
  );

  it.each([
    ['nobody has a key', [], TEXT, 'missing-identity'],
    ['the key is another', ['other'], TEXT, 'wrong-identity'],
    ['it holds blanks only', ['own'], ' \n', 'empty-file'],
    ['it is no UTF-8', ['own'], Buffer.of(0xff, 0xfe), 'not-utf8'],
    ['it is longer than any text', ['own'], 'x'.repeat(65_537), 'too-large'],
  ])('is a problem at its line when %s', async (_, keys, content, code) => {
    const { identity, file } = await encrypted(content);
    const other = await newAgeKeyPair();
    const { root } = await workspace({ 'groups/a.yaml': groupWith(block(file)) });
    const given = keys.map((key) => (key === 'own' ? identity : other.identity));
    const { problems } = await loadDesired(await openRepository({ cwd: root }), {
      env: {},
      identities: openIdentities(async () => (given.length === 0 ? null : given)),
    });
    expect(places(problems)).toEqual([`groups/a.yaml:10:12 ${code}`]);
    expect(JSON.stringify(problems)).not.toContain('Zoë');
  });

  it.each([
    ['text_from: { age: the text itself }', 'groups/a.yaml:9:16 invalid-value'],
    ['text_from: { age: "-----BEGIN AGE ENCRYPTED FILE-----" }', 'groups/a.yaml:9:16 damaged-file'],
    ['text_from: { age: x, file: y }', 'groups/a.yaml:9:16 several-values'],
  ])('that is none is a problem without a key too: %s', async (value, place) => {
    const { load } = await workspace({ 'groups/a.yaml': groupWith(value) });
    const { problems } = await load();
    expect(places(problems)).toContain(place);
    expect(JSON.stringify(problems)).not.toContain('the text itself');
  });
});

describe('the warning of documents that are not encrypted', () => {
  const MANIFEST = [
    groupWith('document: bill').trimEnd(),
    '  - requirement: Passport',
    '    document: { file: ../documents/passport.png }',
    '  - requirement: Passport again',
    '    document: { file: ../documents/passport.png }',
    '---',
    'apiVersion: regsync/v1',
    'kind: Document',
    'name: bill',
    'file: ../documents/bill.pdf',
    '',
  ].join('\n');

  async function warnings(config: string, warnsOfPlaintext: boolean) {
    const { root } = await workspace({
      'regsync.yaml': config,
      'groups/a.yaml': MANIFEST,
      'documents/bill.pdf': '%PDF-1.7\n%%EOF\n',
      'documents/passport.png': Buffer.from('89504e470d0a1a0a', 'hex'),
    });
    return (await loadDesired(await openRepository({ cwd: root }), { env: null, warnsOfPlaintext })).problems;
  }

  it('comes once for each file, at the line that names it', async () => {
    const problems = await warnings(CONFIG, true);
    expect(places(problems)).toEqual([
      'groups/a.yaml:11:15 plaintext-document',
      'groups/a.yaml:18:7 plaintext-document',
    ]);
    expect(problems.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  it('stays away where the configuration allows them, and where nobody asks', async () => {
    expect(await warnings(`${CONFIG}allow_plaintext_documents: true\n`, true)).toEqual([]);
    expect(await warnings(CONFIG, false)).toEqual([]);
  });
});

describe('identities', () => {
  it('stand one a line, comments and empty lines aside', async () => {
    const [one, two] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
    const text = `\ufeff# created: today\r\n# public key: ${one.recipient}\r\n${one.identity}\r\n\n ${two.identity}`;
    expect(await parseIdentities(text)).toEqual([one.identity, two.identity]);
  });

  it('that are none are told by their line, never by what stands there', async () => {
    const { identity, recipient } = await newAgeKeyPair();
    const mistyped = identity.replace(/.$/, (last) => (last === 'Q' ? 'P' : 'Q'));
    const wrong = [
      mistyped,
      identity.toLowerCase(),
      recipient,
      'AGE-PLUGIN-YUBIKEY-1ABC',
      `${identity} # mine`,
      'hunter2',
    ];
    for (const line of wrong) {
      const fault = (await parseIdentities(`# a comment\n${line}\n`)) as Fault;
      expect(fault.code).toBe('invalid-identity');
      expect(fault.message).toContain('line 2');
      expect(fault.message).not.toContain(line);
    }
    expect(await parseIdentities('# nothing\n')).toBeInstanceOf(Fault);
  });

  it('are not looked for before something is to be decrypted, and then once', async () => {
    const { identity, file } = await encrypted();
    let asked = 0;
    const identities = openIdentities(async () => {
      asked++;
      return [identity];
    });
    const { root } = await workspace({ 'a.txt.age': file });
    expect(asked).toBe(0);
    await readPlaintext(root, 'a.txt.age', identities);
    await readPlaintext(root, 'a.txt.age', identities);
    expect(asked).toBe(1);
  });
});
