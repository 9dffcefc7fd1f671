import { unseenIn } from '../model/hidden-characters.ts';
import { isDate } from '../model/normal-text.ts';
import type { AcceptanceCriteria, RequirementDefinition } from '../model/requirements.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import { matchesPattern } from './pattern.ts';

export interface CriteriaFinding {
  readonly severity: 'error' | 'warning';
  /** `too-short`, `too-long`, `value-not-acceptable`, `character-not-acceptable`, `pattern-mismatch`, `not-a-date`, `criteria-not-checked` */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * Holds a text against what its requirement accepts. Telnyx says that values which break the criteria are rejected
 * (documented), but not when: possibly days later, by a reviewer. What cannot be decided here is a warning, and no
 * finding tells anything about the text but that it breaks a rule that is public.
 */
export function checkText(text: Sensitive, definition: RequirementDefinition): CriteriaFinding[] {
  const plain = reveal(text);
  const { criteria } = definition;
  const findings = [
    ...checkLength(plain, criteria),
    ...checkValues(plain, criteria),
    ...checkCharacters(plain, criteria),
    ...checkPattern(plain, criteria),
    ...(definition.fieldType === 'datetime' ? checkDate(plain) : []),
  ];
  return findings.some(({ severity }) => severity === 'error') ? sayWhatIsUnseen(findings, plain) : findings;
}

/** A text that looks like what is acceptable leaves somebody at a loss who cannot see where it differs. */
function sayWhatIsUnseen(findings: readonly CriteriaFinding[], text: string): CriteriaFinding[] {
  const unseen = unseenIn(text);
  return findings.map((finding) =>
    unseen.length === 0 || finding.severity !== 'error'
      ? finding
      : { ...finding, message: `${finding.message}; the value ${unseen.join(' and ')}` },
  );
}

/** In code points; what Telnyx counts in is not documented. */
function checkLength(text: string, { minLength, maxLength }: AcceptanceCriteria): CriteriaFinding[] {
  if (minLength === null && maxLength === null) return [];
  const length = countCodePoints(text);
  if (minLength !== null && length < minLength) {
    return [error('too-short', `shorter than ${countCharacters(minLength)}`)];
  }
  if (maxLength !== null && length > maxLength) {
    return [error('too-long', `longer than ${countCharacters(maxLength)}`)];
  }
  return [];
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function countCharacters(count: number): string {
  return count === 1 ? '1 character' : `${count} characters`;
}

/** An empty list accepts everything (documented). */
function checkValues(
  text: string,
  { acceptableValues, caseSensitive }: AcceptanceCriteria,
): CriteriaFinding[] {
  if (acceptableValues.length === 0) return [];
  const fold = (value: string): string => (caseSensitive ? value : value.toLowerCase());
  if (acceptableValues.some((value) => fold(value) === fold(text))) return [];
  const shown = acceptableValues.slice(0, 10).map((value) => `"${quote(value)}"`);
  const more = acceptableValues.length > shown.length ? ', …' : '';
  return [
    error(
      'value-not-acceptable',
      'not one of the acceptable values',
      `Acceptable: ${shown.join(', ')}${more}`,
    ),
  ];
}

function checkCharacters(text: string, { acceptableCharacters }: AcceptanceCriteria): CriteriaFinding[] {
  if (acceptableCharacters === null) return [];
  const acceptable = readCharacterSet(acceptableCharacters);
  if (acceptable === null)
    return [notChecked('the acceptable characters are described in words', acceptableCharacters)];
  if ([...text].every((character) => acceptable.has(character))) return [];
  const hint = `Acceptable: ${quote(acceptableCharacters)}`;
  return [error('character-not-acceptable', 'contains a character that is not acceptable', hint)];
}

/**
 * `A-Z0-9 -`, `0123456789`, `a-z, A-Z`: how the set is written is documented nowhere, so that everything that stands
 * between ranges counts as acceptable too. Null for prose ("letters and digits") and for anything that smells of a
 * regular expression: better no check than a wrong refusal.
 */
export function readCharacterSet(description: string): ReadonlySet<string> | null {
  if (/\\\w|\[\^|\[:/.test(description)) return null;
  const ranges = [...description.matchAll(RANGE)].map(([range]) => range);
  const rest = description.replace(RANGE, '');
  const runs = rest.match(/[A-Za-z]{2,}/g) ?? [];
  if (!runs.every(isAlphabetical)) return null;
  return new Set([...rest, ...ranges.flatMap(expandRange)]);
}

const RANGE = /[A-Z]-[A-Z]|[a-z]-[a-z]|\d-\d/g;

function expandRange(range: string): string[] {
  const [first, last] = [range.charCodeAt(0), range.charCodeAt(2)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    String.fromCharCode(first + index),
  );
}

/** `abcdef`, `ABCDEFabcdef`: pieces of the alphabet, three letters or more, and so not a word. */
function isAlphabetical(run: string): boolean {
  const pieces = run.match(/[A-Z]+|[a-z]+/g) ?? [];
  return pieces.every((piece) => piece.length > 2 && ALPHABET.includes(piece.toLowerCase()));
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** The dialect is documented nowhere; a pattern is taken to mean the whole value. */
function checkPattern(text: string, { regex, caseSensitive }: AcceptanceCriteria): CriteriaFinding[] {
  if (regex === null) return [];
  const isMatch = matchesPattern(regex, caseSensitive === false, text);
  if (isMatch === null) {
    return [notChecked('the pattern that the value must match cannot be evaluated', regex)];
  }
  if (isMatch) return [];
  return [error('pattern-mismatch', 'does not match the pattern', `Pattern: ${quote(regex)}`)];
}

/** Telnyx documents no format for it; elsewhere it takes many variants of ISO 8601, and answers in one of its own. */
function checkDate(text: string): CriteriaFinding[] {
  if (isDate(text)) return [];
  return [error('not-a-date', 'not a date', 'Write it as 2026-01-31 or 2026-01-31T09:30:00Z')];
}

function error(code: string, message: string, hint?: string): CriteriaFinding {
  return { severity: 'error', code, message, ...(hint === undefined ? {} : { hint }) };
}

function notChecked(why: string, criterion: string): CriteriaFinding {
  const message = `not checked: ${why}`;
  return {
    severity: 'warning',
    code: 'criteria-not-checked',
    message,
    hint: `Telnyx says: ${quote(criterion)}`,
  };
}

/** The catalogue's words are public, but come from outside. */
function quote(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
