import { describe, expect, it } from 'vitest';
import { normaliseDate, normaliseText, parseTimestampMs } from '../../../src/model/text/normal-text.ts';
import { runs, Tally } from '../../properties/runs.ts';
import { fc } from '../../support/fast-check.ts';

/** A text, and the instant that it denotes; null where it is no date. */
interface Written {
  readonly text: string;
  readonly instantMs: number | null;
}

const days: fc.Arbitrary<Written> = fc.constantFrom(
  { text: '1990-01-01', instantMs: Date.UTC(1990, 0, 1) },
  { text: '1990-01-02', instantMs: Date.UTC(1990, 0, 2) },
  { text: '1990-03-02', instantMs: Date.UTC(1990, 2, 2) },
  { text: '1990-02-30', instantMs: null },
  { text: '1990-13-01', instantMs: null },
);

/** Since the beginning of the day. */
const times: fc.Arbitrary<Written> = fc.constantFrom(
  { text: '', instantMs: 0 },
  { text: 'T00:00', instantMs: 0 },
  { text: ' 00:00:00', instantMs: 0 },
  { text: 'T02:00:00.000', instantMs: 7_200_000 },
  { text: 'T02:00:00.000999', instantMs: 7_200_000 },
  { text: 'T02:00:00.5', instantMs: 7_200_500 },
  { text: 'T25:00', instantMs: null },
  { text: 'T24:00', instantMs: null },
  { text: 'T', instantMs: null },
  { text: 'T02', instantMs: null },
);

/** What is subtracted; of a day alone there is none. */
const zones: fc.Arbitrary<Written> = fc.constantFrom(
  { text: '', instantMs: 0 },
  { text: 'Z', instantMs: 0 },
  { text: '+00:00', instantMs: 0 },
  { text: '-0000', instantMs: 0 },
  { text: '-00', instantMs: 0 },
  { text: '+02:00', instantMs: 7_200_000 },
  { text: '-0200', instantMs: -7_200_000 },
  { text: '+99:00', instantMs: null },
  { text: ' GMT', instantMs: null },
);

const tails: fc.Arbitrary<Written> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom({ text: '', instantMs: 0 }, { text: ' ', instantMs: 0 }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(' (first)', ' (second)', '(first)', ' and more', ' 5', '\n(first)', '.', ' -1')
      .map((text) => ({ text, instantMs: null })),
  },
);

const written: fc.Arbitrary<Written> = fc.tuple(days, times, zones, tails).map(([day, time, zone, tail]) => {
  const pieces = [day, time, zone, tail];
  const isDate =
    pieces.every(({ instantMs }) => instantMs !== null) && (time.text !== '' || zone.text === '');
  const instantMs = (day.instantMs ?? 0) + (time.instantMs ?? 0) - (zone.instantMs ?? 0);
  return { text: pieces.map(({ text }) => text).join(''), instantMs: isDate ? instantMs : null };
});

describe('the normal form of a date', () => {
  it('is that of another text only where both denote one instant, or are one text', () => {
    const tally = new Tally();
    fc.assert(
      fc.property(written, written, (a, b) => {
        const isOneInstant = a.instantMs !== null && a.instantMs === b.instantMs;
        const isOneText = normaliseText(a.text) === normaliseText(b.text);
        expect(normaliseDate(a.text) === normaliseDate(b.text), `${a.text} | ${b.text}`).toBe(
          isOneInstant || isOneText,
        );
        tally.count(`instant ${isOneInstant} text ${isOneText}`);
      }),
      runs(20_000),
    );
    tally.expectAll(
      'instant true text false',
      'instant true text true',
      'instant false text true',
      'instant false text false',
    );
  });

  it.each([
    '2027-01-31T10:00:00.000Z',
    '2027-01-31T10:00:00Z',
    '2027-01-31T10:00Z',
    '2027-01-31T10:00:00.000-00',
    '2027-01-31T10:00:00-0000',
    '2027-01-31T10:00-00:00',
    '2027-01-31T10:00:00.000000+00:00',
    '2027-01-31T12:00:00+02:00',
    ' 2027-01-31 10:00:00',
  ])('is the same for every way in which the API takes or gives one: %s', (text) => {
    expect(normaliseDate(text)).toBe('2027-01-31T10:00:00.000Z');
  });

  it.each([
    '1990-01-01 (first)',
    '1990-01-01T00:00:00Z (first)',
    '1990-01-01 12:00 Europe/Berlin',
    '1990-02-30',
    '1990-06-31T00:00:00Z',
    '19900101',
    '024-05-31T11:14:00Z',
  ])('of what is none is the text itself: %s', (text) => {
    expect([normaliseDate(text), parseTimestampMs(text)]).toEqual([text, null]);
  });
});
