import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** Returns true if a real path is the folder `root`, or is below it. */
export function isInside(root: string, realPath: string): boolean {
  const path = relative(root, realPath);
  // Another drive on Windows gives an absolute path.
  return !isAbsolute(path) && path.split(sep)[0] !== '..';
}

/** Returns the path as seen from the folder, with `/`: `''` for the folder itself. */
export function pathFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Returns the real path, or the path itself when nothing is there. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Returns the real path of a file or folder whose last parts need not exist yet. */
export function realPathToBe(path: string): string {
  if (isThere(path)) return realPathOf(path);
  return path === dirname(path) ? path : join(realPathToBe(dirname(path)), basename(path));
}

/**
 * Returns true if a path in the folder leads out of it through links. The file need not exist yet.
 *
 * @throws an error of the file system for a link that leads nowhere, or a folder that does not exist.
 */
export function leadsOut(root: string, path: string): boolean {
  if (!isInside(root, path)) return false;
  const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  const real = isThere ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
  return !isInside(realpathSync(root), real);
}

/**
 * Returns true if the path, through all links, is in the repository or in the working tree of git around it, where git
 * could carry what is written there.
 */
export function isInRepository(root: string, path: string): boolean {
  const marker = findUpwards(root, '.git');
  const real = realPathToBe(path);
  const roots = [root, ...(marker === null ? [] : [dirname(marker)])];
  return roots.some((one) => isInside(realPathOf(one), real));
}

/** Returns the nearest `fileName` in `folder` or above it, or null. */
export function findUpwards(folder: string, fileName: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, fileName);
    if (isThere(candidate)) return candidate;
    if (at === dirname(at)) return null;
  }
}

/**
 * Returns true also for a path that may not be looked at: failing on it is better than taking another one
 * further up.
 */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
