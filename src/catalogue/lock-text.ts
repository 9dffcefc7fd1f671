import type { Lock } from '../model/lock.ts';
import { INVISIBLE } from '../model/visible.ts';
import { lockDocument } from './lock-document.ts';

/**
 * The lock as YAML: one text for one lock, a line for each fact, so that git shows what changed. What the API says may hold
 * anything; whatever a reader of YAML could take for something else, or could not see, stands in quotes, escaped.
 */
export function serialiseLock(lock: Lock): string {
  return `${HEADER}\n${writeMapping(lockDocument(lock), '').join('\n')}\n`;
}

const HEADER =
  '# Written by `regsync lock`: what Telnyx demanded when it was last asked. Review what changes; do not edit it.';

function writeMapping(mapping: object, indent: string): string[] {
  return Object.entries(mapping).flatMap(([key, value]) => writeEntry(key, value, indent));
}

function writeEntry(key: string, value: unknown, indent: string): string[] {
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return [`${indent}${key}: []`];
    return [`${indent}${key}:`, ...value.flatMap((entry) => writeElement(entry, deeper))];
  }
  if (typeof value === 'object' && value !== null) {
    return [`${indent}${key}:`, ...writeMapping(value, deeper)];
  }
  if (typeof value === 'string' && isReadableBlock(value)) {
    return [`${indent}${key}: |-`, ...value.split('\n').map((line) => (line === '' ? '' : deeper + line))];
  }
  return [`${indent}${key}: ${writeScalar(value)}`];
}

function writeElement(value: unknown, indent: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}- ${writeScalar(value)}`];
  const [first = '', ...rest] = writeMapping(value, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function writeScalar(value: unknown): string {
  if (typeof value !== 'string') return String(value);
  return PLAIN.test(value) && !RESERVED.test(value) ? value : quote(value);
}

/** Much less than YAML allows, and enough for names and most sentences; a colon only within a word. */
const PLAIN =
  /^[A-Za-z](?:[A-Za-z0-9 _.,;()/+'-]|:(?=[A-Za-z0-9]))*(?<! )$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Prose of several lines is written as such, unless some of it would not show. */
function isReadableBlock(text: string): boolean {
  const lines = text.split('\n');
  if (lines.length === 1 || lines[0]?.trim() === '' || lines.at(-1)?.trim() === '') return false;
  return lines.every((line) => line.search(UNSAFE) === -1 && !/^[ ]|[ ]$/.test(line));
}

const UNSAFE = new RegExp(`${INVISIBLE.source}|\\p{Noncharacter_Code_Point}`, 'u');

function quote(text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
  return `"${escaped.replace(new RegExp(UNSAFE.source, 'gu'), escapeCharacter)}"`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xffff
    ? `\\u${code.toString(16).padStart(4, '0')}`
    : `\\U${code.toString(16).padStart(8, '0')}`;
}
