import { describe, expect, it } from 'vitest';
import { isSourceName } from '../../src/files/sources.ts';

describe('a file that people write', () => {
  it.each([
    ['regsync.yaml', true],
    ['groups/DE.YML', true],
    ['documents/passport.pdf.age', true],
    ['documents/list.csv', true],
    ['policies/friday.schema.json', true],
    ['.regsync/recipients', true],
    ['.gitignore', true],
    ['.git/config', true],
    ['plan.json', false],
    ['summary.md', false],
    ['record.jsonl', false],
    ['report.html', false],
    ['.regsync/sandbox.json', false],
    ['groups/de.gitignore.md', false],
  ])('is told by its name: %s (%s)', (path, isSource) => {
    expect(isSourceName(path)).toBe(isSource);
  });
});
