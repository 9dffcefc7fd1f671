import { Document, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { cut } from '../model/text/cut.ts';
import { isPlainWord } from '../model/text/plain-word.ts';
import { INVISIBLE, visible } from '../model/text/visible.ts';

/**
 * Writes text of the API as YAML that reads back as exactly that text. Outside text is in quotes or in a
 * block, and characters that are invisible or reverse others are escaped.
 */

/** A key with its value. `comment` appears above the key, without `#`. */
export interface Entry {
  readonly key: string;
  readonly value: EntryValue;
  readonly comment?: readonly string[];
}

export type EntryValue = Scalar | readonly Entry[] | { readonly items: readonly (readonly Entry[])[] };

/** Writes the documents of one file. */
export function writeYaml(documents: readonly (readonly Entry[])[]): string {
  const texts = documents.map((entries) => {
    const document = new Document();
    document.contents = mapping(entries) as never;
    return document.toString({ lineWidth: 0, doubleQuotedAsJSON: true });
  });
  return texts.join('---\n').replace(UNSHOWN, escapeForYaml);
}

function mapping(entries: readonly Entry[]): YAMLMap {
  const map = new YAMLMap();
  for (const { key, value, comment = [] } of entries) {
    const name = new Scalar(key);
    if (comment.length > 0) name.commentBefore = comment.map((line) => ` ${commentText(line)}`).join('\n');
    map.items.push(new Pair(name, valueNode(value)));
  }
  return map;
}

function valueNode(value: EntryValue): Scalar | YAMLMap | YAMLSeq {
  if (value instanceof Scalar) return value;
  if (!('items' in value)) return mapping(value);
  const list = new YAMLSeq();
  for (const item of value.items) {
    const map = mapping(item);
    const first = map.items[0]?.key;
    // A comment on the first key of an item belongs above its dash.
    if (first instanceof Scalar && first.commentBefore) {
      map.commentBefore = first.commentBefore;
      first.commentBefore = null;
    }
    list.items.push(map);
  }
  list.flow = value.items.length === 0;
  return list;
}

/** Returns the text of a comment without anything that could end its line. */
function commentText(text: string): string {
  return cut(visible(text).replace(NONCHARACTER, '\ufffd'), MAX_COMMENT);
}

const MAX_COMMENT = 200;
const NONCHARACTER = /[\ufffe\uffff]/g;

/* ---- Scalars ---- */

/**
 * Writes a name, an id, a digest or a path. It is plain, unless YAML 1.1 or 1.2 would read something else.
 */
export function word(text: string): Scalar {
  return scalar(text, isPlainWord(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE);
}

/** Writes several words, such as the name of a requirement, without quotes if they need none. */
export function phrase(text: string): Scalar {
  const words = text.split(' ');
  if (words.length === 1) return word(text);
  return scalar(text, words.every((part) => PLAIN_PART.test(part)) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE);
}

const PLAIN_PART = /^[a-z][a-z0-9]*$/i;

/** Writes lines as a block. They end in a newline, and contain no blanks at their ends. */
export function block(text: string): Scalar {
  return scalar(text, Scalar.BLOCK_LITERAL);
}

/** Writes `YYYY-MM-DD` unquoted. */
export function day(text: string): Scalar {
  return scalar(text, Scalar.PLAIN);
}

export function flag(value: boolean): Scalar {
  return new Scalar(value);
}

/** Writes any text. */
export function quoted(text: string): Scalar {
  return scalar(text, isTameBlock(text) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE);
}

function scalar(text: string, type: Scalar.Type): Scalar {
  return Object.assign(new Scalar(text), { type });
}

/**
 * Returns true for several lines that a block shows exactly: without blanks at their ends and without a last
 * newline.
 */
function isTameBlock(text: string): boolean {
  const lines = text.split('\n');
  if (lines.length < 2 || lines[0] === '' || lines.at(-1) === '') return false;
  return lines.every(
    (line) => line === line.trim() && !line.match(UNSHOWN) && !line.match(/[\ufffe\uffff\u0085]/),
  );
}

/**
 * Matches invisible characters except YAML's own line breaks. Plain scalars, keys and comments contain none,
 * so each match is in quotes.
 */
const UNSHOWN = new RegExp(`(?!\\n)(?:${INVISIBLE.source}|[\\ufffe\\uffff])`, 'gu');

function escapeForYaml(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
