import { findUpwards } from '../../files/paths.ts';
import { keepingLine } from '../../kinds/requirement-group/plan-kept.ts';
import { orphanName } from '../../kinds/requirement-group/plan-orphans.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Observed } from '../../model/observed.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan.ts';
import { named, type Outside, type Sentence, sentence } from '../../model/sentence.ts';
import { type Git, openGit } from './git.ts';
import type { Project } from './project.ts';
import type { Terminal } from './terminal.ts';

/** The orphans that stay although `--prune` was given, and what is not known about the others. */
export interface KeptOrphans {
  /** The reason to keep each, by name. */
  readonly kept: ReadonlyMap<string, Sentence>;
  readonly diagnostics: readonly PlanDiagnostic[];
}

/**
 * Finds the orphans whose last manifest in git says that they are not to be deleted. Only a run that would
 * delete them asks git.
 *
 * @param reviewed the reviewed plans, which name the orphans that they keep.
 */
export async function findKeptOrphans(
  terminal: Pick<Terminal, 'env'>,
  { repository: { root } }: Project,
  { orphans }: Pick<Observed, 'orphans'>,
  options: PlanOptions,
  reviewed: readonly Plan[] = [],
): Promise<KeptOrphans> {
  const kept = new Map(reviewed.flatMap(keptBy));
  const { paths, targets, excludes = [], shard } = options;
  const isWhole = paths.length + targets.length + excludes.length === 0 && shard === undefined;
  const doomed = orphans.filter(
    (orphan) => orphan.status !== 'approved' || options.allow_delete.includes(orphanName(orphan)),
  );
  if (!options.prune || !isWhole || doomed.length === 0) return { kept, diagnostics: [] };
  const history = await openHistory(openGit(terminal.env, root), root);
  if (history === null) return { kept, diagnostics: [] };
  const unknown = new Set<string>();
  for (const orphan of doomed) {
    const name = orphanName(orphan);
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
  return {
    kept,
    diagnostics: history.gap === null || names.length === 0 ? [] : [historyMissing(names, history.gap)],
  };
}

function whyKept({ file, commit, line }: KeepingManifest): Sentence {
  return sentence`its last manifest, ${named(file)} in commit ${named(commit.slice(0, 7))}, says ${line}`;
}

function keptBy({ attention }: Plan): [string, Sentence][] {
  return attention
    .filter(({ code }) => code === 'deletion-forbidden')
    .map(({ name }) => [name, sentence`the reviewed plan keeps it`]);
}

const MOST_NAMES = 5;

function historyMissing(names: readonly string[], gap: Gap): PlanDiagnostic {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
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
      'Run `git log` there before you prune: git may not be installed, or it may want the folder in safe.directory.',
  },
};

interface History {
  readonly gap: Gap | null;
  /** Returns the manifest that suits in the last commit that has one. It contains the word. */
  readonly find: (word: string, suits: (fields: GroupFields) => boolean) => Promise<LastManifest | null>;
}

type GroupFields = Extract<Manifest, { readonly kind: 'RequirementGroup' }>['fields'];

/** Returns null outside of git, and before the first commit. */
async function openHistory(git: Git, root: string): Promise<History | null> {
  const head = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(
    (error: { code?: unknown }) => error,
  );
  if (typeof head !== 'string') {
    const isEmpty = head.code === 1 || findUpwards(root, '.git') === null;
    return isEmpty ? null : { gap: 'unreadable', find: async () => null };
  }
  const ask = (...args: readonly string[]): Promise<string> => git(...args).catch(() => '');
  const isShallow = (await ask('rev-parse', '--is-shallow-repository')).trim() === 'true';
  return {
    gap: isShallow ? 'shallow' : null,
    find: (word, suits) => findLastManifest(ask, word, suits),
  };
}

/** The most commits to look at. Words that contain this one change in other commits. */
const MOST_COMMITS = 50;

/**
 * Returns the manifest that suits in the last commit that has one, or null. Each commit that changes how often
 * the word occurs is looked at, the newest first, and then its parents. Where several manifests have the name,
 * as two accounts may, one that keeps its group is enough.
 */
async function findLastManifest(
  git: Git,
  word: string,
  suits: (fields: GroupFields) => boolean,
): Promise<LastManifest | null> {
  const log = await git(
    ...['log', '-m', `--max-count=${MOST_COMMITS}`, '--format=%H %P', '-S', word, '--', ...MANIFEST_FILES],
  );
  const lines = log.split('\n').filter((line) => /^[0-9a-f]{40,}/.test(line));
  const commits = new Set(['HEAD', ...lines.flatMap((line) => line.trim().split(' '))]);
  for (const commit of commits) {
    const found = await manifestsIn(git, commit, word, suits);
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
  suits: (fields: GroupFields) => boolean,
): Promise<LastManifest[]> {
  const listed = await git(
    ...[
      'grep',
      '--files-with-matches',
      '--full-name',
      '-z',
      '-F',
      '-e',
      word,
      commit,
      '--',
      ...MANIFEST_FILES,
    ],
  );
  const files = listed.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.slice(commit.length + 1)]));
  const found: LastManifest[] = [];
  for (const file of files) {
    const { manifests } = parseManifests(file as RepositoryPath, await git('show', `${commit}:${file}`));
    for (const manifest of manifests) {
      if (manifest.kind !== 'RequirementGroup' || !suits(manifest.fields)) continue;
      const { deletion, manage } = manifest.fields;
      const line = keepingLine({ forbidsDeletion: deletion === 'forbid', isWatched: manage === 'observe' });
      found.push({ commit, file, line });
    }
  }
  return found;
}
