/**
 * Returns true if a secret can be redacted in every text that the program writes. A secret of a few
 * characters, or with a quote in it, would break words and the structure of JSON, and could still be guessed
 * from the gaps.
 */
export function isRedactable(secret: string): boolean {
  return secret.length >= MIN_LENGTH && !/["\\\p{Cc}]/u.test(secret);
}

const MIN_LENGTH = 8;
