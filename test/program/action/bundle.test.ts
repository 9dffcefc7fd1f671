import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GATE_NAMES, inputOf } from '../../../src/model/plan/gates.ts';
import { ROOT } from '../../support/test-repository.ts';

const COMMITTED = join(ROOT, 'action');

describe('the committed bundle', () => {
  it('is what the sources give, byte for byte: else run `npm run bundle:action`', async () => {
    const check = promisify(execFile)(process.execPath, [join(ROOT, 'scripts/bundle-action.mjs'), '--check']);
    await expect(check).resolves.toMatchObject({
      stdout: 'action/ is what the sources give (THIRD-PARTY-LICENSES.txt, index.js, package.json).\n',
    });
  });

  it('names no place of the machine that built it', async () => {
    const text = await readFile(join(COMMITTED, 'index.js'), 'utf8');
    expect(text).not.toContain(ROOT);
    expect(text).not.toContain('node_modules/');
  });

  it('is what action.yml starts, and needs nothing beside it', async () => {
    const { runs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
    expect(runs).toEqual({ using: 'node24', main: 'action/index.js' });
    const alone = await mkdtemp(join(tmpdir(), 'regsync-alone-'));
    await cp(COMMITTED, alone, { recursive: true });
    const started = promisify(execFile)(process.execPath, [join(alone, 'index.js')], { cwd: alone, env: {} });
    await expect(started).rejects.toMatchObject({
      code: 3,
      stdout: expect.stringMatching(/^::error .*GITHUB_REPOSITORY is not set/),
    });
    await rm(alone, { recursive: true });
  });
});

describe('action.yml', () => {
  it('has every input that the code reads, and no other', async () => {
    const { inputs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
    const source = await readFile(join(ROOT, 'src/action/inputs.ts'), 'utf8');
    const read = [...source.matchAll(/\b(?:text|lines|flag|number|choice)\('([a-z-]+)'/g)].map(
      ([, name]) => name,
    );
    expect(Object.keys(inputs).sort()).toEqual([...new Set([...read, ...GATE_NAMES.map(inputOf)])].sort());
  });

  it('has every output that the code sets, and no other', async () => {
    const { outputs } = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
    const folders = ['src/action', 'src/cli/review'].map((folder) => join(ROOT, folder));
    const files = await Promise.all(
      folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
    );
    const sources = await Promise.all(files.flat().map((file) => readFile(file, 'utf8')));
    const set = [...sources.join('').matchAll(/outputs\.set\('([a-z-]+)'/g)].map(([, name]) => name);
    expect(Object.keys(outputs).sort()).toEqual([...new Set([...set, 'exit-code'])].sort());
  });
});
