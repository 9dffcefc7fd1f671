import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo, keepAnswer } from '../../support/mistakes.ts';
import {
  CLI,
  frenchGroup,
  germanGroup,
  openTestRepository,
  startProgram,
  type TestRepository,
} from '../../support/test-repository.ts';

/** Mistakes in what people type: each message names what to type instead. */
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/de.yaml': germanGroup() });
});
afterEach(() => repository.end());

const said = (...args: string[]) => answerTo(repository, args);

describe('a misspelt word is answered with the nearest one', () => {
  it.each([
    ['aply', 'Did you mean apply?'],
    ['plan --targt de-local', 'Did you mean --target?'],
    ['plan --target de-loca', 'Did you mean "de-local"?'],
  ])('%s', async (typed, next) => {
    expect(await said(...typed.split(' '))).toContain(next);
  });
});

describe('a word of another program is answered with ours', () => {
  it.each([
    ['diff', 'To see the changes: regsync plan.'],
    ['drift', 'In a pipeline: regsync ci drift.'],
    ['apply --dry-run', 'regsync plan shows the changes and makes none.'],
    ['apply --dryrun', 'regsync plan shows the changes and makes none.'],
    ['apply -auto-approve', 'Write --auto-approve.'],
  ])('%s', async (typed, next) => {
    expect(await said(...typed.split(' '))).toContain(next);
  });
});

describe('both ways to write it work', () => {
  it.each([
    [['help', 'plan'], 'Usage: regsync plan [options] [path...]'],
    [['explain', 'DE/local/ordering'], 'DE local ordering   5 requirements'],
    [['explain', 'DE', 'local', 'ordering'], 'DE local ordering   5 requirements'],
    [['explain', 'DE local ordering'], 'DE local ordering   5 requirements'],
  ])('%j', async (args, shown) => {
    expect(await said(...args)).toContain(shown);
  });
});

describe('an option that is missing is named', () => {
  it('where a manifest is about another country now', async () => {
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await repository.write('groups/de.yaml', frenchGroup({ name: 'de-local' }));
    const told = await said('apply', '--yes');
    expect(told).toMatch(
      /"de-local" replaces [0-9a-f-]{36} \(DE\/local\/ordering, pending-approval\) by a new group for FR\/local\/ordering\. To allow it, add --allow-replace/,
    );
  });

  it('where a manifest was deleted', async () => {
    await repository.write('groups/fr.yaml', frenchGroup());
    expect((await repository.run(['apply', '--yes'])).code).toBe(0);
    await rm(join(repository.folder, 'groups/de.yaml'));
    expect(await said('plan')).toContain('no manifest names it; to delete it, add --prune');
  });
});

it.each([
  ['plan', 'add --account NAME, with one of eu, us'],
  ['plan --account eux', 'Did you mean "eu"?'],
  ['plan --account eu', 'Set TELNYX_API_KEY_EU, or add --api-key-file FILE'],
  ['plan --account us', 'such as API_KEY_EU to TELNYX_API_KEY_EU'],
])('%s with several accounts names the account or the key', async (typed, next) => {
  await rm(join(repository.folder, 'groups/de.yaml'));
  for (const name of ['eu', 'us'])
    await repository.write(
      `groups/${name}/de.yaml`,
      germanGroup({ name }).replaceAll('../documents', '../../documents'),
    );
  const account = (name: string, key: string) =>
    `  - { name: ${name}, scope: acme-${name}, key_env: ${key}, manifests: [groups/${name}] }\n`;
  const wrong = typed.endsWith('us') ? 'API_KEY_US' : 'TELNYX_API_KEY_US';
  await repository.write(
    'regsync.yaml',
    `apiVersion: regsync/v1\nkind: Config\naccounts:\n${account('eu', 'TELNYX_API_KEY_EU')}${account('us', wrong)}`,
  );
  expect(await said(...typed.split(' '))).toContain(next);
});

it('an old Node is told which one is needed, before anything else happens', async () => {
  const old = "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.8'})";
  const env = { ...process.env, NODE_OPTIONS: `--import="${old}"` };
  const { code, out, err } = await startProgram(['plan'], { cwd: repository.folder, env, program: CLI })
    .result;
  keepAnswer('$ regsync plan', out + err, code);
  expect([code, out, err]).toEqual([
    3,
    '',
    'error: regsync needs Node 20.19 or later, and this is Node 18.20.8. Install a newer Node from https://nodejs.org\n',
  ]);
});
