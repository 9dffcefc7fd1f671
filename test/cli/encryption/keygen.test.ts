import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Decrypter, identityToRecipient } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRecipients } from '../../../src/manifest/encryption/recipients.ts';
import { newAgeKeyPair } from '../../support/age-keys.ts';
import { whenInstalled } from '../../support/programs/programs.ts';
import { converse } from '../../support/programs/pseudo-terminal.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

let repository: TestRepository;
let home: TestRepository;
beforeEach(async () => {
  [repository, home] = await Promise.all([openTestRepository({}), openTestRepository({})]);
});
afterEach(() => Promise.all([repository.end(), home.end()]));

const recipientsFile = () => join(repository.folder, '.regsync/recipients');
const keygen = (...args: string[]) => repository.run(['keygen', ...args], { env: { HOME: home.folder } });

async function identityIn(path: string): Promise<string> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  return lines.find((line) => line.startsWith('AGE-SECRET-KEY-1')) ?? '';
}

describe('regsync keygen', () => {
  it('keeps the identity where only its owner reads it, and prints the public half alone', async () => {
    const { code, out, err } = await keygen();
    const path = join(home.folder, '.config/regsync/age-identity.txt');
    expect(code, err).toBe(0);
    const identity = await identityIn(path);
    expect(out).toBe(`${await identityToRecipient(identity)}\n`);
    expect(out + err).not.toContain(identity);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(home.folder, '.config/regsync'))).mode & 0o777).toBe(0o700);
    expect(err).toContain(`export REGSYNC_AGE_IDENTITY_FILE=${path}`);
    await expect(readFile(recipientsFile())).rejects.toThrow('ENOENT');
  });

  it('makes a key that `encrypt` and `rekey` use as they are', async () => {
    const path = join(home.folder, 'key.txt');
    expect((await keygen('--out', path, '--add')).code).toBe(0);
    expect((await repository.run(['encrypt', 'documents/registration.pdf'])).code).toBe(0);
    const decrypter = new Decrypter();
    decrypter.addIdentity(await identityIn(path));
    const bytes = await readFile(join(repository.folder, 'documents/registration.pdf.age'));
    const plain = await readFile(join(repository.folder, 'documents/registration.pdf'));
    expect(Buffer.from(await decrypter.decrypt(bytes))).toEqual(plain);
  });

  it('says which line is to be appended if it cannot append it, because the key is made', async () => {
    await mkdir(recipientsFile(), { recursive: true });
    const { code, err } = await keygen('--add');
    expect(code).toBe(3);
    const identity = await identityIn(join(home.folder, '.config/regsync/age-identity.txt'));
    expect(err).toContain(`append the line ${await identityToRecipient(identity)} to .regsync/recipients`);
    expect(err).not.toContain(identity);
  });

  it('replaces no identity, because every file that it reads would be lost', async () => {
    await keygen();
    const path = join(home.folder, '.config/regsync/age-identity.txt');
    const before = await readFile(path, 'utf8');
    const { code, out, err } = await keygen('--add');
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('a file is there already, and regsync replaces none');
    expect(err).toContain('append the recipient after "# public key:" in that file to .regsync/recipients');
    expect(before).toMatch(/^# public key: age1/m);
    expect(await readFile(path, 'utf8')).toBe(before);
    await expect(readFile(recipientsFile())).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a file that ends in a line end', '# jane\nOTHER\n', '# jane\nOTHER\nNEW\n'],
    ['a file that does not', '# jane\nOTHER', '# jane\nOTHER\nNEW\n'],
    ['no file', null, 'NEW\n'],
  ])('appends the recipient with --add to %s', async (_, before, after) => {
    const other = await newAgeKeyPair();
    if (before !== null)
      await repository.write('.regsync/recipients', before.replace('OTHER', other.recipient));
    const { code, out } = await keygen('--add', '--format', 'json');
    expect(code).toBe(0);
    const { recipient, added, identity_file } = JSON.parse(out);
    expect({ added, identity_file }).toEqual({
      added: true,
      identity_file: join(home.folder, '.config/regsync/age-identity.txt'),
    });
    expect(await readFile(recipientsFile(), 'utf8')).toBe(
      after.replace('OTHER', other.recipient).replace('NEW', recipient),
    );
    expect(await readRecipients(repository.folder)).toContain(recipient);
  });

  it.each([
    ['the repository', 'key.txt'],
    ['a folder of it that does not exist yet', 'keys/key.txt'],
    ['the working tree of git around it', '../key.txt'],
  ])('writes no identity into %s unless it is told to', async (_, out) => {
    await mkdir(join(repository.folder, '.git'));
    await repository.write('account/regsync.yaml', 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n');
    await mkdir(join(repository.folder, 'account/keys'));
    const cwd = join(repository.folder, 'account');
    const refused = await repository.run(['keygen', '--out', out], { cwd });
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('is in the repository, where git could carry the identity');
    expect(refused.err).toContain('--into-repository');
    const told = await repository.run(['keygen', '--out', out, '--into-repository'], { cwd });
    expect(told.code, told.err).toBe(0);
    expect((await stat(join(cwd, out))).mode & 0o777).toBe(0o600);
  });

  it.each([
    [['--out', '-'], 'regsync never prints an identity'],
    [['--out', 'none/such/key.txt', '--into-repository'], 'its folder does not exist'],
    [['--add', '--chdir', '/'], '--add needs a repository with a regsync.yaml'],
  ])('refuses %j before it writes anything', async (args, words) => {
    const { code, out, err } = await keygen(...args);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(words);
    await expect(stat(join(home.folder, '.config'))).rejects.toThrow('ENOENT');
  });

  it('asks for a file where no home is known', async () => {
    const { code, err } = await repository.run(['keygen'], { env: { HOME: undefined } });
    expect(code).toBe(3);
    expect(err).toContain('regsync does not know your home folder: name a file with --out FILE');
  });

  it('works before there is a repository, and says what to do with the recipient', async () => {
    await writeFile(join(home.folder, 'empty.txt'), '');
    const { code, out } = await keygen('--chdir', '/');
    expect(code).toBe(0);
    expect(out).toMatch(/^age1[02-9ac-hj-np-z]{58}\n$/);
  });
});

describe.runIf(whenInstalled('script'))('a person at a terminal', () => {
  const talk = (answer: string) =>
    converse(['keygen', '--no-color'], [['Add the recipient to .regsync/recipients?', answer]], {
      cwd: repository.folder,
      env: { HOME: home.folder },
    });

  it('is asked, and has the recipient appended by a yes', async () => {
    const { code, screen } = await talk('y');
    expect(code, screen).toBe(0);
    const [recipient] = await readRecipients(repository.folder);
    expect(screen).toContain(recipient);
    expect(screen).not.toContain('AGE-SECRET-KEY');
  });

  it('has nothing appended by any other answer, and keeps the identity', async () => {
    const { code, screen } = await talk('');
    expect(code, screen).toBe(0);
    await expect(readFile(recipientsFile())).rejects.toThrow('ENOENT');
    expect(await identityIn(join(home.folder, '.config/regsync/age-identity.txt'))).not.toBe('');
  });
});
