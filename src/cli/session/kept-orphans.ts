import { findUpwards } from '../../files/paths.ts';
import { keepingLine } from '../../kinds/requirement-group/plan-kept.ts';
import { orphanName } from '../../kinds/requirement-group/plan-orphans.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Observed } from '../../model/observed.ts';
import { orphansInSight, type RemovedManifest } from '../../model/plan/changed.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan/plan.ts';
import { named, type Outside, type Sentence, sentence } from '../../model/text/sentence.ts';
import { type Git, openGit } from './git.ts';
import type { Project } from './project.ts';
import { type Restated, restatedBy, restatedSinceCommit } from './restated.ts';
import type { Terminal } from './terminal.ts';

/** The orphans that stay although `--prune` was given, and what is not known about the others. */
export interface KeptOrphans {
  /** The reason to keep each, by name. */
  readonly kept: ReadonlyMap<string, Sentence>;
  readonly diagnostics: readonly PlanDiagnostic[];
  /** What the change brings of porting orders. Absent if nothing is known. */
  readonly restated?: Restated;
}

/**
 * Finds the orphans whose last manifest in git says that they are not to be deleted, and the groups to replace
 * of which the last commit still says so. Only a run that would delete one of them asks git.
 *
 * @param reviewed the reviewed plans, which name the groups that they keep.
 */
export async function findKeptOrphans(
  terminal: Pick<Terminal, 'env'>,
  project: Project,
  observed: Pick<Observed, 'orphans' | 'RequirementGroup' | 'PortingOrder'>,
  options: PlanOptions,
  reviewed: readonly Plan[] = [],
): Promise<KeptOrphans> {
  const { desired, repository } = project;
  const restated =
    reviewed.length > 0
      ? restatedBy(reviewed, desired)
      : await restatedSinceCommit(terminal, repository.root, desired, observed);
  return { ...(await findKept(terminal, project, observed, options, reviewed)), restated };
}

async function findKept(
  terminal: Pick<Terminal, 'env'>,
  { repository: { root } }: Project,
  { orphans, RequirementGroup: matches }: Pick<Observed, 'orphans' | 'RequirementGroup'>,
  options: PlanOptions,
  reviewed: readonly Plan[],
): Promise<KeptOrphans> {
  const { paths, targets, excludes = [], shard, changed } = options;
  const keptByBase = new Map((changed?.removed ?? []).flatMap(keptByChange));
  const kept = new Map([...reviewed.flatMap(keptBy), ...keptByBase]);
  const isWhole = paths.length + targets.length + excludes.length === 0 && shard === undefined;
  const doomed = orphansInSight(orphans, changed).filter(
    (orphan) => orphan.status !== 'approved' || options.allow_delete.includes(orphanName(orphan)),
  );
  const replaced = [...matches].flatMap(([name, { superseded }]) => (superseded.length > 0 ? [name] : []));
  const prunes = options.prune && isWhole && doomed.length > 0;
  if (!prunes && replaced.length === 0) return { kept, diagnostics: [] };
  const history = await openHistory(openGit(terminal.env, root), root);
  if (history === null) return { kept, diagnostics: [] };
  for (const name of replaced) {
    const keeping = await history.atHead(name);
    if (keeping !== null && isKeeping(keeping))
      kept.set(name, sentence`the last commit of ${named(keeping.file)} says ${keeping.line}`);
  }
  if (!prunes) return { kept, diagnostics: [] };
  const unknown = new Set<string>();
  for (const orphan of doomed) {
    const name = orphanName(orphan);
    if (keptByBase.has(name) || keptByBase.has(orphan.id)) continue;
    // A manifest of another name may have meant the group by its `id:`.
    const found = [
      await history.find(name, (fields) => fields.name === name),
      await history.find(orphan.id, (fields) => fields.id === orphan.id),
    ].filter((last) => last !== null);
    const keeping = found.find(isKeeping);
    if (keeping !== undefined) kept.set(name, whyKept(keeping));
    else if (found.length === 0) unknown.add(name);
  }
  const names = [...unknown].filter((name) => !kept.has(name));
  // The base of a change has the manifests that it removes, so nothing is unknown about them.
  const isKnown = history.gap === null || names.length === 0 || changed !== undefined;
  return {
    kept,
    diagnostics: isKnown ? [] : [historyMissing(names, history.gap)],
  };
}

function whyKept({ file, commit, line }: KeepingManifest): Sentence {
  return sentence`its last manifest, ${named(file)} in commit ${named(commit.slice(0, 7))}, says ${line}`;
}

/** A manifest of another name may have meant the group by its `id:`. */
function keptByChange({ name, id, keeps }: RemovedManifest): [string, Sentence][] {
  if (keeps === undefined) return [];
  const why = sentence`${named(keeps)}`;
  return [[name, why], ...(id === undefined ? [] : [[id, why] as [string, Sentence]])];
}

function keptBy({ attention, diagnostics }: Plan): [string, Sentence][] {
  return [...attention, ...diagnostics]
    .filter(({ code }) => code === 'deletion-forbidden')
    .map(({ name = '' }) => [name, sentence`the reviewed plan keeps it`]);
}

const MAX_NAMES = 5;

function historyMissing(names: readonly string[], gap: Gap): PlanDiagnostic {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return {
    severity: 'warning',
    code: 'history-missing',
    message: `${GAPS[gap].is}, so regsync cannot tell whether the removed manifests of ${shown}${more} say \`deletion: forbid\`. ${GAPS[gap].remedy}`,
  };
}

interface LastManifest {
  readonly commit: string;
  readonly file: string;
  /** The line that keeps the group. Null if there is none. */
  readonly line: Outside | null;
}

type KeepingManifest = LastManifest & { readonly line: Outside };

function isKeeping(last: LastManifest): last is KeepingManifest {
  return last.line !== null;
}

/** Why the last manifest of a group may be one that git does not show. */
type Gap = 'shallow' | 'unreadable';

const GAPS: Readonly<Record<Gap, { readonly is: string; readonly remedy: string }>> = {
  shallow: {
    is: 'this checkout has only a part of the history',
    remedy:
      'Fetch all of it before you prune: git fetch --unshallow, or fetch-depth: 0 for actions/checkout.',
  },
  unreadable: {
    is: 'git does not show the history of this checkout',
    remedy:
      'Run `git log` there before you prune: git may not be installed, or it needs the folder in safe.directory.',
  },
};

interface History {
  readonly gap: Gap | null;
  /** Returns the manifest that suits in the last commit that has one. It contains the word. */
  readonly find: (word: string, matches: (fields: GroupFields) => boolean) => Promise<LastManifest | null>;
  /** Returns the manifest of that name in the last commit if it keeps its group. */
  readonly atHead: (name: string) => Promise<LastManifest | null>;
}

type GroupFields = Extract<Manifest, { readonly kind: 'RequirementGroup' }>['fields'];

/** Returns null outside of git, and before the first commit. */
async function openHistory(git: Git, root: string): Promise<History | null> {
  const head = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(
    (error: { code?: unknown }) => error,
  );
  if (typeof head !== 'string') {
    const isEmpty = head.code === 1 || findUpwards(root, '.git') === null;
    return isEmpty ? null : { gap: 'unreadable', find: async () => null, atHead: async () => null };
  }
  const ask = (...args: readonly string[]): Promise<string> => git(...args).catch(() => '');
  const isShallow = (await ask('rev-parse', '--is-shallow-repository')).trim() === 'true';
  return {
    gap: isShallow ? 'shallow' : null,
    find: (word, matches) => findLastManifest(ask, word, matches),
    atHead: async (name) =>
      (await manifestsIn(ask, 'HEAD', name, (fields) => fields.name === name)).find(
        ({ line }) => line !== null,
      ) ?? null,
  };
}

/** The most commits to look at. Words that contain this one change in other commits. */
const MAX_COMMITS = 50;

/**
 * Returns the manifest that suits in the last commit that has one, or null. Each commit that changes how often
 * the word occurs is looked at, the newest first, and then its parents. Where several manifests have the name,
 * as two accounts may, one that keeps its group is enough.
 */
async function findLastManifest(
  git: Git,
  word: string,
  matches: (fields: GroupFields) => boolean,
): Promise<LastManifest | null> {
  const log = await git(
    ...['log', '-m', `--max-count=${MAX_COMMITS}`, '--format=%H %P', '-S', word, '--', ...MANIFEST_FILES],
  );
  const lines = log.split('\n').filter((line) => /^[0-9a-f]{40,}/.test(line));
  const commits = new Set(['HEAD', ...lines.flatMap((line) => line.trim().split(' '))]);
  for (const commit of commits) {
    const found = await manifestsIn(git, commit, word, matches);
    const keeping = found.find(({ line }) => line !== null) ?? found[0];
    if (keeping !== undefined) return keeping;
  }
  return null;
}

const MANIFEST_FILES = [':(icase)*.yaml', ':(icase)*.yml'];

async function manifestsIn(
  git: Git,
  commit: string,
  word: string,
  matches: (fields: GroupFields) => boolean,
): Promise<LastManifest[]> {
  const listed = await git(
    'grep',
    '-l',
    '--full-name',
    '-z',
    '-F',
    '-e',
    word,
    commit,
    '--',
    ...MANIFEST_FILES,
  );
  const files = listed.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(commit.length + 1)]));
  const found: LastManifest[] = [];
  for (const file of files) {
    const { manifests } = parseManifests(file as RepositoryPath, await git('show', `${commit}:${file}`));
    for (const manifest of manifests) {
      if (manifest.kind !== 'RequirementGroup' || !matches(manifest.fields)) continue;
      const { deletion, manage } = manifest.fields;
      const line = keepingLine({ forbidsDeletion: deletion === 'forbid', isWatched: manage === 'observe' });
      found.push({ commit, file, line });
    }
  }
  return found;
}
