import { createHash } from 'node:crypto';

/**
 * `3/8`: the third of eight runs that share the work, counted from 1. A name alone decides which of them it belongs to, so that
 * no run has to know of another: a manifest that comes or goes moves no other. Another number of shards deals anew, which costs
 * nothing, since no shard keeps anything.
 */
export function isInShard(name: string, shard: string): boolean {
  const { index, total } = readShard(shard);
  return shardOf(name, total) === index;
}

/** From 1 to `total`: the first 48 bits of the SHA-256 of the name, modulo. */
export function shardOf(name: string, total: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) % total) + 1;
}

/** `i/n` as it is kept in a plan: without zeros in front, and `i` no greater than `n`. */
export function isShard(text: string): boolean {
  const { index, total } = readShard(text);
  return /^[1-9]\d*\/[1-9]\d*$/.test(text) && index <= total && total <= MOST_SHARDS;
}

/** Beyond that, every run would still read all that there is, and hardly write anything. */
export const MOST_SHARDS = 1000;

function readShard(text: string): { readonly index: number; readonly total: number } {
  const [index = '', total = ''] = text.split('/');
  return { index: Number(index), total: Number(total) };
}
