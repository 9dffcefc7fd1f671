import { isEncryptedPath } from '../../model/privacy/encrypted-path.ts';
import { readEncrypted } from '../encryption/read-encrypted.ts';
import { Fault } from '../fault.ts';
import type { DocumentDigest } from '../resolution.ts';
import { quotedPath } from '../visible.ts';
import { digestDocument } from './digest-document.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { confine } from './read-confined.ts';

/**
 * Returns the digest that a manifest's pin is compared with. The digest of an encrypted document is null,
 * because it needs a key.
 */
export function readDigest(root: string, path: RepositoryPath): DocumentDigest | Fault {
  if (isEncryptedPath(path)) {
    const ciphertext = readEncrypted(root, path);
    return ciphertext instanceof Fault ? ciphertext : { sha256: null, bytes: ciphertext.fileBytes };
  }
  const digest = digestDocument(root, path);
  return digest instanceof Fault && digest.code === 'file-not-found'
    ? hintAtEncrypted(root, path, digest)
    : digest;
}

/** Names the encrypted document, for a user who has not changed the manifest after encrypting. */
function hintAtEncrypted(root: string, path: RepositoryPath, missing: Fault): Fault {
  const encrypted = resolvePath('', `${path}.age`);
  if (encrypted instanceof Fault || confine(root, encrypted) instanceof Fault) return missing;
  const hint = `You have ${quotedPath(encrypted)} already: let "file" end in .age, and pin its "sha256".`;
  return new Fault(missing.code, missing.message, hint);
}
