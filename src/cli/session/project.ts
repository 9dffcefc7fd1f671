import type { Identities } from '../../manifest/encryption/identities.ts';
import { explainAbsence, NOT_CHECKED_OUT, readCheckout } from '../../manifest/files/checkout.ts';
import { hasLock } from '../../manifest/files/read-text.ts';
import type { LockReading } from '../../manifest/lock-file.ts';
import type { PolicyReading } from '../../manifest/policies/read-policies.ts';
import {
  openRepositories,
  openRepository,
  type Repository,
  type RepositoryOptions,
} from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { byKind, type Selected } from '../../model/kinds.ts';
import { LOCK_FILE, type Lock } from '../../model/lock.ts';
import type { ChangedSince } from '../../model/plan/changed.ts';
import type { Policy } from '../../model/plan/policy.ts';
import { countProblems, errorsLast, foldWarnings, hasErrors, type Problem } from '../../model/problem.ts';
import type { Desired } from '../../model/resource.ts';
import { renderProblemText } from '../../render/text/problem-text.ts';
import { countManifests } from '../../render/words/wording.ts';
import { judgeRepository } from '../../resolve/judge-manifests.ts';
import { type Loaded, loadDesired } from '../../resolve/load.ts';
import type { Related } from '../../resolve/related.ts';
import { filesRead } from '../../resolve/request-files.ts';
import { selectManifests } from '../../resolve/selection.ts';
import { identitiesOf } from './identity.ts';
import { findLockMismatch } from './lock-source.ts';
import type { GlobalOptions, Terminal } from './terminal.ts';

export interface Project {
  readonly repository: Repository;
  readonly desired: Desired;
  readonly identities: Identities;
  readonly files: number;
  /** The lock. Null if there is none, or if it belongs to another API than this run uses. */
  readonly lock: Lock | null;
  /** The policies of the configuration. Empty for a base, which nobody judges. */
  readonly policies: readonly Policy[];
  /** Warnings and notices. An error is thrown instead. */
  readonly problems: readonly Problem[];
  /** The files as they were read. Present only if another commit is to be compared with them. */
  readonly sources?: Pick<Loaded, 'parsed' | 'contents'>;
  /** The files that the run reads, relative to the repository. */
  readonly inputs: ReadonlySet<string>;
  /** What is known of the manifests that the run left unread. Absent if it read all of them. */
  readonly others?: Omit<Related, 'parsed' | 'concerned'>;
}

/** The options that narrow a run: paths of manifests, names, a shard, and a change. */
export interface Selection {
  readonly paths: readonly string[];
  readonly targets: readonly string[];
  readonly excludes?: readonly string[];
  readonly shard?: string;
  readonly changed?: ChangedSince;
}

/** Reads the whole repository. One broken manifest stops the run, because its contents are unknown. */
export async function loadProject(
  terminal: Terminal,
  options: GlobalOptions,
  mayBeEmpty: boolean,
  keepsSources = false,
): Promise<Project> {
  const { project } = await readProject(terminal, options, mayBeEmpty, { keepsSources });
  refuseProblems(project.problems);
  return project;
}

/** A repository as it was read, with its errors. */
export interface ProjectReading {
  /** What the manifests state. Parts with an error are left out. */
  readonly project: Project;
  /** The files that cannot be parsed, so that regsync does not know which manifests they contain. */
  readonly unparsed: readonly Problem[];
}

interface ReadingOptions {
  readonly judges?: boolean;
  readonly keepsSources?: boolean;
}

export async function readProject(
  terminal: Terminal,
  options: GlobalOptions,
  mayBeEmpty: boolean,
  { judges = true, keepsSources = false }: ReadingOptions = {},
): Promise<ProjectReading> {
  const repository = await openProjectRepository(terminal, options);
  const identities = identitiesOf(terminal, repository.root);
  const loaded = await loadDesired(repository, { env: terminal.env, identities, looksElsewhere: true });
  const project = await projectOf(terminal, options, { repository, identities, loaded, judges });
  const { problems } = project;
  const counted = mayBeEmpty ? problems.filter((problem) => problem.code !== 'no-manifests') : problems;
  const { parsed, contents } = loaded;
  const sources = keepsSources ? { sources: { parsed, contents } } : {};
  const unparsed = loaded.parsed.flatMap((file) => file.problems.filter(isError));
  return {
    project: { ...project, problems: counted, ...sources },
    unparsed: [...unparsed, ...problems.filter(({ code }) => code === NOT_CHECKED_OUT)],
  };
}

/** Reads the lock and the policies, and joins all that is known of the repository. */
export async function projectOf(
  terminal: Terminal,
  options: GlobalOptions,
  { repository, identities, loaded, judges }: ProjectParts,
): Promise<Project> {
  const { desired, files, parsed } = loaded;
  const judged = judges ? await judgeRepository(repository, parsed) : NOT_JUDGED;
  const { lock, problems: lockProblems } = await loadLock(repository);
  const mismatch = lock === null ? null : findLockMismatch(lock, terminal, options);
  return {
    repository,
    desired,
    identities,
    files,
    lock: mismatch === null ? lock : null,
    policies: judged.policies,
    problems: [
      ...loaded.problems,
      ...judged.problems,
      ...lockProblems,
      ...(mismatch === null ? [] : [mismatch]),
    ],
    inputs: filesRead(repository, parsed),
  };
}

interface ProjectParts extends Pick<Project, 'repository' | 'identities'> {
  readonly loaded: Loaded;
  readonly judges: boolean;
}

function isError({ severity }: Problem): boolean {
  return severity === 'error';
}

const NOT_JUDGED: PolicyReading = { policies: [], problems: [] };

/** Reads the lock. Imports its parser only if there is a lock, because most runs do not need it. */
export async function loadLock(repository: Pick<Repository, 'root'>): Promise<LockReading> {
  const { root } = repository;
  if (!hasLock(root)) {
    // A lock that git has but this checkout does not is an error, not "no lock".
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

/** Opens the repository for each account, or only for the one that `--account` names. */
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

/** Options that narrow a run by name. */
export interface TargetOptions {
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
}

/** Returns the names and patterns of the options, sorted as a plan has them. */
export function targetsOf({
  target = [],
  exclude = [],
}: TargetOptions): Pick<Selection, 'targets' | 'excludes'> {
  return {
    targets: [...target].sort(),
    ...(exclude.length === 0 ? {} : { excludes: [...exclude].sort() }),
  };
}

/** @param cwd folder that the paths are relative to. */
export function selectFrom(project: Project, selection: Selection, cwd: string): Selected {
  const { selected, problems } = selectManifests(project.repository, project.desired, { ...selection, cwd });
  refuseProblems(problems);
  return selected;
}

/** Returns words such as `2 groups and 1 order`. */
export function wordsFor(...selections: readonly Selected[]): string {
  return countManifests(byKind((kind) => selections.reduce((sum, selected) => sum + selected[kind].size, 0)));
}

/** Removes duplicates: each account that shares a manifest finds the same mistakes. */
export function distinctProblems(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

export function refuseProblems(problems: readonly Problem[]): void {
  if (!hasErrors(problems)) return;
  throw new InvalidInputError(`${countProblems(problems)} found; nothing was done`, problems);
}

/** Tells of a repository that was read in part, once that part is known to be enough. */
export function sayPart(terminal: Terminal, options: GlobalOptions, project: Project): void {
  const { files, others, problems } = project;
  terminal.meter.countFiles(files, files + (others?.unreadFiles ?? 0));
  sayProblems(terminal, options, problems);
}

export function sayProblems(terminal: Terminal, options: GlobalOptions, problems: readonly Problem[]): void {
  const shown = options.quiet ? problems.filter((problem) => problem.severity === 'error') : problems;
  for (const problem of errorsLast(foldWarnings(shown)))
    terminal.err(renderProblemText(problem, terminal.errPaint));
}
