import { isUtf8 } from 'node:buffer';

/**
 * Two rules for text from outside that may repeat private texts. An error is about one request, so every
 * piece of that request's private texts is redacted. A reviewer writes for people, so only whole values of
 * that group are redacted in a comment.
 */

export const PLACEHOLDER = '«sensitive»';

/** Shorter pieces match by chance. */
const SHORTEST_PIECE = 4;
/** A word of this length is also found within a longer one. */
const SHORTEST_WORD_WITHIN = 6;

/**
 * Replaces each run of four or more letters or digits that is also part of one of these texts, ignoring case,
 * accents and punctuation. Words that are adjacent in a private text are replaced together.
 */
export function redactParts(text: string, privateTexts: Iterable<string>): string {
  const known = [...privateTexts]
    .map((one) => new PrivateText(one))
    .filter(({ squashed }) => squashed !== '');
  if (known.length === 0) return text;
  const spans = findPrivate(text, known);
  const isSeen = ({ words }: Span) => spans.some((span) => span.words.includes(words));
  // A piece that is only seen once the text is decoded has no known place in the text.
  if (decodingsOf(text).some((decoded) => !findPrivate(decoded, known).every(isSeen))) return PLACEHOLDER;
  return replaceSpans(text, spans);
}

/**
 * Replaces each of these values if it is written out whole, between word boundaries, ignoring case and
 * punctuation.
 *
 * @param acceptable words that everybody may say, because the catalogue lists them as values.
 */
export function redactWhole(
  text: string,
  values: Iterable<string>,
  acceptable: Iterable<string> = [],
): string {
  const allowed = new Set([...acceptable].map((one) => wordsOf(one).join(' ')));
  const known = [...new Set(values)].map(wordsOf).filter((words) => words.length > 0);
  const wanted = known.filter((words) => !allowed.has(words.join(' ')));
  if (wanted.length === 0) return text;
  const spans = findWhole(text, wanted);
  // Decoding a text that is not Base64 gives short words by chance.
  const long = wanted.filter((words) => lengthOf(words.join('')) >= SHORTEST_PIECE);
  const seen = findWhole(text, long).length;
  if (decodingsOf(text).some((decoded) => findWhole(decoded, long).length > seen)) return PLACEHOLDER;
  return replaceSpans(text, spans);
}

/* ---- Words of a text ---- */

interface Span {
  readonly start: number;
  readonly end: number;
  /** The words in one form for all spellings, without separators. */
  readonly words: string;
}

const WORD = /\+?[\p{L}\p{N}][\p{L}\p{N}\p{M}\p{Cf}]*/gu;

function spansOf(text: string): Span[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    start: index,
    end: index + word.length,
    words: fold(word),
  }));
}

function wordsOf(text: string): string[] {
  return spansOf(text)
    .map(({ words }) => words)
    .filter((word) => word !== '');
}

/**
 * Returns one form for spellings that a person reads as the same: `ß` and `ẞ` are `SS`, accents and invisible
 * characters are removed.
 */
function fold(word: string): string {
  return word
    .toLowerCase()
    .toUpperCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}+]+/gu, '');
}

/** Counts letters. A Chinese or Japanese sign counts as two, because two or three signs are a whole name. */
function lengthOf(words: string): number {
  return words.length + (words.match(SIGNS)?.length ?? 0);
}

const SIGNS = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/gu;

function replaceSpans(text: string, spans: readonly Span[]): string {
  let [shown, from] = ['', 0];
  for (const { start, end } of spans) {
    const between = text.slice(from, start);
    const continues = shown.endsWith(PLACEHOLDER) && /^[\s\p{P}]*$/u.test(between);
    shown += continues ? '' : `${between}${PLACEHOLDER}`;
    from = end;
  }
  return shown + text.slice(from);
}

/* ---- Pieces of private texts ---- */

class PrivateText {
  /** The letters and digits of the text in one run. */
  readonly squashed: string;
  /** The words that are found within longer words: numbers of four digits, words of six letters, or more. */
  readonly within: readonly string[];

  constructor(text: string) {
    const words = wordsOf(text);
    this.squashed = words.join('');
    this.within = words.filter((word) =>
      /^\d+$/.test(word) ? word.length >= SHORTEST_PIECE : lengthOf(word) >= SHORTEST_WORD_WITHIN,
    );
  }
}

/**
 * Finds pieces from left to right, each as long as possible: "+49 30 1234567" is one piece if a text has it
 * so.
 */
function findPrivate(text: string, known: readonly PrivateText[]): Span[] {
  const spans = spansOf(text);
  const found: Span[] = [];
  for (let first = 0; first < spans.length; first++) {
    const last = longestFrom(spans, first, known);
    if (last === null) continue;
    const [start, end] = [spans[first]?.start ?? 0, spans[last]?.end ?? 0];
    found.push({ start, end, words: joined(spans, first, last) });
    first = last;
  }
  return found;
}

/** Returns the index of the last word of the longest piece that begins with this word, or null. */
function longestFrom(spans: readonly Span[], first: number, known: readonly PrivateText[]): number | null {
  let last: number | null = null;
  for (let end = first, words = ''; end < spans.length; end++) {
    words += spans[end]?.words ?? '';
    if (!known.some(({ squashed }) => squashed.includes(words))) break;
    if (lengthOf(words) >= SHORTEST_PIECE) last = end;
  }
  if (last !== null) return last;
  const word = spans[first]?.words ?? '';
  return known.some(({ within }) => within.some((part) => word.includes(part))) ? first : null;
}

function joined(spans: readonly Span[], first: number, last: number): string {
  return spans
    .slice(first, last + 1)
    .map(({ words }) => words)
    .join('');
}

/* ---- Whole values ---- */

function findWhole(text: string, values: readonly (readonly string[])[]): Span[] {
  const spans = spansOf(text);
  const found: Span[] = [];
  for (let first = 0; first < spans.length; first++) {
    const lengths = values
      .filter((words) => words.every((word, index) => spans[first + index]?.words === word))
      .map(({ length }) => length);
    if (lengths.length === 0) continue;
    const last = first + Math.max(...lengths) - 1;
    found.push({
      start: spans[first]?.start ?? 0,
      end: spans[last]?.end ?? 0,
      words: joined(spans, first, last),
    });
    first = last;
  }
  return found;
}

/* ---- Encodings ---- */

/** This is enough for HTML in JSON in a URL. */
const MAX_LAYERS = 4;

/** Returns the texts that result when layers of encoding are removed, in any order. */
function decodingsOf(text: string): readonly string[] {
  const known = new Set([text]);
  let layer = [text];
  for (let depth = 0; depth < MAX_LAYERS && layer.length > 0; depth++) {
    const decoded = layer.flatMap((reading) => DECODERS.map((decode) => decode(reading)));
    layer = [...new Set(decoded)].filter((reading) => !known.has(reading));
    for (const reading of layer) known.add(reading);
  }
  // Any word can be read as Base64, so the result is not decoded further, except for the escapes of JSON.
  for (const reading of [...known]) {
    for (const decode of [decodeBase64, decodeHex]) {
      const bytes = decode(reading);
      known.add(bytes).add(decodeEscapes(bytes));
    }
  }
  known.delete(text);
  return [...known];
}

const DECODERS: readonly ((text: string) => string)[] = [
  decodeEscapes,
  decodeEntities,
  decodePercent,
  decodeBytes,
];

/** Decodes the escapes of JSON and JavaScript: `\"`, `\u00eb`, `\xeb`. */
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

/** Decodes entities. The caller ignores case, so `&Auml;` is read as `&auml;`. */
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

/** Decodes UTF-8 that a program took for Latin-1: `Ã¼` for `ü`. */
function decodeBytes(text: string): string {
  return text.replace(/[\x80-\xff]{2,}/g, (run) => {
    const bytes = Buffer.from(run, 'latin1');
    return isUtf8(bytes) ? bytes.toString('utf8') : run;
  });
}

/**
 * Decodes four bytes or more, with or without padding, in the alphabet of texts or of URLs. A preceding slash
 * belongs to that alphabet, so each run is read from each of its first four signs on.
 */
function decodeBase64(text: string): string {
  return text.replace(/[A-Za-z0-9+/_-]{6,}={0,2}/g, (run) =>
    [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('utf8')).join(' '),
  );
}

function decodeHex(text: string): string {
  return text.replace(/(?<![0-9a-z])(?:[0-9a-f]{2}){4,}(?![0-9a-z])/gi, (run) =>
    Buffer.from(run, 'hex').toString('utf8'),
  );
}

function fromCodePoint(code: number, otherwise: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : otherwise;
}
