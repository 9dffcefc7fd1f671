import { InvalidInputError } from '../../model/errors.ts';
import { byKind, type Selected, selectAll } from '../../model/kinds.ts';
import type { Desired } from '../../model/resource.ts';
import type { GateOptions } from '../plan.ts';
import { type Project, type ProjectReading, readProject, refuseProblems } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';

/**
 * Loads the manifests of another commit. Returns null if it has nothing of this scope, so that all manifests
 * of the current commit are new.
 */
export async function loadBase(
  terminal: Terminal,
  options: GateOptions,
  project: Pick<Project, 'repository'>,
  folder: string,
): Promise<Project | null> {
  const reading = await readBase(terminal, options, project, folder);
  if (reading !== null) refuseProblems(reading.project.problems);
  return reading?.project ?? null;
}

/** Reads the manifests of another commit as far as they are valid. Returns null as `loadBase` does. */
export async function readBase(
  terminal: Terminal,
  options: GateOptions,
  { repository }: Pick<Project, 'repository'>,
  folder: string,
): Promise<ProjectReading | null> {
  const quiet = { ...terminal, cwd: folder, err: () => {} };
  try {
    const base = await readProject(quiet, options, true, { judges: false });
    return base.project.repository.config.scope === repository.config.scope ? base : null;
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
