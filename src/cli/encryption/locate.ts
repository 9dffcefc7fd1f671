import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside, pathFrom } from '../../files/paths.ts';
import { Fault } from '../../manifest/fault.ts';
import { type RepositoryPath, resolvePath } from '../../manifest/files/paths.ts';
import type { EncryptCommandOptions } from '../encrypt.ts';
import type { Terminal } from '../session/terminal.ts';

/** Returns the path of the encrypted file for a plaintext, which must be in the repository. */
export async function locateEncryptedFile(
  terminal: Terminal,
  options: EncryptCommandOptions,
  root: string,
  sourcePath: string,
): Promise<{ path: string; repositoryPath: RepositoryPath } | Fault> {
  const wanted = options.out === undefined ? dirname(sourcePath) : resolve(terminal.cwd, options.out);
  const folder = await realpath(wanted).catch(() => null);
  if (folder === null)
    return new Fault(
      'file-not-found',
      'the folder to write it to does not exist',
      'Make it with mkdir, or name another one with --out DIR.',
    );
  if (!isInside(root, folder)) return OUTSIDE;
  const name = `${basename(sourcePath)}.age`;
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return NAME_TOO_LONG;
  const path = join(folder, name);
  const repositoryPath = resolvePath('', pathFrom(root, path));
  return repositoryPath instanceof Fault ? repositoryPath : { path, repositoryPath };
}

/** The limit for one step of a path on every common file system. */
const MAX_NAME_BYTES = 255;

const NAME_TOO_LONG = new Fault(
  'name-too-long',
  `with .age at its end, the name has more than ${MAX_NAME_BYTES} bytes, the limit of file systems`,
  'Give the file a shorter name first.',
);

const OUTSIDE = new Fault(
  'unsafe-path',
  'the encrypted file would be outside of the repository',
  'Add --out DIR, with a folder of the repository.',
);
