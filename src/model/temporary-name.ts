import { createHash } from 'node:crypto';

const LONGEST_KEPT_BYTES = 200;

/**
 * What a file that is still being written is called, for others to add a mark to: the name of the file that it will be. A long
 * name is replaced by its digest, since names have at most 255 bytes, with the mark.
 */
export function temporaryStem(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_KEPT_BYTES) return name;
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
