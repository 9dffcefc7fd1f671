import { constants } from 'node:fs';
import { access, appendFile, lstat, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidInputError, type OutputError } from '../model/errors.ts';
import { whyUnusable } from '../model/text/file-error.ts';
import { visible } from '../model/text/visible.ts';
import { createFile } from './create.ts';
import { isInside } from './paths.ts';
import { unwritable } from './unwritable.ts';

/** A file to write, by its path relative to the root. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/** Returns true if something is at the path already, which regsync never overwrites. */
export async function isTaken(root: string, path: string): Promise<boolean> {
  return lstat(join(root, path)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw unwritten(path, error);
    },
  );
}

/**
 * Checks every path before it writes the first: none may be taken, and none may lead out of the repository.
 *
 * @param additions texts to add at the end of existing files.
 */
export async function writeNewFiles(
  root: string,
  files: readonly NewFile[],
  additions: readonly NewFile[] = [],
): Promise<void> {
  for (const { path } of files) {
    await refuseOutside(root, path, await nearestReal(dirname(join(root, path))));
    if (await isTaken(root, path)) {
      throw new InvalidInputError(`${visible(path)} already exists, and regsync never overwrites it`);
    }
  }
  const ends: NewFile[] = [];
  for (const { path, text } of additions) ends.push({ path: await findWritable(root, path), text });
  for (const { path, text } of files) await writeNewFile(join(root, path), text);
  for (const { path, text } of ends) {
    await appendFile(path, text).catch((error: unknown) => {
      throw unwritten(path, error);
    });
  }
}

async function refuseOutside(root: string, path: string, real: string): Promise<void> {
  if (isInside(await realpath(root), real)) return;
  throw new InvalidInputError(`${visible(path)} leads out of the repository: nothing was written`);
}

/**
 * Returns the real path of an existing file.
 *
 * @throws InvalidInputError if it is a link that leads out or nowhere, or may not be written to.
 */
async function findWritable(root: string, path: string): Promise<string> {
  try {
    const real = await realpath(join(root, path));
    await refuseOutside(root, path, real);
    await access(real, constants.W_OK);
    return real;
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(
      `${visible(path)} cannot be written to: ${whyUnusable(error)}. Nothing was written`,
    );
  }
}

/** @throws InvalidInputError if a folder on the way is not a folder, or a link that leads nowhere. */
async function nearestReal(folder: string): Promise<string> {
  try {
    const stats = await lstat(await realpath(folder));
    if (!stats.isDirectory())
      throw new InvalidInputError(`${visible(folder)} is not a folder: nothing was written`);
    return await realpath(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isDangling = await lstat(folder).then(
      () => true,
      () => false,
    );
    if (code === 'ENOENT' && !isDangling && folder !== dirname(folder)) return nearestReal(dirname(folder));
    if (error instanceof InvalidInputError) throw error;
    throw new InvalidInputError(
      `${visible(folder)} cannot be written to: ${whyUnusable(error)}. Nothing was written`,
    );
  }
}

async function writeNewFile(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await createFile(path, text, 0o644);
  } catch (error) {
    throw unwritten(path, error);
  }
}

function unwritten(path: string, error: unknown): InvalidInputError | OutputError {
  return unwritable(`${visible(path)} cannot be written`, error);
}
