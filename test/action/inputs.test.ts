import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/action/inputs.ts';
import { InvalidInputError } from '../../src/model/errors.ts';
import { CLOSED_GATES } from '../../src/model/plan/gates.ts';

const NOTHING_SET = {
  command: 'plan',
  workingDirectory: '.',
  config: null,
  account: null,
  manifests: [],
  target: [],
  exclude: [],
  gates: CLOSED_GATES,
  shard: null,
  shards: 1,
  failOn: 'none',
  failOnExpiry: null,
  changes: 'own',
  parallelism: 8,
  comment: 'true',
  commentAuthor: '',
  planFile: null,
  record: null,
  fingerprint: null,
  allowUnreviewed: false,
  sandbox: false,
  apiKey: null,
  githubToken: null,
};

function read(inputs: Readonly<Record<string, string>>) {
  return readInputs(
    Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  );
}

describe('The inputs of the action', () => {
  it('open no gate and narrow nothing where none is set', () => {
    expect(readInputs({})).toEqual(NOTHING_SET);
  });

  it.each<[string, string, Partial<typeof NOTHING_SET> | object]>([
    ['command', 'apply', { command: 'apply' }],
    ['command', 'validate', { command: 'validate' }],
    ['command', 'drift', { command: 'drift' }],
    ['command', 'matrix', { command: 'matrix' }],
    ['command', 'plan', {}],
    ['working-directory', 'telnyx/eu', { workingDirectory: 'telnyx/eu' }],
    ['config', 'eu.yaml', { config: 'eu.yaml' }],
    ['account', 'eu', { account: 'eu' }],
    ['manifests', 'groups\n\n  more/*.yaml \n', { manifests: ['groups', 'more/*.yaml'] }],
    ['target', 'de-local\r\nfr-local', { target: ['de-local', 'fr-local'] }],
    ['exclude', 'gb-*\nde-local', { exclude: ['gb-*', 'de-local'] }],
    ['prune', 'true', { gates: { ...CLOSED_GATES, prune: true } }],
    ['prune', 'false', {}],
    ['allow-replace', 'true', { gates: { ...CLOSED_GATES, allow_replace: true } }],
    ['allow-delete', 'old\nolder', { gates: { ...CLOSED_GATES, allow_delete: ['old', 'older'] } }],
    ['allow-orders', 'true', { gates: { ...CLOSED_GATES, allow_orders: true } }],
    ['shard', '2/3', { shard: '2/3' }],
    ['shards', '256', { shards: 256 }],
    ['shards', '1', {}],
    ['fail-on', 'changes', { failOn: 'changes' }],
    ['fail-on', 'none', {}],
    ['fail-on-expiry', '0', { failOnExpiry: 0 }],
    ['fail-on-expiry', '36500', { failOnExpiry: 36_500 }],
    ['changes', 'all', { changes: 'all' }],
    ['changes', 'own', {}],
    ['parallelism', '1', { parallelism: 1 }],
    ['parallelism', '64', { parallelism: 64 }],
    ['comment', 'false', { comment: 'false' }],
    ['comment', 'changes', { comment: 'changes' }],
    ['comment', 'true', {}],
    ['comment-author', 'example-app[bot]', { commentAuthor: 'example-app[bot]' }],
    ['plan-file', 'plan.json', { planFile: 'plan.json' }],
    ['record', 'record.jsonl', { record: 'record.jsonl' }],
    ['fingerprint', '01234567', { fingerprint: '01234567' }],
    ['allow-unreviewed', 'true', { allowUnreviewed: true }],
    ['sandbox', 'true', { sandbox: true }],
    ['api-key', ' KEY0123456789ABCDEF_sample\n', { apiKey: 'KEY0123456789ABCDEF_sample' }],
    ['github-token', 'ghs_sampleToken', { githubToken: 'ghs_sampleToken' }],
  ])('%s: %j sets that and nothing else', (name, value, expected) => {
    expect(read({ [name]: value })).toEqual({ ...NOTHING_SET, ...expected });
  });

  it.each(Object.keys(NOTHING_SET))('is not set by a blank: %s', (name) => {
    const input = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    for (const blank of ['', ' ', '\n']) expect(read({ [input]: blank })).toEqual(NOTHING_SET);
  });

  it.each([
    ['command', 'destroy', 'must be one of plan, apply, validate, drift, matrix'],
    ['command', 'aply', 'must be one of plan, apply, validate, drift, matrix. Did you mean command: apply?'],
    ['prune', 'yes', 'must be one of true, false. Did you mean prune: true?'],
    ['allow-replace', 'TRUE', 'must be one of true, false. Did you mean allow-replace: true?'],
    ['allow-orders', '1', 'must be one of true, false. Did you mean allow-orders: true?'],
    ['comment', 'no', 'must be one of true, false, changes. Did you mean comment: false?'],
    ['allow-unreviewed', 'on', 'must be one of true, false. Did you mean allow-unreviewed: true?'],
    ['sandbox', 'x', 'must be one of true, false'],
    ['changes', 'some', 'must be one of own, all'],
    ['fail-on', 'sometimes', 'must be one of none, changes'],
    ['shards', '0', 'must be a whole number from 1 to 256'],
    ['shards', '257', 'must be a whole number from 1 to 256'],
    ['fail-on-expiry', '36501', 'must be a whole number from 0 to 36500'],
    ['fail-on-expiry', '-1', 'must be a whole number from 0 to 36500'],
    ['parallelism', '65', 'must be a whole number from 1 to 64'],
    ['parallelism', '1.5', 'must be a whole number from 1 to 64'],
    ['parallelism', '8x', 'must be a whole number from 1 to 64'],
    ['parallelism', 'x8', 'must be a whole number from 1 to 64'],
    ['fingerprint', 'abc', 'must be 8 to 64 hex digits, as a plan shows them'],
  ])('%s: %j is refused, and not repeated', (name, value, message) => {
    expect(() => read({ [name]: value })).toThrow(new InvalidInputError(`the input ${name} ${message}`));
  });
});
