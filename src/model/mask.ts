import { reveal, type Sensitive } from './sensitive.ts';

const PLACEHOLDER = '«sensitive»';

/** A value shorter than this is masked only where it stands alone as a word: masking every "1" would destroy a message. */
const SHORTEST_SUBSTRING = 4;

/**
 * Removes known sensitive texts from text that came from outside: error details, reviewer comments. A value that stands
 * there as it is, or in Base64 or hex, is replaced. One that shows only when the text is decoded (entities, percent signs,
 * escapes, another case, composition or spacing) cannot be cut out reliably: then nothing of the text is passed on.
 */
export class Mask {
  readonly #values = new Set<string>();
  /** What stands for each value in a text that shows it: there may be tens of thousands, of which a text holds none or few. */
  readonly #forms = new Needles();
  readonly #folded = new Needles();
  /** As late as possible: most runs are told nothing by anybody. */
  #unread: Iterable<Sensitive>[] = [];
  #unindexed: string[] = [];
  #all: RegExp | null = null;

  add(value: Sensitive): void {
    this.addAll([value]);
  }

  /** @param values are gone through once, when they are needed for the first time. */
  addAll(values: Iterable<Sensitive>): void {
    this.#unread.push(values);
  }

  /** For what we write ourselves: only values that stand there literally. Fast on any amount of text, for a few values. */
  cover(text: string): string {
    this.#read();
    if (this.#values.size === 0) return text;
    this.#all ??= patternOf(this.#values);
    return text.replace(this.#all, PLACEHOLDER);
  }

  /** For what came from outside. */
  apply(text: string): string {
    this.#read();
    if (this.#values.size === 0 || text === '') return text;
    this.#index();
    const present = this.#forms.findIn(fold(text));
    const masked = present.size === 0 ? text : text.replace(patternOf(present), PLACEHOLDER);
    const readings = readingsOf(masked.replaceAll(PLACEHOLDER, ' ')).map(fold);
    return readings.some((reading) => this.#folded.findIn(reading).size > 0) ? PLACEHOLDER : masked;
  }

  #read(): void {
    for (const values of this.#unread.splice(0)) {
      for (const value of values) this.#keep(reveal(value).trim());
    }
  }

  #keep(text: string): void {
    if (text === '' || this.#values.has(text)) return;
    this.#values.add(text);
    this.#unindexed.push(text);
    this.#all = null;
  }

  #index(): void {
    for (const value of this.#unindexed) {
      for (const form of literalForms(value)) this.#forms.add(fold(form), value);
      const folded = fold(value);
      if (folded.length >= SHORTEST_SUBSTRING) this.#folded.add(folded, value);
    }
    this.#unindexed = [];
  }
}

/** Which of very many values stand in a text, each in one of its forms: by how these begin. */
class Needles {
  readonly #byStart = new Map<string, Needle[]>();
  /** Too short for that. */
  readonly #short: Needle[] = [];

  add(form: string, value: string): void {
    if (form.length < START) {
      this.#short.push({ form, value });
      return;
    }
    const start = form.slice(0, START);
    const others = this.#byStart.get(start);
    if (others === undefined) this.#byStart.set(start, [{ form, value }]);
    else others.push({ form, value });
  }

  findIn(text: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const { form, value } of this.#short) if (text.includes(form)) found.add(value);
    for (let at = 0; at + START <= text.length; at++) {
      for (const { form, value } of this.#byStart.get(text.slice(at, at + START)) ?? []) {
        if (text.startsWith(form, at)) found.add(value);
      }
    }
    return found;
  }
}

interface Needle {
  readonly form: string;
  readonly value: string;
}

const START = 3;

/** Values as they are, and in the forms that look nothing like them. */
function patternOf(values: ReadonlySet<string>): RegExp {
  const forms = new Set([...values].flatMap(literalForms));
  const alternatives = [...forms].sort((a, b) => b.length - a.length).map(alternative);
  return new RegExp(alternatives.join('|'), 'giu');
}

function literalForms(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.length < SHORTEST_SUBSTRING) return [value];
  const base64 = bytes.toString('base64');
  const encoded = [base64, base64.replace(/=+$/, ''), bytes.toString('base64url'), bytes.toString('hex')];
  return [value, encodeURIComponent(value.toWellFormed()), ...encoded];
}

function alternative(form: string): string {
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return form.length < SHORTEST_SUBSTRING ? `(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])` : escaped;
}

/** Deep enough for HTML in JSON in a URL. */
const MOST_LAYERS = 4;

/** The text, and what it becomes when layers of encoding are taken off, one way or another. */
function readingsOf(text: string): string[] {
  const readings = new Set([text]);
  let layer = [text];
  for (let depth = 0; depth < MOST_LAYERS && layer.length > 0; depth++) {
    const decoded = layer.flatMap((reading) => DECODERS.map((decode) => decode(reading)));
    layer = [...new Set(decoded)].filter((reading) => !readings.has(reading));
    for (const reading of layer) readings.add(reading);
  }
  return [...readings];
}

const DECODERS: readonly ((text: string) => string)[] = [decodeEscapes, decodeEntities, decodePercent];

/** As in JSON and JavaScript: `\"`, `\u00eb`, `\xeb`. */
function decodeEscapes(text: string): string {
  return text
    .replace(/\\u\{([0-9a-f]{1,6})\}/gi, (all, hex) => fromCodePoint(Number.parseInt(hex, 16), all))
    .replace(/\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, (all, four, two) =>
      fromCodePoint(Number.parseInt(four ?? two, 16), all),
    )
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\(.)/g, '$1');
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['szlig', 'ß'],
  ['auml', 'ä'],
  ['ouml', 'ö'],
  ['uuml', 'ü'],
  ['euml', 'ë'],
  ['eacute', 'é'],
  ['egrave', 'è'],
  ['ccedil', 'ç'],
  ['ntilde', 'ñ'],
  ['aring', 'å'],
  ['oslash', 'ø'],
]);

/** Case does not matter for what follows, so `&Auml;` is read as `&auml;`. */
function decodeEntities(text: string): string {
  return text
    .replace(/&#x([0-9a-f]{1,6});?/gi, (all, hex) => fromCodePoint(Number.parseInt(hex, 16), all))
    .replace(/&#(\d{1,7});?/g, (all, decimal) => fromCodePoint(Number(decimal), all))
    .replace(/&([a-z]+);/gi, (all, name: string) => ENTITIES.get(name.toLowerCase()) ?? all);
}

function decodePercent(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function fromCodePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}

/**
 * One form for spellings that a person would read as the same (`ß` and `ẞ` are `SS`); accents, blanks and what does not show
 * are left out. What a pattern without regard to case takes for equal has one form, too.
 */
function fold(text: string): string {
  return text
    .toLowerCase()
    .toUpperCase()
    .normalize('NFKD')
    .replace(/[\p{Cc}\p{Cf}\p{M}\p{Z}\s+]+/gu, '');
}
