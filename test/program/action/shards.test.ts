import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shardOf } from '../../../src/model/shard.ts';
import {
  type ActionRepository,
  dispatch,
  openActionRepository,
  push,
  schedule,
} from '../../support/action-repository.ts';
import { frenchGroup } from '../../support/test-repository.ts';

const NAMES = ['fr-0', 'fr-1', 'fr-2', 'fr-3'];
const manifestsOf = (contact: string) =>
  Object.fromEntries(NAMES.map((name) => [`groups/${name}.yaml`, `# ${contact}\n${frenchGroup({ name })}`]));
const inShard = (index: number) => NAMES.filter((name) => shardOf(name, 2) === index);

let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/first.yaml': frenchGroup({ name: 'first' }) });
});
afterEach(async () => {
  expect(repository.github.violations).toEqual([]);
  await repository.end();
});

const applied = async () =>
  (await repository.testRepository.state()).groups
    .map(({ customer_reference }) => `${customer_reference}`.slice('regsync/acme/'.length))
    .filter((name) => name !== 'first')
    .sort();

describe('jobs that share a run', () => {
  it('keep a comment each, and each applies after the merge what its own shows', async () => {
    const pushed = await repository.pushToPull(7, manifestsOf('one'));
    for (const shard of ['1/2', '2/2']) expect((await repository.run(pushed, { shard })).code).toBe(0);
    await repository.run(pushed, { shard: '1/2' });
    const bodies = repository.comments(7).map(({ body }) => body);
    expect(bodies.map((body) => body.split('\n')[0])).toEqual([
      expect.stringContaining('{"scope":"acme shard 1/2",'),
      expect.stringContaining('{"scope":"acme shard 2/2",'),
    ]);
    for (const [index, body] of bodies.entries()) {
      expect(body).toContain(`**Narrowed** to \`shard ${index + 1}/2\``);
      for (const name of NAMES)
        expect(body.includes(`groups/${name}.yaml`)).toBe(inShard(index + 1).includes(name));
    }

    const merged = repository.merge(7);
    expect((await repository.run(merged, { command: 'apply', shard: '2/2' })).code).toBe(0);
    expect(await applied()).toEqual(inShard(2));
    expect(repository.comments(7).map(({ body }) => body.includes('**Applied'))).toEqual([false, true]);
    expect((await repository.run(merged, { command: 'apply' })).code).toBe(5);
    expect((await repository.run(merged, { command: 'apply', shard: '1/2' })).code).toBe(0);
    expect(await applied()).toEqual(NAMES);
  });

  it('keep an issue each about drift', async () => {
    const sha = repository.commit('as it is');
    for (const shard of ['1/2', '2/2']) await repository.run(schedule(sha), { command: 'drift', shard });
    const titles = [...repository.github.issues].map(({ title }) => title);
    const [one] = [shardOf('first', 2)];
    expect(titles).toEqual([`regsync acme shard ${one}/2: 1 group differs`]);
  });

  it('are what matrix puts out', async () => {
    const { code, out, outputs } = await repository.run(
      push(repository.commit('as it is'), 'refs/heads/main'),
      {
        command: 'matrix',
        shards: '2',
      },
    );
    expect(code).toBe(0);
    expect(outputs.matrix).toBe('{"include":[{"shard":"1/2"},{"shard":"2/2"}]}');
    expect(out).toContain(outputs.matrix);
    expect(await repository.testRepository.requests()).toEqual([]);
  });
});

describe('jobs that each have a part of the manifests', () => {
  const PARTS = ['groups/de', 'groups/nl'];
  const FILES = {
    'groups/de/one.yaml': frenchGroup({ name: 'one' }).replace('../', '../../'),
    'groups/nl/two.yaml': frenchGroup({ name: 'two' }).replace('../', '../../'),
  };

  it.each(['manifests', 'target'])(
    'by %s keep a comment each, and each applies what its own shows',
    async (input) => {
      const parts = input === 'manifests' ? PARTS : ['one', 'two'];
      const pushed = await repository.pushToPull(7, FILES);
      for (const part of parts) expect((await repository.run(pushed, { [input]: part })).code).toBe(0);
      const headings = repository.comments(7).map(({ body }) => body.split('\n')[1]);
      expect(headings).toEqual(
        parts.map((part) => `### regsync plan · \`acme\` only \`${part}\` · 1 group changes`),
      );
      const merged = repository.merge(7);
      const unnarrowed = await repository.run(merged, { command: 'apply' });
      expect([unnarrowed.code, unnarrowed.err]).toEqual([
        5,
        expect.stringContaining(
          'pull request #7 has 2 plans from other jobs, and none from this one: give apply the same working-directory, config, account, shard, manifests, target and exclude as the job that plans',
        ),
      ]);
      // Which of the jobs that plan it is of, nobody knows: the refusal stands in a comment of its own.
      for (const part of parts)
        expect((await repository.run(merged, { command: 'apply', [input]: part })).code).toBe(0);
      expect(await applied()).toEqual(['one', 'two']);
      expect(repository.comments(7).filter(({ body }) => body.includes('✅ **Applied'))).toHaveLength(2);
    },
  );

  it('are applied by one job that states no part, where there is one plan', async () => {
    const pushed = await repository.pushToPull(7, FILES);
    expect((await repository.run(pushed, { manifests: 'groups/de' })).code).toBe(0);
    expect((await repository.run(repository.merge(7), { command: 'apply' })).code).toBe(0);
    expect(await applied()).toEqual(['one']);
    expect(repository.comments(7).map(({ body }) => body.includes('✅ **Applied'))).toEqual([true]);
  });

  it('in configurations of their own, of one scope, keep a comment each', async () => {
    const config = 'apiVersion: regsync/v1\nkind: Config\nscope: acme\n';
    const files = Object.fromEntries(
      ['eu', 'us'].flatMap((folder) => [
        [`${folder}/regsync.yaml`, config],
        [`${folder}/groups/one.yaml`, frenchGroup({ name: folder, file: '../documents/proof.png' })],
        [`${folder}/documents/proof.png`, 'sample'],
      ]),
    );
    const pushed = await repository.pushToPull(7, files);
    for (const folder of ['eu', 'us'])
      expect((await repository.run(pushed, { 'working-directory': folder })).code, folder).toBe(0);
    const headings = repository.comments(7).map(({ body }) => body.split('\n')[1]);
    expect(headings).toEqual(
      ['eu', 'us'].map((folder) => `### regsync plan · \`acme\` in \`${folder}\` · 1 group changes`),
    );
  });
});

describe('the input account', () => {
  const CONFIG = `apiVersion: regsync/v1
kind: Config
accounts:
  - { name: eu, scope: acme-eu, key_env: TELNYX_API_KEY_EU, manifests: [groups] }
  - { name: us, scope: acme-us, key_env: TELNYX_API_KEY_US, manifests: [groups] }
`;

  it('says which is meant; its key comes from its variable, and is in no log', async () => {
    await repository.write('regsync.yaml', CONFIG);
    const happening = dispatch(repository.commit('two accounts'));
    const env = { TELNYX_API_KEY_EU: 'KEY0123456789ABCDEF_eu' };
    const inputs = { command: 'plan', account: 'eu', 'api-key': '' };
    const { code, out, err, outputs, summary } = await repository.run({ ...happening, env }, inputs);
    expect([code, err]).toEqual([0, err]);
    expect(outputs.create).toBe('1');
    expect(summary).toContain('scope `acme-eu`');
    expect(out + err + summary).not.toContain(env.TELNYX_API_KEY_EU);
    const unset = await repository.run(happening, inputs);
    expect([unset.code, unset.err]).toEqual([
      7,
      expect.stringContaining('Save it as the secret TELNYX_API_KEY_EU'),
    ]);
  });

  it('leaves the keys of all accounts out of everything, also where a manifest holds one', async () => {
    await repository.write('regsync.yaml', CONFIG);
    const env = {
      TELNYX_API_KEY_EU: 'KEY0123456789ABCDEF_eu',
      TELNYX_API_KEY_US: 'KEY0123456789ABCDEF_us',
    };
    const extra = `customer_reference: ${env.TELNYX_API_KEY_US}\n`;
    const files = { 'groups/second.yaml': frenchGroup({ name: 'second', extra }), 'regsync.yaml': CONFIG };
    const pushed = await repository.pushToPull(7, files);
    const { code, out, err, summary, outputFile } = await repository.run(
      { ...pushed, env },
      { account: 'eu', 'api-key': '' },
    );
    expect(code, err).toBe(0);
    const [comment] = repository.comments(7);
    expect(comment?.body).toContain('`second`');
    for (const text of [out, err, summary, outputFile, comment?.body])
      expect(text).not.toContain(env.TELNYX_API_KEY_US);
  });

  it('does not go with api-key, and is needed where there are several', async () => {
    await repository.write('regsync.yaml', CONFIG);
    const happening = dispatch(repository.commit('two accounts'));
    const both = await repository.run(happening, { command: 'plan', account: 'eu' });
    expect([both.code, both.err]).toEqual([3, expect.stringContaining('remove the input api-key')]);
    const none = await repository.run(happening, { command: 'plan' });
    expect([none.code, none.err]).toEqual([3, expect.stringContaining('one of eu, us')]);
  });
});
