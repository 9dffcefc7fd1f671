import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copySources } from '../support/source-tree.ts';

const run = promisify(execFile);

let folders: readonly string[];

beforeAll(async () => {
  folders = await Promise.all(
    // Names of different lengths: none of them may get into the build.
    ['regsync-one-', 'regsync-another-place-'].map((name) => mkdtemp(join(tmpdir(), name))),
  );
  await Promise.all(folders.map(build));
}, 120_000);

afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function build(folder: string): Promise<void> {
  await copySources(folder);
  await run(process.execPath, ['scripts/build.mjs'], { cwd: folder });
  await run(process.execPath, ['scripts/bundle-action.mjs'], { cwd: folder });
  const shell = process.platform === 'win32';
  await run('npm', ['pack', '--ignore-scripts'], { cwd: folder, shell });
}

/** Of the package, and of everything in `dist` and `action`. */
function digestsOf(folder: string): Record<string, string> {
  const built = ['dist', 'action'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const packed = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  return Object.fromEntries(
    [...built, ...packed.map((name) => join(folder, name))].map((file) => [
      file.slice(folder.length + 1).replaceAll('\\', '/'),
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    ]),
  );
}

describe('two builds of one commit, in two places', () => {
  it('are equal byte for byte: the program, the action, their maps, and the package as a whole', () => {
    const [first, second] = folders.map(digestsOf);
    expect(Object.keys(first ?? {})).toEqual(
      expect.arrayContaining([
        'dist/regsync.js',
        'dist/chunks/plan.js',
        'dist/regsync.js.map',
        'action/index.js',
      ]),
    );
    expect(Object.keys(first ?? {}).filter((name) => name.endsWith('.tgz'))).toHaveLength(1);
    expect(second).toEqual(first);
  });
});
