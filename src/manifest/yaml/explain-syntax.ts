import type { YAMLError } from 'yaml';
import { Fault, Misplaced } from '../fault.ts';
import {
  explainNesting,
  findBlockSign,
  findClosedInComment,
  findCommonMistake,
  findTabBelow,
  skipBlankLines,
  TAB,
} from './common-mistakes.ts';

/** Explains an error of the YAML library in regsync's words, at the position of the mistake. */
export function explainError({ code, message, pos }: YAMLError, text: string): Misplaced {
  // The library points to the blank lines before the wrong indentation.
  const at = code === 'BAD_INDENT' ? skipBlankLines(text, pos[0]) : pos[0];
  const slip =
    (FOLLOWING.has(code) ? (findClosedInComment(text, pos[0]) ?? findCommonMistake(text, at)) : null) ??
    (code === 'BLOCK_AS_IMPLICIT_KEY' ? (findTabBelow(text, at) ?? explainNesting(text, at)) : null) ??
    (code === 'UNEXPECTED_TOKEN' ? findBlockSign(text, at) : null);
  return slip ?? new Misplaced(at, explainSyntax(code, message));
}

/** The error codes that may be consequences of a common mistake. */
const FOLLOWING: ReadonlySet<string> = new Set([
  'BAD_INDENT',
  'BLOCK_AS_IMPLICIT_KEY',
  'MISSING_CHAR',
  'MULTILINE_IMPLICIT_KEY',
]);

/** Replaces the library's message, since some of its messages quote the source, which may be private. */
function explainSyntax(code: string, message: string): Fault {
  const known = SYNTAX.find(([knownCode, pattern]) => knownCode === code && pattern.test(message));
  const [, , text = 'this is not valid YAML', hint] = known ?? [];
  const isTag = code === 'TAG_RESOLVE_FAILED' || code === 'BAD_COLLECTION_TYPE';
  return new Fault(isTag ? 'yaml-tag' : 'invalid-yaml', text, hint);
}

const QUOTE_COLON =
  'Put a value that contains ": " in quotes, such as text: "Desk: compliance", and indent the keys of one mapping alike.';

const INDENT_ALIKE = 'Begin this line at the same column as the line above it, with spaces.';

const SYNTAX: readonly (readonly [code: string, message: RegExp, text: string, hint?: string | undefined])[] =
  [
    ['ALIAS_PROPS', /./, 'an alias cannot have an anchor or a tag'],
    ['BAD_ALIAS', /./, 'this anchor or alias has an unusable name'],
    ['BAD_COLLECTION_TYPE', /./, 'this YAML tag does not fit the value', 'Remove the tag.'],
    [
      'BAD_DQ_ESCAPE',
      /./,
      'unknown escape in double quotes',
      'Write \\\\ for a backslash, or use single quotes.',
    ],
    ['BAD_INDENT', /Flow/, 'a bracket or brace is not closed, or not indented'],
    ['BAD_INDENT', /./, 'wrong indentation', INDENT_ALIKE],
    ['BAD_PROP_ORDER', /./, 'an anchor or tag is in the wrong place'],
    ['BAD_SCALAR_START', /./, 'a value cannot begin with this character', 'Put the value in quotes.'],
    ['BLOCK_IN_FLOW', /./, 'braces or brackets cannot contain a mapping or list by indentation'],
    ['KEY_OVER_1024_CHARS', /./, 'this key is too long'],
    ['MISSING_CHAR', /^Missing closing/, 'a quote is not closed'],
    ['MISSING_CHAR', /^Implicit map keys/, 'a key without ":", or text that belongs to no key', QUOTE_COLON],
    ['MISSING_CHAR', /^Missing ,/, 'a comma is missing between the entries of braces or brackets'],
    ['MISSING_CHAR', /^Missing space/, 'a space is missing after ":"'],
    ['MISSING_CHAR', /^Flow/, 'a bracket or brace is not closed'],
    ['MISSING_CHAR', /^Comments/, 'a space is missing before "#"'],
    ['MISSING_CHAR', /^Sequence item/, 'a list item without "-"', INDENT_ALIKE],
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
