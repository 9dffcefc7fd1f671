/**
 * A text that must never be shown: a requirement's value, a field of an address, the API key.
 *
 * It cannot print itself: string conversion, JSON, inspection and template literals all give `«sensitive»`.
 * Two functions look inside on purpose, and their callers are few enough to review: `reveal`, for the writer of request
 * bodies and for digests, and `Mask`, which removes known values from text that came from outside.
 */
export class Sensitive {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  equals(other: Sensitive): boolean {
    return this.#text === other.#text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  toString(): string {
    return PLACEHOLDER;
  }

  toJSON(): string {
    return PLACEHOLDER;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return PLACEHOLDER;
  }

  /** Not for callers: `reveal` is the one door. */
  static read(value: Sensitive): string {
    return value.#text;
  }
}

const PLACEHOLDER = '«sensitive»';

/** The text itself. Importing this function is a decision that review should notice. */
export function reveal(value: Sensitive): string {
  return Sensitive.read(value);
}
