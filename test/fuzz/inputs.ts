import { flipBytes, mutate } from './mutations.ts';
import { Random } from './random.ts';
import { type Canary, readSeeds, type Seed } from './seeds.ts';

export interface Input {
  readonly bytes: Buffer;
  /** Of all the seeds that it may be made from. */
  readonly canaries: readonly Canary[];
}

/** Input `index` of a run follows from the run's seed and the manifests alone: it can be made again at any time. */
export function openInputs(
  root: string,
  seed: number,
): { readonly seeds: number; readonly at: (index: number) => Input } {
  const seeds = readSeeds(root);
  return { seeds: seeds.length, at: (index) => makeInput(seeds, seed, index) };
}

/** The first ones are the manifests as they are. */
function makeInput(seeds: readonly Seed[], seed: number, index: number): Input {
  const unchanged = seeds[index];
  if (unchanged !== undefined) return { bytes: Buffer.from(unchanged.text), canaries: unchanged.canaries };
  const random = new Random(seed, index);
  const [from, donor] = [random.pick(seeds), random.pick(seeds)];
  const bytes = Buffer.from(mutate(from.text, random, donor.text));
  return {
    bytes: random.isLucky(0.15) ? flipBytes(bytes, random) : bytes,
    canaries: [...from.canaries, ...donor.canaries],
  };
}
