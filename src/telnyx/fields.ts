import { MalformedAnswerError } from '../model/errors.ts';
import { parseTimestampMs } from '../model/text/normal-text.ts';

/**
 * The fields of a row. A missing field reads as null, because the vendor's description and its answers
 * disagree about which are optional. A field that is there must have its type. An id or a text may be a whole
 * number, if reading the JSON did not round it.
 */
export type Row = Readonly<Record<string, unknown>>;

/** A row that cannot be trusted. It names the field and its type, never the value, which may be private. */
export class MalformedRow extends Error {
  override readonly name = 'MalformedRow';
  /** `regulatory_requirements[].field_value`, or an empty string for the row itself. */
  readonly path: string;
  readonly fault: string;
  constructor(path: string, fault: string) {
    super(path === '' ? `a row that is ${fault}` : `a row whose \`${path}\` is ${fault}`);
    this.path = path;
    this.fault = fault;
  }
}

export function malformed(row: Row, key: string, expected: string): MalformedRow {
  return new MalformedRow(key, `${describeType(row[key])}, not ${expected}`);
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @param noun the noun with its article: `a requirement group`. */
export function asRow(value: unknown, noun: string): Row {
  if (isRow(value)) return value;
  throw new MalformedRow('', `${describeType(value)}, not ${noun}`);
}

/** Adds the place to the path of a `MalformedRow` that `decode` throws. */
export function within<Result>(place: string, decode: () => Result): Result {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    throw new MalformedRow(error.path === '' ? place : `${place}.${error.path}`, error.fault);
  }
}

/**
 * Names the request whose answer is malformed, and the next step for the user.
 *
 * @param request `GET /requirement_groups`
 */
export function believe<Result>(request: string, decode: () => Result): Result {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof MalformedRow)) throw error;
    throw new MalformedAnswerError(`${request} answered ${error.message}. ${NEXT_STEP}`, { cause: error });
  }
}

const NEXT_STEP =
  'regsync concludes nothing from such an answer. Run it again; if this stays, check TELNYX_BASE_URL and show this line to Telnyx support.';

/* ---- Ids and texts ---- */

export function requireId(row: Row, key: string): string {
  return readId(row, key) ?? fail(malformed(row, key, 'an id'));
}

export function readId(row: Row, key: string): string | null {
  return readExact(row, key, 'an id');
}

/** Reads a text that a person or a program entered. A whole number counts as its text. */
export function readEntered(row: Row, key: string): string | null {
  return readExact(row, key, 'a text');
}

function readExact(row: Row, key: string, expected: string): string | null {
  const value = row[key];
  if (Number.isSafeInteger(value)) return String(value);
  return isText(value) ? textOrNull(value) : fail(malformed(row, key, expected));
}

export function requireText(row: Row, key: string): string {
  return readText(row, key) ?? fail(malformed(row, key, 'a text'));
}

/** Returns null also for an empty text. */
export function readText(row: Row, key: string): string | null {
  const value = row[key];
  return isText(value) ? textOrNull(value) : fail(malformed(row, key, 'a text'));
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function textOrNull(value: string | null | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

/** Returns null also if the text is not a time: a documented sample is malformed. */
export function readTimestampMs(row: Row, key: string): number | null {
  const text = readText(row, key);
  return text === null ? null : parseTimestampMs(text);
}

/* ---- Numbers and flags, which may come as texts; any other text reads as null ---- */

export function readNumber(row: Row, key: string): number | null {
  const value = row[key];
  if (typeof value === 'number') return value;
  if (!isText(value)) throw malformed(row, key, 'a number');
  const number = value === undefined || value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

export function readBoolean(row: Row, key: string): boolean | null {
  const value = row[key];
  if (typeof value === 'boolean') return value;
  if (!isText(value)) throw malformed(row, key, 'true or false');
  if (/^(true|yes|1)$/i.test(value ?? '')) return true;
  return /^(false|no|0)$/i.test(value ?? '') ? false : null;
}

/* ---- Nested values ---- */

function readList(row: Row, key: string): readonly unknown[] | null {
  const value = row[key];
  if (value === undefined || value === null) return null;
  return Array.isArray(value) ? value : fail(malformed(row, key, 'a list'));
}

export function requireList(row: Row, key: string): readonly unknown[] {
  return readList(row, key) ?? fail(malformed(row, key, 'a list'));
}

/** Returns an empty list if the field is missing. */
export function readRows<Decoded>(row: Row, key: string, decode: (row: Row) => Decoded): Decoded[] {
  const entries = readList(row, key) ?? [];
  return within(`${key}[]`, () => entries.map((entry) => decode(asRow(entry, 'an object'))));
}

export function readTexts(row: Row, key: string): string[] {
  return readEntries(row, key, readText);
}

export function readIds(row: Row, key: string): string[] {
  return readEntries(row, key, readId);
}

function readEntries(row: Row, key: string, read: (row: Row, key: string) => string | null): string[] {
  return (readList(row, key) ?? []).flatMap((entry) => read({ [`${key}[]`]: entry }, `${key}[]`) ?? []);
}

/** Returns an object within the row. */
export function readObject(row: Row, key: string): Row | null {
  const value = row[key];
  if (value === undefined || value === null) return null;
  return isRow(value) ? value : fail(malformed(row, key, 'an object'));
}

function fail(error: MalformedRow): never {
  throw error;
}

function describeType(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null) return 'null';
  if (value === '') return 'empty';
  if (Array.isArray(value)) return 'a list';
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) && !Number.isSafeInteger(value)
        ? 'a number too large to be read exactly'
        : 'a number';
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'a text';
    default:
      return 'an object';
  }
}
