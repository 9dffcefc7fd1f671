import {
  APOSTROPHE,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DASH,
  FLOW_INDICATORS,
  HASH,
  INDICATORS,
  isWordCharacter,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
} from './characters.ts';
import { giveUp, resolvePlain } from './plain-scalar.ts';
import { MAX_ITEMS } from './yaml-node.ts';

const MAX_KEY = 63;
/** The limit is far below the depth at which regsync refuses a text. */
const DEEPEST = 16;

/** The end offset of a quoted scalar. */
export const IN_QUOTES = -1;
/** The indentation of a document separator and of the end, less than that of any content. */
const OUTSIDE = -1;

/** Reads a text of plainly written YAML from start to end, and gives up at anything else. */
export class PlainReader {
  readonly #text: string;
  /** The offset of the content of the current line, which is neither blank nor a comment. */
  #at = 0;
  /** The indentation of the current line, in columns. */
  #indent = OUTSIDE;
  /** The offset at which the current line ends. */
  #end = 0;
  /** The offset at which the following line begins. */
  #next = 0;
  #isSeparator = false;
  #depth = 0;
  /** The offset at which the last part of a line ends. */
  #behind = 0;
  /**
   * Offsets in the order of the text: each value's start, preceded by its key's, and a scalar's end or
   * `IN_QUOTES`.
   */
  readonly places: number[] = [];

  constructor(text: string) {
    this.#text = text;
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

  /* ---- Values by indentation. Each method advances to the line after its value ---- */

  /** Reads a mapping that begins on the current line. */
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

  /** Reads the value of a key in a mapping that is indented by `indent`. */
  #readValue(after: number, indent: number): unknown {
    const at = this.#skipSpaces(after);
    if (at < this.#end && this.#text.charCodeAt(at) !== HASH) return this.#readWithinLine(at);
    this.#advance();
    const isList = this.#indent >= indent && this.#isItem();
    if (isList) return this.#readList();
    // The full reader takes empty values, and scalars on a line of their own.
    return this.#indent > indent ? this.#readMapping() : giveUp();
  }

  #readList(): unknown[] {
    const indent = this.#indent;
    const items: unknown[] = [];
    this.#goDeeper(this.#at);
    do {
      if (items.length === MAX_ITEMS) giveUp();
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
    // The item's other keys are indented as its first one.
    this.#indent += at - this.#at;
    this.#at = at;
    return this.#readMapping();
  }

  #isItem(): boolean {
    const text = this.#text;
    return text.charCodeAt(this.#at) === DASH && text.charCodeAt(this.#at + 1) === SPACE;
  }

  /** Records the start of a collection and its depth. */
  #goDeeper(at: number): void {
    this.places.push(at);
    this.#depth += 1;
    if (this.#depth > DEEPEST) giveUp();
  }

  /** Reads a key up to its colon. */
  #readKey(at: number): string {
    const colon = this.#findColon(at) ?? giveUp();
    this.places.push(at);
    this.#behind = colon;
    return this.#text.slice(at, colon);
  }

  /** Returns the offset of the colon of a key that begins here, or null. Keys are words. */
  #findColon(keyAt: number): number | null {
    const text = this.#text;
    let at = keyAt;
    while (isWordCharacter(text.charCodeAt(at), at === keyAt)) at += 1;
    if (at === keyAt || at > keyAt + MAX_KEY || text.charCodeAt(at) !== COLON) return null;
    return at + 1 === this.#end || text.charCodeAt(at + 1) === SPACE ? at : null;
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (this.#text.charCodeAt(at) === SPACE) at += 1;
    return at;
  }

  /* ---- Values within a line ---- */

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
    this.places.push(at, IN_QUOTES);
    this.#behind = close + 1;
    return value;
  }

  #readPlain(at: number, end: number): unknown {
    if (INDICATORS.has(this.#text.charCodeAt(at))) giveUp();
    this.places.push(at, end);
    this.#behind = end;
    return resolvePlain(this.#text.slice(at, end));
  }

  /** Returns the end of a plain scalar, before the blanks and the comment that may follow. */
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
      if (items.length === MAX_ITEMS) giveUp();
      items.push(this.#readPart(this.#skipSpaces(next), true));
      next = this.#skipSpaces(this.#behind) + 1;
    } while (this.#text.charCodeAt(next - 1) === COMMA);
    if (this.#text.charCodeAt(next - 1) !== CLOSE_BRACKET) giveUp();
    this.#depth -= 1;
    this.#behind = next;
    return items;
  }
}

export type Mapping = Record<string, unknown>;

/** Makes a mapping without a prototype. `Object.create(null)` would be a larger and slower hash table. */
function newMapping(): Mapping {
  return Object.setPrototypeOf({}, null) as Mapping;
}
