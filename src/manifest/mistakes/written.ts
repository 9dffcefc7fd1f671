import type { Problem, Severity } from '../../model/problem.ts';
import { Fault } from '../fault.ts';
import { nameEntry, type Path } from '../manifest.ts';
import type { SourceText } from '../yaml/source.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';
import { doubtsAbout } from './unmeant.ts';

/**
 * Finds texts that are valid YAML and probably not what the author meant: cut off at a "#", a placeholder, or
 * with invisible characters. A plan shows no values, so a review of it would not find them either.
 */
export function checkWritten(document: YamlNode, source: SourceText): readonly Problem[] {
  if (!SUSPICIOUS.test(source.text)) return NONE;
  const found: Problem[] = [];
  const report = (at: number, path: Path, fault: Fault, severity: Severity): void => {
    found.push(source.problem(at, nameEntry(fault, path, { node: document, source }), severity));
  };
  for (const { node, path, key, keyAt } of textsIn(document)) {
    const hash = findCut(node, key, keyAt, source.text);
    if (hash !== null) report(hash, path, cutOff(key), 'error');
    // The name of a requirement comes from Telnyx, and is looked up exactly as written.
    if (key === 'requirement') continue;
    for (const { fault, severity } of doubtsAbout(String(node.value), `"${key}"`)) {
      report(node.at, path, fault, severity);
    }
  }
  return found;
}

const NONE: readonly Problem[] = [];

/**
 * Matches a whole file that may contain such a text; most files do not match and are skipped. Letters such as
 * "ß", and the `$schema=…` that editors look for, do not match.
 */
const SUSPICIOUS =
  /[^\n\r\t\x20-\x7e\xa1-\xac\xae-\u02ff]|\S[\t ]+#|\n[\t ]+#\S|[$#]\{|\$\(|\{\{|##|@@|<|\bENC\[|\\|\b(?:todo|tbd|fixme|xxx|change|fill|replace)|[$%]\w+(?![=\w])|__|: *["']?\[/i;

interface Found {
  readonly node: YamlNode;
  readonly path: Path;
  /** The nearest key above the text. */
  readonly key: string;
  /** The offset of the key, or of the blank before a list entry. The text's lines are indented further. */
  readonly keyAt: number;
}

/** Yields each text once, even if several aliases lead to it. */
function* textsIn(document: YamlNode): Generator<Found> {
  const seen = new Set<YamlNode>();
  const waiting: Found[] = [{ node: document, path: [], key: '', keyAt: document.at }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, path, key } = next;
    if (seen.has(node)) continue;
    seen.add(node);
    if (typeof node.value === 'string') yield next;
    const inner: Found[] = [];
    for (const [name, entry] of node.entries) {
      inner.push({ node: entry.node, path: [...path, name], key: name, keyAt: entry.keyAt });
    }
    for (const [index, item] of node.items.entries()) {
      inner.push({ node: item, path: [...path, index], key, keyAt: item.at - 1 });
    }
    for (const part of inner.reverse()) waiting.push(part);
  }
}

/* ---- Texts that YAML cuts off at a comment ---- */

/** Returns the offset of the "#" that probably cuts off a text, or null. */
function findCut({ openEnd, value }: YamlNode, key: string, keyAt: number, text: string): number | null {
  if (openEnd === null || HOLDING_NOTHING_PRIVATE.has(key) || UUID.test(String(value))) return null;
  const behind = openEnd + lengthOf(BLANKS, openEnd, text);
  if (text.charAt(behind) === '#') return lengthOf(CUSTOMARY_COMMENT, openEnd, text) > 0 ? null : behind;
  return findCutBelow(behind, keyAt, text);
}

/**
 * Returns the first comment on its own line that looks like a continuation of the text above it. Within
 * brackets and braces, which a following comma or closing sign shows, indentation has no meaning.
 */
function findCutBelow(start: number, keyAt: number, text: string): number | null {
  const close: Comment[] = [];
  let at = start;
  for (let lineEnd = lengthOf(LINE_END, at, text); lineEnd > 0; lineEnd = lengthOf(LINE_END, at, text)) {
    const indentation = lengthOf(BLANKS, at + lineEnd, text);
    at += lineEnd + indentation;
    if (lengthOf(CLOSE_COMMENT, at, text) > 0) close.push({ at, indentation });
    at += lengthOf(COMMENT, at, text);
  }
  if (close.length === 0) return null;
  const least = /[,\]}]/.test(text.charAt(at)) ? -1 : indentationOf(keyAt, text);
  return close.find(({ indentation }) => indentation > least)?.at ?? null;
}

interface Comment {
  readonly at: number;
  readonly indentation: number;
}

/** Matches a comment that is set apart by two blanks or more before the "#" and one after it. */
const CUSTOMARY_COMMENT = /[\t ]{2,}#+(?:[\t\r\n ]|$)/y;
/** Matches a "#" directly before a character, as if the value continued. */
const CLOSE_COMMENT = /#[^\s#]/y;
const COMMENT = /#[^\r\n]*/y;
const BLANKS = /[\t ]*/y;
const LINE_END = /\r?\n/y;

/**
 * Returns the length of the pattern's match at this very offset. A sticky pattern does not copy lines, which
 * may be as long as the file.
 */
function lengthOf(pattern: RegExp, at: number, text: string): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Returns the indentation in columns, or infinity if it exceeds the limit. */
function indentationOf(keyAt: number, text: string): number {
  const before = text.slice(Math.max(0, keyAt - MAX_INDENTATION), keyAt);
  const newline = before.lastIndexOf('\n');
  const isCut = newline === -1 && keyAt > MAX_INDENTATION;
  return isCut ? Number.POSITIVE_INFINITY : before.length - (newline + 1);
}

const MAX_INDENTATION = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Keys whose values (codes, ids, dates) cannot contain a "#", so that after them it always begins a comment.
 */
const HOLDING_NOTHING_PRIVATE: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'country_code',
  'phone_number_type',
  'action',
  'approval',
  'partial',
  'deletion',
  'id',
  'sha256',
  'expires',
  'validate_address',
  'type',
  'remaining_numbers_action',
  'foc_datetime_requested',
  'base_url',
  'over',
]);

function cutOff(key: string): Fault {
  return new Fault(
    'cut-off',
    `"${key}" ends before "#": YAML reads the rest of the line as a comment`,
    'Put the value in quotes if "#…" belongs to it. If it is a comment, move it to the line above.',
  );
}
