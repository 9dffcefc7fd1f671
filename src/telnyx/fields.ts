import { MalformedAnswerError } from '../model/errors.ts';
import { Sensitive } from '../model/privacy/sensitive.ts';
import { asReference, asRemoteId, type Reference, type RemoteId } from '../model/resource.ts';
import { parseTimestampMs } from '../model/text/normal-text.ts';

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

type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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

/**
 * The fields of a row. A missing field reads as null, because the vendor's description and its answers
 * disagree about which are optional. A field that is there must have its type: every method throws
 * `MalformedRow` otherwise. An id or a text may be a whole number, if reading the JSON did not round it.
 */
export class ApiRow {
  readonly #fields: Fields;
  readonly #place: string;

  /** @param place the path to a row within another: `regulatory_requirements[]`. */
  constructor(fields: Fields, place = '') {
    this.#fields = fields;
    this.#place = place;
  }

  /** @param noun the noun with its article: `a requirement group`. */
  static of(value: unknown, noun: string): ApiRow {
    if (value instanceof ApiRow) return value;
    if (isObject(value)) return new ApiRow(value);
    throw new MalformedRow('', `${describeType(value)}, not ${noun}`);
  }

  get keys(): readonly string[] {
    return Object.keys(this.#fields);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key);
  }

  /** Returns a value of any type. */
  raw(key: string): unknown {
    return this.#fields[key];
  }

  malformed(key: string, expected: string): MalformedRow {
    return new MalformedRow(this.#pathTo(key), `${describeType(this.#fields[key])}, not ${expected}`);
  }

  #pathTo(key: string): string {
    return this.#place === '' ? key : `${this.#place}.${key}`;
  }

  /* ---- Ids and texts ---- */

  requireId(key: string): string {
    return this.id(key) ?? fail(this.malformed(key, 'an id'));
  }

  id(key: string): string | null {
    return this.#exact(key, 'an id');
  }

  requireRemoteId(key: string): RemoteId {
    return asRemoteId(this.requireId(key));
  }

  remoteId(key: string): RemoteId | null {
    const id = this.id(key);
    return id === null ? null : asRemoteId(id);
  }

  /** Reads a text that a person or a program entered. A whole number counts as its text. */
  entered(key: string): string | null {
    return this.#exact(key, 'a text');
  }

  sensitive(key: string): Sensitive | null {
    const text = this.entered(key);
    return text === null ? null : new Sensitive(text);
  }

  #exact(key: string, expected: string): string | null {
    const value = this.#fields[key];
    if (Number.isSafeInteger(value)) return String(value);
    return isText(value) ? textOrNull(value) : fail(this.malformed(key, expected));
  }

  requireText(key: string): string {
    return this.text(key) ?? fail(this.malformed(key, 'a text'));
  }

  /** Returns null also for an empty text. */
  text(key: string): string | null {
    const value = this.#fields[key];
    return isText(value) ? textOrNull(value) : fail(this.malformed(key, 'a text'));
  }

  reference(): Reference | null {
    const text = this.text('customer_reference');
    return text === null ? null : asReference(text);
  }

  /** Returns null also if the text is not a time: a documented sample is malformed. */
  timestampMs(key: string): number | null {
    const text = this.text(key);
    return text === null ? null : parseTimestampMs(text);
  }

  /* ---- Numbers and flags, which may come as texts; any other text reads as null ---- */

  number(key: string): number | null {
    const value = this.#fields[key];
    if (typeof value === 'number') return value;
    if (!isText(value)) throw this.malformed(key, 'a number');
    const number = value === undefined || value === null || value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? number : null;
  }

  boolean(key: string): boolean | null {
    const value = this.#fields[key];
    if (typeof value === 'boolean') return value;
    if (!isText(value)) throw this.malformed(key, 'true or false');
    if (/^(true|yes|1)$/i.test(value ?? '')) return true;
    return /^(false|no|0)$/i.test(value ?? '') ? false : null;
  }

  /* ---- Nested values ---- */

  /** Returns an empty list if the field is missing. */
  rows<Decoded>(key: string, decode: (row: ApiRow) => Decoded): Decoded[] {
    const place = `${this.#pathTo(key)}[]`;
    return (this.#list(key) ?? []).map((entry) => {
      if (isObject(entry)) return decode(new ApiRow(entry, place));
      throw new MalformedRow(place, `${describeType(entry)}, not an object`);
    });
  }

  requireRows<Decoded>(key: string, decode: (row: ApiRow) => Decoded): Decoded[] {
    return this.#list(key) === null ? fail(this.malformed(key, 'a list')) : this.rows(key, decode);
  }

  texts(key: string): string[] {
    return this.#entries(key).flatMap((entry) => entry.text(`${key}[]`) ?? []);
  }

  ids(key: string): string[] {
    return this.#entries(key).flatMap((entry) => entry.id(`${key}[]`) ?? []);
  }

  #entries(key: string): readonly ApiRow[] {
    return (this.#list(key) ?? []).map((entry) => new ApiRow({ [`${key}[]`]: entry }, this.#place));
  }

  #list(key: string): readonly unknown[] | null {
    const value = this.#fields[key];
    if (value === undefined || value === null) return null;
    return Array.isArray(value) ? value : fail(this.malformed(key, 'a list'));
  }

  object(key: string): ApiRow | null {
    const value = this.#fields[key];
    if (value === undefined || value === null) return null;
    return isObject(value) ? new ApiRow(value, this.#pathTo(key)) : fail(this.malformed(key, 'an object'));
  }

  /** Returns a row without fields if the object is missing. */
  inner(key: string): ApiRow {
    return this.object(key) ?? new ApiRow({}, this.#pathTo(key));
  }
}

function isText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function textOrNull(value: string | null | undefined): string | null {
  return value === undefined || value === '' ? null : value;
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
