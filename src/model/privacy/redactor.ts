import { redactParts } from './redact.ts';
import { reveal, type Sensitive } from './sensitive.ts';

const PLACEHOLDER = '«sensitive»';

/**
 * Knows the private texts of a run, and the object to which each belongs. Keys and tokens are redacted
 * everywhere. The values of a group, an order or an address are redacted in messages about that object.
 * Elsewhere they are ordinary words: the locality `business` of one group must not hide the word in a message
 * about another.
 */
export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | null = null;
  /**
   * The texts by remote id. They are read only when a message about the object is redacted, which is rare.
   */
  readonly #holdings = new Map<string, Iterable<Sensitive | string>[]>();

  addSecret(secret: Sensitive): void {
    const text = reveal(secret).trim();
    if (text === '') return;
    this.#secrets.add(text);
    this.#pattern = null;
  }

  /**
   * Records the private texts of an object at Telnyx.
   *
   * @param texts values, and ids of objects whose values also belong to it. An array or a set, because it is
   * read at each use.
   */
  know(id: string, texts: Iterable<Sensitive | string>): void {
    const known = this.#holdings.get(id);
    if (known === undefined) this.#holdings.set(id, [texts]);
    else known.push(texts);
  }

  /** Redacts the secrets in a text. Everything that regsync writes passes through it. */
  cover(text: string): string {
    if (this.#secrets.size === 0) return text;
    this.#pattern ??= patternOf(this.#secrets);
    return text.replace(this.#pattern, PLACEHOLDER);
  }

  /**
   * Redacts, in the text of an error, the private texts of the request that it answers.
   *
   * @param strings all strings of the request: private texts, and ids of objects, whose values count as well.
   */
  coverError(text: string, strings: Iterable<string>): string {
    return redactParts(this.cover(text), this.#privateTexts(strings));
  }

  #privateTexts(strings: Iterable<string>): ReadonlySet<string> {
    const texts = new Set<string>();
    const seen = new Set<string>();
    const visit = (string: string): void => {
      if (seen.has(string)) return;
      seen.add(string);
      const holdings = this.#holdings.get(string);
      if (holdings === undefined && !UUID.test(string)) texts.add(string);
      for (const held of holdings ?? []) {
        for (const one of held) visit(typeof one === 'string' ? one : reveal(one));
      }
    };
    for (const string of strings) visit(string);
    return texts;
  }
}

/** Ids are not redacted, because messages need them. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A shorter secret is redacted only as a word of its own. Without every "1", a message cannot be read. */
const SHORTEST_SUBSTRING = 4;

/** Matches secrets as they are and in their encodings. */
function patternOf(secrets: ReadonlySet<string>): RegExp {
  const forms = new Set([...secrets].flatMap(formsOf));
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map(alternative);
  return new RegExp(alternatives.join('|'), 'giu');
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < SHORTEST_SUBSTRING) return [secret];
  const base64 = bytes.toString('base64');
  const encoded = [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
  return [secret, encodeURIComponent(secret.toWellFormed()), ...encoded];
}

function alternative(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return form.length < SHORTEST_SUBSTRING ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}
