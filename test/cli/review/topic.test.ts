import { describe, expect, it } from 'vitest';
import { type Job, topicOf, topicOfRun } from '../../../src/cli/review/topic.ts';
import type { Topic } from '../../../src/forge/marker.ts';
import { actionRun, PROJECT } from '../../support/action-run.ts';

const WHOLE: Job = {
  scope: 'acme',
  folder: '',
  configFile: 'regsync.yaml',
  account: null,
  sandbox: false,
  options: { paths: [], targets: [] },
};
const DIGEST = expect.stringMatching(/^[0-9a-f]{16}$/);

describe('What a comment is about', () => {
  it.each<[string, Partial<Job>, Topic]>([
    ['a scope', {}, { scope: 'acme' }],
    ['a shard of it', { options: { paths: [], targets: [], shard: '2/3' } }, { scope: 'acme shard 2/3' }],
    ['a folder', { folder: 'telnyx/eu' }, { scope: 'acme', configuration: DIGEST }],
    ['a configuration file', { configFile: 'other.yaml' }, { scope: 'acme', configuration: DIGEST }],
    ['an account', { account: 'eu' }, { scope: 'acme', configuration: DIGEST }],
    ['the sandbox', { sandbox: true }, { scope: 'acme', configuration: DIGEST }],
    ['paths', { options: { paths: ['groups/de'], targets: [] } }, { scope: 'acme', part: DIGEST }],
    ['targets', { options: { paths: [], targets: ['de-local'] } }, { scope: 'acme', part: DIGEST }],
    [
      'excludes',
      { options: { paths: [], targets: [], excludes: ['de-local'] } },
      { scope: 'acme', part: DIGEST },
    ],
  ])('is %s', (_, given, topic) => {
    expect(topicOf({ ...WHOLE, ...given })).toEqual(topic);
  });

  it('differs wherever one of these differs', () => {
    const jobs: Partial<Job>[] = [
      {},
      { scope: 'other' },
      { folder: 'telnyx/eu' },
      { folder: 'telnyx/us' },
      { folder: 'other.yaml' },
      { configFile: 'other.yaml' },
      { account: 'eu' },
      { account: 'us' },
      { sandbox: true },
      { options: { paths: [], targets: [], shard: '1/2' } },
      { options: { paths: ['groups/de'], targets: [] } },
      { options: { paths: ['groups/nl'], targets: [] } },
      { options: { paths: [], targets: ['groups/de'] } },
      { options: { paths: ['a', 'b'], targets: [] } },
      { options: { paths: ['a'], targets: ['b'] } },
      { options: { paths: ['a'], targets: [], excludes: ['b'] } },
      { options: { paths: [], targets: [], excludes: ['groups/de'] } },
    ];
    const topics = jobs.map((given) => JSON.stringify(topicOf({ ...WHOLE, ...given })));
    expect(new Set(topics).size).toBe(jobs.length);
  });

  it('is the same in whatever order, and however often, paths and targets are stated', () => {
    const one = topicOf({ ...WHOLE, options: { paths: ['a', 'b'], targets: ['x', 'y'] } });
    expect(topicOf({ ...WHOLE, options: { paths: ['b', 'a', 'b'], targets: ['y', 'x'] } })).toEqual(one);
  });

  it('is what the inputs of a run state', () => {
    const inputs = { manifests: 'groups/de', target: 'de-local', account: 'eu', shard: '1/2' };
    const topic = topicOf({
      ...WHOLE,
      account: 'eu',
      options: { paths: ['groups/de'], targets: ['de-local'], shard: '1/2' },
    });
    expect(topicOfRun(actionRun({ inputs }), PROJECT.repository)).toEqual(topic);
    expect(topicOfRun(actionRun(), PROJECT.repository)).toEqual({ scope: 'acme' });
    expect(topicOfRun(actionRun({ inputs: { sandbox: 'true' } }), PROJECT.repository)).toEqual(
      topicOf({ ...WHOLE, sandbox: true }),
    );
  });
});
