import type { Identities } from '../../manifest/encryption/identities.ts';
import { explainAbsence, readCheckout } from '../../manifest/files/checkout.ts';
import { hasLock } from '../../manifest/files/read-text.ts';
import type { LockReading } from '../../manifest/lock-file.ts';
import {
  openRepositories,
  openRepository,
  type Repository,
  type RepositoryOptions,
} from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { byKind, type Selected } from '../../model/kinds.ts';
import { LOCK_FILE, type Lock } from '../../model/lock.ts';
import { hasErrors, type Problem } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { renderProblemText } from '../../render/text/problem-text.ts';
import { countManifests } from '../../render/words/wording.ts';
import { loadDesired } from '../../resolve/load.ts';
import { selectManifests } from '../../resolve/selection.ts';
import { identitiesOf } from './identity.ts';
import { findMisfit } from './lock-source.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

export interface Project {
  readonly repository: Repository;
  readonly desired: Desired;
  readonly identities: Identities;
  readonly files: number;
  /** Null where there is none, or none for the API that is asked. */
  readonly lock: Lock | null;
  /** Warnings and notices: errors are thrown. */
  readonly problems: readonly Problem[];
}

/** What narrows a run: manifests by path or by name, and what other runs take over. */
export interface Selection {
  readonly paths: readonly string[];
  readonly targets: readonly string[];
  readonly shard?: string;
}

/** Reads the repository whole; one broken manifest stops everything, since what it says is not known. */
export async function loadProject(
  terminal: Terminal,
  options: GlobalOptions,
  mayBeEmpty: boolean,
): Promise<Project> {
  const repository = await openProjectRepository(terminal, options);
  const identities = identitiesOf(terminal, repository.root);
  const { desired, problems, files } = await loadDesired(repository, {
    env: terminal.env,
    identities,
    looksElsewhere: true,
  });
  const { lock, problems: lockProblems } = await loadLock(repository);
  const misfit = lock === null ? null : findMisfit(lock, terminal, options);
  const counted = mayBeEmpty ? problems.filter((problem) => problem.code !== 'no-manifests') : problems;
  const found = [...counted, ...lockProblems, ...(misfit === null ? [] : [misfit])];
  refuseProblems(found);
  return { repository, desired, identities, files, lock: misfit === null ? lock : null, problems: found };
}

/** What reads a lock is loaded where there is one: most starts need not pay for it. */
export async function loadLock(repository: Pick<Repository, 'root'>): Promise<LockReading> {
  const { root } = repository;
  if (!hasLock(root)) {
    // A lock that git has and this checkout has not must not turn into "no lock".
    const absence = explainAbsence(root, readCheckout(root), LOCK_FILE);
    return { lock: null, problems: absence === null ? [] : [absence.atFile(LOCK_FILE)] };
  }
  const { readLock } = await import('../../manifest/lock-file.ts');
  return readLock(repository.root);
}

export async function openProjectRepository(terminal: Terminal, options: GlobalOptions): Promise<Repository> {
  terminal.meter.enter('manifests');
  return openRepository(optionsForRepository(terminal, options));
}

/** For what concerns every account: all of them, or the one that is named. */
export async function openProjectRepositories(
  terminal: Terminal,
  options: GlobalOptions,
): Promise<readonly [Repository, ...Repository[]]> {
  terminal.meter.enter('manifests');
  return openRepositories(optionsForRepository(terminal, options));
}

export function optionsForRepository(terminal: Terminal, options: GlobalOptions): RepositoryOptions {
  return {
    cwd: terminal.cwd,
    ...(options.config === undefined ? {} : { configFile: options.config }),
    ...(options.account === undefined ? {} : { account: options.account }),
  };
}

/** @param cwd what the paths are relative to. */
export function selectFrom(project: Project, selection: Selection, cwd: string): Selected {
  const { selected, problems } = selectManifests(project.repository, project.desired, { ...selection, cwd });
  refuseProblems(problems);
  return selected;
}

/** `2 groups and 1 order` */
export function wordsFor(...selections: readonly Selected[]): string {
  return countManifests(byKind((kind) => selections.reduce((sum, selected) => sum + selected[kind].size, 0)));
}

/** Of manifests that several accounts share, each mistake is said once. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

export function refuseProblems(problems: readonly Problem[]): void {
  if (!hasErrors(problems)) return;
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  throw new InvalidInputError(
    `${errors} ${errors === 1 ? 'problem' : 'problems'} found; nothing was done`,
    problems,
  );
}

export function sayProblems(terminal: Terminal, options: GlobalOptions, problems: readonly Problem[]): void {
  const shown = options.quiet ? problems.filter((problem) => problem.severity === 'error') : problems;
  for (const problem of shown) terminal.err(renderProblemText(problem, terminal.errPaint));
}
