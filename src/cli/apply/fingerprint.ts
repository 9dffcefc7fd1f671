import { InvalidInputError } from '../../model/errors.ts';

/**
 * Returns the fingerprint of a plan as people copy it: the short form from a comment, or the whole.
 *
 * @param what names the flag or the input in the error.
 * @throws InvalidInputError if the text is not 8 to 64 hex digits.
 */
export function checkFingerprint(text: string | null, what: string): string | null {
  if (text === null || /^[0-9a-f]{8,64}$/.test(text)) return text;
  throw new InvalidInputError(`${what} must be 8 to 64 hex digits, as a plan shows them`);
}
