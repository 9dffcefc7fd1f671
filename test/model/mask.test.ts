import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mask } from '../../src/model/mask.ts';
import { Sensitive } from '../../src/model/sensitive.ts';

const SECRET = 'Jörg "Example" & Söhne <x>, Große Straße';

function masked(secret: string, text: string): string {
  const mask = new Mask();
  mask.add(new Sensitive(secret));
  return mask.apply(text);
}

describe('masking what comes from outside', () => {
  const bytes = Buffer.from(SECRET);

  it.each([
    ['plain', SECRET],
    ['in capitals', SECRET.toLocaleUpperCase('en').replaceAll('SS', 'ß')],
    ['URL-encoded', encodeURIComponent(SECRET)],
    ['in Base64', bytes.toString('base64')],
    ['in Base64 for URLs', bytes.toString('base64url')],
    ['in hex', bytes.toString('hex')],
  ])('cuts out a value that stands there %s', (_, form) => {
    expect(masked(SECRET, `before ${form} after`)).toBe('before «sensitive» after');
  });

  const html = SECRET.replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  it.each([
    ['as JSON', JSON.stringify(SECRET)],
    ['as JSON without other letters than English ones', JSON.stringify(SECRET).replaceAll('ö', '\\u00f6')],
    ['as HTML', html],
    ['as HTML with numbers', html.replaceAll('ö', '&#246;').replaceAll('ß', '&#xdf;')],
    ['as a form', encodeURIComponent(SECRET).replaceAll('%20', '+')],
    ['as HTML in JSON in a URL', encodeURIComponent(JSON.stringify(html))],
    ['decomposed', SECRET.normalize('NFD')],
    ['in true capitals', SECRET.toUpperCase()],
    ['without accents, as validators of addresses write', SECRET.normalize('NFD').replace(/\p{M}/gu, '')],
    ['with other blanks', SECRET.replaceAll(' ', '\u00a0 ')],
    ['with something invisible inside', `${SECRET.slice(0, 3)}\u200b${SECRET.slice(3)}`],
  ])('passes nothing on of a text that holds a value %s', (_, form) => {
    expect(masked(SECRET, `before ${form} after`)).toBe('«sensitive»');
  });

  it('leaves a text alone that holds no value', () => {
    const text = 'The document is 100% fine & was found at /v2/documents?page[size]=250 \\o/';
    expect(masked(SECRET, text)).toBe(text);
  });

  it('finds the one that stands there among very many that are alike', () => {
    const mask = new Mask();
    for (let number = 0; number < 20_000; number++) mask.add(new Sensitive(`Example ${number} GmbH`));
    mask.add(new Sensitive('7'));
    expect(mask.apply('EXAMPLE 17000 GMBH, field 7, and Example 0 AG')).toBe(
      '«sensitive», field «sensitive», and Example 0 AG',
    );
    expect(mask.apply('Example&nbsp;17000 GmbH')).toBe('«sensitive»');
    mask.add(new Sensitive('Example 0 AG'));
    expect(mask.apply('and Example 0 AG')).toBe('and «sensitive»');
  });

  it('goes through many values when one of them may stand somewhere, and once', () => {
    let asked = 0;
    function* values(): Iterable<Sensitive> {
      asked += 1;
      yield new Sensitive(SECRET);
      yield new Sensitive('Example 0 AG');
    }
    const mask = new Mask();
    mask.addAll(values());
    expect(asked).toBe(0);
    expect([mask.apply(`before ${SECRET}`), mask.cover('and Example 0 AG')]).toEqual([
      'before «sensitive»',
      'and «sensitive»',
    ]);
    expect(asked).toBe(1);
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

describe('covering what we write ourselves', () => {
  it('replaces values that stand there literally', () => {
    const mask = new Mask();
    mask.add(new Sensitive('KEY0123_sample'));
    expect(mask.cover('a KEY0123_sample b')).toBe('a «sensitive» b');
  });
});
