import { InvalidInputError } from '../../model/errors.ts';
import { byKind, type Selected, selectAll } from '../../model/kinds.ts';
import type { Desired } from '../../model/resource.ts';
import type { GateOptions } from '../plan.ts';
import { loadProject, type Project } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Loads the manifests of another commit. Returns null if it has nothing of this scope, so that all manifests
 * of the current commit are new.
 */
export async function loadBase(
  terminal: Terminal,
  options: GateOptions,
  { repository }: Project,
  folder: string,
): Promise<Project | null> {
  const quiet = { ...terminal, cwd: folder, err: () => {} };
  try {
    const base = await loadProject(quiet, options, true, { judges: false });
    return base.repository.config.scope === repository.config.scope ? base : null;
  } catch (error) {
    if (error instanceof InvalidInputError && error.problems.some(({ code }) => code === 'no-config'))
      return null;
    throw error;
  }
}

/** Returns the selected names that `desired` has too. */
export function selectAlso(selected: Selected, desired: Desired): Selected {
  const there = selectAll(desired);
  return byKind((kind) => new Set([...there[kind]].filter((name) => selected[kind].has(name))));
}
