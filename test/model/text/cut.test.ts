import { describe, expect, it } from 'vitest';
import { cut } from '../../../src/model/text/cut.ts';

describe('a shortened text', () => {
  it.each([
    ['abcd', 4, 'abcd'],
    ['abcde', 4, 'abc…'],
    ['ab😀de', 4, 'ab😀…'],
    ['', 4, ''],
  ])('%j has at most %i characters: %j', (text, most, expected) => {
    expect(cut(text, most)).toBe(expected);
  });
});
