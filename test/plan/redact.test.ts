import { describe, expect, it } from 'vitest';
import { redact } from '../../src/plan/redact.ts';

const cover = (text: string) => text.replaceAll('KEY0000', '«sensitive»');

describe('what is redacted', () => {
  it('has every text covered, however deep, and nothing else changed', () => {
    const value = { a: ['x', { b: 'of KEY0000' }], c: null, d: 4, e: true, f: 'KEY0000' };
    expect(redact(value, cover)).toEqual({
      a: ['x', { b: 'of «sensitive»' }],
      c: null,
      d: 4,
      e: true,
      f: '«sensitive»',
    });
  });

  it('is the very same where there is nothing to cover', () => {
    const value = { a: ['x'] };
    expect(redact(value, cover)).toBe(value);
    expect(redact(undefined, cover)).toBeUndefined();
  });
});
