import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isTaken, writeNewFiles } from '../../files/new-files.ts';
import { RECIPIENTS_FILE } from '../../manifest/encryption/recipients.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { whyUnusable } from '../../model/file-error.ts';

/** Appends a recipient to the repository's file of recipients, and makes the file if there is none. */
export async function addRecipient(root: string, recipient: string): Promise<void> {
  const path = RECIPIENTS_FILE;
  if (!(await isTaken(root, path))) return writeNewFiles(root, [{ path, text: `${recipient}\n` }]);
  const found = await readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${path} cannot be read: ${whyUnusable(error)}`);
  });
  if (found.split(/\r?\n/).some((line) => line.trim() === recipient)) return;
  const end = found === '' || found.endsWith('\n') ? '' : '\n';
  await writeNewFiles(root, [], [{ path, text: `${end}${recipient}\n` }]);
}
