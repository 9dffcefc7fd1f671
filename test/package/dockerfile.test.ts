import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../support/root.ts';

const run = promisify(execFile);

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** Its instructions, with continued lines as one. */
const instructions: readonly Instruction[] = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', '')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [, name = '', text = ''] = line.match(/^([A-Z]+) (.*)$/) ?? [];
    return { name, text };
  });

const textsOf = (wanted: string) =>
  instructions.filter(({ name }) => name === wanted).map(({ text }) => text);

describe('the Dockerfile', () => {
  it('begins with an official image by its digest, and does not run as root', () => {
    expect(instructions[0]).toEqual({
      name: 'FROM',
      text: expect.stringMatching(/^node:\d+\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64}$/),
    });
    expect(instructions.map(({ name }) => name)).toEqual([
      'FROM',
      'RUN',
      'ARG',
      'COPY',
      'RUN',
      'RUN',
      'USER',
      'WORKDIR',
      'ENTRYPOINT',
      'CMD',
    ]);
    expect(textsOf('USER')).toEqual(['node']);
  });

  it('is given the package and nothing else of this folder', () => {
    expect(readFileSync(join(ROOT, '.dockerignore'), 'utf8')).toBe('*\n!regsync-*.tgz\n');
    expect(textsOf('COPY')).toEqual([`$\{PACKAGE} /tmp/regsync.tgz`]);
  });
});

/** Docker is not needed: its RUN lines work in any folder that stands for the root of the image. */
describe.runIf(process.platform !== 'win32')('its steps, in an empty folder', () => {
  let image: string;
  let env: Record<string, string>;
  const inside = (text: string) =>
    text.replaceAll('/tmp/', `${image}/tmp/`).replaceAll('/var/lib', `${image}/var/lib`);

  beforeAll(async () => {
    image = await mkdtemp(join(tmpdir(), 'regsync-image-'));
    for (const folder of ['tmp', 'bin', 'etc', 'home', 'var/lib/apt/lists'])
      await mkdir(join(image, folder), { recursive: true });
    // The packages of Debian are asked for here, and installed in no test.
    await writeFile(join(image, 'bin/apt-get'), `#!/bin/sh\necho "$@" >> ${image}/apt-get.log\n`);
    await chmod(join(image, 'bin/apt-get'), 0o755);
    const npm = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', image], {
      cwd: ROOT,
    });
    await cp(join(image, npm.stdout.trim()), join(image, 'tmp/regsync.tgz'));
    env = {
      PATH: [join(image, 'usr/bin'), join(image, 'bin'), dirname(process.execPath), process.env.PATH].join(
        ':',
      ),
      HOME: join(image, 'home'),
      npm_config_prefix: join(image, 'usr'),
      npm_config_cache: join(image, 'cache'),
      GIT_CONFIG_SYSTEM: join(image, 'etc/gitconfig'),
    };
    for (const step of textsOf('RUN')) await run('sh', ['-ec', inside(step)], { env, cwd: image });
  }, 60_000);

  afterAll(() => rm(image, { recursive: true }));

  it('install git and certificates, and leave no package lists', async () => {
    expect(await readFile(join(image, 'apt-get.log'), 'utf8')).toBe(
      'update\ninstall --yes --no-install-recommends ca-certificates git\n',
    );
    expect(existsSync(join(image, 'var/lib/apt'))).toBe(true);
    expect(existsSync(join(image, 'tmp/regsync.tgz'))).toBe(false);
  });

  it('give the command that the image starts, without a network', async () => {
    const [entrypoint = '[]'] = textsOf('ENTRYPOINT');
    const [first = '[]'] = textsOf('CMD');
    const [program = '', ...usual] = [...JSON.parse(entrypoint), ...JSON.parse(first)] as string[];
    expect((await run(program, usual, { env, cwd: image })).stdout).toContain('Usage: regsync');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect((await run(program, ['--version'], { env, cwd: image })).stdout).toBe(`${version}\n`);
  });

  it('let it plan a repository that is mounted, and let git read one of another user', async () => {
    const repository = join(image, 'repository');
    const filter = (path: string) => basename(path) !== '.regsync';
    await cp(join(ROOT, 'examples/minimal'), repository, { recursive: true, filter });
    const { stdout } = await run('regsync', ['plan', '--sandbox'], { env, cwd: repository });
    expect(stdout).toContain('Plan: 1 to create, 0 to update, 0 to delete, 1 to submit.');
    const safe = await run('git', ['config', '--system', '--get-all', 'safe.directory'], { env, cwd: image });
    expect(safe.stdout).toBe('*\n');
  });
});
