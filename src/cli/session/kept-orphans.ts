import { keepingLine } from '../../kinds/requirement-group/plan-kept.ts';
import { orphanName } from '../../kinds/requirement-group/plan-orphans.ts';
import type { RepositoryPath } from '../../manifest/files/paths.ts';
import { parseManifests } from '../../manifest/parse.ts';
import type { Observed } from '../../model/observed.ts';
import type { Plan, PlanDiagnostic, PlanOptions } from '../../model/plan.ts';
import { type Git, openGit } from './git.ts';
import type { Project } from './project.ts';
import type { Terminal } from './terminal.ts';

/** The orphans that stay although `--prune` was given, and what is not known about the others. */
export interface KeptOrphans {
  /** The reason to keep each, by name. */
  readonly kept: ReadonlyMap<string, string>;
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
  const names = orphans
    .filter((orphan) => orphan.status !== 'approved' || options.allow_delete.includes(orphanName(orphan)))
    .map((orphan) => orphanName(orphan));
  if (!options.prune || !isWhole || names.length === 0) return { kept, diagnostics: [] };
  const git = openGit(terminal.env, root);
  const ask = (...args: readonly string[]): Promise<string> => git(...args).catch(() => '');
  if ((await ask('rev-parse', '--verify', '--quiet', 'HEAD')) === '') return { kept, diagnostics: [] };
  const unknown: string[] = [];
  for (const name of new Set(names)) {
    const last = await findLastManifest(ask, name);
    if (last === null) unknown.push(name);
    else if (last.line !== null) {
      kept.set(
        name,
        `its last manifest, ${last.file} in commit ${last.commit.slice(0, 7)}, says ${last.line}`,
      );
    }
  }
  const isShallow = (await ask('rev-parse', '--is-shallow-repository')).trim() === 'true';
  const isBlind = isShallow && unknown.some((name) => !kept.has(name));
  return { kept, diagnostics: isBlind ? [historyMissing(unknown.filter((name) => !kept.has(name)))] : [] };
}

function keptBy({ attention }: Plan): [string, string][] {
  return attention
    .filter(({ code }) => code === 'deletion-forbidden')
    .map(({ name }) => [name, 'the reviewed plan keeps it']);
}

const MOST_NAMES = 5;

function historyMissing(names: readonly string[]): PlanDiagnostic {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return {
    severity: 'warning',
    code: 'history-missing',
    message: `this checkout has only a part of the history, so regsync cannot tell whether the removed manifests of ${shown}${more} say \`deletion: forbid\`. Fetch all of it before you prune: git fetch --unshallow, or fetch-depth: 0 for actions/checkout.`,
  };
}

interface LastManifest {
  readonly commit: string;
  readonly file: string;
  /** The line that keeps the group. Null if there is none. */
  readonly line: string | null;
}

/** The most commits to look at. Names that contain this one change in other commits. */
const MOST_COMMITS = 50;

/**
 * Returns the manifest of this name in the last commit that has it, or null. Each commit that changes how often
 * the name occurs is looked at, the newest first, and then its parents. Where several manifests have the name,
 * as two accounts may, one that keeps its group is enough.
 */
async function findLastManifest(git: Git, name: string): Promise<LastManifest | null> {
  const log = await git(
    ...['log', '-m', `--max-count=${MOST_COMMITS}`, '--format=%H %P', '-S', name, '--', ...MANIFEST_FILES],
  );
  const lines = log.split('\n').filter((line) => /^[0-9a-f]{40,}/.test(line));
  const commits = new Set(['HEAD', ...lines.flatMap((line) => line.trim().split(' '))]);
  for (const commit of commits) {
    const found = await manifestsIn(git, commit, name);
    const keeping = found.find(({ line }) => line !== null) ?? found[0];
    if (keeping !== undefined) return keeping;
  }
  return null;
}

const MANIFEST_FILES = [':(icase)*.yaml', ':(icase)*.yml'];

async function manifestsIn(git: Git, commit: string, name: string): Promise<LastManifest[]> {
  const listed = await git(
    ...[
      'grep',
      '--files-with-matches',
      '--full-name',
      '-z',
      '-F',
      '-e',
      name,
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
      if (manifest.kind !== 'RequirementGroup' || manifest.fields.name !== name) continue;
      const { deletion, manage } = manifest.fields;
      const line = keepingLine({ forbidsDeletion: deletion === 'forbid', isWatched: manage === 'observe' });
      found.push({ commit, file, line });
    }
  }
  return found;
}
