import { isEncryptedPath } from '../model/encrypted-path.ts';
import { Fault } from './fault.ts';
import { type RepositoryPath, resolvePath } from './paths.ts';
import { confine, digestDocument, readEncrypted, readManifest } from './read.ts';
import type { DocumentDigest } from './resolution.ts';
import { quotedPath } from './visible.ts';

/** What is read of very many files, by what they are. */
export interface Readings {
  readonly manifest: string | Fault;
  readonly document: DocumentDigest | Fault;
}

export type Readable = keyof Readings;

/** In the order of the paths, and the same in whichever thread it is done. */
export function readEach<What extends Readable>(
  what: What,
  root: string,
  paths: readonly RepositoryPath[],
): Readings[What][] {
  const read: (root: string, path: RepositoryPath) => Readings[What] = READERS[what];
  return paths.map((path) => read(root, path));
}

const READERS: {
  readonly [What in Readable]: (root: string, path: RepositoryPath) => Readings[What];
} = { manifest: readManifest, document: readDigest };

function readDigest(root: string, path: RepositoryPath): DocumentDigest | Fault {
  if (isEncryptedPath(path)) {
    const ciphertext = readEncrypted(root, path);
    return ciphertext instanceof Fault ? ciphertext : { sha256: null, bytes: ciphertext.fileBytes };
  }
  const digest = digestDocument(root, path);
  return digest instanceof Fault && digest.code === 'file-not-found'
    ? hintAtEncrypted(root, path, digest)
    : digest;
}

/** Whoever has just encrypted a document and removed it has the manifest still to change. */
function hintAtEncrypted(root: string, path: RepositoryPath, missing: Fault): Fault {
  const encrypted = resolvePath('', `${path}.age`);
  if (encrypted instanceof Fault || confine(root, encrypted) instanceof Fault) return missing;
  const hint = `${quotedPath(encrypted)} is there: let "file" end in .age, and pin its "sha256".`;
  return new Fault(missing.code, missing.message, hint);
}
