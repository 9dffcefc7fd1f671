import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFile } from '../../files/create.ts';
import { isInRepository } from '../../files/paths.ts';
import { unwritable } from '../../files/unwritable.ts';
import { findRepositories, type Repository, uniteRepositories } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { whyUnusable } from '../../model/text/file-error.ts';
import { visible } from '../../model/text/visible.ts';
import { optionsForRepository } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

/** The flag that lets a private file be written where git could carry it. */
export const INTO_REPOSITORY = '--into-repository';

export interface PrivateFileOptions extends GlobalOptions {
  readonly intoRepository?: boolean;
}

/** Returns the repository around the current folder, or null: a key can be made before there is one. */
export async function repositoryAround(
  terminal: Terminal,
  options: GlobalOptions,
): Promise<Repository | null> {
  const found = await findRepositories(optionsForRepository(terminal, options));
  return found === null ? null : uniteRepositories(found);
}

/** Refuses a place in the repository, or in the working tree of git around it, because git could carry it. */
export function refuseInRepository(path: string, { what, repository, options }: PlaceOfPrivateFile): void {
  if (options.intoRepository || repository === null) return;
  if (!isInRepository(repository.root, path)) return;
  throw new InvalidInputError(
    `${visible(path)} is in the repository, where git could carry ${what}. Choose a place outside with --out FILE, or give ${INTO_REPOSITORY} if you mean it`,
  );
}

export interface PlaceOfPrivateFile {
  /** The content in messages: `the identity`. */
  readonly what: string;
  readonly repository: Repository | null;
  readonly options: PrivateFileOptions;
}

/**
 * Writes a new file that only its owner reads. Never replaces a file.
 *
 * @throws InvalidInputError if something has that name, or its folder is missing.
 */
export async function createPrivateFile(
  path: string,
  content: Uint8Array | string,
  what: string,
  otherwise = 'Choose another place with --out FILE',
): Promise<void> {
  try {
    await createFile(path, content, OWNER_ONLY);
  } catch (error) {
    const reasons = { EEXIST: `${THERE_ALREADY}. ${otherwise}` };
    throw unwritable(`${what} cannot be written to ${visible(path)}`, error, reasons);
  }
}

/** Makes the missing folders on the way to a file, for their owner alone. */
export async function createPrivateFolders(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(`${visible(dirname(path))} cannot be made: ${whyUnusable(error)}`);
  });
}

const OWNER_ONLY = 0o600;

const THERE_ALREADY = 'a file is there already, and regsync replaces none';

/** Returns the folder of a user's settings: XDG, or Windows' own. Null if the environment names no home. */
export function settingsFolder(env: Terminal['env']): string | null {
  const { XDG_CONFIG_HOME: xdg, APPDATA: windows, HOME: home } = env;
  if (xdg) return xdg;
  if (process.platform === 'win32' && windows) return windows;
  return home ? join(home, '.config') : null;
}
