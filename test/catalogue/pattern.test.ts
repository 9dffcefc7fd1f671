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

  it.each([
    ['', 0],
    ['a', 1],
    ['ab', 2],
    ['a|b', 4],
    ['(a)', 4],
    ['()', 3],
    ['(a)b', 5],
    ['a)b', 2],
    ['[abc]', 1],
    ['[a]c', 2],
    ['[ab]c', 2],
    ['[(]a', 2],
    ['[a\\]b]c', 2],
    ['\\(a', 2],
    ['a*', 3],
    ['a+?', 5],
    ['ab?', 4],
    ['a{3}', 3],
    ['a{0}', 1],
    ['a{2,2}', 2],
    ['a{2,5}', 10],
    ['a{0,2}', 4],
    ['a{3,}', 6],
    ['(ab){3,}', 22],
    ['(ab){3}', 15],
    ['a{2}{3}', 6],
  ])('adds up the parts: %s', (regex, size) => {
    expect(estimateProgramSize(regex)).toBe(size + 8);
  });

  it.each([
    ['[]a]{3}', 4 * 7 * 4],
    ['[]a]{2,12}', 4 * 10 * 12],
    ['[^]a]{3,}', 4 * 9 * 4],
    ['[[:alpha:]]{2}', 4 * 14 * 3],
    ['\\Qa{2}', 4 * 6 * 3],
    ['[]a]{1}b{2}', 4 * 11 * 6],
    ['[]a]{100}b{100}', 4 * 15 * 1_000],
  ])('is as if each repetition contained everything, where brackets may mean nothing: %s', (regex, size) => {
    expect(estimateProgramSize(regex)).toBe(size + 8);
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

  it('is kept beside others of 200,000 instructions, and compiled again after more', () => {
    const compile = vi.spyOn(RE2JS, 'compile');
    const marker = 'kept{2}';
    const large = (index: number) => `${'a'.repeat(index)}b{900}c{900}d{900}e{900}f{900}`;
    const ask = (regex: string) => {
      const before = compile.mock.calls.length;
      expect(matchesPattern(regex, false, 'x')).toBe(false);
      return compile.mock.calls.length > before;
    };
    /** Asks about new patterns until the marker is not kept any more. The last of them is. */
    let asked = 0;
    const fill = () => {
      const sizes: number[] = [];
      do {
        expect(ask(large(++asked))).toBe(true);
        sizes.push(sizeOf(large(asked)));
        compile.mockClear();
      } while (!ask(marker));
      return sizes;
    };
    ask(marker);
    const first = fill();
    const second = fill();
    const kept = sizeOf(marker) + (first.at(-1) ?? 0) + second.reduce((sum, size) => sum + size, 0);
    expect(kept).toBeGreaterThan(200_000);
    expect(kept - (second.at(-1) ?? 0)).toBeLessThanOrEqual(200_000);
  });

  it('is one thing with its case and another without, whatever it begins with', () => {
    expect(matchesPattern('cases', false, 'CASES')).toBe(false);
    expect(matchesPattern('scases', true, 'SCASES')).toBe(true);
    expect(matchesPattern('folds', true, 'FOLDS')).toBe(true);
    expect(matchesPattern('ifolds', false, 'ifolds')).toBe(true);
  });

  it('may have 1,000 characters, 10,000 instructions, and 2,500,000 steps', () => {
    expect(matchesPattern('a'.repeat(1_000), false, 'a'.repeat(1_000))).toBe(true);
    const largest = `${'a{999}'.repeat(10)}aa`;
    expect(estimateProgramSize(largest)).toBe(10_000);
    expect(matchesPattern(largest, false, 'x')).toBe(false);
    expect(matchesPattern(`${largest}a`, false, 'x')).toBeNull();
    const steps = 2_500_000 / sizeOf('a*');
    expect(matchesPattern('a*', false, 'b'.repeat(steps))).toBe(false);
    expect(matchesPattern('a*', false, 'b'.repeat(steps + 1))).toBeNull();
  });

  it('is not evaluated where the text would take too many steps', () => {
    expect(matchesPattern('(?:ab?){900}', false, 'a'.repeat(2_000))).toBeNull();
    expect(matchesPattern('(?:ab?){900}', false, 'a'.repeat(900))).toBe(true);
  });
});
