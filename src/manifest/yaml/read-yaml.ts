import {
  Composer,
  CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  type Pair,
  Parser,
  type Scalar,
  type YAMLError,
} from 'yaml';
import { groupDigits } from '../../model/digits.ts';
import type { Problem } from '../../model/problem.ts';
import { Fault } from '../fault.ts';
import { quoted, quotedKey } from '../visible.ts';
import { readPlainYaml } from './read-plain-yaml.ts';
import {
  explainEntry,
  explainNesting,
  findBlockSign,
  findClosedInComment,
  findConflict,
  findSlip,
  findTabBelow,
  skipBlankLines,
  TAB,
} from './slips.ts';
import type { SourceText } from './source.ts';
import {
  MOST_ITEMS,
  MOST_LEXEMES,
  NO_ENTRIES,
  NO_ITEMS,
  type YamlEntry,
  type YamlNode,
} from './yaml-node.ts';

export interface YamlStream {
  /** Those without a fault. */
  readonly documents: readonly YamlNode[];
  readonly problems: readonly Problem[];
}

const DEEPEST = 64;
const MOST_ALIASES = 16;

/** Reads YAML 1.2 (core schema) that anyone may have written: what is written plainly, in a short way. */
export function readYaml(source: SourceText): YamlStream {
  const plain = readPlainYaml(source.text);
  return plain === null ? readAnyYaml(source) : { documents: plain, problems: [] };
}

/**
 * The long way, for all of YAML and for everything that can be wrong with it. The library composes nodes recursively, so nesting is capped
 * before that, while the iterative parser builds its stack; keys are compared here, since the library does it in
 * quadratic time; and its messages are replaced, since some of them quote the source.
 */
export function readAnyYaml(source: SourceText): YamlStream {
  const conflict = findConflict(source, 'Keep what is meant of either side, and remove the marks.');
  if (conflict !== null) return { documents: [], problems: [conflict] };
  const tokens = tokenise(source);
  if (tokens instanceof Misplaced) {
    return { documents: [], problems: [source.problem(tokens.at, tokens.fault)] };
  }
  const documents: YamlNode[] = [];
  const misplaced: Misplaced[] = [];
  for (const part of splitDocuments(compose(tokens.cst), tokens.misplaced, source.text)) {
    if (part.misplaced !== null) {
      misplaced.push(part.misplaced);
      continue;
    }
    const reader = new NodeReader(source);
    const node = reader.read(part.contents, part.at);
    reader.refuseUnusedAnchors();
    if (reader.misplaced.length === 0) documents.push(node);
    else for (const found of reader.misplaced) misplaced.push(found);
  }
  return { documents, problems: misplaced.map(({ at, fault }) => source.problem(at, fault)) };
}

class Misplaced {
  readonly at: number;
  readonly fault: Fault;
  constructor(at: number, fault: Fault) {
    this.at = at;
    this.fault = fault;
  }
}

/* ---- Text → concrete syntax, iterative: everything that must not reach the recursive part is stopped here ---- */

interface Tokens {
  readonly cst: readonly CST.Token[];
  readonly misplaced: readonly Misplaced[];
}

/** A fault alone when there is no use in reading on. */
function tokenise(source: SourceText): Tokens | Misplaced {
  const unprintable = /(?![\t\n\r\u0085])\p{Cc}|[\ufffe\uffff]/u.exec(source.text);
  if (unprintable !== null) {
    source.coverLine(unprintable.index);
    const fault = new Fault(
      'control-character',
      `YAML does not allow the character ${quoted(unprintable[0])}`,
    );
    return new Misplaced(unprintable.index, fault);
  }
  const parser = new Parser();
  const cst: CST.Token[] = [];
  const misplaced: Misplaced[] = [];
  let lexemes = 0;
  let aliases = 0;
  let blockHeaderAt: number | null = null;
  for (const { lexeme, type, at } of lexWithOffsets(source.text)) {
    if (++lexemes > MOST_LEXEMES) return new Misplaced(at, TOO_LONG);
    if (type === 'alias' && ++aliases > MOST_ALIASES) return new Misplaced(at, TOO_MANY_ALIASES);
    if (type === 'directive-line') misplaced.push(new Misplaced(at, DIRECTIVE));
    if (isQuoted(type) && !isClosed(lexeme)) misplaced.push(new Misplaced(at, unclosedQuote(lexeme)));
    if (type === 'block-scalar-header') blockHeaderAt = at;
    if (type === 'scalar-text' || isQuoted(type)) {
      source.coverScalar(blockHeaderAt ?? at, at + lexeme.length);
      blockHeaderAt = null;
    }
    for (const token of parser.next(lexeme)) cst.push(token);
    if (depthOf(parser.stack) > DEEPEST) return new Misplaced(at, TOO_DEEP);
  }
  for (const token of parser.end()) cst.push(token);
  return { cst, misplaced };
}

interface Lexeme {
  readonly lexeme: string;
  readonly type: CST.TokenType | 'scalar-text' | null;
  readonly at: number;
}

/** The lexer says that a scalar follows, and then gives its text as it stands, whatever token that looks like. */
function* lexWithOffsets(text: string): Generator<Lexeme> {
  let at = 0;
  let isScalarText = false;
  for (const lexeme of new Lexer().lex(text)) {
    const type: Lexeme['type'] = isScalarText ? 'scalar-text' : CST.tokenType(lexeme);
    yield { lexeme, type, at };
    isScalarText = type === 'scalar';
    if (!(type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end')) at += lexeme.length;
  }
}

/** The stack begins with the document and may end with a scalar. */
function depthOf(stack: readonly CST.Token[]): number {
  const top = stack.at(-1);
  return top === undefined || CST.isCollection(top) ? stack.length - 1 : stack.length - 2;
}

const DIRECTIVE = new Fault(
  'yaml-directive',
  'YAML directives are not supported',
  'Remove the line: manifests are YAML 1.2.',
);
const TOO_MANY_ALIASES = new Fault('too-many-aliases', `more than ${MOST_ALIASES} YAML aliases in one file`);
const TOO_DEEP = new Fault('too-deep', `nested more than ${DEEPEST} levels deep`);
const TOO_LONG = new Fault('too-large', 'this file holds too much', 'Split it into several files.');

/** An apostrophe at the beginning of a name, as in Dutch, is a quote to YAML. */
function unclosedQuote(lexeme: string): Fault {
  const hint =
    lexeme[0] === "'"
      ? 'Put the whole value in double quotes if it begins with an apostrophe.'
      : 'Close it behind the value; or put the whole value in single quotes if the quote belongs to it.';
  return new Fault('invalid-yaml', 'the quote that begins here is never closed', hint);
}

function isQuoted(type: Lexeme['type']): boolean {
  return type === 'single-quoted-scalar' || type === 'double-quoted-scalar';
}

function isClosed(lexeme: string): boolean {
  if (lexeme.length < 2 || lexeme.at(-1) !== lexeme[0]) return false;
  if (lexeme[0] === "'") return true;
  // Counted by hand: a pattern for them takes minutes for a megabyte of backslashes.
  let backslashes = 0;
  while (lexeme[lexeme.length - 2 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0;
}

/* ---- Concrete syntax → documents ---- */

function compose(cst: readonly CST.Token[]): Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    strict: true,
  });
  return withoutStackTraces(() => [...composer.compose(cst)]);
}

/** The library makes an Error of each fault, and a file may have tens of thousands: their stack traces would take seconds. */
function withoutStackTraces<Result>(act: () => Result): Result {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return act();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

interface Part {
  readonly at: number;
  readonly contents: Node | null;
  /** The first fault of the document: what follows it is mostly its echo. */
  readonly misplaced: Misplaced | null;
}

function splitDocuments(
  documents: readonly Document.Parsed[],
  lexical: readonly Misplaced[],
  text: string,
): Part[] {
  if (documents.length === 0) {
    return [{ at: 0, contents: null, misplaced: lexical[0] ?? new Misplaced(0, EMPTY_FILE) }];
  }
  const parts: Part[] = [];
  let nextLexical = 0;
  documents.forEach((document, index) => {
    const end = documents[index + 1]?.range[0] ?? text.length + 1;
    const faults: Misplaced[] = [];
    for (
      let next = lexical[nextLexical];
      next !== undefined && next.at < end;
      next = lexical[++nextLexical]
    ) {
      faults.push(next);
    }
    const error = firstOf([...document.errors, ...document.warnings], ({ pos }) => pos[0]);
    if (error !== null) faults.push(explainError(error, text));
    const at = document.range[0];
    const isEmpty = isScalar(document.contents) && document.contents.source === '';
    if (isEmpty && faults.length === 0) {
      const isTrailing = index > 0 && index === documents.length - 1;
      if (isTrailing && /^(?:---)?\s*(?:\.\.\.\s*)?$/.test(text.slice(at))) return;
      faults.push(new Misplaced(at, documents.length === 1 ? EMPTY_FILE : EMPTY_DOCUMENT));
    }
    parts.push({ at, contents: document.contents, misplaced: firstOf(faults, (fault) => fault.at) });
  });
  return parts;
}

function firstOf<Value>(values: readonly Value[], place: (value: Value) => number): Value | null {
  return values.reduce<Value | null>((a, b) => (a === null || place(b) < place(a) ? b : a), null);
}

/** The code of what nothing is written in. */
export const EMPTY = 'empty-manifest';

const EMPTY_FILE = new Fault(
  EMPTY,
  'this file holds no manifest',
  'Delete the file if nothing is to stand in it: regsync never takes an empty file for a deletion.',
);
const EMPTY_DOCUMENT = new Fault(
  EMPTY,
  'this YAML document is empty',
  'Remove the “---” too if no manifest is to stand here.',
);

function explainError({ code, message, pos }: YAMLError, text: string): Misplaced {
  // The library points to the blank lines before what is indented wrongly.
  const at = code === 'BAD_INDENT' ? skipBlankLines(text, pos[0]) : pos[0];
  const slip =
    (FOLLOWING.has(code) ? (findClosedInComment(text, pos[0]) ?? findSlip(text, at)) : null) ??
    (code === 'BLOCK_AS_IMPLICIT_KEY' ? (findTabBelow(text, at) ?? explainNesting(text, at)) : null) ??
    (code === 'UNEXPECTED_TOKEN' ? findBlockSign(text, at) : null);
  return slip === null ? new Misplaced(at, explainSyntax(code, message)) : new Misplaced(slip.at, slip.fault);
}

/** What may follow from a slip. */
const FOLLOWING: ReadonlySet<string> = new Set([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
]);

/** Own words for the library's: some of its messages quote the source, which may be private. */
function explainSyntax(code: string, message: string): Fault {
  const known = SYNTAX.find(([knownCode, pattern]) => knownCode === code && pattern.test(message));
  const [, , text = 'this is not valid YAML', hint] = known ?? [];
  const isTag = code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE';
  return new Fault(isTag ? 'yaml-tag' : 'invalid-yaml', text, hint);
}

const QUOTE_COLON = 'Put a value that contains “: ” in quotes; give the keys of one mapping one indentation.';

const INDENT_ALIKE =
  'Indent the keys of one mapping alike, and the “- ” of one list alike, with spaces: compare this line with the one above.';

const SYNTAX: readonly (readonly [code: string, message: RegExp, text: string, hint?: string | undefined])[] =
  [
    ['ALIAS_PROPS', /./, 'an alias can have neither an anchor nor a tag'],
    ['BAD_ALIAS', /./, 'this anchor or alias has no usable name'],
    ['BAD_COLLECTION_TYPE', /./, 'this YAML tag does not fit the value', 'Remove the tag.'],
    [
      'BAD_DQ_ESCAPE',
      /./,
      'unknown escape in double quotes',
      'Write \\\\ for a backslash, or use single quotes.',
    ],
    ['BAD_INDENT', /Flow/, 'a bracket or brace is not closed, or not indented'],
    ['BAD_INDENT', /./, 'wrong indentation', INDENT_ALIKE],
    ['BAD_PROP_ORDER', /./, 'an anchor or tag stands in the wrong place'],
    ['BAD_SCALAR_START', /./, 'a value cannot begin with this character', 'Put the value in quotes.'],
    ['BLOCK_IN_FLOW', /./, 'a mapping or list by indentation cannot stand within braces or brackets'],
    ['KEY_OVER_1024_CHARS', /./, 'this key is too long'],
    ['MISSING_CHAR', /^Missing closing/, 'a quote is not closed'],
    ['MISSING_CHAR', /^Implicit map keys/, 'a key without “:”, or text that belongs to no key', QUOTE_COLON],
    ['MISSING_CHAR', /^Missing ,/, 'a comma is missing between the entries of braces or brackets'],
    ['MISSING_CHAR', /^Missing space/, 'a space is missing after “:”'],
    ['MISSING_CHAR', /^Flow/, 'a bracket or brace is not closed'],
    ['MISSING_CHAR', /^Comments/, 'a space is missing before “#”'],
    ['MISSING_CHAR', /^Sequence item/, 'a list item without “-”', INDENT_ALIKE],
    ['MULTILINE_IMPLICIT_KEY', /./, 'a key cannot span several lines', QUOTE_COLON],
    ['MULTIPLE_ANCHORS', /./, 'a value can have only one anchor'],
    ['MULTIPLE_TAGS', /./, 'a value can have only one tag'],
    ['TAB_AS_INDENT', /./, TAB.message, TAB.hint],
    [
      'TAG_RESOLVE_FAILED',
      /^Unresolved tag/,
      'unknown YAML tag',
      'Remove the tag; quote the value to make it a string.',
    ],
    ['TAG_RESOLVE_FAILED', /./, 'this YAML tag does not fit the value', 'Remove the tag.'],
    ['UNEXPECTED_TOKEN', /at node end$/, 'text after the end of the value', 'Put the whole value in quotes.'],
    ['UNEXPECTED_TOKEN', /block-seq-ind on same line/, 'a list cannot begin on the line of its key'],
  ];

/* ---- Documents → nodes with positions ---- */

interface Anchor {
  readonly node: YamlNode;
  isUsed: boolean;
}

class NodeReader {
  readonly misplaced: Misplaced[] = [];
  readonly #source: SourceText;
  readonly #anchors = new Map<string, Anchor>();

  constructor(source: SourceText) {
    this.#source = source;
  }

  /** `emptyAt`: where to point when nothing is written. */
  read(node: Node | null, emptyAt: number): YamlNode {
    if (isAlias(node)) return this.#resolve(node.source, node.range?.[0] ?? emptyAt);
    const isEmpty = node === null || (isScalar(node) && node.source === '' && node.value === null);
    const at = isEmpty ? emptyAt : (node.range?.[0] ?? emptyAt);
    const read = this.#readAt(node, at, isEmpty);
    if (isScalar(node) && node.tag === '!') this.misplaced.push(new Misplaced(at, LONE_TAG));
    if (node?.anchor !== undefined) this.#setAnchor(node.anchor, read);
    return read;
  }

  /** At the end of a document: what begins with “&” and is a value is cut short by what YAML takes for an anchor. */
  refuseUnusedAnchors(): void {
    for (const anchor of this.#anchors.values()) this.#refuseUnused(anchor);
    this.misplaced.sort((a, b) => a.at - b.at);
  }

  #setAnchor(name: string, node: YamlNode): void {
    const earlier = this.#anchors.get(name);
    if (earlier !== undefined) this.#refuseUnused(earlier);
    this.#anchors.set(name, { node, isUsed: false });
  }

  #refuseUnused({ node, isUsed }: Anchor): void {
    if (!isUsed && typeof node.value === 'string') this.misplaced.push(new Misplaced(node.at, UNUSED_ANCHOR));
  }

  #readAt(node: Node | null, at: number, isEmpty: boolean): YamlNode {
    if (isMap(node)) return this.#readMapping(node.items as Pair<Node, Node | null>[], at);
    if (isSeq(node)) {
      if (node.items.length > MOST_ITEMS) {
        this.misplaced.push(new Misplaced(at, tooManyItems(node.items.length)));
        return { at, value: [], isEmpty, openEnd: null, entries: NO_ENTRIES, items: NO_ITEMS };
      }
      const items = (node.items as (Node | null)[]).map((item) => this.read(item, item?.range?.[0] ?? at));
      const value = items.map((item) => item.value);
      return { at, value, isEmpty, openEnd: null, entries: NO_ENTRIES, items };
    }
    const value = isScalar(node) ? node.value : null;
    if (typeof value === 'string' && !value.isWellFormed()) {
      this.misplaced.push(new Misplaced(at, HALF_CHARACTER));
    }
    const openEnd = isScalar(node) && !isEmpty ? this.#openEndOf(node) : null;
    return { at, value, isEmpty, openEnd, entries: NO_ENTRIES, items: NO_ITEMS };
  }

  #openEndOf({ type, range }: Scalar): number | null {
    if (range == null || type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') return null;
    let end = range[1];
    while (end > range[0] && BLANKS.includes(this.#source.text.charAt(end - 1))) end--;
    return end;
  }

  #readMapping(pairs: readonly Pair<Node, Node | null>[], mapAt: number): YamlNode {
    const entries = new Map<string, YamlEntry>();
    const value: Record<string, unknown> = Object.create(null);
    for (const pair of pairs) {
      const keyAt = pair.key?.range?.[0] ?? mapAt;
      const node = this.read(pair.value, keyAt);
      if (isAlias(pair.key)) this.#use(pair.key.source);
      const key = readKey(pair.key);
      const first = key === null ? undefined : entries.get(key);
      if (pair.value === null) {
        this.misplaced.push(new Misplaced(keyAt, explainLoneKey(pair.key, pairs.length)));
      } else if (key === null) this.misplaced.push(new Misplaced(keyAt, INVALID_KEY));
      else if (key === '<<') this.misplaced.push(new Misplaced(keyAt, MERGE_KEY));
      else if (first !== undefined) this.misplaced.push(new Misplaced(keyAt, this.#duplicateKey(key, first)));
      else {
        entries.set(key, { keyAt, node });
        value[key] = node.value;
      }
    }
    return { at: mapAt, value, isEmpty: false, openEnd: null, entries, items: NO_ITEMS };
  }

  #duplicateKey(key: string, first: YamlEntry): Fault {
    const { line } = this.#source.position(first.keyAt);
    return new Fault(
      'duplicate-key',
      `the key${quotedKey(key)} is already on line ${line}`,
      'Remove one of the two.',
    );
  }

  #use(name: string): YamlNode | null {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) return null;
    anchor.isUsed = true;
    return anchor.node;
  }

  #resolve(name: string, at: number): YamlNode {
    const node = this.#use(name);
    if (node !== null) return node;
    this.misplaced.push(new Misplaced(at, UNKNOWN_ANCHOR));
    return { at, value: null, isEmpty: true, openEnd: null, entries: NO_ENTRIES, items: NO_ITEMS };
  }
}

function tooManyItems(count: number): Fault {
  const [counted, most] = [count, MOST_ITEMS].map(groupDigits);
  return new Fault('too-large', `this list has ${counted} items: at most ${most} are read`);
}

const BLANKS = ' \t\r\n';

const HALF_CHARACTER = new Fault(
  'invalid-yaml',
  'an escape here stands for half a character',
  'Write the character itself.',
);
const INVALID_KEY = new Fault(
  'invalid-key',
  'a key must be a plain word',
  'Check the indentation and the quotes.',
);
const NO_KEY = new Fault(
  'invalid-key',
  'a value without a key',
  'Within { }, put a value that contains a comma in quotes.',
);

const NO_MAPPING = new Fault(
  'invalid-key',
  '“{” begins a mapping here, and no “key: value” follows',
  'Put the whole value in quotes if the braces belong to it.',
);

function explainLoneKey(key: Node | null, entries: number): Fault {
  const slip = explainEntry(isScalar(key) ? (key.source ?? '') : '');
  return slip ?? (entries === 1 ? NO_MAPPING : NO_KEY);
}

const MERGE_KEY = new Fault('merge-key', 'merge keys (<<) are not supported', 'Write the keys out.');
const UNUSED_ANCHOR = new Fault(
  'unused-anchor',
  '“&” begins a YAML anchor here, which no alias names and which is no part of the value',
  'Put the whole value in quotes if “&…” belongs to it; else remove the anchor.',
);
const LONE_TAG = new Fault(
  'yaml-tag',
  '“!” begins a YAML tag here, which is no part of the value',
  'Put the whole value in quotes if “!” belongs to it; else remove it.',
);
const UNKNOWN_ANCHOR = new Fault(
  'unknown-anchor',
  'this alias names no anchor that ends before it',
  'Put a value that begins with “*” in quotes.',
);

/** As written: `123:` is the key "123". */
function readKey(key: Node | null): string | null {
  if (!isScalar(key)) return null;
  if (typeof key.value === 'string') return key.value.isWellFormed() ? key.value : null;
  return key.source === undefined || key.source === '' ? null : key.source;
}
