import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/catalogue/criteria.ts';
import { undescribed } from '../../src/catalogue/knowledge.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { readDate } from '../../src/model/text/calendar.ts';
import { isDate, normaliseDate } from '../../src/model/text/normal-text.ts';
import { fc } from '../support/fast-check.ts';
import { runs, Tally, UNHURRIED } from './runs.ts';

const DATE = undescribed('51ed1a42-cbd3-47e9-a7f0-5343744874a1', 'datetime', 'Date of Birth');

function isAccepted(text: string): boolean {
  return checkText(new Sensitive(text), DATE).length === 0;
}

/** One instant, as the API is known to write it: with milliseconds, with microseconds, without either, with an offset. */
function apiForms(instantMs: number): readonly string[] {
  const iso = new Date(instantMs).toISOString();
  return [
    iso,
    iso.replace('Z', '000Z'),
    iso.replace('Z', '+00:00'),
    iso.replace('Z', '000+00:00'),
    ...(iso.endsWith('.000Z') ? [iso.replace('.000Z', 'Z')] : []),
  ];
}

const two = (number: number): string => String(number).padStart(2, '0');

/** Every part of a date in every way in which somebody may write it, those that mean nothing among them. */
const spellings: fc.Arbitrary<string> = fc
  .record({
    year: fc.oneof(fc.constantFrom(0, 1, 1900, 1999, 2024, 2026, 9999), fc.integer({ min: 0, max: 9999 })),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    dash: fc.constantFrom('-', '-', '-', '-', '', '.', '/'),
    separator: fc.constantFrom('T', 'T', 'T', 't', ' ', ' ', '', '  '),
    hour: fc.integer({ min: 0, max: 25 }),
    minute: fc.integer({ min: 0, max: 61 }),
    second: fc.integer({ min: 0, max: 61 }),
    precision: fc.constantFrom(
      'day',
      'day',
      'hour',
      'minute',
      'minute',
      'second',
      'second',
      'fraction',
      'fraction',
    ),
    colon: fc.constantFrom(':', ':', ':', ''),
    point: fc.constantFrom('.', '.', '.', ','),
    fraction: fc.constantFrom('0', '5', '50', '123', '123456', '999999999', '000'),
    zone: fc.constantFrom(
      ...['', '', 'Z', 'Z', 'z', '+00:00', '-00:00', '-00', '-0000', '+02:00', '-0530', '+14:00', '+23:59'],
      ...['-12', ' Z', ' +02:00', '+24:00', '+2', ' GMT', '+02:60', ' CET'],
    ),
    around: fc.constantFrom('', '', '', '', ' ', '\n', '\u00a0', 'x', '"'),
  })
  .map((parts) => {
    const { year, month, day, dash, separator, hour, minute, second, precision, colon, point, around } =
      parts;
    const date = [String(year).padStart(4, '0'), two(month), two(day)].join(dash);
    const times = {
      day: '',
      hour: two(hour),
      minute: [hour, minute].map(two).join(colon),
      second: [hour, minute, second].map(two).join(colon),
      fraction: `${[hour, minute, second].map(two).join(colon)}${point}${parts.fraction}`,
    };
    const time = times[precision];
    return `${date}${time === '' ? '' : separator + time + parts.zone}${around}`;
  });

describe('a date that a manifest may state', () => {
  it(
    'is one instant, and the same one however the API writes it',
    () => {
      const tally = new Tally();
      fc.assert(
        fc.property(spellings, (text) => {
          const accepted = isAccepted(text);
          tally.count(accepted ? 'accepted' : 'refused');
          expect(isDate(text), text).toBe(accepted);
          if (!accepted) return;
          const form = normaliseDate(text);
          const instantMs = Date.parse(form);
          expect(Number.isNaN(instantMs), text).toBe(false);
          for (const written of apiForms(instantMs)) {
            expect(normaliseDate(written), `${text} | ${written}`).toBe(form);
            expect(readDate(written), `${text} | ${written}`).toBe(form.slice(0, 10));
          }
        }),
        runs(20_000),
      );
      tally.expectAll('accepted', 'refused');
    },
    UNHURRIED.timeout,
  );

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31 09:30:00', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31t09:30:00z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.5Z', '2026-01-31T09:30:00.500Z'],
    ['2026-01-31T09:30:00.123456+00:00', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T23:30:00-0700', '2026-02-01T06:30:00.000Z'],
    ['2026-01-31T09:30:00 +02', '2026-01-31T07:30:00.000Z'],
  ])('is compared as the instant that it is: %s', (text, instant) => {
    expect([isAccepted(text), normaliseDate(text)]).toEqual([true, instant]);
  });

  it.each([
    '20260131',
    '20260131T093000Z',
    '2026-01-31T24',
    '2026-01-31T24:00:00Z',
    '2026-01-31T09',
    '2026-01-31T09:30:00,5Z',
    '2026-01-31T09:30:60Z',
    '2026-01-31T0930',
    '2026-02-29',
    '2026-13-31',
    '2026-00-10',
    '2026-01-31Z',
    '2026-01-31T09:30:00+24:00',
    '0000-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '31.01.2026',
  ])('is none that two programs may read as two instants, or as none: %s', (text) => {
    expect(isAccepted(text)).toBe(false);
    expect(normaliseDate(text)).toBe(text);
  });
});

it('a day that begins a time in another form is read all the same, and one that no calendar has is not', () => {
  expect(readDate('2026-01-31 09:30 UTC')).toBe('2026-01-31');
  expect(readDate('2026-01-31T23:30:00-05:00')).toBe('2026-02-01');
  expect(readDate('2026-02-31T00:00:00Z')).toBeNull();
  expect(readDate('024-05-31T11:14:00Z')).toBeNull();
  expect(readDate(null)).toBeNull();
});
