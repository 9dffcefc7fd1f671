import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { join, sep } from 'node:path';
import { isInside, pathFrom } from '../../files/paths.ts';
import { groupDigits } from '../../model/digits.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { attempt, toFault } from './file-fault.ts';
import { isGitInternal, type RepositoryPath } from './paths.ts';

/**
 * Reads a whole file of the repository: by its real path, opened without following links, and once. It waits for each file:
 * manifests are small, and for small files that takes a ninth of the time of reading through promises.
 *
 * @param root a real path, here and in all that read.
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
 * Nearly every path is its own real path: that is asked once for its folder, and whether it still holds is seen from what was
 * opened, as with any file. That saves 4 % of the processor time of `validate` with 2,000 groups. A path for which it does not
 * hold is gone through step by step, and has its fault from there.
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

/** Whether no link is part of the path. Once it was so, it is looked up no more. */
function isRealFolder(folder: string): boolean {
  if (realFolders.has(folder)) return true;
  if (attempt(() => realpathSync.native(folder)) !== folder) return false;
  realFolders.add(folder);
  return true;
}

/** The real path of `path`, if it lies inside the repository. */
export function confine(root: string, path: RepositoryPath): string | Fault {
  const realPath = attempt(() => realpathSync.native(join(root, path)));
  if (realPath instanceof Fault) return realPath;
  if (!isInside(root, realPath)) {
    return new Fault('unsafe-path', `${quotedPath(path)} is a link that leads out of the repository`);
  }
  if (isGitInternal(pathFrom(root, realPath)))
    return new Fault('unsafe-path', `${quotedPath(path)} is a link into .git`);
  return realPath;
}

export function readRegularFile(realPath: string, mostBytes: number): Buffer | Fault {
  return withRegularFile(realPath, mostBytes, readExactly);
}

/** The first bytes of a regular file, or all of it if there are fewer. */
export function readHead(realPath: string, bytes: number): Buffer | Fault {
  return withRegularFile(realPath, Number.MAX_SAFE_INTEGER, (descriptor) => {
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(descriptor, head, 0, bytes, 0));
  });
}

/** Not to follow a link that was put there since the path was looked at, nor to wait for somebody to write to a pipe. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** What is read of an open file of that size. */
type Reader<Result> = (descriptor: number, size: number) => Result | Fault;

function withRegularFile<Result>(realPath: string, mostBytes: number, read: Reader<Result>): Result | Fault {
  const descriptor = attempt(() => openSync(realPath, OPEN_FLAGS));
  if (descriptor instanceof Fault) return descriptor;
  try {
    const stats = fstatSync(descriptor);
    if (!isStillThere(realPath, descriptor, stats))
      return new Fault('unsafe-path', 'the path leads elsewhere than when it was checked');
    if (stats.isDirectory()) return new Fault('not-a-file', 'this is a folder');
    if (!stats.isFile()) return new Fault('not-a-file', 'this is no regular file');
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

/** O_NOFOLLOW guards the last step of a path only: a folder above it may have become a link since it was looked at. */
function isStillThere(realPath: string, descriptor: number, opened: Stats): boolean {
  const told = attempt(() => readlinkSync(`/proc/self/fd/${descriptor}`));
  if (!(told instanceof Fault)) return told === realPath;
  // Where the system does not tell what was opened: the path must lead to it still, without a link.
  const again = attempt(() => realpathSync.native(realPath));
  const found = attempt(() => lstatSync(realPath));
  return (
    again === realPath && !(found instanceof Fault) && found.ino === opened.ino && found.dev === opened.dev
  );
}

function readExactly(descriptor: number, size: number): Buffer | Fault {
  // One byte more than there should be: what has grown gives it.
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

export const CHANGING = new Fault('unreadable', 'the file changes while it is read');
