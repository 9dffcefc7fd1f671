import { posix } from 'node:path';
import { Fault } from './fault.ts';
import { quotedPath } from './visible.ts';

/** A path relative to the repository's root, with `/`, that does not lead above the root. `.` is the root itself. */
export type RepositoryPath = string & { readonly [repositoryPath]: true };
declare const repositoryPath: unique symbol;

/** By its letters alone: that no link leads it astray is for whoever opens it. `folder` is relative to the root. */
export function resolvePath(folder: string, written: string): RepositoryPath | Fault {
  return resolvePlainPath(folder, written) ?? resolveAnyPath(folder, written);
}

/**
 * Nearly every path, in a tenth of the time: letters, digits and signs that mean nothing to a file system, and no step that
 * begins with a dot but those at its start that lead upwards, within the repository. Null for any other, which is looked at
 * with care.
 */
function resolvePlainPath(folder: string, written: string): RepositoryPath | null {
  let [at, end] = [0, folder.length];
  for (; written.startsWith('../', at); at += '../'.length) {
    if (end <= 0) return null;
    end = folder.lastIndexOf('/', end - 1);
  }
  const rest = written.slice(at);
  if (!PLAIN_PATH.test(rest) || !PLAIN_PATH.test(folder)) return null;
  return (end <= 0 ? rest : `${folder.slice(0, end)}/${rest}`) as RepositoryPath;
}

const PLAIN_PATH = /^\w[\w.-]*(?:\/\w[\w.-]*)*$/;

function resolveAnyPath(folder: string, written: string): RepositoryPath | Fault {
  if (written === '') return new Fault('unsafe-path', 'the path is empty');
  if (!PRINTABLE_ASCII.test(written) && /[\p{Cc}\p{Bidi_Control}]/u.test(written)) {
    return new Fault('unsafe-path', `the path ${quotedPath(written)} holds control characters`);
  }
  if (written.includes('\\')) {
    return new Fault(
      'unsafe-path',
      `the path ${quotedPath(written)} holds a backslash`,
      'Separate folders with “/”.',
    );
  }
  if (/^(?:\/|[A-Za-z]:)/.test(written)) {
    const hint = 'Copy the file into the repository, and write its path relative to this file.';
    return new Fault('unsafe-path', `the path ${quotedPath(written)} is absolute`, hint);
  }
  const path = posix.join(folder, written).replace(/\/$/, '');
  const steps = path.split('/');
  if (steps[0] === '..') {
    const hint = 'Copy the file into the repository, such as into documents/, and give the path of the copy.';
    return new Fault('unsafe-path', `the path ${quotedPath(written)} leads out of the repository`, hint);
  }
  if (isGitInternal(steps)) {
    return new Fault('unsafe-path', `the path ${quotedPath(written)} leads into .git`);
  }
  return path as RepositoryPath;
}

/** Nearly every path: Unicode's properties take longer to look for than all the rest. */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/** Case does not protect: some file systems ignore it. */
export function isGitInternal(steps: readonly string[]): boolean {
  return steps.some((step) => step.toLowerCase() === '.git');
}
