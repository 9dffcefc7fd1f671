import { lstat, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidInputError } from '../model/errors.ts';
import { temporaryStem } from '../model/text/temporary-name.ts';
import { createFile } from './create.ts';
import { isInside, leadsOut } from './paths.ts';
import { isSourceName } from './sources.ts';
import { unwritable } from './unwritable.ts';

export interface FilePlace {
  /** The name of the file in messages: `the plan`. */
  readonly what: string;
  /** The mode of a new file, before the umask. A file that is replaced keeps its mode. */
  readonly mode: number;
  /** The repository. A path in it that leads out of it, through links that somebody committed, is refused. */
  readonly root: string;
  /** True for the lock alone, which is a YAML file of the repository. */
  readonly replacesSources?: boolean;
}

/**
 * Writes a file whole or not at all, so that nobody can use half of one.
 *
 * @throws InvalidInputError for a path that cannot be right, OutputError if the machine failed.
 */
export async function writeWholeFile(path: string, text: string, place: FilePlace): Promise<void> {
  const { what, mode, root, replacesSources = false } = place;
  try {
    const real = await realPathOf(path);
    if (leadsOut(root, path)) {
      throw new InvalidInputError(`${what} cannot be written to ${path}: it leads out of the repository`);
    }
    const found = real === null ? null : await stat(real);
    if (found?.isFile() && !replacesSources && isInside(root, path) && isSourceName(real ?? path)) {
      throw new InvalidInputError(
        `${what} cannot be written to ${path}: a file of your repository is there. Choose another name`,
      );
    }
    // A device or a pipe is written to. Only a file can be replaced.
    if (found !== null && !found.isFile()) await writeFile(path, text);
    else await replaceFile(real ?? path, text, found === null ? mode : found.mode & 0o777);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw unwritable(`${what} cannot be written to ${path}`, error);
  }
}

/**
 * Returns null if nothing is there yet. A link that leads nowhere is an error, because its destination may
 * not be ours.
 */
async function realPathOf(path: string): Promise<string | null> {
  const found = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) return null;
  // The destination of `/dev/stdout` can have a name that cannot be opened.
  return realpath(path).catch((error: unknown) => {
    if (path.startsWith('/dev/')) return path;
    throw error;
  });
}

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const temporary = join(dirname(path), `${temporaryStem(basename(path))}.${process.pid}.tmp`);
  try {
    await createFile(temporary, text, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
