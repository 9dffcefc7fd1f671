import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryStem } from '../model/text/temporary-name.ts';
import { createFile } from './create.ts';

/** A complete file beside its place, which it takes in one step. */
export interface StagedFile {
  readonly path: string;
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** @param path the real path of the file to make or replace. A replaced file keeps its mode. */
export async function stageFile(path: string, bytes: Uint8Array | string): Promise<StagedFile> {
  const staged = besides(path);
  const discard = () => rm(staged, { force: true });
  await discard();
  try {
    const mode = (await stat(path).catch(() => null))?.mode;
    await createFile(staged, bytes, mode === undefined ? 0o666 : mode & 0o777);
  } catch (error) {
    await discard().catch(() => {});
    throw error;
  }
  return { path, commit: () => rename(staged, path), discard };
}

/** Removes the file that a killed run has left beside one that no longer needs a change. */
export async function clearStaged(path: string): Promise<void> {
  // A folder of that name is not ours and stays.
  await rm(besides(path), { force: true }).catch(() => {});
}

/**
 * Returns a name that begins with a dot, so that nobody takes it for a manifest, and that is always the same,
 * so that the next run removes it.
 */
function besides(path: string): string {
  return join(dirname(path), `.${temporaryStem(basename(path))}.regsync-tmp`);
}

/**
 * Replaces all of the files or none, as far as that is possible: all are staged before the first takes its
 * place. A process that is killed among the last steps leaves some of them replaced, but each file is whole
 * at any moment.
 */
export async function replaceFiles(
  files: readonly { readonly path: string; readonly bytes: Uint8Array | string }[],
): Promise<void> {
  const staged: StagedFile[] = [];
  try {
    for (const { path, bytes } of files) staged.push(await stageFile(path, bytes));
    for (const file of staged) await file.commit();
  } catch (error) {
    for (const file of staged) await file.discard().catch(() => {});
    throw error;
  }
}
