/** Returns the form in which texts are compared: NFC, trimmed, line ends as LF. */
export function normaliseText(text: string): string {
  return normaliseLineEnds(text).normalize('NFC').trim();
}

/**
 * Converts line ends to LF. They depend on the checkout of a file and on the system of a variable, not on the
 * author.
 */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * Returns the form in which dates are compared, an instant: the API writes dates its own way (documented: one
 * output format, a dozen accepted; seen with microseconds and `+00:00`). A text that is not an ISO date as a
 * whole stays a normalised text.
 */
export function normaliseDate(text: string): string {
  const trimmed = normaliseText(text);
  const milliseconds = parseTimestampMs(trimmed);
  return milliseconds === null ? trimmed : new Date(milliseconds).toISOString();
}

/**
 * Returns true if a text is a date, with or without a time of day. Manifests, comparison and display share
 * this grammar. Each date is one instant, and remains the same one when the API has written it its own way.
 */
export function isDate(text: string): boolean {
  return parseTimestampMs(normaliseText(text)) !== null;
}

/** Returns true for a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  return text.length === DAY_LENGTH && parseTimestampMs(text) !== null;
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/**
 * Returns the milliseconds since the epoch of a day or a time, or null. Telnyx promises milliseconds and `Z`,
 * answers with microseconds and `+00:00` (seen), and accepts times without seconds and `-00`, `-0000`,
 * `-00:00`. All are in UTC (documented), also those without a zone.
 */
export function parseTimestampMs(text: string): number | null {
  const parts = TIMESTAMP.exec(text)?.groups;
  if (parts === undefined) return null;
  const { day, minute = '00:00', second = '00', fraction = '', sign, hours = '0', minutes = '0' } = parts;
  const clock = `${day}T${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const milliseconds = Date.parse(clock);
  // `Date.parse` moves the 31st of a month with 30 days, and 24:00, to the next day. Both are refused.
  if (new Date(milliseconds).getUTCDate() !== Number(day?.slice(-2))) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const instant = sign === '-' ? milliseconds + offset : milliseconds - offset;
  return instant >= FIRST_MS && instant <= LAST_MS ? instant : null;
}

/** An offset can lead out of the years of four digits, and so out of what the API could answer. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DAY = /(?<day>\d{4}-\d{2}-\d{2})/.source;
/** Digits beyond the millisecond are ignored. */
const TIME = /(?<minute>\d{2}:\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,3})\d*)?)?/.source;
const ZONE = /(?:Z|(?<sign>[+-])(?<hours>[01]\d|2[0-3])(?::?(?<minutes>[0-5]\d))?)/.source;
/** `Date.parse` alone finds a date in almost any text, and ignores text in brackets. */
const TIMESTAMP = new RegExp(`^${DAY}(?:[T ]${TIME}(?: ?${ZONE})?)?$`, 'i');
