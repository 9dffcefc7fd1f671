import { dirname, join, resolve } from 'node:path';
import { findUpwards, isFolder, isInside, isThere, pathFrom } from '../../files/paths.ts';
import type { Problem } from '../../model/problem.ts';
import { Fault } from '../fault.ts';
import { quotedPath } from '../visible.ts';
import { type AbsentEntries, readAbsentEntries, type SkippedEntry } from './git-index.ts';
import { isNamedLikeManifest } from './list-manifests.ts';
import { namesInFolder, readRegularFile } from './read-confined.ts';

/**
 * The files that git tracks and the working tree lacks: those that a sparse checkout excludes, and unfetched
 * submodules. They look deleted although nobody deleted them. Without git, or in a full checkout, all lists
 * are empty.
 */
export interface Checkout {
  /** Absolute paths, even of files that exist despite the sparse checkout. */
  readonly keptAway: readonly KeptAway[];
  /** Absolute paths of submodules whose folder is empty or missing. */
  readonly unfetched: readonly string[];
  /** Absolute paths of empty or missing repositories that git tracks and that .gitmodules does not name. */
  readonly unnamed: readonly string[];
  /**
   * The absolute path of git's index if regsync cannot read it, and so cannot tell which files are excluded.
   */
  readonly unreadable: string | null;
}

interface KeptAway {
  readonly place: string;
  /** The path in git, from the top of its working tree. */
  readonly path: string;
  readonly mayHoldManifests: boolean;
}

/**
 * Reads which tracked files are missing from the working tree.
 *
 * @param root the repository's real path; git's working tree may begin above it.
 */
export function readCheckout(root: string): Checkout {
  const git = findUpwards(root, '.git');
  const top = git === null ? null : dirname(git);
  const unfetched = foldersUpTo(root, top).flatMap((folder) => findUnfetched(folder));
  if (git === null || top === null) return { keptAway: [], unfetched, unnamed: [], unreadable: null };
  const { entries, unreadable } = readIndexes(git);
  const repositories = entries.flatMap((index) => index.repositories).map((path) => resolve(top, path));
  return {
    keptAway: entries.flatMap((index) => index.skipped).map((entry) => keepAway(entry, top)),
    unfetched,
    unnamed: repositories.filter((place) => isEmpty(place) && !unfetched.includes(place)),
    unreadable,
  };
}

/**
 * Returns the problems of manifests that are missing but not deleted, in or around the folders that regsync
 * reads.
 *
 * @param folders absolute paths: those that `manifests` names, and all that were walked.
 */
export function findMissingManifests(
  root: string,
  { keptAway, unfetched, unnamed, unreadable }: Checkout,
  folders: readonly string[],
): Problem[] {
  const isNear = (place: string) =>
    folders.some((folder) => isVisibleBelow(place, folder) || isInside(place, folder));
  const missing = keptAway.filter(({ place, mayHoldManifests }) => mayHoldManifests && isNear(place));
  const files = missing.filter(({ place, path }) => path.endsWith('/') || !isThere(place));
  return [
    ...shorten(files.map((file) => sparse(file.path).atFile(nameIn(root, file.place)))),
    ...shorten(unfetched.filter(isNear).map((place) => UNFETCHED.atFile(nameIn(root, place)))),
    ...shorten(unnamed.filter(isNear).map((place) => UNNAMED.atFile(nameIn(root, place)))),
    ...(unreadable === null ? [] : [UNREADABLE.atFile(nameIn(root, unreadable))]),
  ];
}

/** Explains why a file that git tracks is missing, or returns null. */
export function explainAbsence(
  root: string,
  { keptAway, unfetched, unnamed }: Checkout,
  path: string,
): Fault | null {
  const place = join(root, path);
  const file = keptAway.find((kept) => isInside(kept.place, place));
  if (file !== undefined) return sparse(file.path);
  if (unfetched.some((folder) => isInside(folder, place))) return UNFETCHED;
  return unnamed.some((folder) => isInside(folder, place)) ? UNNAMED : null;
}

export const NOT_CHECKED_OUT = 'not-checked-out';

function sparse(path: string): Fault {
  return new Fault(
    NOT_CHECKED_OUT,
    'git has this, and a sparse checkout keeps it away: it is missing, not deleted',
    `Run \`git sparse-checkout disable\`, or add ${quotedPath(path)} to it, also in the workflow that checks the repository out.`,
  );
}

const UNFETCHED = new Fault(
  NOT_CHECKED_OUT,
  'this submodule was not fetched: its files are missing, not deleted',
  'Run `git submodule update --init`, or set `submodules: true` for actions/checkout. Remove it from .gitmodules if it is gone for good.',
);

const UNNAMED = new Fault(
  NOT_CHECKED_OUT,
  'git has a repository of its own here that no .gitmodules names: its files are missing, not deleted',
  'Add it with `git submodule add`, commit .gitmodules, and fetch it. Run `git rm --cached` for it if it is gone for good.',
);

const UNREADABLE = new Fault(
  NOT_CHECKED_OUT,
  'regsync cannot read the index of git, so it cannot tell which manifests a sparse checkout keeps away',
  'Make it readable for this user. If it is damaged, delete it and run `git reset`.',
);

const MAX_SHOWN = 10;

function shorten(problems: readonly Problem[]): Problem[] {
  if (problems.length <= MAX_SHOWN) return [...problems];
  const [first] = problems.slice(MAX_SHOWN);
  const more = `and ${problems.length - MAX_SHOWN} more that are missing from this checkout`;
  return [...problems.slice(0, MAX_SHOWN), ...(first === undefined ? [] : [{ ...first, message: more }])];
}

function nameIn(root: string, place: string): string {
  return pathFrom(root, place) || '.';
}

/** Returns whether the reader of manifests would see the path: it ignores names that begin with a dot. */
function isVisibleBelow(place: string, folder: string): boolean {
  if (!isInside(folder, place)) return false;
  return !pathFrom(folder, place)
    .split('/')
    .some((step) => step.startsWith('.'));
}

/* ---- Sparse checkouts ---- */

const MAX_INDEX_BYTES = 512 * 1024 * 1024;

/** Reads the index, and the shared index that it names. Git leaves older shared ones in place for weeks. */
function readIndexes(git: string): { entries: readonly AbsentEntries[]; unreadable: string | null } {
  const folder = gitFolder(git);
  const path = folder === null ? null : join(folder, 'index');
  if (folder === null || path === null || !isThere(path)) return { entries: [], unreadable: null };
  const index = readRegularFile(path, MAX_INDEX_BYTES);
  if (index instanceof Fault) return { entries: [], unreadable: path };
  const shared = namesInFolder(folder)
    .filter((name) => name.startsWith(SHARED) && index.includes(name.slice(SHARED.length), 0, 'hex'))
    .map((name) => readRegularFile(join(folder, name), MAX_INDEX_BYTES));
  const read = [index, ...shared].map((bytes) => (bytes instanceof Fault ? null : readAbsentEntries(bytes)));
  return {
    entries: read.filter((entries) => entries !== null),
    unreadable: read.every((entries) => entries !== null) ? null : path,
  };
}

const SHARED = 'sharedindex.';

function keepAway({ path, isRegularFile }: SkippedEntry, top: string): KeptAway {
  return {
    place: resolve(top, path),
    path,
    mayHoldManifests: !isRegularFile || isNamedLikeManifest(path),
  };
}

/** Returns git's folder. In a linked working tree and in a submodule, `.git` is a file with its path. */
function gitFolder(git: string): string | null {
  if (isFolder(git)) return git;
  const text = readRegularFile(git, 64 * 1024);
  if (text instanceof Fault) return null;
  const written = /^gitdir: (.+?)\r?\n?$/.exec(text.toString('utf8'))?.[1];
  return written === undefined ? null : resolve(dirname(git), written);
}

/* ---- Submodules ---- */

/** Returns `root` and the folders above it, up to the top of git's working tree. */
function foldersUpTo(root: string, top: string | null): string[] {
  const folders = [root];
  for (let at = root; at !== top && at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}

const MAX_MODULES_BYTES = 1024 * 1024;
const MAX_SUBMODULE = 10;

/** Returns the unfetched submodules in the folder's .gitmodules, and those in turn of the fetched ones. */
function findUnfetched(folder: string, depth = 0): string[] {
  const text = readRegularFile(join(folder, '.gitmodules'), MAX_MODULES_BYTES);
  if (text instanceof Fault || depth > MAX_SUBMODULE) return [];
  return pathsIn(text.toString('utf8'))
    .map((path) => resolve(folder, path))
    .filter((place) => place !== folder && isInside(folder, place))
    .flatMap((place) => (isEmpty(place) ? [place] : findUnfetched(place, depth + 1)));
}

function pathsIn(text: string): string[] {
  return [...text.matchAll(/^[ \t]*path[ \t]*=[ \t]*(?:"((?:[^"\\\n]|\\.)*)"|([^\n#;]*))/gim)].map(
    ([, inQuotes, plain = '']) => inQuotes?.replaceAll(/\\(.)/g, '$1') ?? plain.trim(),
  );
}

/**
 * Returns whether a folder is missing or empty. A submodule that was deinitialised may leave a `.git` behind.
 */
function isEmpty(place: string): boolean {
  return namesInFolder(place).every((name) => name === '.git') && (isFolder(place) || !isThere(place));
}
