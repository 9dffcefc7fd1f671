import type { Lock } from '../model/lock.ts';
import { INVISIBLE } from '../model/text/visible.ts';
import { lockDocument } from './lock-document.ts';

/**
 * Writes the lock as YAML: always the same text for the same lock, and a line for each fact, so that git
 * shows the changes. Texts of the API are untrusted, so any that a YAML reader could misread or a person
 * could not see is quoted and escaped.
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

/** Matches less than YAML allows as plain, but most sentences. A colon is allowed only within a word. */
const PLAIN =
  /^[A-Za-z](?:[A-Za-z0-9 _.,;()/+'-]|:(?=[A-Za-z0-9]))*(?<! )$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const RESERVED = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** Returns whether a text of several lines can be a block. One with invisible characters cannot. */
function isReadableBlock(text: string): boolean {
  const lines = text.split('\n');
  if (lines.length === 1 || lines[0] === '' || lines.at(-1) === '') return false;
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
