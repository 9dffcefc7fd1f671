import { RE2JS } from 're2js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { estimateProgramSize, matchesPattern } from '../../src/catalogue/pattern.ts';
import { fc } from '../support/fast-check.ts';

afterEach(() => vi.restoreAllMocks());

function sizeOf(regex: string, flags = 0): number {
  try {
    return RE2JS.compile(regex, flags).programSize();
  } catch {
    return 0;
  }
}

describe('the estimate of a pattern', () => {
  it.each([
    'a',
    '',
    '[A-Z]{2}\\d{4}',
    '^(?:DE|AT|CH)[0-9]{9}$',
    '(a|b|c){100}',
    '(a?){1000}',
    '(.{0,200}){2}',
    'x{3,}',
    'a{0}',
    'a**',
    '\\p{L}+(?: \\p{L}+)*',
    '[[:alpha:]]{20}',
    '[]a]{50}',
    '[^]a]{50}',
    '\\Qa{1000}\\E{3}',
    '(?i)straße{5}',
    '((a{10}){10}){10}',
    '((a{2,5}){2,5}){2,5}',
    '\\((?:a\\){30})',
    '[\\]{9}a]{40}',
    '(?P<name>a{7})*?',
  ])('is not less than the size of the program: %s', (regex) => {
    expect(estimateProgramSize(regex)).toBeGreaterThanOrEqual(sizeOf(regex));
    expect(estimateProgramSize(regex)).toBeGreaterThanOrEqual(sizeOf(regex, RE2JS.CASE_INSENSITIVE));
  });

  it('is not less than the size of whatever compiles', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        'b',
        '.',
        '|',
        '(',
        '(?:',
        ')',
        '[',
        ']',
        '[^',
        '\\',
        '\\]',
        '\\Q',
        '\\E',
        '[:alpha:]',
        '\\d',
        '\\pL',
      ],
      ...['{2}', '{3,}', '{2,5}', '{12}', '*', '+', '?', '*?', '{', '}', '-', ','],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const regex = pieces.join('');
        expect(estimateProgramSize(regex)).toBeGreaterThanOrEqual(sizeOf(regex));
      }),
      { numRuns: 3_000, examples: [[['(', ')', '{12}']]] },
    );
  });

  it.each(['[A-Z]{2}[0-9]{9}[A-Z0-9]{2}', '^\\+?[0-9 ()-]{5,20}$', '.{1,500}'])(
    'is near to it for what people write: %s',
    (regex) => {
      expect(estimateProgramSize(regex)).toBeLessThan(3 * sizeOf(regex) + 20);
    },
  );
});

describe('a pattern', () => {
  it.each([
    ['a long alternation, repeated', `(${'a|b'.repeat(265)}){1000}`],
    ['many repetitions side by side', '\\pL{1000}'.repeat(89)],
    ['many ranges of repetitions', '(.{0,1000}){1}'.repeat(57)],
    ['repetitions in a quotation and behind it', `\\Qa\\E${'[a]{999}'.repeat(99)}`],
    ['repetitions behind a class that begins with its own bracket', `[]a]${'b{999}'.repeat(99)}`],
    ['more than 1,000 characters', 'a'.repeat(1_001)],
  ])('that would become too large a program is never compiled: %s', (_, regex) => {
    const compile = vi.spyOn(RE2JS, 'compile');
    expect(matchesPattern(regex, false, 'x')).toBeNull();
    expect(compile).not.toHaveBeenCalled();
  });

  it('is compiled once, however many values it is asked about, also where it does not compile', () => {
    const compile = vi.spyOn(RE2JS, 'compile');
    for (const text of ['ab', 'xy', 'ab']) matchesPattern('once[a-b]+|ab', false, text);
    for (const text of ['ab', 'xy']) expect(matchesPattern('once[', false, text)).toBeNull();
    expect(compile).toHaveBeenCalledTimes(2);
    expect(matchesPattern('once[a-b]+|ab', true, 'AB')).toBe(true);
    expect(compile).toHaveBeenCalledTimes(3);
  });

  it('goes on to be evaluated after very many others, of which not all are kept', () => {
    for (let index = 0; index < 60; index++) {
      expect(matchesPattern(`${'a'.repeat(index)}b{900}c{900}d{900}e{900}f{900}`, false, 'x')).toBe(false);
    }
    expect(matchesPattern('b{2}', false, 'bb')).toBe(true);
  });

  it('is not evaluated where the text would take too many steps', () => {
    expect(matchesPattern('(?:ab?){900}', false, 'a'.repeat(2_000))).toBeNull();
    expect(matchesPattern('(?:ab?){900}', false, 'a'.repeat(900))).toBe(true);
  });
});
