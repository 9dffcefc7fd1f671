import { describe, expect, it } from 'vitest';
import { checkFingerprint } from '../../../src/cli/apply/judge.ts';
import { InvalidInputError } from '../../../src/model/errors.ts';

describe('A fingerprint as people copy it', () => {
  it.each([null, '01234567', 'abcdef0123456789'.repeat(4)])('may be %j', (text) => {
    expect(checkFingerprint(text, '--fingerprint')).toBe(text);
  });

  it.each(['0123456', 'a'.repeat(65), '0123456g', 'x01234567', '01234567x', '0123ABCD'])(
    'is not %j',
    (text) => {
      expect(() => checkFingerprint(text, '--fingerprint')).toThrow(
        new InvalidInputError('--fingerprint must be 8 to 64 hex digits, as a plan shows them'),
      );
    },
  );
});
