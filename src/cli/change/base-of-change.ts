import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isFolder, isInside, pathFrom, realPathOf } from '../../files/paths.ts';
import { checkOutDifferences, type DifferingTree } from '../../forge/base-tree.ts';
import type { Repository } from '../../manifest/repository.ts';
import type { InvalidInputError } from '../../model/errors.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import type { ChangedSince } from '../../model/plan/changed.ts';
import type { PlanOptions } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { type Beside, loadBeside } from '../../resolve/load-beside.ts';
import { OwnFolderError, readBase } from '../apply/base.ts';
import type { GateOptions } from '../plan.ts';
import { type Git, openGit } from '../session/git.ts';
import type { OutputOptions } from '../session/outputs.ts';
import { loadLock, type Project, type ProjectReading } from '../session/project.ts';
import type { Terminal } from '../session/terminal.ts';
import { type ChangedPart, readChangedPart } from './changed-part.ts';
import { changeSince } from './narrow.ts';
import { ask, explainNoBase, invalid, unknownRef } from './no-base.ts';

/**
 * Compares the repository with what `--changed-since` names.
 *
 * @param written a branch, a tag or a commit, which means the commit where HEAD left it, or a folder. A name
 *   that is both means the branch; `./NAME` is always a folder.
 * @throws InvalidInputError if there is no such base, or if its manifests are invalid.
 */
export async function readChange(
  terminal: Terminal,
  written: string,
  options: GateOptions,
  project: Project,
  planOptions: Pick<PlanOptions, 'resubmit'>,
): Promise<ChangedSince> {
  const base = await openBase(terminal, written, project.repository);
  try {
    const reading = await readFrom(base, terminal, options, project);
    if (reading === null && base.isGiven) throw notTheBase(written, false, project);
    return changeSince(visible(written), reading, project, planOptions);
  } catch (error) {
    if (error instanceof OwnFolderError) throw notTheBase(written, true, project);
    throw error;
  } finally {
    await base.remove();
  }
}

/** Reads only what a change may concern, if that tells enough. The parameters are those of `readChange`. */
export async function readPartSince<Options extends GateOptions & OutputOptions>(
  terminal: Terminal,
  written: string,
  options: Options,
  statedIn: (root: string) => PlanOptions,
): Promise<ChangedPart | null> {
  return readChangedPart(terminal, {
    ...{ options, statedIn, since: visible(written) },
    openDifferences: async (repository) => {
      const { beside = null, remove } = await openBase(terminal, written, repository);
      return { beside, remove };
    },
  });
}

interface OpenBase {
  /** The counterpart of the current folder. */
  readonly folder: string;
  /** True if the user named the folder. */
  readonly isGiven: boolean;
  /** The repository's files that differ, if only these are in the folder. */
  readonly beside?: Beside;
  readonly remove: () => Promise<void>;
}

async function readFrom(
  { folder, beside }: OpenBase,
  terminal: Terminal,
  options: GateOptions,
  project: Project,
): Promise<ProjectReading | null> {
  const { sources, repository, identities } = project;
  if (beside === undefined || sources === undefined) return readBase(terminal, options, project, folder);
  const lock = beside.differing.has(LOCK_FILE) ? (await loadLock({ root: beside.root })).lock : project.lock;
  const { env } = terminal;
  const loaded = await loadBeside(repository, sources, beside, { env, identities });
  return { project: { ...project, ...loaded, lock }, unparsed: loaded.unparsed };
}

async function openBase(terminal: Terminal, written: string, repository: Repository): Promise<OpenBase> {
  const { cwd, env } = terminal;
  const folder = resolve(cwd, written);
  const given = isFolder(folder)
    ? { folder: realPathOf(folder), isGiven: true, remove: async () => {} }
    : null;
  const git = openGit(env, cwd);
  // Git would take it for an option.
  const name = written.startsWith('-') ? null : `${written}^{commit}`;
  const [top, commit, base] = await Promise.all([
    topOf(git, given, written),
    name === null ? null : ask(git, 'rev-parse', '--verify', '--quiet', name),
    name === null ? null : ask(git, 'merge-base', 'HEAD', name),
  ]);
  if ((top === null || commit === null) && given !== null) return given;
  if (commit === null) throw await unknownRef(git, written);
  const sha = base ?? (await explainNoBase(git, written));
  const workspace = top ?? cwd;
  if (!isInside(workspace, repository.root))
    throw invalid(
      written,
      'git knows nothing here about the files of regsync.yaml, which is in another folder',
      'Name that folder: --chdir DIR',
    );
  const options = { env, workspace, serverUrl: '', token: null };
  const tree = await checkOutDifferences(options, sha, decisiveIn(workspace, repository));
  if (tree === null)
    throw invalid(
      written,
      `git cannot write the files of ${sha.slice(0, 7)} into a temporary folder`,
      NO_ROOM,
    );
  const counterpart = join(tree.folder, relative(workspace, realPathOf(cwd)));
  const beside = await besideIn(tree, workspace, repository);
  return { folder: counterpart, isGiven: false, remove: tree.remove, ...(beside === null ? {} : { beside }) };
}

/**
 * Returns a test for differences with which every file of the base is needed: the other commit may keep its
 * manifests elsewhere, or write files otherwise.
 *
 * @param workspace the top of the working tree.
 */
export function decisiveIn(
  workspace: string,
  { root, configFile }: Pick<Repository, 'root' | 'configFile'>,
): (differing: ReadonlySet<string>) => boolean {
  const decisive = [pathFrom(workspace, join(root, configFile)), '.gitattributes'];
  return (differing) =>
    [...differing].some((path) => decisive.some((one) => path === one || path.endsWith(`/${one}`)));
}

/** Returns the part of the tree that belongs to the repository. Null if every file was written. */
export async function besideIn(
  { folder, differing }: DifferingTree,
  workspace: string,
  repository: Pick<Repository, 'root'>,
): Promise<Beside | null> {
  if (differing === null) return null;
  const part = pathFrom(workspace, repository.root);
  const root = join(realPathOf(folder), part);
  await mkdir(root, { recursive: true });
  const ofPart = [...differing].flatMap((path) => {
    if (part === '') return [path];
    return path.startsWith(`${part}/`) ? [path.slice(part.length + 1)] : [];
  });
  return { root, differing: new Set(ofPart) };
}

const NO_ROOM = 'Look for room and permissions in the folder that TMPDIR names';

/** Returns the real path of the folder, or null if it is not the top of a working tree of git. */
export async function topOfTree({ env }: Pick<Terminal, 'env'>, folder: string): Promise<string | null> {
  const top = await ask(openGit(env, folder), 'rev-parse', '--show-toplevel');
  const path = realPathOf(folder);
  return top !== null && realPathOf(top) === path ? path : null;
}

/** Returns the top of the working tree. Null if a given folder serves without git. */
async function topOf(git: Git, given: OpenBase | null, written: string): Promise<string | null> {
  try {
    return realPathOf((await git('rev-parse', '--show-toplevel')).trimEnd());
  } catch (error) {
    if (given !== null) return null;
    const { code, stderr } = error as { code?: unknown; stderr?: unknown };
    if (code === 'ENOENT') throw invalid(written, 'git is not installed', OR_FOLDER);
    if (/dubious ownership/.test(String(stderr)))
      throw invalid(
        written,
        'git refuses this folder, which belongs to somebody else',
        'Allow it with: git config --global --add safe.directory "$PWD"',
      );
    throw invalid(written, 'this is not a git repository, and there is no such folder', OR_FOLDER);
  }
}

const OR_FOLDER = 'Name a folder that contains the repository as it was before the change';

function notTheBase(written: string, isItself: boolean, { repository }: Project): InvalidInputError {
  return isItself
    ? invalid(written, 'this folder belongs to the repository itself', `${OR_FOLDER}, or a branch`)
    : invalid(
        written,
        `this folder has no regsync.yaml of the scope "${repository.config.scope}"`,
        OR_FOLDER,
      );
}
