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

/** A value shorter than this is masked only where it stands alone as a word: masking every "1" would destroy a message. */
const SHORTEST_SUBSTRING = 4;

/**
 * Replaces known sensitive texts, in the forms in which servers echo them (plain, JSON-escaped, URL-encoded, HTML-escaped,
 * Base64, hex), by a placeholder. For text that came from outside: error details, reviewer comments.
 */
export class Mask {
  readonly #texts = new Set<string>();
  #pattern: RegExp | null = null;

  add(value: Sensitive): void {
    const text = reveal(value).trim();
    if (text !== '') {
      this.#texts.add(text);
      this.#pattern = null;
    }
  }

  apply(text: string): string {
    if (this.#texts.size === 0) return text;
    this.#pattern ??= buildPattern(this.#texts);
    return text.replace(this.#pattern, PLACEHOLDER);
  }
}

function buildPattern(texts: ReadonlySet<string>): RegExp {
  const forms = new Set<string>();
  for (const text of texts) for (const form of echoedForms(text)) forms.add(form);
  const alternatives = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) =>
      form.length < SHORTEST_SUBSTRING
        ? `(?<![\\p{L}\\p{N}])${escapeRegExp(form)}(?![\\p{L}\\p{N}])`
        : escapeRegExp(form),
    );
  return new RegExp(alternatives.join('|'), 'giu');
}

function echoedForms(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const forms = [text, JSON.stringify(text).slice(1, -1), escapeHtml(text), encodeURI(text.toWellFormed())];
  forms.push(
    encodeURIComponent(text.toWellFormed()),
    encodeURIComponent(text.toWellFormed()).replaceAll('%20', '+'),
  );
  if (bytes.length >= SHORTEST_SUBSTRING) {
    forms.push(
      bytes.toString('base64'),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    );
    forms.push(bytes.toString('hex'));
  }
  return forms;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
