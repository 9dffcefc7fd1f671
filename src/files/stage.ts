import { rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryStem } from '../model/temporary-name.ts';
import { createFile } from './create.ts';

/** A file that lies whole beside its place, and takes it in one step. */
export interface StagedFile {
  readonly path: string;
  readonly commit: () => Promise<void>;
  readonly discard: () => Promise<void>;
}

/** @param path a real path, that of a file which is to be made or replaced. What is replaced keeps its mode. */
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

/** What a run that was killed has left beside a file that needs no change by now. */
export async function clearStaged(path: string): Promise<void> {
  // Whatever else has that name is none of ours.
  await rm(besides(path), { force: true }).catch(() => {});
}

/** Its name begins with a dot, so that nobody takes it for a manifest, and is always the same: the next run clears it away. */
function besides(path: string): string {
  return join(dirname(path), `.${temporaryStem(basename(path))}.regsync-tmp`);
}

/**
 * All of them or none, as far as that is possible: nothing takes its place before everything lies beside it. Whoever is
 * killed among the last steps leaves some of them done; each file is whole at any moment.
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
