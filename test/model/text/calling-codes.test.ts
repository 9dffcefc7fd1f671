import { describe, expect, it } from 'vitest';
import { callingCodeOf, isAbroad } from '../../../src/model/text/calling-codes.ts';

describe('a number', () => {
  it.each([
    ['+49300000001', '+49', 'DE'],
    ['49300000001', '+49', 'DE'],
    ['+49 30 0000000', '+49', 'DE'],
    ['+351210000001', '+351', 'PT'],
    ['+14155550100', '+1', 'US'],
    ['+77000000001', '+7', 'RU'],
    ['+447700900000', '+44', 'GB'],
    ['+599710000000', '+599', 'CW'],
    ['+38310000000', '+383', 'XK'],
  ])('%s has the code %s, named after %s', (number, code, country) => {
    const found = callingCodeOf(number);
    expect([found?.code, found?.countries[0]]).toEqual([code, country]);
  });

  it.each([['+80000000001'], ['+87000000001'], ['+88300000001'], ['+2100000001'], ['+'], ['']])(
    'of no country has no code: %s',
    (number) => {
      expect(callingCodeOf(number)).toBeNull();
      expect(isAbroad(number, 'DE')).toBe(false);
    },
  );
});

describe('a number is abroad only if that is sure', () => {
  it.each([
    ['a country of its own', '+33100000001', 'DE', true],
    ['the country itself', '+49300000001', 'DE', false],
    ['the United States', '+14155550100', 'US', false],
    ['Canada, which shares +1', '+14165550100', 'CA', false],
    ['Jamaica, which shares +1', '+14155550100', 'JM', false],
    ['Germany with +1', '+14155550100', 'DE', true],
    ['Kazakhstan, which shares +7', '+77000000001', 'KZ', false],
    ['Guernsey, which shares +44', '+442000000001', 'GG', false],
    ['Jersey, which shares +44', '+442000000001', 'JE', false],
    ['the Isle of Man, which shares +44', '+442000000001', 'IM', false],
    ['Ireland with +44', '+442000000001', 'IE', true],
    ['the Vatican, which uses +39', '+39060000001', 'VA', false],
    ['the Vatican, which +379 is kept for', '+37900000001', 'VA', false],
    ['Åland, which shares +358', '+35820000001', 'AX', false],
    ['Svalbard, which shares +47', '+47200000001', 'SJ', false],
    ['Christmas Island, which shares +61', '+61200000001', 'CX', false],
    ['the Cocos Islands, which share +61', '+61200000001', 'CC', false],
    ['Bonaire, which shares +599', '+59970000001', 'BQ', false],
    ['Curaçao, which shares +599', '+59990000001', 'CW', false],
    ['Western Sahara, which shares +212', '+21250000001', 'EH', false],
    ['Mayotte, which shares +262', '+26220000001', 'YT', false],
    ['Saint Martin, which shares +590', '+59050000001', 'MF', false],
    ['Palestine, whose numbers also begin with +972', '+97220000001', 'PS', false],
  ])('for %s', (_, number, country, expected) => {
    expect(isAbroad(number, country)).toBe(expected);
  });
});

it('no code begins with another one', () => {
  const all = Array.from({ length: 999 }, (_, index) => String(index + 1)).filter(
    (code) => callingCodeOf(code)?.code === `+${code}`,
  );
  expect(all.length).toBeGreaterThan(200);
  const beginnings = all.filter((code) => all.some((other) => other !== code && other.startsWith(code)));
  expect(beginnings).toEqual([]);
});
