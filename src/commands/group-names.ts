import { readGroupHeads, readTargetHeads } from '../manifest/heads.ts';
import { openProjectRepository } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

/** Names of the repository, for a command line that is being typed: where there is no repository, there are none. */
export async function readGroupNames(
  terminal: Terminal,
  options: GlobalOptions,
  what: 'groups' | 'targets',
): Promise<readonly { readonly word: string; readonly note: string }[]> {
  try {
    const repository = await openProjectRepository(terminal, options);
    const heads = await (what === 'groups' ? readGroupHeads(repository) : readTargetHeads(repository));
    return heads.map(({ name, file }) => ({ word: name, note: /\p{Cc}/u.test(file) ? '' : file }));
  } catch {
    return [];
  }
}
