import { describe, expect, it } from 'vitest';
import { redactParts, redactWhole } from '../../../src/model/privacy/redact.ts';
import { fc } from '../../support/fast-check.ts';

const CONTACT = 'Jane Roe, Example GmbH, +49 30 1234567';
const NAME = 'Jörg "Example" & Söhne <x>, Große Straße';

describe('the private parts of a request', () => {
  it.each([
    [
      'The phone number +49 30 1234567 in field_value is not valid',
      'The phone number «sensitive» in field_value is not valid',
    ],
    ['The phone number 1234567 is not valid', 'The phone number «sensitive» is not valid'],
    ['+49301234567 is not valid', '«sensitive» is not valid'],
    ['(0)30-1234567 is not valid', '(0)«sensitive» is not valid'],
    ['JANE ROE is not a company', '«sensitive» is not a company'],
    ['Jane is not a company', '«sensitive» is not a company'],
    ['xExampleGmbHx is not a company', '«sensitive» is not a company'],
    [CONTACT, '«sensitive»'],
    ['field_value must not hold a number', 'field_value must not hold a number'],
    ['10003: There is nothing at /requirements', '10003: There is nothing at /requirements'],
  ])('are replaced in %j', (text, shown) => {
    expect(redactParts(text, [CONTACT])).toBe(shown);
  });

  it('are replaced by what the request holds, and by nothing else', () => {
    const text = 'The business registration is not legible';
    expect([redactParts(text, ['business']), redactParts(text, ['Berlin']), redactParts(text, [])]).toEqual([
      'The «sensitive» registration is not legible',
      text,
      text,
    ]);
  });

  it.each([
    ['王小明 is not valid', '«sensitive» is not valid'],
    ['联系人王小明无效', '«sensitive»'],
    ['明 is not valid', '明 is not valid'],
  ])('are names of few signs, too, in %j', (text, shown) => {
    expect(redactParts(text, ['王小明'])).toBe(shown);
  });

  it('are not the pieces of fewer than four letters or digits', () => {
    expect(redactParts('100 is more than 99', ['100', '99'])).toBe('100 is more than 99');
  });

  const json = JSON.stringify(NAME).slice(1, -1);
  const html = NAME.replaceAll('&', '&amp;').replaceAll('ö', '&#246;').replaceAll('ß', '&#xdf;');
  it.each([
    ['in JSON', json.replaceAll('ö', '\\u00f6')],
    ['in HTML', html],
    ['as a form', encodeURIComponent(NAME).replaceAll('%20', '+')],
    ['as HTML in JSON in a URL', encodeURIComponent(JSON.stringify(html))],
    ['decomposed', NAME.normalize('NFD')],
    ['in capitals', NAME.toUpperCase()],
    ['in UTF-8 that was taken for Latin-1', Buffer.from(NAME).toString('latin1')],
    [
      'as the escapes of its bytes',
      Buffer.from(NAME)
        .toString('latin1')
        .replace(/[\x80-\xff]/g, (one) => `\\x${Buffer.from(one, 'latin1').toString('hex')}`),
    ],
    ['without accents, as validators of addresses write', NAME.normalize('NFD').replace(/\p{M}/gu, '')],
    ['with other blanks', NAME.replaceAll(' ', '\u00a0 ')],
    ['with something invisible inside', `${NAME.slice(0, 3)}\u200b${NAME.slice(3)}`],
    ['in Base64', Buffer.from(NAME).toString('base64')],
    ['in Base64 for URLs, of JSON', Buffer.from(JSON.stringify({ name: NAME })).toString('base64url')],
    ['in hex', Buffer.from(NAME).toString('hex')],
  ])('do not get out %s', (_, form) => {
    const shown = redactParts(`before ${form} after`, [NAME]);
    expect(shown).toContain('«sensitive»');
    for (const word of ['rg', 'Exam', 'hne', 'Stra', form.slice(0, 12)]) expect(shown).not.toContain(word);
  });

  it('never stay in, whatever stands around them', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9]{4,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.string(), (words, around) => {
        const kept = words.filter((one) => !'sensitive'.includes(one.toLowerCase()));
        const shown = redactParts(`${around} ${words.join(' ')} ${around}`, [words.join(', ')]);
        for (const one of kept) expect(shown.split(/[^A-Za-z0-9]+/)).not.toContain(one);
      }),
    );
  });
});

describe('the whole values of a group', () => {
  it.each([
    ['Please write +49 30 1234567 with its country code', 'Please write «sensitive» with its country code'],
    [
      'Please write (+49) 30-1234567 with its country code',
      'Please write («sensitive» with its country code',
    ],
    ['berlin is not the city of the number', '«sensitive» is not the city of the number'],
    ['The Berliner office and 1234567 alone are fine', 'The Berliner office and 1234567 alone are fine'],
    ['Field 7 is empty, field 17 is not', 'Field «sensitive» is empty, field 17 is not'],
  ])('are replaced between word boundaries in %j', (text, shown) => {
    expect(redactWhole(text, ['+49 30 1234567', 'Berlin', '7'])).toBe(shown);
  });

  it('are shown where the catalogue lists them as acceptable', () => {
    const text = 'Choose bank or business: "business" needs a registration in Berlin';
    expect(redactWhole(text, ['Business', 'Berlin'], ['bank', 'business'])).toBe(
      'Choose bank or business: "business" needs a registration in «sensitive»',
    );
  });

  it('withhold a comment that shows one only once it is decoded', () => {
    expect(redactWhole('J&ouml;rg is not legible', ['Jörg'])).toBe('«sensitive»');
  });

  it('of one letter leave a comment as it is that only holds them in what is no Base64', () => {
    const comment = 'Ihre Unterlagen: see https://telnyx.example.com/requirements/proof-of-address';
    for (const value of 'abcdefghijklmnopqrstuvwxyz') {
      expect(redactWhole(comment, [value])).toBe(comment);
    }
  });

  it('of one letter or sign do not destroy a comment', () => {
    expect(redactWhole('A scan is missing', ['-', '', ' '])).toBe('A scan is missing');
  });
});
