import { CST, Lexer, Parser } from 'yaml';
import { Fault, Misplaced } from '../fault.ts';
import { quoted } from '../visible.ts';
import type { SourceText } from './source.ts';
import { MAX_LEXEMES } from './yaml-node.ts';

/**
 * Turns a text into concrete syntax without recursion. Refuses everything that must not reach the recursive
 * composer.
 *
 * @returns a fault alone if reading on is useless.
 */
export function tokenise(source: SourceText): Tokens | Misplaced {
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
    if (++lexemes > MAX_LEXEMES) return new Misplaced(at, TOO_LONG);
    if (type === 'alias' && ++aliases > MAX_ALIASES) return new Misplaced(at, TOO_MANY_ALIASES);
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

interface Tokens {
  readonly cst: readonly CST.Token[];
  readonly misplaced: readonly Misplaced[];
}

interface Lexeme {
  readonly lexeme: string;
  readonly type: CST.TokenType | 'scalar-text' | null;
  readonly at: number;
}

/**
 * Yields the lexemes with their offsets. After the lexeme that announces a scalar, the lexer yields its text,
 * which may look like any token.
 */
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

/** Returns the depth of nesting. The stack begins with the document and may end with a scalar. */
function depthOf(stack: readonly CST.Token[]): number {
  const top = stack.at(-1);
  return top === undefined || CST.isCollection(top) ? stack.length - 1 : stack.length - 2;
}

const DEEPEST = 64;
const MAX_ALIASES = 16;

const DIRECTIVE = new Fault(
  'yaml-directive',
  'YAML directives are not supported',
  'Delete the line: manifests are always YAML 1.2.',
);

const TOO_MANY_ALIASES = new Fault('too-many-aliases', `more than ${MAX_ALIASES} YAML aliases in one file`);
const TOO_DEEP = new Fault('too-deep', `nested more than ${DEEPEST} levels deep`);
const TOO_LONG = new Fault('too-large', 'this file contains too much', 'Split it into several files.');

/** Explains an unclosed quote. An apostrophe at the beginning of a name, as in Dutch, is a quote in YAML. */
function unclosedQuote(lexeme: string): Fault {
  const hint =
    lexeme[0] === "'"
      ? 'Put the whole value in double quotes if it begins with an apostrophe.'
      : 'Close it after the value. If the quote belongs to the value, put all of it in single quotes.';
  return new Fault('invalid-yaml', 'the quote that begins here is never closed', hint);
}

function isQuoted(type: Lexeme['type']): boolean {
  return type === 'single-quoted-scalar' || type === 'double-quoted-scalar';
}

function isClosed(lexeme: string): boolean {
  if (lexeme.length < 2 || lexeme.at(-1) !== lexeme[0]) return false;
  if (lexeme[0] === "'") return true;
  // A loop counts them, because a pattern takes minutes for a megabyte of backslashes.
  let backslashes = 0;
  while (lexeme[lexeme.length - 2 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 0;
}
