/** Texts are compared in this form: NFC, trimmed, line ends as LF. */
export function normaliseText(text: string): string {
  return normaliseLineEnds(text).normalize('NFC').trim();
}

/** Those of a file are the checkout's, and those of a variable the system's: they are no part of what somebody wrote. */
export function normaliseLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/**
 * Dates are compared as instants: the API writes them its own way, whatever was sent (documented: one output format, a
 * dozen accepted; seen with microseconds and `+00:00`). What is no ISO date from its first character to its last stays a
 * normalised text.
 */
export function normaliseDate(text: string): string {
  const trimmed = normaliseText(text);
  const milliseconds = parseTimestampMs(trimmed);
  return milliseconds === null ? trimmed : new Date(milliseconds).toISOString();
}

/**
 * Whether a text is a date, with or without a time of day: the one grammar for what a manifest may state, for what is compared
 * and for what is shown. Each date is one instant, and the same one when the API has written it its own way.
 */
export function isDate(text: string): boolean {
  return parseTimestampMs(normaliseText(text)) !== null;
}

/** Whether a text is a day, `YYYY-MM-DD`, that the calendar has. */
export function isDay(text: string): boolean {
  return text.length === DAY_LENGTH && parseTimestampMs(text) !== null;
}

const DAY_LENGTH = 'YYYY-MM-DD'.length;

/**
 * Milliseconds since the epoch, of a day or a time of day; promised are milliseconds and `Z`, seen are microseconds and
 * `+00:00`, accepted are times without seconds and `-00`, `-0000`, `-00:00`. All are in UTC (documented), also those that say
 * nothing of it.
 */
export function parseTimestampMs(text: string): number | null {
  const parts = TIMESTAMP.exec(text)?.groups;
  if (parts === undefined) return null;
  const { day, minute = '00:00', second = '00', fraction = '', sign, hours = '0', minutes = '0' } = parts;
  const clock = `${day}T${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const milliseconds = Date.parse(clock);
  // Where a month has 30 days, the 31st is taken for the first of the next; so is 24:00.
  if (new Date(milliseconds).getUTCDate() !== Number(day?.slice(-2))) return null;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  const instant = sign === '-' ? milliseconds + offset : milliseconds - offset;
  return instant >= FIRST_MS && instant <= LAST_MS ? instant : null;
}

/** An offset may lead out of the years that four digits can write, and so out of what the API could answer. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00.000Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const DAY = /(?<day>\d{4}-\d{2}-\d{2})/.source;
/** What is finer than a millisecond is not told apart. */
const TIME = /(?<minute>\d{2}:\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,3})\d*)?)?/.source;
const ZONE = /(?:Z|(?<sign>[+-])(?<hours>[01]\d|2[0-3])(?::?(?<minutes>[0-5]\d))?)/.source;
/** `Date.parse` alone finds a date in almost anything, and passes over what stands in brackets. */
const TIMESTAMP = new RegExp(`^${DAY}(?:[T ]${TIME}(?: ?${ZONE})?)?$`, 'i');
