import { createHash } from 'node:crypto';

const MAX_KEPT_BYTES = 200;

/**
 * Returns the name of a file that is still being written, to which the caller adds a mark: the final name, or
 * the digest of a long one, since names have at most 255 bytes with the mark.
 */
export function temporaryStem(name: string): string {
  if (Buffer.byteLength(name) <= MAX_KEPT_BYTES) return name;
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
