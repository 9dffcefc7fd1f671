import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type AgeKeyPair, newAgeKeyPair, sha256 } from '../../support/age-keys.ts';
import { openTestRepository, type TestRepository } from '../../support/test-repository.ts';

const SCAN = 'the scan of a passport that nobody has';
const FILE = 'documents/passport.txt.age';

let repository: TestRepository;
let elsewhere: TestRepository;
let [jane, mallory]: AgeKeyPair[] = [];
beforeEach(async () => {
  [repository, elsewhere] = await Promise.all([
    openTestRepository({ 'documents/passport.txt': SCAN }),
    openTestRepository({}),
  ]);
  [jane, mallory] = await Promise.all([newAgeKeyPair(), newAgeKeyPair()]);
  await repository.write('.regsync/recipients', `${jane?.recipient}\n`);
  expect((await repository.run(['encrypt', 'documents/passport.txt'])).code).toBe(0);
  await rm(join(repository.folder, 'documents/passport.txt'));
});
afterEach(() => Promise.all([repository.end(), elsewhere.end()]));

const decrypt = (args: readonly string[], owner = jane, more = {}) =>
  repository.run(['decrypt', ...args], { env: { REGSYNC_AGE_IDENTITY: owner?.identity, ...more } });

/** The folders of these tests: others may run at the same time. */
const leftovers = async () =>
  (await readdir(tmpdir()))
    .filter((name) => name.startsWith('regsync-decrypt-'))
    .filter((name) => existsSync(join(tmpdir(), name, 'passport.txt')));

describe('regsync decrypt', () => {
  it('writes the plaintext to a temporary file that only its owner reads, and prints its path alone', async () => {
    const { code, out, err } = await decrypt([FILE]);
    expect(code, err).toBe(0);
    const path = out.trimEnd();
    onTestFinished(() => rm(dirname(path), { recursive: true }));
    expect(await readFile(path, 'utf8')).toBe(SCAN);
    expect(basename(path)).toBe('passport.txt');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(err).toContain(`rm ${path}`);
    expect(out + err).not.toContain(SCAN);
    expect(await readdir(join(repository.folder, 'documents'))).not.toContain('passport.txt');
  });

  it('says the same as JSON, with the digest to compare', async () => {
    const path = join(elsewhere.folder, 'seen.txt');
    const { code, out } = await decrypt([FILE, '--out', path, '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      format_version: '1.0',
      file: path,
      sha256: sha256(SCAN),
      diagnostics: [],
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['..age', '...age', '.age'])('of the name %s removes nothing around its folder', async (name) => {
    const folder = join(elsewhere.folder, 'a/b');
    await mkdir(folder, { recursive: true });
    await elsewhere.write('a/b/mine.txt', 'mine');
    await cp(join(repository.folder, FILE), join(repository.folder, name));
    vi.stubEnv('TMPDIR', folder);
    const { code, out, err } = await decrypt([name]).finally(() => vi.unstubAllEnvs());
    expect(code, err).toBe(0);
    expect(basename(out.trimEnd())).toBe('document');
    expect(await readFile(out.trimEnd(), 'utf8')).toBe(SCAN);
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });

  it('replaces no file', async () => {
    await elsewhere.write('seen.txt', 'mine');
    const path = join(elsewhere.folder, 'seen.txt');
    const { code, out, err } = await decrypt([FILE, '--out', path]);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('a file is there already, and regsync replaces none');
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('writes nothing into the repository unless it is told to', async () => {
    const refused = await decrypt([FILE, '--out', 'documents/seen.txt']);
    expect([refused.code, refused.out]).toEqual([3, '']);
    expect(refused.err).toContain('is in the repository, where git could carry the plaintext');
    expect(await readdir(join(repository.folder, 'documents'))).not.toContain('seen.txt');
    const told = await decrypt([FILE, '--out', 'documents/seen.txt', '--into-repository']);
    expect(told.code, told.err).toBe(0);
    expect(await readFile(join(repository.folder, 'documents/seen.txt'), 'utf8')).toBe(SCAN);
  });

  it.each([
    ['another’s key', () => mallory, 'wrong-identity'],
    ['no key', () => ({ identity: '', recipient: '' }), 'missing-identity'],
  ])('refuses with %s as other commands do, and leaves nothing behind', async (_, owner, words) => {
    const { code, out, err } = await decrypt([FILE], owner());
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(words);
    expect(await leftovers()).toEqual([]);
    const json = await decrypt([FILE, '--format', 'json'], owner());
    expect(json.code).toBe(3);
    expect(JSON.parse(json.out).diagnostics).toMatchObject([{ code: words }]);
  });

  it.each([
    [['documents/registration.pdf'], 'not-encrypted'],
    [['documents/none.age'], 'file-not-found'],
    [[FILE, '--out', '-'], 'regsync never prints a document'],
  ])('refuses %j', async (args, words) => {
    const { code, out, err } = await decrypt(args);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(words);
  });

  it('reads what `encrypt -` prints', async () => {
    const { out } = await repository.run(['encrypt', '-', '--format', 'json'], { input: 'DE000000000' });
    const path = join(elsewhere.folder, 'text.txt');
    const { code, err } = await repository.run(['decrypt', '-', '--out', path], {
      env: { REGSYNC_AGE_IDENTITY: jane?.identity },
      input: JSON.parse(out).text_from.age,
    });
    expect(code, err).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('DE000000000');
  });

  it('warns whoever approves that a manifest pins another document', async () => {
    const manifest = (digest: string) =>
      `apiVersion: regsync/v1\nkind: Document\nname: passport\nfile: ../${FILE}\nsha256: ${digest}\n`;
    await repository.write('groups/a.yaml', manifest(sha256('another document')));
    const path = (name: string) => ['--out', join(elsewhere.folder, name)];
    const { code, err } = await decrypt([FILE, ...path('1')]);
    expect(code, err).toBe(0);
    expect(err).toContain('groups/a.yaml:4');
    expect(err).toContain('digest-mismatch');
    await repository.write('groups/a.yaml', manifest(sha256(SCAN)));
    expect((await decrypt([FILE, ...path('2')])).err).not.toContain('digest-mismatch');
  });

  it('works outside of every repository', async () => {
    await mkdir(join(elsewhere.folder, 'out'));
    const path = join(elsewhere.folder, 'out/seen.txt');
    const { code, err } = await decrypt([join(repository.folder, FILE), '--out', path, '--chdir', '/']);
    expect(code, err).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(SCAN);
  });
});
