import {
  MOST_ITEMS,
  MOST_LEXEMES,
  NO_ENTRIES,
  NO_ITEMS,
  type YamlEntry,
  type YamlNode,
} from './yaml-node.ts';

/**
 * The short way for manifests as nearly everybody writes them: mappings and lists by indentation, values on the line of their
 * key, plain or in quotes, `{ }` and `[ ]` within a line, comments. It takes a twentieth of the time of the library.
 *
 * It says nothing about what is wrong, since nothing that it answers is: at whatever it does not know for certain to be sound,
 * it gives up, and the text is read by the reader that knows all of YAML and has a message for every mistake. Where it does
 * answer, it answers the same, offset by offset: that is a property in the tests, and every rule below is there for it.
 *
 * @returns the documents, or null
 */
export function readPlainYaml(text: string): readonly YamlNode[] | null {
  if (text.length > LONGEST || UNUSUAL.test(text)) return null;
  try {
    return new PlainReader(text).readDocuments();
  } catch (thrown) {
    if (thrown === GIVE_UP) return null;
    throw thrown;
  }
}

/** A character makes at most two lexemes, so that a longer text might be refused for them. */
const LONGEST = MOST_LEXEMES / 2;
/** Tabs and carriage returns, half characters and those beyond 16 bits, other line ends, and what does not print. */
const UNUSUAL = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const LONGEST_KEY = 63;
/** Far below the depth at which a text is refused. */
const DEEPEST = 16;

/** Thrown, as it may have to leave from any depth. No Error: nobody wants its stack trace, which takes longer than a file. */
const GIVE_UP = { message: 'not plain' };

function giveUp(): never {
  throw GIVE_UP;
}

const SPACE = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const DASH = 0x2d;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Of the line that separates documents, and of the end: less than that of any content. */
const OUTSIDE = -1;

class PlainReader {
  readonly #text: string;
  /** The line at hand, the next one that is neither blank nor a comment: where its content begins, … */
  #at = 0;
  /** … how many columns it is indented, … */
  #indent = OUTSIDE;
  /** … where it ends, … */
  #end = 0;
  /** … and where the line after it begins. */
  #next = 0;
  #isSeparator = false;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#advance();
  }

  readDocuments(): readonly YamlNode[] {
    const documents: YamlNode[] = [];
    if (this.#isSeparator) this.#advance();
    for (;;) {
      if (this.#indent !== 0) giveUp();
      documents.push(this.#readMapping());
      if (!this.#isSeparator) return documents;
      this.#advance();
    }
  }

  #advance(): void {
    const text = this.#text;
    this.#isSeparator = false;
    for (let start = this.#next; start < text.length; start = this.#next) {
      const newline = text.indexOf('\n', start);
      const end = newline === -1 ? text.length : newline;
      const at = this.#skipSpaces(start);
      this.#next = end + 1;
      if (at === end || text.charCodeAt(at) === HASH) continue;
      this.#at = at;
      this.#end = end;
      this.#indent = at - start;
      if (at === start && text.startsWith('---', at)) {
        if (end !== at + 3) giveUp();
        this.#isSeparator = true;
        this.#indent = OUTSIDE;
      }
      return;
    }
    this.#indent = OUTSIDE;
  }

  /* ---- By indentation. Each leaves the line behind it at hand ---- */

  /** Begins at the line at hand. */
  #readMapping(): YamlNode {
    const [at, indent] = [this.#at, this.#indent];
    const entries = new Map<string, YamlEntry>();
    const value = newMapping();
    this.#goDeeper();
    do {
      const keyAt = this.#at;
      const colon = this.#findColon(keyAt) ?? giveUp();
      const key = this.#text.slice(keyAt, colon);
      if (entries.has(key)) giveUp();
      const node = this.#readValue(colon + 1, indent);
      entries.set(key, { keyAt, node });
      value[key] = node.value;
    } while (this.#indent === indent);
    if (this.#indent > indent) giveUp();
    this.#depth -= 1;
    return { at, value, isEmpty: false, entries, items: NO_ITEMS };
  }

  /** Behind a key of a mapping that is indented by `indent`. */
  #readValue(after: number, indent: number): YamlNode {
    const at = this.#skipSpaces(after);
    if (at < this.#end && this.#text.charCodeAt(at) !== HASH) return this.#readWithinLine(at);
    this.#advance();
    const isList = this.#indent >= indent && this.#isItem();
    if (isList) return this.#readList();
    // What is empty, or stands alone on a line, is for the other reader.
    return this.#indent > indent ? this.#readMapping() : giveUp();
  }

  #readList(): YamlNode {
    const [at, indent] = [this.#at, this.#indent];
    const items: YamlNode[] = [];
    this.#goDeeper();
    do {
      if (items.length === MOST_ITEMS) giveUp();
      items.push(this.#readItem());
    } while (this.#indent === indent && this.#isItem());
    if (this.#indent > indent) giveUp();
    this.#depth -= 1;
    return { at, value: items.map((item) => item.value), isEmpty: false, entries: NO_ENTRIES, items };
  }

  #readItem(): YamlNode {
    const at = this.#skipSpaces(this.#at + 1);
    if (at === this.#end) giveUp();
    if (this.#findColon(at) === null) return this.#readWithinLine(at);
    // Its keys stand where the first one does.
    this.#indent += at - this.#at;
    this.#at = at;
    return this.#readMapping();
  }

  #isItem(): boolean {
    const text = this.#text;
    return text.charCodeAt(this.#at) === DASH && text.charCodeAt(this.#at + 1) === SPACE;
  }

  #goDeeper(): void {
    this.#depth += 1;
    if (this.#depth > DEEPEST) giveUp();
  }

  /** What a key ends with, if one begins here: words of letters, as manifests have them. */
  #findColon(keyAt: number): number | null {
    const text = this.#text;
    let at = keyAt;
    while (isWordCharacter(text.charCodeAt(at), at === keyAt)) at += 1;
    if (at === keyAt || at > keyAt + LONGEST_KEY || text.charCodeAt(at) !== COLON) return null;
    return at + 1 === this.#end || text.charCodeAt(at + 1) === SPACE ? at : null;
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === SPACE) at += 1;
    return at;
  }

  /* ---- Within a line ---- */

  #readWithinLine(at: number): YamlNode {
    const [node, after] = this.#readPart(at, false);
    const rest = this.#skipSpaces(after);
    const isComment = rest > after && this.#text.charCodeAt(rest) === HASH;
    if (rest !== this.#end && !isComment) giveUp();
    this.#advance();
    return node;
  }

  /** And where it ends. */
  #readPart(at: number, isInFlow: boolean): readonly [YamlNode, number] {
    switch (this.#text.charCodeAt(at)) {
      case QUOTE:
        return this.#readQuoted(at, '"');
      case APOSTROPHE:
        return this.#readQuoted(at, "'");
      case OPEN_BRACE:
        return this.#readBraces(at);
      case OPEN_BRACKET:
        return this.#readBrackets(at);
      default:
        return this.#readPlain(at, isInFlow ? this.#findFlowEnd(at) : this.#findPlainEnd(at));
    }
  }

  #readQuoted(at: number, quote: string): readonly [YamlNode, number] {
    const close = this.#text.indexOf(quote, at + 1);
    if (close === -1 || close > this.#end) giveUp();
    const value = this.#text.slice(at + 1, close);
    const isEscaped = value.includes('\\') || this.#text.charCodeAt(close + 1) === APOSTROPHE;
    if (isEscaped) giveUp();
    return [scalar(at, value), close + 1];
  }

  #readPlain(at: number, end: number): readonly [YamlNode, number] {
    if (INDICATORS.has(this.#text.charCodeAt(at))) giveUp();
    return [scalar(at, resolvePlain(this.#text.slice(at, end))), end];
  }

  /** Before the blanks and the comment that may follow. */
  #findPlainEnd(from: number): number {
    const text = this.#text;
    const comment = text.indexOf(' #', from);
    let end = comment === -1 || comment > this.#end ? this.#end : comment;
    while (text.charCodeAt(end - 1) === SPACE) end -= 1;
    for (let at = text.indexOf(':', from); at !== -1 && at < end; at = text.indexOf(':', at + 1)) {
      if (at + 1 === end || text.charCodeAt(at + 1) === SPACE) giveUp();
    }
    return end;
  }

  #findFlowEnd(from: number): number {
    let at = from;
    while (at < this.#end && !FLOW_INDICATORS.has(this.#text.charCodeAt(at))) at += 1;
    while (this.#text.charCodeAt(at - 1) === SPACE) at -= 1;
    const written = this.#text.slice(from, at);
    if (written === '' || written.includes(' #') || /:(?: |$)/.test(written)) giveUp();
    return at;
  }

  #readBraces(at: number): readonly [YamlNode, number] {
    const text = this.#text;
    const entries = new Map<string, YamlEntry>();
    const value = newMapping();
    this.#goDeeper();
    let behind = at + 1;
    do {
      const keyAt = this.#skipSpaces(behind);
      const colon = this.#findColon(keyAt) ?? giveUp();
      const key = text.slice(keyAt, colon);
      if (entries.has(key)) giveUp();
      const [node, after] = this.#readPart(this.#skipSpaces(colon + 1), true);
      entries.set(key, { keyAt, node });
      value[key] = node.value;
      behind = this.#skipSpaces(after) + 1;
    } while (text.charCodeAt(behind - 1) === COMMA);
    if (text.charCodeAt(behind - 1) !== CLOSE_BRACE) giveUp();
    this.#depth -= 1;
    return [{ at, value, isEmpty: false, entries, items: NO_ITEMS }, behind];
  }

  #readBrackets(at: number): readonly [YamlNode, number] {
    const items: YamlNode[] = [];
    this.#goDeeper();
    let behind = at + 1;
    do {
      if (items.length === MOST_ITEMS) giveUp();
      const [node, after] = this.#readPart(this.#skipSpaces(behind), true);
      items.push(node);
      behind = this.#skipSpaces(after) + 1;
    } while (this.#text.charCodeAt(behind - 1) === COMMA);
    if (this.#text.charCodeAt(behind - 1) !== CLOSE_BRACKET) giveUp();
    this.#depth -= 1;
    const value = items.map((item) => item.value);
    return [{ at, value, isEmpty: false, entries: NO_ENTRIES, items }, behind];
  }
}

/** Made with `Object.create(null)`, it would be a hash table: three times as large, and slow to be looked through. */
function newMapping(): Record<string, unknown> {
  return Object.setPrototypeOf({}, null) as Record<string, unknown>;
}

function scalar(at: number, value: unknown): YamlNode {
  return { at, value, isEmpty: false, entries: NO_ENTRIES, items: NO_ITEMS };
}

/** What a plain scalar cannot begin with, or only in company. */
const INDICATORS = codesOf('-?:,[]{}#&*!|>\'"%@`');
const FLOW_INDICATORS = codesOf(',[]{}');

function codesOf(characters: string): ReadonlySet<number> {
  return new Set([...characters].map((character) => character.charCodeAt(0)));
}

function isWordCharacter(code: number, isFirst: boolean): boolean {
  const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
  return isLetter || (!isFirst && ((code >= 0x30 && code <= 0x39) || code === DASH));
}

/** As the core schema does: a text, unless it looks like something else. */
function resolvePlain(written: string): unknown {
  if (written === 'true') return true;
  if (written === 'false') return false;
  if (NUMBER.test(written)) return Number(written);
  return LOOKS_OTHERWISE.test(written) ? giveUp() : written;
}

const NUMBER = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
/** More than do mean null, a boolean or a number. */
const LOOKS_OTHERWISE =
  /^(?:[-+]?\d*\.?\d*(?:e[-+]?\d+)?|0[ox][\da-f]+|[-+]?\.(?:inf|nan)|~|null|true|false)$/i;
