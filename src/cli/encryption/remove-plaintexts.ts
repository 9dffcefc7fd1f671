import { readFile, unlink } from 'node:fs/promises';
import { isInside, realPathOf } from '../../files/paths.ts';
import { Fault } from '../../manifest/fault.ts';
import { readDocumentAt } from '../../manifest/files/read-document.ts';
import type { Repository } from '../../manifest/repository.ts';
import { digestPlaintext } from './existing-file.ts';
import type { PreparedDocument } from './prepare.ts';

/**
 * Removes a plaintext if the encrypted file contains what was written and the plaintext is unchanged since it
 * was read.
 */
export async function removePlaintexts(
  documents: readonly Pick<PreparedDocument, 'sourcePath' | 'path' | 'sha256' | 'ciphertext'>[],
): Promise<ReadonlySet<string>> {
  const removed = new Set<string>();
  for (const { sourcePath, path, sha256, ciphertext } of documents) {
    const isWritten = ciphertext === null || Buffer.compare(await readFile(path), ciphertext) === 0;
    const plaintext = readDocumentAt(sourcePath);
    if (!isWritten || plaintext instanceof Fault || digestPlaintext(plaintext) !== sha256) continue;
    await unlink(sourcePath);
    removed.add(sourcePath);
  }
  return removed;
}

export function isLeftBehind(
  { sourcePath }: PreparedDocument,
  { root }: Repository,
  removed: ReadonlySet<string>,
): boolean {
  return isInside(root, realPathOf(sourcePath)) && !removed.has(sourcePath);
}
