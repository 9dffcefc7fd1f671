import { readGroupHeads } from '../manifest/heads.ts';
import { uniteRepositories } from '../manifest/repository.ts';
import { openProjectRepositories } from './project.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

interface Name {
  readonly word: string;
  readonly note: string;
}

/** The accounts of the repository, by the scope of each. */
export async function readAccountNames(terminal: Terminal, options: GlobalOptions): Promise<readonly Name[]> {
  try {
    const { account: _, ...place } = options;
    const repositories = await openProjectRepositories(terminal, place);
    return repositories.flatMap(({ config: { account, scope } }) =>
      account === null ? [] : [{ word: account.name, note: scope }],
    );
  } catch {
    return [];
  }
}

/** The groups of the repository, for a command line that is being typed: where there is no repository, there are none. */
export async function readGroupNames(terminal: Terminal, options: GlobalOptions): Promise<readonly Name[]> {
  try {
    const repositories = await openProjectRepositories(terminal, options);
    const heads = await readGroupHeads(uniteRepositories(repositories));
    return heads.map(({ name, file }) => ({ word: name, note: /\p{Cc}/u.test(file) ? '' : file }));
  } catch {
    return [];
  }
}
