import { chmod, mkdir, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { emptyFolder } from '../support/folders.ts';
import { buildWithClocks } from '../support/programs/builds.ts';
import { runInShell } from '../support/programs/shell.ts';
import { frenchGroup, openTestRepository, type TestRepository } from '../support/test-repository.ts';

let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() });
});
afterEach(() => repository.end());

const STATE = '.regsync/sandbox.json';
const PLAN = ['plan', '--sandbox'];
const APPLY = ['apply', '--sandbox', '--yes'];

/** Where a failed request is repeated, a second is a hundredth of one. */
const build = buildWithClocks(0.01);

describe('a state file that cannot be used', () => {
  it.each([
    ['broken JSON', '{"broken', 'is not JSON. Delete it to start afresh.'],
    ['another shape', '{}', 'is not of the format "regsync-sandbox/1". Delete it to start afresh.'],
    ['another format', '{"format":"regsync-sandbox/0"}', 'is not of the format "regsync-sandbox/1".'],
  ])('with %s is refused in one way, whoever asks for it, and stays as it is', async (_, text, message) => {
    await repository.write(STATE, text);
    const file = join(repository.folder, STATE);
    for (const command of [PLAN, APPLY, ['status', '--sandbox'], ['sandbox', '--state', STATE]]) {
      const { code, err } = await repository.run(command);
      expect([code, err]).toEqual([3, expect.stringContaining(`the sandbox cannot start: The sandbox's`)]);
      expect(err).toContain(`${file} ${message}`);
    }
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('that is a folder, or in a folder that is none, is refused by name', async () => {
    await mkdir(join(repository.folder, STATE), { recursive: true });
    for (const command of [PLAN, APPLY]) {
      const { code, err } = await repository.run(command);
      expect([code, err]).toEqual([3, expect.stringContaining(`${STATE} cannot be read: it is a folder`)]);
    }
    await rm(join(repository.folder, '.regsync'), { recursive: true });
    await repository.write('.regsync', 'a file');
    for (const command of [PLAN, APPLY]) {
      const { code, err } = await repository.run(command);
      expect([code, err]).toEqual([
        3,
        expect.stringContaining(`${STATE} cannot be read: a part of its path is not a folder`),
      ]);
    }
  });
});

describe('a state that cannot be saved', () => {
  async function expectRefusal(): Promise<void> {
    const { code, out, err } = await repository.run(APPLY);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain(`${join(repository.folder, STATE)} cannot be written: `);
    const planned = await repository.run(PLAN);
    expect([planned.code, planned.out]).toEqual([0, expect.stringContaining('Plan: 1 to create')]);
  }

  it('stops an apply before it begins; a plan needs none', async () => {
    await symlink('nowhere', join(repository.folder, '.regsync'));
    await expectRefusal();
  });

  it.runIf(process.getuid?.() !== 0)('does so in a folder that may not be written to', async () => {
    await chmod(repository.folder, 0o500);
    await expectRefusal();
    await chmod(repository.folder, 0o700);
  });

  it('is no success when that shows only later, and the reason is said', async () => {
    // Twice as much as the largest file may have, which is a limit in blocks of 512 or 1024 bytes.
    const scan = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(2 * 2 ** 20)]);
    await repository.write('documents/address-fr.png', scan);
    const line = `ulimit -f 1024; exec "${process.execPath}" "${build.file}" ${APPLY.join(' ')}`;
    const { code, out, err } = await runInShell(line, { cwd: repository.folder, env: {} });
    expect(code).toBe(4);
    expect(out).toContain('0 applied, 1 failed');
    expect(err).toContain(
      `error: The sandbox's state file ${join(repository.folder, STATE)} cannot be written: it would be too large for the file system`,
    );
    const { out: next } = await repository.run([...PLAN, '--detailed-exitcode']);
    expect(next).toContain('Plan: 1 to create');
  });
});

it('a state that a link would lead out of the repository is neither read nor written', async () => {
  const outside = await emptyFolder();
  await symlink(outside, join(repository.folder, '.regsync'));
  for (const command of [PLAN, APPLY]) {
    const { code, out, err } = await repository.run(command);
    expect([code, out]).toEqual([3, '']);
    expect(err).toContain('.regsync leads out of the repository');
  }
  expect(await readdir(outside)).toEqual([]);
});

describe('the state', () => {
  it('is nothing that git would take up, and neither is what hides it', async () => {
    await runInShell('git init -q', { cwd: repository.folder, env: process.env });
    await repository.write('.regsync/recipients', '');
    expect((await repository.run(APPLY)).code).toBe(0);
    expect(await readdir(join(repository.folder, '.regsync'))).toContain('sandbox.json');
    const { out } = await runInShell('git status --porcelain -uall .regsync', {
      cwd: repository.folder,
      env: process.env,
    });
    expect(out).toBe('?? .regsync/recipients\n');
  });

  it('is hidden by what the repository has for that, where it has something', async () => {
    await repository.write('.regsync/.gitignore', '*\n');
    expect((await repository.run(APPLY)).code).toBe(0);
    expect(await readFile(join(repository.folder, '.regsync/.gitignore'), 'utf8')).toBe('*\n');
  });
});
