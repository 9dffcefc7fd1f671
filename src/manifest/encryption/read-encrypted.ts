import { explainLinkText } from '../content/link-text.ts';
import { sampleOf } from '../content/sample.ts';
import { explainStandIn } from '../content/stand-in.ts';
import { Fault } from '../fault.ts';
import type { RepositoryPath } from '../files/paths.ts';
import { readConfined } from '../files/read-confined.ts';
import { EMPTY_DOCUMENT } from '../files/read-document.ts';
import { type Ciphertext, MAX_AGE_FILE_BYTES, readCiphertext } from './ciphertext.ts';

/** Reads what is visible of an encrypted file without a key. `fileBytes` is the size of the file on disk. */
export function readEncrypted(
  root: string,
  path: RepositoryPath,
): (Ciphertext & { readonly fileBytes: number }) | Fault {
  const bytes = readConfined(root, path, MAX_AGE_FILE_BYTES);
  if (bytes instanceof Fault) return bytes;
  const found = explainEncrypted(bytes) ?? readCiphertext(bytes);
  return found instanceof Fault ? found : { ...found, fileBytes: bytes.length };
}

function explainEncrypted(bytes: Buffer): Fault | null {
  if (bytes.length === 0) return EMPTY_DOCUMENT;
  const sample = sampleOf(bytes);
  return explainStandIn(sample) ?? explainLinkText(sample);
}
