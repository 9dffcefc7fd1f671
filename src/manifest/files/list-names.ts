import { readdirSync } from 'node:fs';
import { Fault } from '../fault.ts';
import { attempt } from './file-fault.ts';
import type { RepositoryPath } from './paths.ts';
import { confine } from './read-confined.ts';

/** Lists the names in a folder of the repository, or none if the folder cannot be read. */
export function listNames(root: string, folder: RepositoryPath): readonly string[] {
  const realPath = confine(root, folder);
  return realPath instanceof Fault ? [] : namesInFolder(realPath);
}

export function namesInFolder(realPath: string): readonly string[] {
  const names = attempt(() => readdirSync(realPath));
  return names instanceof Fault ? [] : names;
}
