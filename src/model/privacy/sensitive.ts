/**
 * A text that must never be shown: a requirement's value, a field of an address, the API key.
 *
 * It cannot print itself: string conversion, JSON, inspection and template literals all give `«sensitive»`.
 * Only `reveal` looks inside, for request bodies, digests, normal forms and the redaction of known values.
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

  /** Reads the text for `reveal`. Other callers use that function. */
  static read(value: Sensitive): string {
    return value.#text;
  }
}

const PLACEHOLDER = '«sensitive»';

/** Returns the text itself. A reviewer should notice every import of this function. */
export function reveal(value: Sensitive): string {
  return Sensitive.read(value);
}
