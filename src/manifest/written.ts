import type { Problem } from '../model/problem.ts';
import { Fault } from './fault.ts';
import { nameEntry, type Path } from './manifest.ts';
import type { SourceText } from './source.ts';
import { doubtsAbout } from './unmeant.ts';
import type { YamlNode } from './yaml-node.ts';

/**
 * Texts that YAML reads without a word, and that are hardly what somebody meant to write: cut off at a “#”, a placeholder,
 * with something in them that does not show. A plan shows no value, so that no review would find them either.
 */
export function checkWritten(document: YamlNode, source: SourceText): readonly Problem[] {
  if (!SUSPICIOUS.test(source.text)) return NONE;
  const found = new Map<string, Problem>();
  const report = (at: number, path: Path, fault: Fault, severity: Problem['severity']): void => {
    // An alias leads to the same text a second time.
    const once = `${at} ${fault.code}`;
    if (found.has(once)) return;
    found.set(once, source.problem(at, nameEntry(fault, path, { node: document, source }), severity));
  };
  for (const { node, path, key, column } of textsIn(
    { node: document, path: [], key: '', column: 0 },
    source,
  )) {
    const hash = findCut(node, key, column, source.text);
    if (hash !== null) report(hash, path, cutOff(key), 'error');
    for (const { fault, severity } of doubtsAbout(String(node.value), `"${key}"`)) {
      report(node.at, path, fault, severity);
    }
  }
  return [...found.values()];
}

const NONE: readonly Problem[] = [];

/** What every such text has somewhere; most files have nothing of the kind, and are not looked through. */
const SUSPICIOUS =
  /[^\n\r\t\x20-\x7e]|\S[\t ]+#|\n[\t ]+#\S|[$#]\{|\$\(|\{\{|##|@@|<|\bENC\[|\\|\b(?:todo|tbd|fixme|xxx|change|fill|replace)|[$%]\w|__|: *["']?\[/i;

interface Found {
  readonly node: YamlNode;
  readonly path: Path;
  /** The nearest one above. */
  readonly key: string;
  /** Of the key, or of the entry of a list: what belongs to the text is indented further, or stands in this column. */
  readonly column: number;
}

function* textsIn({ node, path, key, column }: Found, source: SourceText): Generator<Found> {
  if (typeof node.value === 'string') yield { node, path, key, column };
  for (const [name, entry] of node.entries) {
    const inner = columnOf(entry.keyAt, source.text) + 1;
    yield* textsIn({ node: entry.node, path: [...path, name], key: name, column: inner }, source);
  }
  for (const [index, item] of node.items.entries()) {
    yield* textsIn(
      { node: item, path: [...path, index], key, column: columnOf(item.at, source.text) },
      source,
    );
  }
}

/** From 0. */
function columnOf(offset: number, text: string): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/* ---- What YAML takes for a comment ---- */

/** Where the “#” is at which a text ends that may well go on behind it. */
function findCut({ plainEnd, value }: YamlNode, key: string, column: number, text: string): number | null {
  if (plainEnd === null || HOLDING_NOTHING_PRIVATE.has(key) || UUID.test(String(value))) return null;
  const lineEnd = text.indexOf('\n', plainEnd);
  const behind = text.slice(plainEnd, lineEnd === -1 ? text.length : lineEnd);
  const blanks = /^[\t ]*/.exec(behind)?.[0].length ?? 0;
  if (behind.charAt(blanks) === '#') return CUSTOMARY_COMMENT.test(behind) ? null : plainEnd + blanks;
  if (behind.trim() !== '' || lineEnd === -1) return null;
  const below = /^([\t ]*)#[^\s#]/.exec(text.slice(lineEnd + 1, lineEnd + 1 + LONGEST_INDENTATION));
  const indentation = below?.[1]?.length;
  return indentation === undefined || indentation < column ? null : lineEnd + 1 + indentation;
}

/** As people set comments apart: two blanks or more before the “#”, and one behind it. */
const CUSTOMARY_COMMENT = /^[\t ]{2,}#+(?:[\t ]|\r?$)/;
const LONGEST_INDENTATION = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Behind these, a “#” begins a comment however it is set: codes, ids and dates, whose form leaves no room for one. */
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
    `"${key}" ends before “#”: to YAML, the rest of the line is a comment`,
    'Quote the value if “#…” belongs to it; set a comment apart by two blanks before “#” and one behind it.',
  );
}
