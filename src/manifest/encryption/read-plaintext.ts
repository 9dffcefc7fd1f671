import { InvalidInputError } from '../../model/errors.ts';
import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { Fault } from '../fault.ts';
import { type RepositoryPath, resolvePath } from '../files/paths.ts';
import { explainBytes, readDocument } from '../files/read-document.ts';
import { type Identities, NO_IDENTITIES } from './identities.ts';
import { readEncrypted } from './read-encrypted.ts';

/** Reads the bytes of a document that are uploaded, and decrypts them if necessary. */
export async function readPlaintext(
  root: string,
  repositoryPath: string,
  identities: Identities,
): Promise<Buffer | Fault> {
  const path = resolvePath('', repositoryPath);
  if (path instanceof Fault) return path;
  return isEncryptedPath(path) ? decryptDocument(root, path, identities) : readDocument(root, path);
}

/**
 * Reads a document again for its upload, and decrypts it if necessary. The caller compares the digest,
 * because the file may have changed since the plan.
 */
export async function readDocumentBytes(
  root: string,
  repositoryPath: string,
  identities: Identities = NO_IDENTITIES,
): Promise<Buffer> {
  const bytes = await readPlaintext(root, repositoryPath, identities);
  if (!(bytes instanceof Fault)) return bytes;
  throw new InvalidInputError(`${repositoryPath}: ${bytes.message}`, [bytes.atFile(repositoryPath)]);
}

/** Decrypts an encrypted document, and applies the checks of any document to its plaintext. */
async function decryptDocument(
  root: string,
  path: RepositoryPath,
  identities: Identities,
): Promise<Buffer | Fault> {
  const ciphertext = readEncrypted(root, path);
  if (ciphertext instanceof Fault) return ciphertext;
  const bytes = await identities.decrypt(ciphertext);
  return bytes instanceof Fault ? bytes : (explainBytes(path, bytes) ?? bytes);
}
