import { describe, expect, it } from 'vitest';
import { readFirstFile } from '../../src/github/zip.ts';
import { zip } from '../support/zip.ts';

const TEXT = Buffer.from('{"plan":1}'.repeat(100));

describe('An archive of one file', () => {
  it.each(['stored', 'deflated'] as const)('that is %s gives the file', (how) => {
    expect(readFirstFile(zip('plan.json', TEXT, how), 10_000)?.equals(TEXT)).toBe(true);
  });

  it('may have a comment, and fields that nobody needs', () => {
    expect(
      readFirstFile(zip('plan.json', TEXT, 'deflated', { comment: 'x'.repeat(500), extra: 28 }), 10_000),
    ).toEqual(TEXT);
  });

  it.each(['stored', 'deflated'] as const)('that is %s and larger than it may be is none', (how) => {
    expect(readFirstFile(zip('plan.json', TEXT, how), TEXT.length)).toEqual(TEXT);
    expect(readFirstFile(zip('plan.json', TEXT, how), TEXT.length - 1)).toBeNull();
  });

  it('that ends anywhere before its end is none', () => {
    const whole = zip('plan.json', TEXT, 'deflated');
    for (let length = 0; length < whole.length; length++)
      expect(readFirstFile(whole.subarray(0, length), 10_000), `${length}`).toBeNull();
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a page', Buffer.from('<html>'.repeat(50))],
    ['compressed otherwise', zip('plan.json', TEXT, 'deflated', { method: 12 })],
    ['damaged', zip('plan.json', Buffer.from('!'.repeat(50)), 'stored', { method: 8 })],
  ])('that is %s is none', (_, archive) => {
    expect(readFirstFile(archive, 10_000)).toBeNull();
  });
});
