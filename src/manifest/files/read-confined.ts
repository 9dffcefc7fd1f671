import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { join, sep } from 'node:path';
import { isInside, pathFrom } from '../../files/paths.ts';
import { groupDigits } from '../../model/text/digits.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { attempt, toFault } from './file-fault.ts';
import { isGitInternal, type RepositoryPath } from './paths.ts';

/**
 * Reads a whole file of the repository once, by its real path and without following links. It is synchronous,
 * because promises are slower for small files.
 *
 * @param root a real path, here and in all functions that read.
 */
export function readConfined(root: string, path: RepositoryPath, mostBytes: number): Buffer | Fault {
  return withConfined(root, path, mostBytes, readExactly);
}

export function useConfined<Result>(
  root: string,
  path: RepositoryPath,
  mostBytes: number,
  use: (bytes: Buffer) => Result | Fault,
): Result | Fault {
  const bytes = readConfined(root, path, mostBytes);
  return bytes instanceof Fault ? bytes : use(bytes);
}

/**
 * Opens a file of the repository for `read`. Nearly every path is its own real path, so this is checked once
 * per folder, and verified on the opened file. Any other path is confined step by step, which also yields its
 * fault.
 */
export function withConfined<Result>(
  root: string,
  path: RepositoryPath,
  mostBytes: number,
  read: Reader<Result>,
): Result | Fault {
  const place = root.endsWith(sep) ? root + path : root + sep + path;
  if (sep === '/' && isRealFolder(place.slice(0, place.lastIndexOf(sep)) || sep)) {
    const result = withRegularFile(place, mostBytes, read);
    if (!(result instanceof Fault)) return result;
  }
  const realPath = confine(root, path);
  return realPath instanceof Fault ? realPath : withRegularFile(realPath, mostBytes, read);
}

const realFolders = new Set<string>();

/** Returns whether the path contains no link, and remembers it if so. */
function isRealFolder(folder: string): boolean {
  if (realFolders.has(folder)) return true;
  if (attempt(() => realpathSync.native(folder)) !== folder) return false;
  realFolders.add(folder);
  return true;
}

/** Returns the real path of `path` if it is inside the repository. */
export function confine(root: string, path: RepositoryPath): string | Fault {
  const realPath = attempt(() => realpathSync.native(join(root, path)));
  if (realPath instanceof Fault) return realPath;
  if (!isInside(root, realPath)) {
    return new Fault(
      'unsafe-path',
      `${quotedPath(path)} is a link that leads out of the repository`,
      'Replace the link by a copy of the file.',
    );
  }
  if (isGitInternal(pathFrom(root, realPath)))
    return new Fault('unsafe-path', `${quotedPath(path)} is a link into .git`);
  return realPath;
}

/** Returns the names in a folder, or none if the folder cannot be read. */
export function namesInFolder(realPath: string): readonly string[] {
  const names = attempt(() => readdirSync(realPath));
  return names instanceof Fault ? [] : names;
}

export function readRegularFile(realPath: string, mostBytes: number): Buffer | Fault {
  return withRegularFile(realPath, mostBytes, readExactly);
}

/** Returns the first bytes of a regular file, or all of a shorter one. */
export function readHead(realPath: string, bytes: number): Buffer | Fault {
  return withRegularFile(realPath, Number.MAX_SAFE_INTEGER, (descriptor) => {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(descriptor, head, 0, bytes, 0));
  });
}

/** The flags prevent following a link put there after the check, and waiting for the writer of a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** A function that reads an open file of the given size. */
type Reader<Result> = (descriptor: number, size: number) => Result | Fault;

function withRegularFile<Result>(realPath: string, mostBytes: number, read: Reader<Result>): Result | Fault {
  const descriptor = attempt(() => openSync(realPath, OPEN_FLAGS));
  if (descriptor instanceof Fault) return descriptor;
  try {
    const stats = fstatSync(descriptor);
    if (!isStillThere(realPath, descriptor, stats))
      return new Fault('unsafe-path', 'the path leads elsewhere since regsync checked it', RUN_AGAIN);
    if (stats.isDirectory())
      return new Fault('not-a-file', 'this is a folder', 'Write the path of a file in it.');
    if (!stats.isFile()) return new Fault('not-a-file', 'this is not a regular file');
    if (stats.size > mostBytes) {
      const [size, most] = [stats.size, mostBytes].map(groupDigits);
      return new Fault('too-large', `${size} bytes are too many: at most ${most} are read`);
    }
    return read(descriptor, stats.size);
  } catch (error) {
    return toFault(error);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns whether the descriptor is still the checked file. O_NOFOLLOW guards only the last step of a path: a
 * folder above it may have become a link.
 */
function isStillThere(realPath: string, descriptor: number, opened: Stats): boolean {
  const told = attempt(() => readlinkSync(`/proc/self/fd/${descriptor}`));
  if (!(told instanceof Fault)) return told === realPath;
  // The path must still lead to the opened file, without a link, where there is no /proc.
  const again = attempt(() => realpathSync.native(realPath));
  const found = attempt(() => lstatSync(realPath));
  return (
    again === realPath && !(found instanceof Fault) && found.ino === opened.ino && found.dev === opened.dev
  );
}

function readExactly(descriptor: number, size: number): Buffer | Fault {
  // The buffer has one extra byte, which shows that a file has grown.
  const buffer = Buffer.alloc(size + 1);
  let length = 0;
  let bytesRead: number;
  do {
    bytesRead = readSync(descriptor, buffer, length, size + 1 - length, null);
    length += bytesRead;
  } while (bytesRead > 0 && length < size);
  if (length !== size) return CHANGING;
  return buffer.subarray(0, size);
}

const RUN_AGAIN = 'Run regsync again when no other program writes there.';

export const CHANGING = new Fault('unreadable', 'the file changes while it is read', RUN_AGAIN);
