import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const dist = resolve(import.meta.dirname, '../../dist');
const minimal = resolve(import.meta.dirname, '../../examples/minimal');

/** Says for each part whether V8 took what was compiled of it in advance. */
const WITNESS = `
const vm = require('node:vm');
const Script = vm.Script;
vm.Script = class extends Script {
  constructor(source, options) {
    super(source, options);
    process.stderr.write('<' + require('node:path').basename(options.filename) + ' ' +
      (this.cachedDataRejected ? 'refused' : 'taken') + '>');
  }
};
`;

describe('what the build compiled in advance', () => {
  let witness = '';
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regsync-witness-'));
    witness = join(folder, 'witness.cjs');
    await writeFile(witness, WITNESS);
    return () => rm(folder, { recursive: true });
  });

  const validate = (folder: string, ...flags: string[]) =>
    run(process.execPath, [
      ...flags,
      '-r',
      witness,
      join(folder, 'regsync.js'),
      'validate',
      '--chdir',
      minimal,
    ]);

  it('is taken by the V8 that compiled it', async () => {
    const { stdout, stderr } = await validate(dist);
    expect(stdout).toMatch(/^Valid: /);
    expect(stderr).toContain('<program.js taken>');
    expect(stderr).toContain('<repository.js taken>');
    expect(stderr).not.toContain('refused');
  });

  it('is refused under other flags, and nobody notices', async () => {
    const { stdout, stderr } = await validate(dist, '--no-lazy');
    expect(stdout).toMatch(/^Valid: /);
    expect(stderr).toContain('<program.js refused>');
  });

  it('may be broken, or not there at all', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'regsync-code-cache-'));
    onTestFinished(() => rm(copy, { recursive: true }));
    await cp(dist, copy, { recursive: true });
    const [folder] = (await readdir(join(copy, 'chunks'))).filter((name) => !name.endsWith('.js'));
    const cache = join(copy, 'chunks', folder ?? '');
    for (const name of await readdir(cache)) await writeFile(join(cache, name), 'canary');
    const broken = await validate(copy);
    expect(broken.stdout).toMatch(/^Valid: /);
    expect(broken.stderr).toContain('<program.js refused>');
    await rm(cache, { recursive: true });
    const missing = await validate(copy);
    expect(missing.stdout).toMatch(/^Valid: /);
    expect(missing.stderr).not.toContain('<');
  });
});
