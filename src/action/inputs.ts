import { checkFingerprint } from '../cli/apply/judge.ts';
import { CHANGES, type Changes } from '../cli/apply/plan-for-review.ts';
import type { ReviewInputs } from '../cli/review/review-run.ts';
import { InvalidInputError } from '../model/errors.ts';
import { inputOf, readGates } from '../model/plan/gates.ts';
import { suggest } from '../model/text/suggestion.ts';

/** The inputs of action.yml, which explains each. */
export interface Inputs extends ReviewInputs {
  readonly command: ActionCommand;
  readonly workingDirectory: string;
  readonly shards: number;
  readonly failOn: 'none' | 'changes';
  readonly failOnExpiry: number | null;
  readonly changes: Changes;
  readonly commentAuthor: string;
  readonly planFile: string | null;
  readonly record: string | null;
  readonly apiKey: string | null;
  readonly githubToken: string | null;
}

const COMMANDS = ['plan', 'apply', 'validate', 'drift', 'matrix'] as const;
export type ActionCommand = (typeof COMMANDS)[number];

/**
 * @throws InvalidInputError for a value that is not allowed. The message does not repeat it, because it may
 * be a secret.
 */
export function readInputs(env: Readonly<Record<string, string | undefined>>): Inputs {
  const text = (name: string) => env[`INPUT_${name.toUpperCase()}`]?.trim() || null;
  const lines = (name: string) =>
    (text(name) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const choice = <Choice extends string>(
    name: string,
    choices: readonly Choice[],
    otherwise: Choice,
  ): Choice => {
    const given = text(name) ?? otherwise;
    const found = choices.find((candidate) => candidate === given);
    if (found !== undefined) return found;
    const meant = suggestChoice(given, choices);
    const hint = meant === null ? '' : `. Did you mean ${name}: ${meant}?`;
    throw new InvalidInputError(`the input ${name} must be one of ${choices.join(', ')}${hint}`);
  };
  const flag = (name: string, otherwise: 'true' | 'false' = 'false') =>
    choice(name, ['true', 'false'], otherwise) === 'true';
  const number = (name: string, least: number, most: number): number | null => {
    const given = text(name);
    if (given === null) return null;
    const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidInputError(`the input ${name} must be a whole number from ${least} to ${most}`);
  };
  return {
    command: choice('command', COMMANDS, 'plan'),
    workingDirectory: text('working-directory') ?? '.',
    config: text('config'),
    account: text('account'),
    manifests: lines('manifests'),
    target: lines('target'),
    exclude: lines('exclude'),
    gates: readGates(({ takes }, gate) => (takes === 'names' ? lines(inputOf(gate)) : flag(inputOf(gate)))),
    shard: text('shard'),
    shards: number('shards', 1, 256) ?? 1,
    failOn: choice('fail-on', ['none', 'changes'], 'none'),
    failOnExpiry: number('fail-on-expiry', 0, 36_500),
    changes: choice('changes', CHANGES, 'own'),
    parallelism: number('parallelism', 1, 64) ?? 8,
    comment: choice('comment', ['true', 'false', 'changes'], 'true'),
    commentAuthor: text('comment-author') ?? '',
    planFile: text('plan-file'),
    record: text('record'),
    fingerprint: checkFingerprint(text('fingerprint'), 'the input fingerprint'),
    allowUnreviewed: flag('allow-unreviewed'),
    sandbox: flag('sandbox'),
    apiKey: text('api-key'),
    githubToken: text('github-token'),
  };
}

/** The words of other languages and of YAML 1.1 for the two. */
const TRUTHS: Readonly<Record<string, string>> = {
  yes: 'true',
  on: 'true',
  '1': 'true',
  no: 'false',
  off: 'false',
  '0': 'false',
};

function suggestChoice(given: string, choices: readonly string[]): string | null {
  const word = given.toLowerCase();
  const truth = TRUTHS[word] ?? word;
  return choices.includes(truth) ? truth : suggest(word, choices);
}
