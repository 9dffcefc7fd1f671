import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encryptFor } from '../../../src/manifest/encryption/recipients.ts';
import { type AgeKeyPair, newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { answerTo } from '../../support/mistakes.ts';
import { germanGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** Mistakes with encrypted documents and keys of age: each message says where, what is wrong, and what to type. */
const FILE = 'documents/registration.pdf';
let repository: TestRepository;
let owner: AgeKeyPair;
let plaintext: string;
beforeEach(async () => {
  owner = await newAgeKeyPair();
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  plaintext = await readFile(join(repository.folder, FILE), 'utf8');
  await repository.write(`${FILE}.age`, await encryptFor([owner.recipient], Buffer.from(plaintext)));
  await writeGroup(`, sha256: ${sha256(plaintext)}`);
});
afterEach(() => repository.end());

const writeGroup = (more: string) =>
  repository.write('groups/de.yaml', germanGroup().replace(`../${FILE} }`, `../${FILE}.age${more} }`));
const validated = () => answerTo(repository, ['validate']);
const applied = (env: Readonly<Record<string, string>> = {}) =>
  answerTo(repository, ['apply', '--yes'], { env });

describe('validate names the next step', () => {
  it('of a file whose name alone says that it is encrypted', async () => {
    await repository.write(`${FILE}.age`, plaintext);
    const told = await validated();
    expect(told).toContain('groups/de.yaml:11:15  not-encrypted');
    expect(told).toContain(
      'Rename it to its name without .age, and run `regsync encrypt --update FILE` on it.',
    );
  });

  it('of an encrypted document without its digest', async () => {
    await writeGroup('');
    const told = await validated();
    expect(told).toContain('groups/de.yaml:11:15  missing-digest');
    expect(told).toContain('Run `regsync encrypt FILE` on the plaintext: it prints the line to paste here.');
  });
});

describe('apply names the next step before it writes', () => {
  afterEach(async () => {
    expect((await repository.requests()).filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  it('without an identity', async () => {
    const told = await applied();
    expect(told).toContain('groups/de.yaml:11:15  missing-identity');
    expect(told).toContain(
      'Set REGSYNC_AGE_IDENTITY_FILE to a file of `regsync keygen` outside of the repository',
    );
  });

  it('with the identity of somebody else', async () => {
    const { identity } = await newAgeKeyPair();
    const told = await applied({ REGSYNC_AGE_IDENTITY: identity });
    expect(told).toContain('groups/de.yaml:11:15  wrong-identity');
    expect(told).toContain('to add your recipient to .regsync/recipients and to run `regsync rekey`');
    expect(told).not.toContain(identity);
  });

  it('with an identity in the repository', async () => {
    await repository.write('key.txt', owner.identity);
    const told = await applied({ REGSYNC_AGE_IDENTITY_FILE: 'key.txt' });
    expect(told).toContain('REGSYNC_AGE_IDENTITY_FILE points into the repository');
    expect(told).toContain('move the identity to a folder outside of it');
  });
});

describe('encrypt names the line of the recipients and the next step', () => {
  it.each<readonly [title: string, line: () => string, what: string, next: string]>([
    [
      'of a secret key',
      () => owner.identity,
      '.regsync/recipients:2:1  secret-key',
      'if it was ever committed or pushed, make a new one with `regsync keygen`',
    ],
    [
      'of a key for SSH',
      () => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${'Example'.repeat(6)} jo@example.com`,
      '.regsync/recipients:2:1  invalid-recipient  regsync does not encrypt for SSH keys',
      'Ask that person to run `regsync keygen`',
    ],
  ])('%s', async (_, line, what, next) => {
    await repository.write('.regsync/recipients', `${owner.recipient}\n${line()}\n`);
    const told = await answerTo(repository, ['encrypt', FILE]);
    expect(told).toContain(what);
    expect(told).toContain(next);
    expect(told).not.toContain(owner.identity);
  });
});
