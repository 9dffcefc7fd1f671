import { createHash } from 'node:crypto';
import { Fault } from '../../manifest/fault.ts';

/** Returns the refusal to replace an encrypted file that may have other content. */
export function existsAlready(path: string): Fault {
  const hint = 'Add --force to replace it. With an identity, regsync keeps a file with the same content.';
  return new Fault('file-exists', `${path} already exists`, hint);
}

/** Returns the SHA-256 of a plaintext, by which two files are compared. */
export function digestPlaintext(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
