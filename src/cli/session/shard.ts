import { InvalidInputError } from '../../model/errors.ts';
import { isShard, MAX_SHARDS } from '../../model/shard.ts';
import { visible } from '../../model/text/visible.ts';
import type { Terminal } from './terminal.ts';

/** The variables that tell each of several parallel jobs which one it is. */
interface Numbering {
  readonly index: string;
  readonly total: string;
  /** The number of the first job. */
  readonly first: 0 | 1;
  /** The source of the two variables, for an error message. */
  readonly origin: string;
}

const NUMBERINGS: readonly Numbering[] = [
  // Kubernetes sets the first. The manifest of the Job has to pass the second (documented).
  {
    index: 'JOB_COMPLETION_INDEX',
    total: 'JOB_COMPLETIONS',
    first: 0,
    origin:
      'an Indexed Job of Kubernetes sets the first, and its manifest has to pass spec.completions as the second',
  },
  // GitLab sets both for `parallel: N` (documented).
  { index: 'CI_NODE_INDEX', total: 'CI_NODE_TOTAL', first: 1, origin: '`parallel: N` of GitLab sets both' },
];

/** Returns the shard as `3/8`. Reads it from the environment if the option is `auto`. */
export function readShardOption(terminal: Terminal, given: string): string {
  if (given === 'auto') return shardOfEnvironment(terminal.env);
  if (isShard(given)) return given;
  throw new InvalidInputError(
    `--shard takes i/n, such as 3/8 for the third of eight, or auto; not "${visible(given.slice(0, 40))}". ` +
      `n is ${MAX_SHARDS} at most`,
  );
}

function shardOfEnvironment(env: Terminal['env']): string {
  const numberings = NUMBERINGS.filter(({ index }) => env[index]);
  const [numbering, second] = numberings;
  if (numbering === undefined) {
    const known = NUMBERINGS.map(({ index, total, origin }) => `${index} and ${total} (${origin})`);
    throw new InvalidInputError(
      `--shard auto cannot tell the shard. Write it, as in --shard 3/8, or set ${known.join(', or ')}`,
    );
  }
  if (second !== undefined) {
    throw new InvalidInputError(
      `--shard auto finds both ${numbering.index} and ${second.index}. Write the shard, as in --shard 3/8`,
    );
  }
  const { index, total, first, origin } = numbering;
  const shard = `${countUp(env[index], 1 - first)}/${countUp(env[total], 0)}`;
  if (isShard(shard)) return shard;
  const found = [index, total].map((name) =>
    env[name] ? `${name} is "${visible(env[name].slice(0, 20))}"` : `${name} is not set`,
  );
  throw new InvalidInputError(
    `--shard auto cannot tell which shard this is: ${found.join(' and ')}; ${origin}`,
  );
}

/** Adds `by` to the number. Returns NaN if the text is not a whole number. */
function countUp(text: string | undefined, by: number): number {
  return /^\d{1,6}$/.test(text ?? '') ? Number(text) + by : Number.NaN;
}
