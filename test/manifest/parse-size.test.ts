import { describe, expect, it } from 'vitest';
import { parseManifests } from '../../src/manifest/parse.ts';
import type { Problem } from '../../src/model/problem.ts';

function problemsOf(text: string): readonly Problem[] {
  return parseManifests('a.yaml', text).problems;
}

describe('the size of a manifest', () => {
  it('is no way to keep the parser busy: 100,000 keys in one mapping', () => {
    const text = Array.from({ length: 100_000 }, (_, index) => `k${index}: v`).join('\n');
    // Compared one with another, they would take longer than a test may.
    const problems = problemsOf(text);
    expect(problems.length).toBeLessThanOrEqual(101);
  });

  it.each([
    ['commas', `[${','.repeat(1_000_000)}`],
    ['colons', ':\n'.repeat(100_000)],
    ['values without keys', `{${'a,'.repeat(40_000)}}`],
    ['documents', '--- a\n'.repeat(20_000)],
  ])('is a problem when it is made of %s', (_, text) => {
    expect(problemsOf(text).length).toBeGreaterThan(0);
  });
});
