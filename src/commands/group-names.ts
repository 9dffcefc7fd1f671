import { readGroupHeads } from '../manifest/heads.ts';
import { uniteRepositories } from '../manifest/repository.ts';
import { openProjectRepositories } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** The groups of the repository, for a command line that is being typed: where there is no repository, there are none. */
export async function readGroupNames(
  terminal: Terminal,
  options: GlobalOptions,
): Promise<readonly { readonly word: string; readonly note: string }[]> {
  try {
    const repositories = await openProjectRepositories(terminal, options);
    const heads = await readGroupHeads(uniteRepositories(repositories));
    return heads.map(({ name, file }) => ({ word: name, note: /\p{Cc}/u.test(file) ? '' : file }));
  } catch {
    return [];
  }
}
