import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

const run = promisify(execFile);
const SOURCES = ['src', 'schemas', 'scripts', 'examples/github', 'package.json', 'README.md', 'LICENSE'];
const MORE = ['CHANGELOG.md', 'tsconfig.json', 'tsconfig.types.json'];

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
  for (const path of [...SOURCES, ...MORE])
    await cp(join(ROOT, path), join(folder, path), { recursive: true, filter: isSource });
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  await run(process.execPath, ['scripts/build.mjs'], { cwd: folder });
  await run(process.execPath, ['scripts/bundle-action.mjs'], { cwd: folder });
  const shell = process.platform === 'win32';
  await run('npm', ['pack', '--ignore-scripts'], { cwd: folder, shell });
}

/** Without what a build makes there. */
const isSource = (path: string) => !/validators\.js$/.test(path);

function digestsOf(folder: string): Record<string, string> {
  const files = ['dist', 'action', '.'].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: part !== '.', withFileTypes: true })
      .filter((entry) => entry.isFile() && (part !== '.' || entry.name.endsWith('.tgz')))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  return Object.fromEntries(
    files.map((file) => [
      file.slice(folder.length + 1),
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
