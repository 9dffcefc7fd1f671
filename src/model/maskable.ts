/**
 * Whether a secret may be taken out of any text that the program writes. One of a few characters, or with a quote in it, would take
 * pieces out of words and out of the structure of JSON, and would still be guessed from what is missing.
 */
export function isMaskable(secret: string): boolean {
  return secret.length >= MIN_LENGTH && !/["\\\p{Cc}]/u.test(secret);
}

const MIN_LENGTH = 8;
