import { chmod, lstat, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { germanGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

let repository: TestRepository;
let outside: string;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
  outside = await mkdtemp(join(tmpdir(), 'regsync-outside-'));
});
afterEach(async () => {
  await repository.end();
  await rm(outside, { recursive: true });
});

const inside = (path: string) => join(repository.folder, path);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

/** Each command that writes a file of the user's choice, and the name of that file. */
const WRITERS = [
  ['plan', ['plan', '--out'], 'plan.json'],
  ['ci plan', ['ci', 'plan', '--out'], 'plan.json'],
  ['report', ['report', '--out'], 'report.html'],
] as const;

describe.each(WRITERS)('%s --out', (_, command, name) => {
  it('writes a new file that only its owner reads', async () => {
    await mkdir(inside('out'));
    expect((await repository.run([...command, `out/${name}`])).code).toBe(0);
    expect(await modeOf(inside(`out/${name}`))).toBe('600');
  });

  it('keeps the mode of a file that it replaces', async () => {
    await repository.write(name, 'old');
    await chmod(inside(name), 0o640);
    expect((await repository.run([...command, name])).code).toBe(0);
    expect([await modeOf(inside(name)), await readFile(inside(name), 'utf8')]).toEqual([
      '640',
      expect.not.stringContaining('old'),
    ]);
  });

  it('writes through no link in the repository that leads out of it', async () => {
    await writeFile(join(outside, 'theirs'), 'theirs');
    await symlink(join(outside, 'theirs'), inside(name));
    await symlink(outside, inside('folder'));
    for (const path of [name, `folder/${name}`]) {
      const { code, err } = await repository.run([...command, path]);
      expect([code, err]).toEqual([
        3,
        expect.stringContaining(`${inside(path)}: it leads out of the repository`),
      ]);
    }
    expect(await readFile(join(outside, 'theirs'), 'utf8')).toBe('theirs');
    await expect(lstat(join(outside, name))).rejects.toThrow('ENOENT');
  });

  it.each(['regsync.yaml', 'groups/de.yaml', 'documents/registration.pdf'])(
    'takes the place of no file that you wrote: %s',
    async (path) => {
      const before = await readFile(inside(path));
      const { code, err } = await repository.run([...command, path]);
      expect([code, err]).toEqual([
        3,
        expect.stringContaining(`${path}: a file of your repository is there`),
      ]);
      expect(await readFile(inside(path))).toEqual(before);
    },
  );

  it('makes no file where a link leads nowhere', async () => {
    await symlink(join(outside, 'not-there'), inside(name));
    expect((await repository.run([...command, name])).code).toBe(3);
    await expect(lstat(join(outside, 'not-there'))).rejects.toThrow('ENOENT');
  });

  it('writes through a link to a file of the repository, and where the user names a place elsewhere', async () => {
    await repository.write('real', 'old');
    await symlink('real', inside(name));
    expect((await repository.run([...command, name])).code).toBe(0);
    expect((await lstat(inside(name))).isSymbolicLink()).toBe(true);
    expect(await readFile(inside('real'), 'utf8')).not.toBe('old');
    expect((await repository.run([...command, join(outside, name)])).code).toBe(0);
    expect(await modeOf(join(outside, name))).toBe('600');
  });
});

it('lock writes no regsync.lock.yaml through a link that leads out of the repository', async () => {
  await symlink(join(outside, 'lock'), inside('regsync.lock.yaml'));
  expect((await repository.run(['lock'])).code).toBe(3);
  await expect(lstat(join(outside, 'lock'))).rejects.toThrow('ENOENT');
});
