import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import type { Problem } from '../model/problem.ts';
import type { AcceptanceCriteria, RequirementDefinition } from '../model/requirements.ts';
import { unseenIn } from '../model/text/hidden-characters.ts';
import { isDate } from '../model/text/normal-text.ts';
import { matchesPattern } from './pattern.ts';

/**
 * A problem without a place. Its code is one of `too-short`, `too-long`, `value-not-acceptable`,
 * `character-not-acceptable`, `pattern-mismatch`, `not-a-date`, `criteria-not-checked`.
 */
export type CriteriaFinding = Omit<Problem, 'source' | 'excerpt'>;

/**
 * Checks a text against the criteria of its requirement. Telnyx rejects values that break them (documented),
 * but not at a documented time: possibly a reviewer does so days later. A criterion that regsync cannot
 * evaluate causes a warning. A finding states only the public rule that the text breaks, and nothing else
 * about the text.
 */
export function checkText(text: Sensitive, definition: RequirementDefinition): CriteriaFinding[] {
  const plain = reveal(text);
  const { criteria } = definition;
  return sayWhatIsUnseen(
    [
      ...checkLength(plain, criteria),
      ...checkValues(plain, criteria),
      ...checkCharacters(plain, criteria),
      ...checkPattern(plain, criteria),
      ...(definition.fieldType === 'datetime' ? checkDate(plain) : []),
    ],
    plain,
  );
}

/**
 * Adds the invisible parts of the text to the errors, because a user cannot see why the text differs from an
 * acceptable one.
 */
function sayWhatIsUnseen(findings: readonly CriteriaFinding[], text: string): CriteriaFinding[] {
  const unseen = unseenIn(text);
  return findings.map((finding) =>
    unseen.length === 0 || finding.severity !== 'error'
      ? finding
      : { ...finding, message: `${finding.message}; the value ${unseen.join(' and ')}` },
  );
}

/** Compares the length in code points. The unit that Telnyx uses is not documented. */
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

/** Compares the text with the acceptable values. An empty list accepts everything (documented). */
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
 * Reads a set such as `A-Z0-9 -`, `0123456789` or `a-z, A-Z`. The notation is not documented, so all
 * characters between ranges count as acceptable too. Returns null for prose ("letters and digits") and for a
 * likely regular expression, since no check is better than a wrong refusal.
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

/**
 * Returns whether a run such as `abcdef` or `ABCDEFabcdef` consists of pieces of the alphabet. Shorter pieces
 * than three letters may be a word.
 */
function isAlphabetical(run: string): boolean {
  const pieces = run.match(/[A-Z]+|[a-z]+/g) ?? [];
  return pieces.every((piece) => piece.length > 2 && ALPHABET.includes(piece.toLowerCase()));
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';

/** Matches the whole value with the pattern. Telnyx does not document the dialect or the scope. */
function checkPattern(text: string, { regex, caseSensitive }: AcceptanceCriteria): CriteriaFinding[] {
  if (regex === null) return [];
  const isMatch = matchesPattern(regex, caseSensitive === false, text);
  if (isMatch === null) {
    return [notChecked('the pattern that the value must match cannot be evaluated', regex)];
  }
  if (isMatch) return [];
  return [error('pattern-mismatch', 'does not match the pattern', `Pattern: ${quote(regex)}`)];
}

/** Checks a date. Telnyx documents no format here, and accepts many variants of ISO 8601 elsewhere. */
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

/** Cleans and shortens a text of the catalogue, which is public but untrusted. */
function quote(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return clean.length > 200 ? `${clean.slice(0, 199)}…` : clean;
}
