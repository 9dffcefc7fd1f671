import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mask, reveal, Sensitive } from '../../src/model/sensitive.ts';

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

describe('masking what comes from outside', () => {
  const masked = (secret: string, text: string) => {
    const mask = new Mask();
    mask.add(new Sensitive(secret));
    return mask.apply(text);
  };

  it('finds a value in the forms in which servers echo it', () => {
    const secret = 'Jörg "Example" & Söhne <x>';
    const bytes = Buffer.from(secret);
    const forms = [
      secret,
      secret.toUpperCase(),
      JSON.stringify(secret),
      encodeURIComponent(secret),
      bytes.toString('base64'),
      bytes.toString('base64url'),
      bytes.toString('hex'),
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ];
    for (const form of forms)
      expect(masked(secret, `before ${form} after`)).toMatch(/^before "?«sensitive»"? after$/);
  });

  it('masks a short value where it stands alone, and leaves other words whole', () => {
    expect(masked('7', 'field 7 of 17')).toBe('field «sensitive» of 17');
  });

  it('is not confused by any text, and never leaves the value in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), fc.string(), (secret, around) => {
        const text = secret.trim();
        fc.pre(text.length >= 4 && !'«sensitive»'.includes(text));
        expect(masked(secret, `${around}${text}${around}`)).not.toBe(`${around}${text}${around}`);
      }),
    );
  });
});
