import { isAbsolute, relative } from 'node:path';
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

/**
 * Reads the manifests of another commit as far as they are valid. Returns null as `loadBase` does.
 *
 * @param folder the counterpart of the current folder.
 * @throws OwnFolderError if the folder leads to the current commit, from which nothing ever differs.
 */
export async function readBase(
  terminal: Terminal,
  options: GateOptions,
  { repository }: Pick<Project, 'repository'>,
  folder: string,
): Promise<ProjectReading | null> {
  const quiet = { ...terminal, cwd: folder, err: () => {} };
  try {
    const base = await readProject(quiet, withNearConfig(options, terminal), true, { judges: false });
    if (base.project.repository.root === repository.root)
      throw new OwnFolderError('the folder with the base belongs to the repository itself');
    return base.project.repository.config.scope === repository.config.scope ? base : null;
  } catch (error) {
    if (error instanceof InvalidInputError && error.problems.some(({ code }) => code === 'no-config'))
      return null;
    throw error;
  }
}

/** The folder of a base belongs to the repository that it is the base of. */
export class OwnFolderError extends InvalidInputError {}

/** An absolute path means the configuration of the current commit. */
function withNearConfig(options: GateOptions, { cwd }: Terminal): GateOptions {
  const { config } = options;
  return config !== undefined && isAbsolute(config) ? { ...options, config: relative(cwd, config) } : options;
}

/** Returns the selected names that `desired` has too. */
export function selectAlso(selected: Selected, desired: Desired): Selected {
  const there = selectAll(desired);
  return byKind((kind) => new Set([...there[kind]].filter((name) => selected[kind].has(name))));
}
