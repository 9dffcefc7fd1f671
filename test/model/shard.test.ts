import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isInShard, isShard, MAX_SHARDS, shardOf } from '../../src/model/shard.ts';
import { fc } from '../support/fast-check.ts';

const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,62}$/);
const total = fc.integer({ min: 1, max: MAX_SHARDS });

describe('the shard of a name', () => {
  it('is exactly one of those that there are', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 40 }), (text, shards) => {
        const holders = Array.from({ length: shards }, (_, index) => `${index + 1}/${shards}`).filter(
          (shard) => isInShard(text, shard),
        );
        expect(holders).toEqual([`${shardOf(text, shards)}/${shards}`]);
      }),
    );
  });

  it('is for anybody to compute, and the same for ever', () => {
    fc.assert(
      fc.property(name, total, (text, shards) => {
        const hex = createHash('sha256').update(text).digest('hex').slice(0, 12);
        expect(shardOf(text, shards)).toBe(Number(BigInt(`0x${hex}`) % BigInt(shards)) + 1);
      }),
    );
    expect(['acme-berlin', 'acme-paris', 'acme-london'].map((text) => shardOf(text, 8))).toEqual([8, 6, 6]);
  });

  it('is about as likely as any other', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 8000; index++) {
      const shard = shardOf(`acme-de-local-${index}`, 8);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('i/n', () => {
  it.each(['1/1', '1/8', '8/8', '999/1000'])('%s is a shard', (text) => {
    expect(isShard(text)).toBe(true);
  });

  it.each([
    '0/8',
    '9/8',
    '8',
    '/8',
    '1/',
    '1/0',
    '01/8',
    '1/08',
    '-1/8',
    '1.5/8',
    '1e0/8',
    '1/1001',
    ' 1/8',
    '1/8 ',
    '1/8/9',
    '0x1/8',
    'NaN/NaN',
    '',
  ])('%j is none', (text) => {
    expect(isShard(text)).toBe(false);
  });
});
