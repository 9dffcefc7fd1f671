import { describe, expect, it } from 'vitest';
import { code } from '../../../src/render/markdown/markdown.ts';
import { type JobPlace, jobWords } from '../../../src/render/words/job-words.ts';

const ROOT: JobPlace = { configuration: '', account: null };

describe('The heading of a job', () => {
  it('counts names that are too long for it', () => {
    const options = { paths: ['x'.repeat(60), 'y'.repeat(61)], targets: [] };
    expect(jobWords({ scope: 'acme', options }, ROOT, code)).toBe('`acme` only 2 paths and names');
    const short = { paths: ['x'.repeat(60), 'y'.repeat(60)], targets: [] };
    expect(jobWords({ scope: 'acme', options: short }, ROOT, code)).toContain('only `xxx');
  });

  it.each<[Parameters<typeof jobWords>[0], JobPlace, string]>([
    [{ scope: 'acme' }, ROOT, '`acme`'],
    [{ scope: 'acme' }, { configuration: 'telnyx/eu', account: 'eu' }, '`acme` in `telnyx/eu` account `eu`'],
    [
      { scope: 'acme', options: { paths: ['groups/de'], targets: ['nl-1'], shard: '1/2' } },
      ROOT,
      '`acme` shard `1/2` only `groups/de`, `nl-1`',
    ],
    [
      { scope: 'acme', options: { paths: ['a'], targets: [], excludes: ['b'] } },
      ROOT,
      '`acme` only `a`, `not b`',
    ],
    [{ scope: 'acme', options: { paths: ['a', 'b', 'c'], targets: [] } }, ROOT, '`acme` only `a`, `b`, `c`'],
    [
      { scope: 'acme', options: { paths: ['a', 'b', 'c'], targets: ['d'] } },
      ROOT,
      '`acme` only 4 paths and names',
    ],
  ])('of %j in %j is %s', (job, place, words) => {
    expect(jobWords(job, place, code)).toBe(words);
  });
});
