import { InvalidInputError } from '../../model/errors.ts';
import { isShard, MOST_SHARDS } from '../../model/shard.ts';
import { visible } from '../../model/visible.ts';
import type { Terminal } from './terminal.ts';

/** How systems that start one job several times tell each of them which one it is. */
interface Numbering {
  readonly index: string;
  readonly total: string;
  /** What the first one is called. */
  readonly first: 0 | 1;
  /** Where the two come from, for whoever lacks one. */
  readonly origin: string;
}

const NUMBERINGS: readonly Numbering[] = [
  // Kubernetes sets the first; the second is for the manifest of the Job to pass (documented).
  {
    index: 'JOB_COMPLETION_INDEX',
    total: 'JOB_COMPLETIONS',
    first: 0,
    origin:
      'an Indexed Job of Kubernetes sets the first, and its manifest has to pass spec.completions as the second',
  },
  // Both are set by `parallel: N` (documented).
  { index: 'CI_NODE_INDEX', total: 'CI_NODE_TOTAL', first: 1, origin: '`parallel: N` of GitLab sets both' },
];

/** `3/8`, or `auto`: what the environment says. */
export function readShardOption(terminal: Terminal, given: string): string {
  if (given === 'auto') return shardOfEnvironment(terminal.env);
  if (isShard(given)) return given;
  throw new InvalidInputError(
    `--shard takes i/n, such as 3/8 for the third of eight, or auto; not "${visible(given.slice(0, 40))}". ` +
      `n is ${MOST_SHARDS} at most`,
  );
}

function shardOfEnvironment(env: Terminal['env']): string {
  const numberings = NUMBERINGS.filter(({ index }) => env[index]);
  const [numbering, second] = numberings;
  if (numbering === undefined) {
    const known = NUMBERINGS.map(({ index, total, origin }) => `${index} and ${total} (${origin})`);
    throw new InvalidInputError(`--shard auto finds nothing to go by. It reads ${known.join(', or ')}`);
  }
  if (second !== undefined) {
    throw new InvalidInputError(
      `--shard auto finds both ${numbering.index} and ${second.index}: say which shard this is, as in --shard 3/8`,
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

/** What is no whole number stays none. */
function countUp(text: string | undefined, by: number): number {
  return /^\d{1,6}$/.test(text ?? '') ? Number(text) + by : Number.NaN;
}
