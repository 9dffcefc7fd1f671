import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { reveal, Sensitive } from '../../../src/model/privacy/sensitive.ts';

describe('a sensitive text', () => {
  const value = new Sensitive('canary-4711');

  it.each([
    ['string conversion', () => String(value)],
    ['a template', () => `${value}`],
    ['concatenation', () => `a${value}`],
    ['JSON', () => JSON.stringify({ value, list: [value] })],
    ['inspection', () => inspect({ value }, { depth: 9, showHidden: true })],
    ['an error’s message', () => new Error(`wrong: ${value}`).message],
    ['its entries', () => JSON.stringify([Object.entries(value), Object.getOwnPropertyNames(value)])],
    ['a structured clone', () => inspect(structuredClone({ ...value }))],
  ])('does not show itself through %s', (_, show) => {
    expect(show()).not.toContain('canary');
  });

  it('is revealed by the one function for it, and compared without', () => {
    expect(reveal(value)).toBe('canary-4711');
    expect(value.equals(new Sensitive('canary-4711'))).toBe(true);
    expect(value.equals(new Sensitive('canary'))).toBe(false);
  });
});
