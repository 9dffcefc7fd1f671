import { posix } from 'node:path';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';

/** A path relative to the repository's root, with `/`, and never above it. `.` is the root itself. */
export type RepositoryPath = string & { readonly [repositoryPath]: true };
declare const repositoryPath: unique symbol;

/** Resolves a path by its text alone; opening the file checks links. `folder` is relative to the root. */
export function resolvePath(folder: string, written: string): RepositoryPath | Fault {
  if (written === '') return new Fault('unsafe-path', 'the path is empty');
  if (/[\p{Cc}\p{Bidi_Control}]/u.test(written)) {
    return new Fault('unsafe-path', `the path ${quotedPath(written)} holds control characters`);
  }
  if (written.includes('\\')) {
    return new Fault(
      'unsafe-path',
      `the path ${quotedPath(written)} holds a backslash`,
      `Separate folders with "/": write ${quotedPath(written.replaceAll('\\', '/'))}.`,
    );
  }
  if (/^(?:\/|[A-Za-z]:)/.test(written)) {
    const hint = 'Copy the file into the repository, and write its path relative to this file.';
    return new Fault('unsafe-path', `the path ${quotedPath(written)} is absolute`, hint);
  }
  const joined = posix.join(folder, written);
  const path = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  if (/^\.\.(?:\/|$)/.test(path)) {
    const hint = 'Copy the file into documents/, and write the path of the copy.';
    return new Fault('unsafe-path', `the path ${quotedPath(written)} leads out of the repository`, hint);
  }
  if (isGitInternal(path)) {
    return new Fault('unsafe-path', `the path ${quotedPath(written)} leads into .git`);
  }
  return path as RepositoryPath;
}

/** Returns whether a path leads into .git, in capitals or not, since some file systems ignore it. */
export function isGitInternal(path: string): boolean {
  return /(?:^|\/)\.git(?:\/|$)/i.test(path);
}
