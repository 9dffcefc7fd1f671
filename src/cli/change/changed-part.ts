import { resolve } from 'node:path';
import { isInside, isThere, pathFrom, realPathOf } from '../../files/paths.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError, RefusedError } from '../../model/errors.ts';
import { MANAGED_KINDS } from '../../model/kinds.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { hasErrors } from '../../model/problem.ts';
import { type AllManifests, listAll, loadParsed, parseAll, parseFile } from '../../resolve/load.ts';
import { type Beside, loadBeside } from '../../resolve/load-beside.ts';
import { findRelated, type Lines } from '../../resolve/related.ts';
import { ALWAYS_SOUGHT } from '../../resolve/words.ts';
import type { GateOptions } from '../plan.ts';
import { identitiesOf } from '../session/identity.ts';
import { type OutputOptions, refuseOverInputs, WRITTEN } from '../session/outputs.ts';
import { openProjectRepository, type Project, type ProjectReading, projectOf } from '../session/project.ts';
import type { ReadState } from '../session/read-state.ts';
import type { Terminal } from '../session/terminal.ts';
import { changeSince } from './narrow.ts';
import { searchManifests } from './search-manifests.ts';

/** The manifests that a change may concern, on both sides, and the options of its plan. */
export interface ChangedPart {
  readonly project: Project;
  readonly before: ProjectReading;
  readonly planOptions: PlanOptions & Required<Pick<PlanOptions, 'changed'>>;
}

export interface PartRequest<Options> {
  readonly options: Options;
  readonly statedIn: (root: string) => PlanOptions;
  /** The base, in words. */
  readonly since: string;
  /** Writes the files of the base that differ. Null if there is no such base. */
  readonly openDifferences: (repository: Repository) => Promise<OpenDifferences | null>;
}

export interface OpenDifferences {
  /** The differing files. Null if git cannot tell them apart. */
  readonly beside: Beside | null;
  readonly remove: () => Promise<void>;
}

/**
 * Reads what a plan of a change needs, without a look at manifests that the change cannot concern. Git vouches for
 * these: they are as in the base. The plan is the same as that of a whole reading.
 *
 * @returns null if only a whole reading tells, or if it has a mistake to tell of.
 */
export async function readChangedPart<Options extends GateOptions & OutputOptions>(
  terminal: Terminal,
  { options, statedIn, since, openDifferences }: PartRequest<Options>,
): Promise<ChangedPart | null> {
  const repository = await openProjectRepository(terminal, options);
  const stated = statedIn(repository.root);
  if (!isOfChangeAlone(stated)) return null;
  try {
    // Git searches while it also finds out what differs.
    const factLines = searchManifests(terminal, repository, ALWAYS_SOUGHT);
    factLines.catch(() => {});
    const listing = listAll(repository);
    const differences = await openDifferences(repository);
    if (differences === null) return null;
    const { beside, remove } = differences;
    const run = { terminal, options, repository, listing, factLines };
    const part = await readPart(run, beside).finally(remove);
    if (part === null) return null;
    const { project, before } = part;
    const changed = changeSince(since, before, project, stated);
    if (changed.removed.length > 0 || hasNewNames(before.project, project)) return null;
    refuseOverInputs(terminal, options, { root: repository.root, inputs: project.inputs });
    return { ...part, planOptions: { ...stated, changed } };
  } catch (error) {
    return nullIfMistaken(error);
  }
}

/** The whole reading finds the mistake again, and says it with all others. */
export function nullIfMistaken(error: unknown): null {
  if (error instanceof InvalidInputError || error instanceof RefusedError) return null;
  throw error;
}

/** Returns true if nothing but the change narrows the run. Names are looked up among all manifests. */
function isOfChangeAlone({
  paths,
  targets,
  excludes = [],
  shard,
  allow_delete,
  resubmit,
}: PlanOptions): boolean {
  return (
    shard === undefined &&
    [paths, targets, excludes, allow_delete, resubmit].every((names) => names.length === 0)
  );
}

/**
 * Returns true if an output may replace a file that only a whole reading knows. Manifests that name a file that differs
 * are read, and none names a file outside of the repository.
 */
function writesOverUnknown(
  { cwd }: Pick<Terminal, 'cwd'>,
  options: OutputOptions,
  repository: Pick<Repository, 'root'>,
  { differing }: Beside,
): boolean {
  const root = realPathOf(repository.root);
  return WRITTEN.some((name) => {
    const given = options[name];
    if (given === undefined || !isThere(resolve(cwd, given))) return false;
    const path = realPathOf(resolve(cwd, given));
    return isInside(root, path) && !differing.has(pathFrom(root, path));
  });
}

interface PartToRead {
  readonly terminal: Terminal;
  readonly options: GateOptions & OutputOptions;
  readonly repository: Repository;
  readonly listing: AllManifests;
  readonly factLines: Promise<Lines>;
}

async function readPart(
  { terminal, options, repository, listing, factLines }: PartToRead,
  beside: Beside | null,
): Promise<Pick<ChangedPart, 'project' | 'before'> | null> {
  if (beside === null || writesOverUnknown(terminal, options, repository, beside)) return null;
  const { root, differing } = beside;
  // Groups of a former scope are found as those that no manifest at all means.
  if (repository.config.formerScope !== null) return null;
  const decisive = [LOCK_FILE, ...(repository.config.policies ?? []).map(({ file }) => file)];
  if (decisive.some((path) => differing.has(path))) return null;
  const { files: listed, problems } = listing;
  const { parsed: before } = await parseAll({ ...repository, root });
  const related = await findRelated({
    ...{ listed, differing, before, factLines },
    parse: (path) => parseFile(repository.root, path),
    search: (texts) => searchManifests(terminal, repository, texts),
  });
  if (related === null) return null;
  const { parsed, concerned, ...others } = related;
  const { env } = terminal;
  const identities = identitiesOf(terminal, repository.root);
  const found = { parsed, problems: [...problems, ...parsed.flatMap((file) => file.problems)] };
  const loaded = await loadParsed(repository, found, { env, identities, looksElsewhere: true }, concerned);
  const project = await projectOf(terminal, options, { repository, identities, loaded, judges: true });
  if (hasErrors(project.problems)) return null;
  const base = await loadBeside(repository, loaded, beside, { env, identities });
  return {
    project: { ...project, others },
    before: { project: { ...project, desired: base.desired }, unparsed: base.unparsed },
  };
}

/** Returns true if the change adds a group or an order. Only a list of all groups tells whether it is a copy. */
function hasNewNames(
  { desired: before }: Pick<Project, 'desired'>,
  { desired: now }: Pick<Project, 'desired'>,
): boolean {
  return MANAGED_KINDS.some((kind) => {
    const known = new Set(before[kind].map(({ name }) => name));
    return now[kind].some(({ name }) => !known.has(name));
  });
}

/**
 * Returns true if the answers of Telnyx leave no question about manifests that were not read: each group was found
 * by its reference or id, and no other manifest may pin its id.
 */
export function isEnough(
  { observed }: Pick<ReadState, 'observed'>,
  { others }: Pick<Project, 'others'>,
): boolean {
  return [...observed.RequirementGroup.values()].every(
    ({ group, superseded, rivals = [] }) =>
      group !== null &&
      superseded.length + rivals.length === 0 &&
      others?.idsElsewhere.has(group.id.toLowerCase()) === false,
  );
}
