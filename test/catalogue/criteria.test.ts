import { describe, expect, it } from 'vitest';
import { checkText } from '../../src/catalogue/criteria.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { AcceptanceCriteria, FieldType, RequirementDefinition } from '../../src/model/requirements.ts';

const NO_CRITERIA: AcceptanceCriteria = {
  minLength: null,
  maxLength: null,
  acceptableCharacters: null,
  acceptableValues: [],
  regex: null,
  caseSensitive: null,
  timeLimit: null,
  localityLimit: null,
};

function check(text: string, criteria: Partial<AcceptanceCriteria>, fieldType: FieldType = 'textual') {
  const definition: RequirementDefinition = {
    id: 'r',
    name: 'Tax number',
    fieldType,
    description: '',
    example: '',
    criteria: { ...NO_CRITERIA, ...criteria },
  };
  return checkText(new Sensitive(text), definition);
}

function codes(text: string, criteria: Partial<AcceptanceCriteria>, fieldType?: FieldType): string[] {
  return check(text, criteria, fieldType).map((finding) => finding.code);
}

it('accepts any text where there are no criteria', () => {
  expect(check('', {})).toEqual([]);
  expect(check('anything at all', { timeLimit: 'Current', localityLimit: 'Same country' })).toEqual([]);
});

describe('the length', () => {
  it.each([
    ['ab', { minLength: 2, maxLength: 2 }, []],
    ['a', { minLength: 2 }, ['too-short']],
    ['abc', { minLength: 2 }, []],
    ['a', { maxLength: 2 }, []],
    ['', { minLength: 1 }, ['too-short']],
    ['abc', { maxLength: 2 }, ['too-long']],
    ['👩🏽é', { maxLength: 3 }, []],
    ['👩👩👩👩', { maxLength: 3 }, ['too-long']],
  ])('of %j counts code points: %j finds %j', (text, criteria, expected) => {
    expect(codes(text, criteria)).toEqual(expected);
  });

  it('is named by the limit, never by the value’s own', () => {
    expect(check('x'.repeat(37), { maxLength: 20 })).toStrictEqual([
      { severity: 'error', code: 'too-long', message: 'longer than 20 characters' },
    ]);
    expect(check('', { minLength: 1 })[0]?.message).toBe('shorter than 1 character');
  });
});

describe('the acceptable values', () => {
  it.each([
    ['individual', false, []],
    ['INDIVIDUAL', false, []],
    ['INDIVIDUAL', true, ['value-not-acceptable']],
    ['company', false, ['value-not-acceptable']],
    ['', false, ['value-not-acceptable']],
  ])('are compared with %j, case sensitive %j: %j', (text, caseSensitive, expected) => {
    expect(
      codes(text, { acceptableValues: ['Individual', 'individual', 'Business'], caseSensitive }),
    ).toEqual(expected);
  });

  it.each([
    [null, ['pattern-mismatch']],
    [true, ['pattern-mismatch']],
    [false, []],
  ])('folds case only where the catalogue says so: case sensitive %j', (caseSensitive, expected) => {
    expect(codes('PT000000000', { regex: '(pt)?[0-9]{9}', caseSensitive })).toEqual(expected);
  });

  it('ignore case letter by letter: another spelling is another value', () => {
    const street = { acceptableValues: ['Straße'], caseSensitive: false };
    expect(codes('STRAßE', street)).toEqual([]);
    expect(codes('STRASSE', street)).toEqual(['value-not-acceptable']);
  });

  it('are all listed where there are ten', () => {
    const acceptableValues = Array.from({ length: 10 }, (_, index) => `v${index}`);
    expect(check('canary', { acceptableValues })[0]?.hint).toBe(
      'Acceptable: "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9"',
    );
  });

  it('are listed in the hint, the first ten of them, made harmless', () => {
    const acceptableValues = ['a\u001b[31m\nb', ...Array.from({ length: 11 }, (_, index) => `v${index}`)];
    expect(check('canary', { acceptableValues })).toEqual([
      {
        severity: 'error',
        code: 'value-not-acceptable',
        message: 'not one of the acceptable values',
        hint: 'Acceptable: "a [31m b", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", …',
      },
    ]);
  });
});

describe('the acceptable characters', () => {
  it.each([
    ['A-Z0-9 -', 'AB 12-3', []],
    ['A-Z0-9 -', 'ab', ['character-not-acceptable']],
    ['A-Z0-9', 'A-9', ['character-not-acceptable']],
    ['a-z, A-Z, 0-9', 'aZ9', []],
    ['[A-Za-z0-9]', 'aZ9', []],
    ['[A-Za-z0-9]', 'ä', ['character-not-acceptable']],
    ['0123456789+', '+49', []],
    ['0123456789+', '+49a', ['character-not-acceptable']],
    ['abcdefABCDEF0123456789', 'fF9', []],
    ['abcdefABCDEF0123456789', 'g', ['character-not-acceptable']],
    ['0-9ÄÖÜäöü', '1ü', []],
    ['B-D', 'BCD', []],
    ['B-D', 'E', ['character-not-acceptable']],
    ['B-D', '', []],
    ['0-9', '👩', ['character-not-acceptable']],
    ['+-z', '+z-', []],
    ['+-z', '5', ['character-not-acceptable']],
    ['a-+', 'a+-', []],
    ['a-+', 'b', ['character-not-acceptable']],
    ['abcABC', 'aC', []],
  ])('%j hold against %j: %j', (acceptableCharacters, text, expected) => {
    expect(codes(text, { acceptableCharacters })).toEqual(expected);
  });

  it.each([
    'Letters and digits only',
    'alphanumeric',
    'Any',
    'digits',
    'no',
    'ABCDEFno',
    'ABCxq',
    'xqABC',
    'abcQXZ',
    'A-Z and spaces',
    '\\w',
    '[\\d\\s]+',
    '[^<>]',
    '[:alpha:]0-9',
  ])('in words that we cannot read are not checked: %j', (acceptableCharacters) => {
    expect(check('ж', { acceptableCharacters })).toEqual([
      {
        severity: 'warning',
        code: 'criteria-not-checked',
        message: 'not checked: the acceptable characters are described in words',
        hint: `Telnyx says: ${acceptableCharacters}`,
      },
    ]);
  });
});

describe('what is said of acceptable characters', () => {
  it('is what they are', () => {
    expect(check('ab', { acceptableCharacters: 'A-Z\u001b' })).toEqual([
      {
        severity: 'error',
        code: 'character-not-acceptable',
        message: 'contains a character that is not acceptable',
        hint: 'Acceptable: A-Z',
      },
    ]);
  });

  it.each([
    ['whole, of 200 characters', `any ${'x'.repeat(196)}`, `any ${'x'.repeat(196)}`],
    ['cut, of more', `any ${'x'.repeat(197)}`, `any ${'x'.repeat(195)}…`],
    ['in one line, without what does not show', '\n Any\u0000\u001b\nletter\u2028', 'Any letter'],
  ])('is in the words of Telnyx, %s', (_, acceptableCharacters, said) => {
    expect(check('ж', { acceptableCharacters })[0]?.hint).toBe(`Telnyx says: ${said}`);
  });
});

describe('the pattern', () => {
  it.each([
    ['[A-Z]{2}\\d{4}', 'DE1234', []],
    ['^[A-Z]{2}\\d{4}$', 'DE1234', []],
    ['[A-Z]{2}\\d{4}', 'xDE1234', ['pattern-mismatch']],
    ['[A-Z]{2}\\d{4}', 'DE1234\n', ['pattern-mismatch']],
    ['^[A-Z]{2}\\d{4}$', 'DE1234\nx', ['pattern-mismatch']],
    ['a|ab', 'ab', []],
    ['\\p{L}+', 'Straße', []],
    ['.', '👩', []],
  ])('%j means the whole of %j: %j', (regex, text, expected) => {
    expect(codes(text, { regex })).toEqual(expected);
  });

  it('is shown where a text does not match it', () => {
    expect(check('x', { regex: '[0-9]+' })).toEqual([
      {
        severity: 'error',
        code: 'pattern-mismatch',
        message: 'does not match the pattern',
        hint: 'Pattern: [0-9]+',
      },
    ]);
  });

  it.each([
    ['does not compile', '[A-Z'],
    ['looks ahead', '(?=.*\\d).+'],
    ['refers back', '(a)\\1'],
    ['is longer than 1,000 characters', 'a'.repeat(1_001)],
    ['would be too large a program', '.{0,999}'.repeat(120)],
  ])('that %s is not checked', (_, regex) => {
    expect(check('x'.repeat(200), { regex })).toEqual([
      {
        severity: 'warning',
        code: 'criteria-not-checked',
        message: 'not checked: the pattern that the value must match cannot be evaluated',
        hint: `Telnyx says: ${regex.length > 200 ? `${regex.slice(0, 199)}…` : regex}`,
      },
    ]);
  });

  it.each(['^(a+)+$', '(a*)*b', '(a|aa)+$', '(.*)*x'])('%s takes no exponential time', (regex) => {
    // RegExp would not come back from these.
    expect(codes(`${'a'.repeat(5_000)}!`, { regex })).toEqual(['pattern-mismatch']);
  });
});

describe('a date', () => {
  it.each([
    '2026-01-31',
    '2024-02-29',
    '2026-01-31T09:30',
    '2026-01-31 09:30:00',
    '2026-01-31T09:30:00Z',
    '2026-01-31T09:30:00.123Z',
    '2026-01-31T09:30:00.123456+00:00',
    '2026-01-31T09:30:00-0700',
    ' 2026-01-31 ',
  ])('may be written as %j', (text) => {
    expect(check(text, {}, 'datetime')).toEqual([]);
  });

  it.each([
    '',
    '31.01.2026',
    '01/31/2026',
    '2026-02-30',
    '2026-13-01',
    '2026',
    '2026-01-31T25:00',
    '20260131',
    '2026-01-31T24',
    '2026-01-31T09:30:00,5Z',
    'tomorrow',
    '1769817600',
  ])('may not be written as %j', (text) => {
    expect(check(text, {}, 'datetime')).toEqual([
      {
        severity: 'error',
        code: 'not-a-date',
        message: 'not a date',
        hint: 'Write it as 2026-01-31 or 2026-01-31T09:30:00Z',
      },
    ]);
  });

  it('is only asked for where the requirement is one', () => {
    expect(check('tomorrow', {}, 'textual')).toEqual([]);
  });
});

describe('a text that differs where nobody sees it', () => {
  const bank = { acceptableValues: ['bank'] };

  it.each([
    ['bank\n', 'ends with a line break'],
    ['bank ', 'ends with a blank'],
    [' bank', 'begins with a blank'],
    ['ba\u200bnk', 'holds a character that does not show: U+200B'],
    ['bank\u00a0', 'ends with a blank and holds a character that does not show: U+00A0'],
  ])('is told so where it breaks a rule: %j', (text, unseen) => {
    const [finding] = check(text, bank);
    expect(finding?.message).toBe(`not one of the acceptable values; the value ${unseen}`);
    expect(check(text, { regex: 'bank' })[0]?.message).toBe(
      `does not match the pattern; the value ${unseen}`,
    );
  });

  it('is told so beside what it breaks, not beside what is not checked', () => {
    expect(
      check('bank\n', { ...bank, acceptableCharacters: 'letters' }).map(({ message }) => message),
    ).toEqual([
      'not one of the acceptable values; the value ends with a line break',
      'not checked: the acceptable characters are described in words',
    ]);
  });

  it('is told nothing else where all of it shows, or where nothing is broken', () => {
    expect(check('branch', bank)[0]?.message).toBe('not one of the acceptable values');
    expect(check('bank\n', { maxLength: 10 })).toEqual([]);
  });
});

it('finds everything at once, and never shows the value', () => {
  const findings = check(
    'canary!',
    { maxLength: 3, acceptableValues: ['a'], acceptableCharacters: '0-9', regex: '\\d+' },
    'datetime',
  );
  expect(findings.map((finding) => finding.code)).toEqual([
    'too-long',
    'value-not-acceptable',
    'character-not-acceptable',
    'pattern-mismatch',
    'not-a-date',
  ]);
  expect(JSON.stringify(findings)).not.toContain('canary');
});
