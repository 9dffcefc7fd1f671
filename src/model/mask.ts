import { redactParts } from './redact.ts';
import { reveal, type Sensitive } from './sensitive.ts';

const PLACEHOLDER = '«sensitive»';

/**
 * Knows which texts of a run are private, and what each belongs to. Keys and tokens are secret everywhere. The values that a
 * group, an order or an address holds are private where a message is about that object, and ordinary words elsewhere: the
 * locality `business` of one group must not hide the word in a message about another.
 */
export class Mask {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | null = null;
  /** By remote id. The texts are read when a message about the object has to be redacted, which is rare. */
  readonly #holdings = new Map<string, Iterable<Sensitive | string>[]>();

  addSecret(secret: Sensitive): void {
    const text = reveal(secret).trim();
    if (text === '') return;
    this.#secrets.add(text);
    this.#pattern = null;
  }

  /**
   * Notes what an object at Telnyx holds.
   *
   * @param texts values, and ids of objects whose values belong to it, too. An array or a set: it is read at each use.
   */
  know(id: string, texts: Iterable<Sensitive | string>): void {
    const known = this.#holdings.get(id);
    if (known === undefined) this.#holdings.set(id, [texts]);
    else known.push(texts);
  }

  /** Takes the secrets out of a text. Everything that regsync writes goes through this. */
  cover(text: string): string {
    if (this.#secrets.size === 0) return text;
    this.#pattern ??= patternOf(this.#secrets);
    return text.replace(this.#pattern, PLACEHOLDER);
  }

  /**
   * Takes out of an error's text what is private in the request that it answers.
   *
   * @param strings all that the request names: private texts, and ids of objects, whose values count as well.
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

/** Ids are data: messages need them. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** A secret shorter than this is replaced only where it is a word of its own: without every "1", a message is lost. */
const SHORTEST_SUBSTRING = 4;

/** Secrets as they are, and in the forms that look nothing like them. */
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
