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
    const values = new PlainReader(text, null).readDocuments();
    return values.map((value, index) => new PlainDocument(text, index, value));
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

/** In place of where a plain scalar ends. */
const IN_QUOTES = -1;
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
  /** Where the part of a line that was read last ends. */
  #behind = 0;
  /** In the order of the text: where each value begins, and before that its key; after a scalar, where it ends if it is plain. */
  readonly #places: number[] | null;

  /** @param places where the offsets go, if they are wanted. */
  constructor(text: string, places: number[] | null) {
    this.#text = text;
    this.#places = places;
    this.#advance();
  }

  readDocuments(): readonly Mapping[] {
    const documents: Mapping[] = [];
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
  #readMapping(): Mapping {
    const indent = this.#indent;
    const value = newMapping();
    this.#goDeeper(this.#at);
    do {
      const key = this.#readKey(this.#at);
      if (value[key] !== undefined) giveUp();
      value[key] = this.#readValue(this.#behind + 1, indent);
    } while (this.#indent === indent);
    if (this.#indent > indent) giveUp();
    this.#depth -= 1;
    return value;
  }

  /** Behind a key of a mapping that is indented by `indent`. */
  #readValue(after: number, indent: number): unknown {
    const at = this.#skipSpaces(after);
    if (at < this.#end && this.#text.charCodeAt(at) !== HASH) return this.#readWithinLine(at);
    this.#advance();
    const isList = this.#indent >= indent && this.#isItem();
    if (isList) return this.#readList();
    // What is empty, or stands alone on a line, is for the other reader.
    return this.#indent > indent ? this.#readMapping() : giveUp();
  }

  #readList(): unknown[] {
    const indent = this.#indent;
    const items: unknown[] = [];
    this.#goDeeper(this.#at);
    do {
      if (items.length === MOST_ITEMS) giveUp();
      items.push(this.#readItem());
    } while (this.#indent === indent && this.#isItem());
    if (this.#indent > indent) giveUp();
    this.#depth -= 1;
    return items;
  }

  #readItem(): unknown {
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

  /** Into what begins here. */
  #goDeeper(at: number): void {
    this.#places?.push(at);
    this.#depth += 1;
    if (this.#depth > DEEPEST) giveUp();
  }

  /** Up to its colon. */
  #readKey(at: number): string {
    const colon = this.#findColon(at) ?? giveUp();
    this.#places?.push(at);
    this.#behind = colon;
    return shareKey(this.#text, at, colon);
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

  #readWithinLine(at: number): unknown {
    const value = this.#readPart(at, false);
    const after = this.#behind;
    const rest = this.#skipSpaces(after);
    const isComment = rest > after && this.#text.charCodeAt(rest) === HASH;
    if (rest !== this.#end && !isComment) giveUp();
    this.#advance();
    return value;
  }

  #readPart(at: number, isInFlow: boolean): unknown {
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

  #readQuoted(at: number, quote: string): string {
    const close = this.#text.indexOf(quote, at + 1);
    if (close === -1 || close > this.#end) giveUp();
    const value = this.#text.slice(at + 1, close);
    const isEscaped = value.includes('\\') || this.#text.charCodeAt(close + 1) === APOSTROPHE;
    if (isEscaped) giveUp();
    this.#places?.push(at, IN_QUOTES);
    this.#behind = close + 1;
    return value;
  }

  #readPlain(at: number, end: number): unknown {
    if (INDICATORS.has(this.#text.charCodeAt(at))) giveUp();
    this.#places?.push(at, end);
    this.#behind = end;
    return resolvePlain(this.#text.slice(at, end));
  }

  /** Before the blanks and the comment that may follow. Looks through the line alone: most texts hold no second comment. */
  #findPlainEnd(from: number): number {
    const line = this.#text.slice(from, this.#end);
    const comment = line.indexOf(' #');
    let end = comment === -1 ? line.length : comment;
    while (line.charCodeAt(end - 1) === SPACE) end -= 1;
    for (let at = line.indexOf(':'); at !== -1 && at < end; at = line.indexOf(':', at + 1)) {
      if (at + 1 === end || line.charCodeAt(at + 1) === SPACE) giveUp();
    }
    return from + end;
  }

  #findFlowEnd(from: number): number {
    let at = from;
    while (at < this.#end && !FLOW_INDICATORS.has(this.#text.charCodeAt(at))) at += 1;
    while (this.#text.charCodeAt(at - 1) === SPACE) at -= 1;
    const written = this.#text.slice(from, at);
    if (written === '' || written.includes(' #') || /:(?: |$)/.test(written)) giveUp();
    return at;
  }

  #readBraces(at: number): Mapping {
    const text = this.#text;
    const value = newMapping();
    this.#goDeeper(at);
    let next = at + 1;
    do {
      const key = this.#readKey(this.#skipSpaces(next));
      if (value[key] !== undefined) giveUp();
      value[key] = this.#readPart(this.#skipSpaces(this.#behind + 1), true);
      next = this.#skipSpaces(this.#behind) + 1;
    } while (text.charCodeAt(next - 1) === COMMA);
    if (text.charCodeAt(next - 1) !== CLOSE_BRACE) giveUp();
    this.#depth -= 1;
    this.#behind = next;
    return value;
  }

  #readBrackets(at: number): unknown[] {
    const items: unknown[] = [];
    this.#goDeeper(at);
    let next = at + 1;
    do {
      if (items.length === MOST_ITEMS) giveUp();
      items.push(this.#readPart(this.#skipSpaces(next), true));
      next = this.#skipSpaces(this.#behind) + 1;
    } while (this.#text.charCodeAt(next - 1) === COMMA);
    if (this.#text.charCodeAt(next - 1) !== CLOSE_BRACKET) giveUp();
    this.#depth -= 1;
    this.#behind = next;
    return items;
  }
}

/**
 * A document as plain data. Where what stands is looked up in the text again when somebody asks for it: most documents have
 * nothing to say, and the offsets of ten thousand files would be kept until the last is read.
 */
class PlainDocument implements YamlNode {
  readonly value: unknown;
  readonly isEmpty = false;
  readonly openEnd = null;
  readonly items = NO_ITEMS;
  readonly #text: string;
  /** Of its document within the text. */
  readonly #index: number;

  constructor(text: string, index: number, value: unknown) {
    this.#text = text;
    this.#index = index;
    this.value = value;
  }

  get at(): number {
    return this.#node.at;
  }

  get entries(): ReadonlyMap<string, YamlEntry> {
    return this.#node.entries;
  }

  get #node(): YamlNode {
    if (latest?.text !== this.#text) latest = { text: this.#text, nodes: makeNodes(this.#text) };
    const node = latest.nodes[this.#index];
    if (node === undefined) throw new Error('a text has become another one');
    return node;
  }
}

/** Of one text after the other: who asks for one of its places asks for more of them. */
let latest: { readonly text: string; readonly nodes: readonly YamlNode[] } | null = null;

function makeNodes(text: string): readonly YamlNode[] {
  const places: number[] = [];
  const values = new PlainReader(text, places).readDocuments();
  const maker = new NodeMaker(places);
  return values.map((value) => maker.make(value));
}

/** Goes through values in the order in which they were read. */
class NodeMaker {
  readonly #places: readonly number[];
  #next = 0;

  constructor(places: readonly number[]) {
    this.#places = places;
  }

  make(value: unknown): YamlNode {
    const at = this.#take();
    if (typeof value !== 'object' || value === null) {
      const end = this.#take();
      const openEnd = end === IN_QUOTES ? null : end;
      return { at, value, isEmpty: false, openEnd, entries: NO_ENTRIES, items: NO_ITEMS };
    }
    if (Array.isArray(value)) {
      const items = value.map((item) => this.make(item));
      return { at, value, isEmpty: false, openEnd: null, entries: NO_ENTRIES, items };
    }
    const entries = new Map<string, YamlEntry>();
    for (const [key, part] of Object.entries(value as Mapping)) {
      entries.set(key, { keyAt: this.#take(), node: this.make(part) });
    }
    return { at, value, isEmpty: false, openEnd: null, entries, items: NO_ITEMS };
  }

  #take(): number {
    return this.#places[this.#next++] ?? 0;
  }
}

type Mapping = Record<string, unknown>;

/** Made with `Object.create(null)`, it would be a hash table: three times as large, and slow to be looked through. */
function newMapping(): Mapping {
  return Object.setPrototypeOf({}, null) as Mapping;
}

/**
 * The key between these offsets: the same string for every file, as there are few keys and tens of thousands of files. Those
 * that are not among the latest are cut out of the text.
 */
function shareKey(text: string, start: number, end: number): string {
  const place =
    (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + end - start) % LATEST_KEYS.length;
  const known = LATEST_KEYS[place];
  if (known !== undefined && known.length === end - start && text.startsWith(known, start)) return known;
  const key = text.slice(start, end);
  LATEST_KEYS[place] = key;
  return key;
}

const LATEST_KEYS = new Array<string | undefined>(256).fill(undefined);

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
  if (SURELY_TEXT.test(written)) return written;
  if (written === 'true') return true;
  if (written === 'false') return false;
  if (written === 'null') return null;
  if (NUMBER.test(written)) return Number(written);
  return LOOKS_OTHERWISE.test(written) ? giveUp() : written;
}

const SURELY_TEXT = /^[A-EG-MO-SU-Za-eg-mo-su-z]/;
const NUMBER = /^(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$/;
/** More than do mean null, a boolean or a number. */
const LOOKS_OTHERWISE =
  /^(?:[-+]?\d*\.?\d*(?:e[-+]?\d+)?|0[ox][\da-f]+|[-+]?\.(?:inf|nan)|~|null|true|false)$/i;
