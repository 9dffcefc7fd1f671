import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder } from '../support/folders.ts';
import { type Result, runHere } from '../support/servers/host.ts';

const HEAD = 'apiVersion: regsync/v1\nkind: Config\n';
const ACCOUNT = (name: string, key: string) =>
  `  - { name: ${name}, scope: acme-${name}, key_env: ${key}, manifests: [groups/${name}] }\n`;
const TWO = `${HEAD}accounts:\n${ACCOUNT('eu', 'TELNYX_API_KEY_EU')}${ACCOUNT('us', 'TELNYX_API_KEY_US')}`;

async function matrix(config: string, ...args: string[]): Promise<Result> {
  const cwd = await emptyFolder();
  await mkdir(join(cwd, 'groups'));
  await writeFile(join(cwd, 'regsync.yaml'), config);
  return runHere(['matrix', ...args], { cwd, env: {} });
}

it.each([
  ['one job', `${HEAD}scope: acme\n`, [], [{ shard: '1/1' }]],
  ['shards', `${HEAD}scope: acme\n`, ['--shards', '2'], [{ shard: '1/2' }, { shard: '2/2' }]],
  [
    'accounts',
    TWO,
    [],
    [
      { account: 'eu', shard: '1/1' },
      { account: 'us', shard: '1/1' },
    ],
  ],
  [
    'accounts in shards',
    TWO,
    ['--shards', '2'],
    [
      { account: 'eu', shard: '1/2' },
      { account: 'eu', shard: '2/2' },
      { account: 'us', shard: '1/2' },
      { account: 'us', shard: '2/2' },
    ],
  ],
  ['one account', TWO, ['--account', 'us', '--format', 'json'], [{ account: 'us', shard: '1/1' }]],
])('prints %s as one line of JSON, offline and without a key', async (_, config, args, include) => {
  const { code, out, err } = await matrix(config, ...args);
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(`${JSON.stringify({ include })}\n`);
});

it.each([
  ['more jobs than GitHub starts', ['--shards', '129'], '2 accounts in 129 shards are 258 jobs'],
  ['no shard', ['--shards', '0'], 'Write a whole number from 1 to 256'],
])('is an error for %s', async (_, args, message) => {
  const { code, out, err } = await matrix(TWO, ...args);
  expect([code, out, err]).toEqual([3, '', expect.stringContaining(message)]);
});
