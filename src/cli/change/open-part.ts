import { resolve } from 'node:path';
import { isThere } from '../../files/paths.ts';
import { Fault } from '../../manifest/fault.ts';
import { resolvePath } from '../../manifest/files/paths.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { MANAGED_KINDS } from '../../model/kinds.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { Redactor } from '../../model/privacy/redactor.ts';
import { hasErrors } from '../../model/problem.ts';
import { visible } from '../../model/text/visible.ts';
import { listAll, loadParsed, parseAll, parseFile } from '../../resolve/load.ts';
import { type Beside, loadBeside } from '../../resolve/load-beside.ts';
import { findRelated, type Lines } from '../../resolve/related.ts';
import { ALWAYS_SOUGHT } from '../../resolve/words.ts';
import type { GateOptions } from '../plan.ts';
import { runGitWithInput } from '../session/git.ts';
import { identitiesOf } from '../session/identity.ts';
import { type OutputOptions, refuseOverInputs, WRITTEN } from '../session/outputs.ts';
import { startProgress } from '../session/progress.ts';
import {
  openProjectRepository,
  type Project,
  type ProjectReading,
  projectOf,
  sayProblems,
} from '../session/project.ts';
import type { ReadState } from '../session/read-state.ts';
import type { Session } from '../session/session.ts';
import type { Terminal } from '../session/terminal.ts';
import { whileBaseIsOpen } from './base-of-change.ts';
import { changeSince } from './narrow.ts';

/** A session that knows only the manifests that a change may concern, and the options of its plan. */
interface PartSession<Options extends GateOptions> {
  readonly session: Session<Options>;
  readonly planOptions: PlanOptions;
}

/**
 * Opens a session for a plan of a change without a look at manifests that the change cannot concern. Git vouches
 * for these: they are as in the base. The plan is the same as that of a whole reading.
 *
 * @returns null if only a whole reading tells, or if it has a mistake to tell of. Nothing is said then.
 */
export async function openPart<Options extends GateOptions & OutputOptions>(
  terminal: Terminal,
  options: Options,
  optionsOfPlan: (root: string) => PlanOptions,
): Promise<PartSession<Options> | null> {
  const { changedSince } = options;
  if (changedSince === undefined) return null;
  const repository = await openProjectRepository(terminal, options);
  const stated = optionsOfPlan(repository.root);
  if (!isOfChangeAlone(stated) || writesOverSomething(terminal, options)) return null;
  try {
    // Git searches while it also finds out what differs.
    const factLines = searchManifests(terminal, repository, ALWAYS_SOUGHT);
    factLines.catch(() => {});
    const listing = listAll(repository);
    const found = await whileBaseIsOpen(terminal, changedSince, repository, async ({ beside }) =>
      beside === undefined ? null : readPart({ terminal, options, repository, listing, factLines }, beside),
    );
    if (found === null) return null;
    const { project, before } = found;
    const changed = changeSince(visible(changedSince), before, project, stated);
    if (changed.removed.length > 0 || hasNewNames(before.project, project)) return null;
    refuseOverInputs(terminal, options, { root: repository.root, inputs: project.inputs });
    const progress = startProgress(terminal, options);
    sayProblems(terminal, options, project.problems);
    const session = { terminal, options, project, redactor: new Redactor(), progress };
    return { session, planOptions: { ...stated, changed } };
  } catch (error) {
    // The whole reading finds the mistake again, and says it with all others.
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
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

/** Returns true if an output may replace a file that only a whole reading knows. */
function writesOverSomething({ cwd }: Pick<Terminal, 'cwd'>, options: OutputOptions): boolean {
  return WRITTEN.some((name) => {
    const path = options[name];
    return path !== undefined && isThere(resolve(cwd, path));
  });
}

interface Part {
  readonly project: Project;
  readonly before: ProjectReading;
}

interface PartToRead {
  readonly terminal: Terminal;
  readonly options: GateOptions;
  readonly repository: Repository;
  readonly listing: ReturnType<typeof listAll>;
  readonly factLines: Promise<Lines>;
}

async function readPart(
  { terminal, options, repository, listing, factLines }: PartToRead,
  beside: Beside,
): Promise<Part | null> {
  const { root, differing } = beside;
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
  const { parsed, ...others } = related;
  const { env } = terminal;
  const identities = identitiesOf(terminal, repository.root);
  const found = { parsed, problems: [...problems, ...parsed.flatMap((file) => file.problems)] };
  const loaded = await loadParsed(repository, found, { env, identities }, true);
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
  return (
    observed.unclaimed === undefined &&
    [...observed.RequirementGroup.values()].every(
      ({ group, superseded, rivals = [] }) =>
        group !== null &&
        superseded.length + rivals.length === 0 &&
        others?.idsElsewhere.has(group.id.toLowerCase()) === false,
    )
  );
}

/**
 * Returns the lines of manifests that contain one of the texts, by file, as far as git tracks it.
 *
 * @throws InvalidInputError if git fails.
 */
async function searchManifests(
  { env }: Pick<Terminal, 'env'>,
  { root, config }: Repository,
  texts: readonly string[],
): Promise<Lines> {
  const folders = config.manifests.flatMap((entry) => {
    const path = resolvePath('', entry);
    return path instanceof Fault ? [] : [`:(literal)${path}`];
  });
  const how = [
    '--text',
    '--null',
    '--ignore-case',
    '--fixed-strings',
    '--no-color',
    '--no-recurse-submodules',
  ];
  const args = [...PLAIN_LINES, 'grep', ...how, '-f', '-', '--', ...folders];
  const found = await runGitWithInput(env, root, args, `${texts.join('\n')}\n`).catch(nothingFound);
  const lines = new Map<string, string[]>();
  for (const each of found.split('\n')) {
    const end = each.indexOf('\0');
    if (end === -1) continue;
    const path = each.slice(0, end);
    const own = lines.get(path);
    if (own === undefined) lines.set(path, [each.slice(end + 1)]);
    else own.push(each.slice(end + 1));
  }
  return lines;
}

const PLAIN_LINES = ['fullName', 'lineNumber', 'column'].flatMap((key) => ['-c', `grep.${key}=false`]);

/** Git ends with 1 if no line contains one of the texts. */
function nothingFound(error: unknown): string {
  if ((error as { code?: unknown }).code === 1) return '';
  throw new InvalidInputError('git cannot search the manifests');
}
