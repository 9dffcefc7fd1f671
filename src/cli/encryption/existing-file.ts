import { createHash } from 'node:crypto';
import { Fault } from '../../manifest/fault.ts';

/** Refuses to replace an encrypted file of which nobody knows that it says the same. */
export function existsAlready(path: string): Fault {
  const hint =
    'Give --force to replace it. With an identity, a file with the same content is recognised and kept.';
  return new Fault('file-exists', `${path} exists already`, hint);
}

/** Returns the SHA-256 of a file, which tells whether two say the same. */
export function digestPlaintext(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
