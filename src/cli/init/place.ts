import { dirname, posix } from 'node:path';
import { findUpwards, isFolder, realPathOf } from '../../files/paths.ts';
import { isNamedLikeManifest } from '../../manifest/files/list-manifests.ts';
import { CONFIG_FILE, type ConfiguredAccount, findRepository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { visible } from '../../model/text/visible.ts';
import { optionsForRepository } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import type { InitCommandOptions } from './init.ts';

/** Returns the folder to set up, with the settings of a configuration that exists in it. */
export async function findPlace(terminal: Terminal, options: InitCommandOptions): Promise<InitPlace> {
  if (options.config !== undefined) {
    throw new InvalidInputError(
      'init always writes regsync.yaml: drop --config, and add --chdir DIR for another folder',
    );
  }
  const root = realPathOf(terminal.cwd);
  if (!isFolder(root)) throw new InvalidInputError(`no folder ${visible(root)}`);
  const above = findUpwards(root, CONFIG_FILE);
  if (above !== null && dirname(above) !== root) {
    throw new InvalidInputError(
      `this folder is part of a regsync repository already: ${visible(dirname(above))}. Run init in another folder. Nothing was written.`,
    );
  }
  const repository = await findRepository(optionsForRepository(terminal, options));
  const folder = repository?.config.manifests.find((entry) => !isNamedLikeManifest(entry)) ?? 'groups';
  return {
    root,
    scope: repository?.config.scope ?? null,
    account: repository?.config.account ?? null,
    manifests: posix.normalize(folder).replace(/\/$/, ''),
  };
}

export interface InitPlace {
  readonly root: string;
  /** The scope of an existing configuration. Null if there is none. */
  readonly scope: string | null;
  readonly account: ConfiguredAccount | null;
  /** The folder for manifests. */
  readonly manifests: string;
}
