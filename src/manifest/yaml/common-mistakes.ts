import type { Problem } from '../../model/problem.ts';
import { Fault, type Misplaced } from '../fault.ts';
import type { SourceText } from './source.ts';

/* ---- Common mistakes in YAML that the parser does not name, because it only sees the consequences ---- */

/** Returns the common mistake in the line of this offset, or null. */
export function findCommonMistake(text: string, at: number): Misplaced | null {
  const start = text.slice(0, at).lastIndexOf('\n') + 1;
  return findInLine(text, start, LINE_MISTAKES);
}

/** Returns this offset, or if its line is blank or a comment, the start of the next line that is not. */
export function skipBlankLines(text: string, at: number): number {
  let start = text.slice(0, at).lastIndexOf('\n') + 1;
  for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
    if (!/^\s*(?:#|$)/.test(text.slice(start, end))) break;
    start = end + 1;
  }
  return Math.max(start, at);
}

/** Returns the tab that indents the next line, or null. */
export function findTabBelow(text: string, at: number): Misplaced | null {
  const newline = text.indexOf('\n', at);
  return newline === -1 ? null : findInLine(text, newline + 1, TAB_MISTAKES);
}

/** Explains an entry of braces that lacks a value because of a common mistake. */
export function explainEntry(written: string): Fault | null {
  return findInLine(written, 0, KEY_SLIPS)?.fault ?? null;
}

/**
 * Explains a mapping that begins inside a value. Either the value contains a colon, or the line below is
 * indented as if it continued the value.
 */
export function explainNesting(text: string, at: number): Misplaced {
  const line = lineFrom(text, at);
  return { at, fault: /:(?:\s|$)/.test(line) && /^[^\s#]/.test(line) ? COLON_IN_VALUE : INDENTED_BELOW };
}

const COLON_IN_VALUE = new Fault(
  'invalid-yaml',
  '": " within this value begins a mapping',
  'Put the whole value in quotes, such as text: "Desk: compliance".',
);
const INDENTED_BELOW = new Fault(
  'invalid-yaml',
  'the line below begins further right than the key of this value',
  'Move the line below to the column of this key. If it continues the text, write "|" after the key.',
);

/** Explains text after the sign that begins a block. It should be in quotes or on the next line. */
export function findBlockSign(text: string, at: number): Misplaced | null {
  const start = text.slice(0, at).lastIndexOf('\n') + 1;
  const sign = /([|>])[-+\d]*[ \t]*$/.exec(text.slice(Math.max(start, at - MAX_LOOK), at))?.[1];
  if (sign === undefined) return null;
  const what = sign === '>' ? 'a folded block' : 'a block of lines';
  const hint = `Put the whole value in quotes if "${sign}" belongs to it. Otherwise begin the text on the next line.`;
  return {
    at,
    fault: new Fault('invalid-yaml', `"${sign}" begins ${what}, whose text is on the lines below`, hint),
  };
}

/** Finds brackets or braces whose end is in a comment, on the line of this offset or the one above. */
export function findClosedInComment(text: string, at: number): Misplaced | null {
  const start = text.slice(0, at).lastIndexOf('\n') + 1;
  const above = text.slice(0, Math.max(0, start - 1)).lastIndexOf('\n') + 1;
  for (const from of start === 0 ? [start] : [start, above]) {
    const found = /^[^#]*[[{][^#]*[ \t](?=#.*[\]}])/.exec(lineFrom(text, from));
    if (found !== null) return { at: from + found[0].length, fault: CLOSED_IN_COMMENT };
  }
  return null;
}

const CLOSED_IN_COMMENT = new Fault(
  'invalid-yaml',
  '"#" begins a comment here, which hides the closing bracket or brace',
  'Put the value in quotes if "#…" belongs to it.',
);

function lineFrom(text: string, start: number): string {
  return text.slice(start, start + MAX_LOOK).split('\n', 1)[0] ?? '';
}

function findInLine(text: string, start: number, mistakes: CommonMistakes): Misplaced | null {
  const line = lineFrom(text, start);
  for (const [before, fault] of mistakes) {
    const found = before.exec(line);
    if (found !== null) return { at: start + found[0].length, fault };
  }
  return null;
}

const MAX_LOOK = 400;

/** Patterns of a line up to the mistake, each with its fault. */
type CommonMistakes = readonly (readonly [before: RegExp, fault: Fault])[];

const WRITE_KEY = 'Write "key: value".';

export const TAB = new Fault('invalid-yaml', 'a tab in the indentation', 'Indent with spaces.');

const TAB_MISTAKES: CommonMistakes = [[/^ *(?=\t)/, TAB]];

/**
 * Mistakes at the keys of manifests only: any other word before a colon or "=" is more likely part of a text.
 */
const KEY_SLIPS: CommonMistakes = [
  [
    /^ *(?:- +)*(?=[a-z][A-Za-z0-9_]{0,62}:(?!\s|\/\/|$))/,
    new Fault('invalid-yaml', 'a space is missing after ":"', WRITE_KEY),
  ],
  [
    /^ *(?:- +)*(?=[a-z][A-Za-z0-9_]{0,62} *= *[^=\s])/,
    new Fault('invalid-yaml', 'this is "=" in place of ":"', WRITE_KEY),
  ],
];

const LINE_MISTAKES: CommonMistakes = [
  ...TAB_MISTAKES,
  [
    /^ *(?:- +)*(?=["']?[A-Za-z_][A-Za-z0-9_]{0,62}["']? *：)/,
    new Fault('invalid-yaml', 'this is a wide colon, "：" (U+FF1A), in place of ":"', WRITE_KEY),
  ],
  [
    /^ *(?:- +)*(?=-[^\s-])/,
    new Fault('invalid-yaml', 'a space is missing after "-"', 'Write "- " before each entry of a list.'),
  ],
  ...KEY_SLIPS,
];

/** Finds the marks of a merge. They are at the beginning of a line, where no value of a mapping can be. */
export function findConflict(source: SourceText, hint: string): Problem | null {
  const mark = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m.exec(source.text);
  if (mark === null) return null;
  const fault = new Fault('merge-conflict', 'a merge left conflict marks in this file', hint);
  return source.problem(mark.index, fault);
}
