import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Decrypter, Encrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import {
  armor,
  type Ciphertext,
  labelOf,
  readCiphertext,
} from '../../../src/manifest/encryption/ciphertext.ts';
import { encryptFor, readRecipients } from '../../../src/manifest/encryption/recipients.ts';
import { Fault } from '../../../src/manifest/fault.ts';
import { InvalidInputError } from '../../../src/model/errors.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { fc } from '../../support/fast-check.ts';
import { findProgram, whenInstalled } from '../../support/programs/programs.ts';
import { workspace } from '../workspace.ts';

async function decrypt(file: Uint8Array, identity: string): Promise<string> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decrypt(file)).toString();
}

function looked(file: Uint8Array | string): Ciphertext | Fault {
  return readCiphertext(typeof file === 'string' ? Buffer.from(file) : file);
}

function codeOf(found: Ciphertext | Fault): string {
  return found instanceof Fault ? found.code : 'sound';
}

describe('encryptFor', () => {
  it('makes a file that each recipient can decrypt and nobody else', async () => {
    const [one, two, other] = await Promise.all([newAgeKeyPair(), newAgeKeyPair(), newAgeKeyPair()]);
    const file = await encryptFor([one.recipient, two.recipient], Buffer.from('Example GmbH'));
    expect(await decrypt(file, one.identity)).toBe('Example GmbH');
    expect(await decrypt(file, two.identity)).toBe('Example GmbH');
    await expect(decrypt(file, other.identity)).rejects.toThrow();
    expect(Buffer.from(file).includes('Example GmbH')).toBe(false);
  });

  it('gives any content back, of any length around the size of a chunk', async () => {
    const { identity, recipient } = await newAgeKeyPair();
    for (const length of [1, 65_535, 65_536, 65_537, 131_072, 200_000]) {
      const content = randomBytes(length);
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      const read = await decrypter.decrypt(await encryptFor([recipient], content));
      expect(sha256(read)).toBe(sha256(content));
    }
  });

  it('writes into the header for which recipients the file is, whatever their order', async () => {
    const [one, two] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
    const both = looked(await encryptFor([one.recipient, two.recipient], Buffer.from('x')));
    expect(both).toMatchObject({ label: labelOf([two.recipient, one.recipient]) });
    const alone = looked(await encryptFor([one.recipient], Buffer.from('x')));
    expect(alone).toMatchObject({ label: labelOf([one.recipient, one.recipient]) });
    expect(labelOf([one.recipient])).not.toBe(labelOf([two.recipient]));
  });

  it('never makes the same file twice', async () => {
    const { recipient } = await newAgeKeyPair();
    const [first, second] = await Promise.all([1, 2].map(() => encryptFor([recipient], Buffer.from('x'))));
    expect(Buffer.compare(first ?? Buffer.of(), second ?? Buffer.of())).not.toBe(0);
  });

  it('refuses to encrypt for nobody', async () => {
    await expect(encryptFor([], Buffer.from('x'))).rejects.toThrow('nobody');
  });
});

describe('readCiphertext', () => {
  it('reads armor and binary alike', async () => {
    const { recipient } = await newAgeKeyPair();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (content) => {
        const file = await encryptFor([recipient], content);
        for (const ending of ['\n', '\r\n']) {
          const armored = looked(`\n${armor(file).replaceAll('\n', ending)}\n`);
          expect(armored).toMatchObject({ label: labelOf([recipient]) });
          expect(Buffer.compare((armored as Ciphertext).bytes, file)).toBe(0);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('knows no label of a file that another program has written', async () => {
    const { recipient } = await newAgeKeyPair();
    const encrypter = new Encrypter();
    encrypter.addRecipient(recipient);
    expect(looked(await encrypter.encrypt('x'))).toMatchObject({ label: null });
  });

  it('refuses files with a passphrase without hashing it, however much work they ask for', async () => {
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(2);
    encrypter.setPassphrase('not the sesame');
    expect(codeOf(looked(await encrypter.encrypt('x')))).toBe('passphrase-encrypted');
    const salt = Buffer.alloc(16).toString('base64').replace(/=+$/, '');
    const body = Buffer.alloc(32).toString('base64').replace(/=+$/, '');
    const laborious = `age-encryption.org/v1\n-> scrypt ${salt} 999999\n${body}\n--- ${body}\n`;
    expect(codeOf(looked(laborious))).toBe('passphrase-encrypted');
  });

  it.each([
    ['nothing', '', 'not-encrypted'],
    ['a PDF', '%PDF-1.7\n', 'not-encrypted'],
    ['another version', 'age-encryption.org/v2\n', 'not-encrypted'],
    ['a header that ends early', 'age-encryption.org/v1\n-> X25519 a\nb\n', 'damaged-file'],
    ['a header without a recipient', 'age-encryption.org/v1\n--- mac\n', 'damaged-file'],
    [
      'a thousand recipients',
      `age-encryption.org/v1\n${'-> X25519 a\nb\n'.repeat(1000)}--- m\n`,
      'damaged-file',
    ],
    ['a header without an end', `age-encryption.org/v1\n${'-'.repeat(200_000)}`, 'damaged-file'],
    ['armor without an end', '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n', 'damaged-file'],
    [
      'armor with an empty line',
      '-----BEGIN AGE ENCRYPTED FILE-----\n\nYWdl\n-----END AGE ENCRYPTED FILE-----\n',
      'damaged-file',
    ],
    [
      'armor around something that is no Base64',
      '-----BEGIN AGE ENCRYPTED FILE-----\n****\n-----END AGE ENCRYPTED FILE-----\n',
      'damaged-file',
    ],
    [
      'armor around something that is no age file',
      '-----BEGIN AGE ENCRYPTED FILE-----\nYWJj\n-----END AGE ENCRYPTED FILE-----\n',
      'not-encrypted',
    ],
  ])('refuses %s', (_, file, code) => {
    expect(codeOf(looked(file))).toBe(code);
  });
});

describe('readRecipients', () => {
  async function read(text: string | Uint8Array | null): Promise<readonly string[] | readonly Problem[]> {
    const { root } = await workspace(text === null ? {} : { '.regsync/recipients': text });
    try {
      return await readRecipients(root);
    } catch (error) {
      if (error instanceof InvalidInputError) return error.problems;
      throw error;
    }
  }

  it('takes one recipient a line, comments and empty lines aside, each once', async () => {
    const [one, two] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
    const text = `\ufeff# who may decrypt\r\n\r\n  ${one.recipient}\r\n${two.recipient}\n${one.recipient}`;
    expect(await read(text)).toEqual([one.recipient, two.recipient]);
  });

  it.each([
    ['is missing', null],
    ['is empty', ''],
    ['holds comments only', '# nobody yet\n'],
  ])('is a problem that says how to begin when the file %s', async (_, text) => {
    const [problem] = (await read(text)) as readonly Problem[];
    expect(problem).toMatchObject({
      code: 'no-recipients',
      source: { file: '.regsync/recipients', line: 1, column: 1 },
      hint: expect.stringContaining('regsync keygen --add'),
    });
  });

  it('names every line that is no recipient, by line and column, without repeating it', async () => {
    const { identity, recipient } = await newAgeKeyPair();
    const mistyped = recipient.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    const lines = [
      recipient,
      `  ${identity}`,
      mistyped,
      `${recipient} # jane`,
      recipient.toUpperCase(),
      `ssh-ed25519 ${'A'.repeat(40)}`,
      'age1yubikey1qwerty',
    ];
    const problems = (await read(lines.join('\n'))) as readonly Problem[];
    expect(problems.map(({ code, source }) => [source?.line, source?.column, code])).toEqual([
      [2, 3, 'secret-key'],
      [3, 1, 'invalid-recipient'],
      [4, 1, 'invalid-recipient'],
      [5, 1, 'invalid-recipient'],
      [6, 1, 'invalid-recipient'],
      [7, 1, 'invalid-recipient'],
    ]);
    const said = JSON.stringify(problems);
    for (const line of lines.slice(1)) expect(said).not.toContain(line.trim());
  });

  it('notices every single letter that is mistyped', async () => {
    const { recipient } = await newAgeKeyPair();
    const letters = [...'qpzry9x8gf2tvdw0s3jn54khce6mua7l'];
    const mistyped = Array.from({ length: 58 }, (_, index) => {
      const at = 'age1'.length + index;
      const letter = letters.find((candidate) => candidate !== recipient[at]) ?? '';
      return recipient.slice(0, at) + letter + recipient.slice(at + 1);
    });
    const problems = (await read(mistyped.join('\n'))) as readonly Problem[];
    expect(problems.map(({ source }) => source?.line)).toEqual(mistyped.map((_, index) => index + 1));
  });

  it('is a problem when there are more than anybody has', async () => {
    const people = await Promise.all(Array.from({ length: 65 }, newAgeKeyPair));
    const [problem] = (await read(people.map(({ recipient }) => recipient).join('\n'))) as readonly Problem[];
    expect(problem).toMatchObject({ code: 'too-many-recipients' });
  });
});

const AGE = findProgram('age') ?? '';

describe.runIf(whenInstalled('age'))('the program age', () => {
  it('decrypts what encryptFor has made, binary and in armor', async () => {
    const { identity, recipient } = await newAgeKeyPair();
    const { at } = await workspace({ 'key.txt': identity });
    const file = await encryptFor(
      [recipient, (await newAgeKeyPair()).recipient],
      Buffer.from('Example GmbH'),
    );
    for (const input of [file, armor(file)]) {
      const read = execFileSync(AGE, ['--decrypt', '-i', at('key.txt')], { input });
      expect(read.toString()).toBe('Example GmbH');
    }
  });

  it.each([[[]], [['--armor']]])('makes files that are read, with the options %j', async (options) => {
    const { identity, recipient } = await newAgeKeyPair();
    const file = execFileSync(AGE, [...options, '-r', recipient], { input: 'Example GmbH' });
    const found = looked(file);
    expect(found).toMatchObject({ label: null });
    expect(await decrypt((found as Ciphertext).bytes, identity)).toBe('Example GmbH');
  });
});
