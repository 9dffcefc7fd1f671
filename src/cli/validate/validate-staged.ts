import { join } from 'node:path';
import { isFolder } from '../../files/paths.ts';
import { uniteRepositories } from '../../manifest/repository.ts';
import { type Problem, type SourcePosition, sortProblems } from '../../model/problem.ts';
import { openProjectRepositories } from '../session/project.ts';
import type { GlobalOptions, Terminal } from '../session/terminal.ts';
import { exportStaged } from './staged.ts';
import { refuseStaged } from './staged-content.ts';

/**
 * Runs the checks on what git is about to commit. Null if the commit changes nothing of the repository.
 *
 * @param check the checks of any folder.
 */
export async function checkStaged<
  Options extends GlobalOptions,
  Checked extends { readonly problems: readonly Problem[] },
>(
  terminal: Terminal,
  options: Options,
  check: (terminal: Terminal, options: Options) => Promise<Checked>,
): Promise<Checked | null> {
  const repository = uniteRepositories(await openProjectRepositories(terminal, options));
  const tree = await exportStaged(terminal, repository);
  if (tree === null) return null;
  try {
    const there = { ...terminal, cwd: isFolder(tree.cwd) ? tree.cwd : tree.root };
    const own = { ...options, config: join(tree.root, repository.configFile) };
    const checked = await check(there, own);
    const staged = uniteRepositories(await openProjectRepositories(there, own));
    const refused = await refuseStaged(staged, tree);
    // A document that is refused needs no warning at the same place.
    const places = new Set(refused.map(({ code, source }) => `${code} ${placeOf(source)}`));
    const others = checked.problems.filter(
      ({ code, source }) => source === undefined || !places.has(`${code} ${placeOf(source)}`),
    );
    return { ...checked, problems: sortProblems([...others, ...refused]) };
  } finally {
    await tree.remove();
  }
}

function placeOf(source: SourcePosition | undefined): string {
  return source === undefined ? '' : `${source.file}:${source.line}:${source.column}`;
}
