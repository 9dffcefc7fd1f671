import { createHash } from 'node:crypto';

/**
 * Returns true if the name belongs to the shard: `3/8` is the third of eight runs that share the work,
 * counted from 1. The name alone decides, so that no run has to know of another, and a manifest that comes or
 * goes moves no other. Another number of shards distributes the names anew, which costs nothing, since no
 * shard keeps state.
 */
export function isInShard(name: string, shard: string): boolean {
  const { index, total } = readShard(shard);
  return shardOf(name, total) === index;
}

/** Returns 1 to `total`: the first 48 bits of the SHA-256 of the name, modulo `total`, plus 1. */
export function shardOf(name: string, total: number): number {
  return (createHash('sha256').update(name).digest().readUIntBE(0, 6) % total) + 1;
}

/** Returns true for `i/n` as a plan keeps it: without leading zeros, and with `i` no greater than `n`. */
export function isShard(text: string): boolean {
  const { index, total } = readShard(text);
  return /^[1-9]\d*\/[1-9]\d*$/.test(text) && index <= total && total <= MAX_SHARDS;
}

/** Every run of more shards would still read everything and hardly write anything. */
export const MAX_SHARDS = 1000;

function readShard(text: string): { readonly index: number; readonly total: number } {
  const [index = '', total = ''] = text.split('/');
  return { index: Number(index), total: Number(total) };
}
