import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, realpath, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFile } from '../../files/create.ts';
import { isInside, pathFrom } from '../../files/paths.ts';
import { unwritable } from '../../files/unwritable.ts';
import { InterruptedError, InvalidInputError, OutputError } from '../../model/errors.ts';
import { isRunning } from '../apply/lock.ts';

/**
 * A folder of the repository that holds the files of an import until all are ready. It then moves them into
 * place, never over an existing file. If one cannot be moved, it removes those that were.
 */
export interface Stage {
  /**
   * Keeps the content of a document under the digest of its plaintext. Does nothing if it has one already.
   */
  readonly keepDocument: (sha256: string, content: Uint8Array) => Promise<void>;
  /** Moves the files into place, in this order. Removes all of them if the signal is aborted. */
  readonly place: (files: readonly ImportFile[], signal: AbortSignal) => Promise<void>;
  readonly discard: () => Promise<void>;
}

export interface ImportFile {
  /** The path relative to the root, with `/`. */
  readonly path: string;
  readonly content: { readonly text: string } | { readonly document: string };
}

/** @param root real path of the repository. */
export async function openStage(root: string): Promise<Stage> {
  const created: string[] = [];
  const home = await attempt('.regsync', () => openFolder(root, '.regsync', created));
  await removeLeftovers(home);
  const folder = join(home, `${PREFIX}${process.pid}`);
  await attempt('.regsync', async () => {
    await mkdir(folder, { mode: 0o700 });
    // A killed process leaves its files here, which must not get into a commit.
    await createFile(join(folder, '.gitignore'), '*\n', PRIVATE);
  });
  const kept = new Set<string>();
  return {
    keepDocument: async (sha256, content) => {
      if (kept.has(sha256)) return;
      kept.add(sha256);
      await attempt('.regsync', () => createFile(join(folder, sha256), content, PRIVATE));
    },
    place: (files, signal) => placeAll({ root, folder, signal }, files),
    discard: async () => {
      await rm(folder, { recursive: true, force: true }).catch(() => {});
      await removeEmpty(created);
    },
  };
}

const PREFIX = 'import-';

/** The mode of a file whose content may be private. */
const PRIVATE = 0o600;

/** Removes the folders that killed runs left. */
async function removeLeftovers(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const [, pid] = name.match(/^import-(\d+)$/) ?? [];
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    await rm(join(home, name), { recursive: true, force: true }).catch(() => {});
  }
}

/* ---- Into place ---- */

async function placeAll(
  stage: { readonly root: string; readonly folder: string; readonly signal: AbortSignal },
  files: readonly ImportFile[],
): Promise<void> {
  const placed: string[] = [];
  const folders: string[] = [];
  try {
    for (const [index, { path, content }] of files.entries()) {
      if (stage.signal.aborted) throw new InterruptedError('interrupted: nothing was written');
      await attempt(path, async () => {
        const staged = join(stage.folder, 'document' in content ? content.document : `manifest-${index}`);
        if ('text' in content) await createFile(staged, content.text, PRIVATE);
        const home = await openFolder(stage.root, dirname(path), folders);
        const target = join(home, path.slice(path.lastIndexOf('/') + 1));
        await linkOrCopy(staged, target);
        placed.push(target);
      });
    }
  } catch (error) {
    const stuck = await takeBack(placed);
    await removeEmpty(folders);
    throw stuck.length === 0 ? error : incomplete(error, stuck, stage.root);
  }
}

/** Links the file, or copies it on a file system without hard links. Neither replaces an existing file. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!WITHOUT_LINKS.has(codeOf(error))) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL).catch(async (failure: unknown) => {
      if (codeOf(failure) !== 'EEXIST') await rm(to, { force: true });
      throw failure;
    });
  }
}

const WITHOUT_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
  'EXDEV',
  'ENOSYS',
]);

async function takeBack(placed: readonly string[]): Promise<string[]> {
  const stuck: string[] = [];
  for (const path of [...placed].reverse()) await unlink(path).catch(() => stuck.push(path));
  return stuck;
}

function incomplete(error: unknown, stuck: readonly string[], root: string): OutputError {
  const names = stuck.map((path) => pathFrom(root, path)).sort();
  const message = error instanceof Error ? error.message : String(error);
  return new OutputError(`${message}; regsync could not remove these again: ${names.join(', ')}`);
}

/* ---- Folders ---- */

/**
 * Returns the real path of a folder of the repository. Creates the missing folders and adds them to
 * `created`. Throws if a link on the way leads out of the repository or into `.git`.
 */
async function openFolder(root: string, path: string, created: string[]): Promise<string> {
  let at = root;
  for (const step of path.split('/').filter((name) => name !== '.' && name !== '')) {
    const next = join(at, step);
    const real = await realpath(next).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    });
    if (real === null) {
      await mkdir(next);
      created.push(next);
    }
    at = real ?? next;
    const steps = pathFrom(root, at).split('/');
    if (!isInside(root, at) || steps.some((name) => name.toLowerCase() === '.git'))
      throw new InvalidInputError(`${path} leads out of the repository: nothing was written`);
  }
  return at;
}

async function removeEmpty(folders: readonly string[]): Promise<void> {
  for (const folder of [...folders].reverse()) await rmdir(folder).catch(() => {});
}

/* ---- Errors ---- */

async function attempt<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw unwritable(`${path} cannot be written`, error, {}, ': nothing was written');
  }
}

/** Returns the code of a system error, otherwise an empty text. */
function codeOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : '';
}
