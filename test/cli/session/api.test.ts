import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessOf, readKey } from '../../../src/cli/session/api.ts';
import type { Terminal } from '../../../src/cli/session/terminal.ts';
import { AuthenticationError, InvalidInputError } from '../../../src/model/errors.ts';

const KEY = 'KEY0123456789ABCDEF_sample';
const WITHOUT_REPOSITORY = 'without a repository';

const LINKS: Readonly<Record<string, string>> = {
  'home/link': 'plain/key',
  'home/chain': 'home/link',
  'home/folder': 'plain/deep',
  'home/plain-by-another-name': 'plain',
  'home/circle': 'home/circle',
  'plain/out': 'home/key',
  'plain/elsewhere': 'home',
  'plain/within': 'plain/deep/key',
};

/** Beside each other: `repo`, a working tree of git whose configuration stands in `telnyx`; `plain`, which git does not know; `home`. */
let place: string;
const at = (path: string) => join(place, path);
beforeEach(async () => {
  place = await realpath(await mkdtemp(join(tmpdir(), 'regsync-key-')));
  for (const folder of [
    'repo',
    'repo/.git',
    'repo/telnyx/deep',
    'plain',
    'plain/deep',
    'plain-keys',
    'home',
  ]) {
    await mkdir(at(folder), { recursive: true });
    await writeFile(at(`${folder}/key`), `${KEY}\n`);
  }
  await writeFile(at('plain/..key'), `${KEY}\n`);
  for (const [link, target] of Object.entries(LINKS)) await symlink(at(target), at(link));
});
afterEach(() => rm(place, { recursive: true }));

function read(apiKeyFile: string | undefined, root: string, cwd = root): Promise<string | undefined> {
  const terminal = { cwd: at(cwd), env: { TELNYX_API_KEY: 'of the environment' } };
  const options = apiKeyFile === undefined ? {} : { apiKeyFile };
  const repository = { root: root === WITHOUT_REPOSITORY ? null : at(root), keyEnv: 'TELNYX_API_KEY' };
  return readKey(terminal as Partial<Terminal> as Terminal, options, repository);
}

const inPlain = (file: string) => [file, 'plain', 'plain'] as const;
const inLarger = (file: string) => [file, 'repo/telnyx', 'repo/telnyx'] as const;

describe('a file of the API key', () => {
  it.each([
    ['beside the configuration', ...inPlain('key')],
    ['named from a folder below', '../key', 'plain', 'plain/deep'],
    ['in a folder below', ...inPlain('deep/key')],
    ['whose path leaves the repository and comes back', ...inPlain('../home/../plain/key')],
    ['whose name begins with two dots', ...inPlain('..key')],
    ['in the repository, by a link outside of it', ...inPlain('../home/link')],
    ['in the repository, by a link to a link outside of it', ...inPlain('../home/chain')],
    ['in the repository, by a link to its folder', ...inPlain('../home/folder/key')],
    ['in the repository, by another name of that', ...inPlain('../home/plain-by-another-name/key')],
    ['in the repository, by a link of its own', ...inPlain('within')],
    ['in the repository, named from outside of it', '../plain/key', 'plain', 'home'],
    ['above the configuration, in the same working tree of git', ...inLarger('../key')],
    ['among the files of git itself', ...inLarger('../.git/key')],
    ['in a working tree of git that has no configuration yet', 'key', WITHOUT_REPOSITORY, 'repo'],
    ['above the folder, in one that has no configuration yet', '../key', WITHOUT_REPOSITORY, 'repo/telnyx'],
  ])('is refused where it lies %s', async (_, file, root, cwd) => {
    const refusal = await read(file, root, cwd).catch((error: unknown) => error);
    expect(refusal).toEqual(
      new InvalidInputError(
        '--api-key-file points into the repository: move the key to a folder outside of it',
      ),
    );
  });

  it.each([
    ['in a folder beside the repository', ...inPlain('../home/key')],
    ['in a folder whose name begins like that of the repository', ...inPlain('../plain-keys/key')],
    ['outside, by a link in the repository', ...inPlain('out')],
    ['outside, by a link to a folder in the repository', ...inPlain('elsewhere/key')],
    ['beside the working tree of git', ...inLarger('../../home/key')],
    ['in the current folder where there is no repository, and no git', 'key', WITHOUT_REPOSITORY, 'home'],
    ['outside of a working tree that has no configuration yet', '../home/key', WITHOUT_REPOSITORY, 'repo'],
  ])('is read where it lies %s', async (_, file, root, cwd) => {
    expect(await read(file, root, cwd)).toBe(`${KEY}\n`);
  });

  it.each([
    ['is not there', '../home/nowhere', 'it does not exist'],
    ['is a folder', '../home', 'it is a folder'],
    ['is a link to itself', '../home/circle', 'its links lead in a circle'],
  ])('that %s is named, and no other key is taken', async (_, file, why) => {
    const refusal = await read(file, 'plain').catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      message: `--api-key-file ${file} cannot be read: ${why}`,
      isAboutAccess: true,
    });
  });

  it('that is empty is named, and the key of the environment is not taken', async () => {
    await writeFile(at('home/key'), ' \n');
    const refusal = await read('../home/key', 'plain').catch((error: unknown) => error);
    expect(refusal).toEqual(
      new AuthenticationError('--api-key-file ../home/key is empty: put the API key into it'),
    );
  });

  it('goes before the environment, which is asked without it', async () => {
    expect(await read(undefined, 'plain')).toBe('of the environment');
  });
});

describe('the address of Telnyx', () => {
  const account = { name: 'eu', keyEnv: 'TELNYX_API_KEY_EU', baseUrl: 'https://api.telnyx.eu/v2' };
  const other = 'https://telnyx.example.com/v2';

  it.each([
    [null, {}, 'TELNYX_API_KEY', 'https://api.telnyx.com/v2', null],
    [null, { TELNYX_BASE_URL: '' }, 'TELNYX_API_KEY', 'https://api.telnyx.com/v2', null],
    [null, { TELNYX_BASE_URL: other }, 'TELNYX_API_KEY', other, 'TELNYX_BASE_URL'],
    [account, {}, 'TELNYX_API_KEY_EU', account.baseUrl, 'base_url in regsync.yaml'],
    [account, { TELNYX_BASE_URL: other }, 'TELNYX_API_KEY_EU', other, 'TELNYX_BASE_URL'],
    [{ ...account, baseUrl: null }, {}, 'TELNYX_API_KEY_EU', 'https://api.telnyx.com/v2', null],
  ])(
    'of the account %j, with %j, is asked with the key in %s: %s (%s)',
    (given, env, keyEnv, url, setting) => {
      expect(accessOf(given, env)).toEqual({ keyEnv, url, setting });
    },
  );
});
