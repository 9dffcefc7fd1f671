import { uniteRepositories } from '../../manifest/repository.ts';
import { readGroupHeads, readTargetHeads } from '../../resolve/heads.ts';
import { openProjectRepositories } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';

interface Name {
  readonly word: string;
  readonly note: string;
}

/** Returns the accounts of the repository, each with its scope as the note. */
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

/**
 * Returns the names of groups, or of groups and orders, for a command line that is being typed. Returns none
 * if there is no repository.
 */
export async function readManifestNames(
  terminal: Terminal,
  options: GlobalOptions,
  what: 'groups' | 'targets',
): Promise<readonly Name[]> {
  try {
    const repositories = await openProjectRepositories(terminal, options);
    const repository = uniteRepositories(repositories);
    const heads = await (what === 'groups' ? readGroupHeads(repository) : readTargetHeads(repository));
    return heads.map(({ name, file }) => ({ word: name, note: /\p{Cc}/u.test(file) ? '' : file }));
  } catch {
    return [];
  }
}
