import { lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidInputError, OutputError } from '../model/errors.ts';
import { temporaryStem } from '../model/temporary-name.ts';

/**
 * Whole or not at all: what was half written must not be there to use.
 *
 * @param what for messages: `the plan`.
 * @param mode of a new file, before the process's mask.
 */
export async function writeWholeFile(
  path: string,
  text: string,
  { what, mode }: { readonly what: string; readonly mode: number },
): Promise<void> {
  try {
    const found = await lstat(path).catch(() => null);
    // A device, a pipe, or what a link leads to is written to; only a file can be replaced.
    if (found !== null && !found.isFile()) await writeFile(path, text);
    else await replaceFile(path, text, mode);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
    const message = `${what} cannot be written to ${path} (${code})`;
    throw WRONG_PLACES.has(code) ? new InvalidInputError(message) : new OutputError(message);
  }
}

/** Codes that say that the path was wrong, rather than that the machine failed. */
const WRONG_PLACES: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENAMETOOLONG',
]);

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `${temporaryStem(basename(path))}.${process.pid}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
