import { execFile } from 'node:child_process';
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The files of another commit, outside the checkout. */
export interface Tree {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

export interface TreeOptions {
  readonly env: Environment;
  readonly workspace: string;
  readonly serverUrl: string;
  /**
   * The token of GitHub for fetching a commit that is missing, because actions/checkout may be told to leave
   * none behind. Null if the checkout can fetch by itself, as that of GitLab's runner.
   */
  readonly token: Sensitive | null;
}

/**
 * Checks out the base of a pull request. By default, actions/checkout fetches only the merge commit of both
 * sides. Its first parent is the base, which may be newer than the event says. If the head itself is checked out,
 * the base is the commit from which it went its own way, as far as the history is known: what others merged since
 * then is no part of the pull request.
 *
 * @returns null if that is not possible, because there is no Git or no such commit.
 */
export function checkOutBase(options: TreeOptions, pull: PullCommits): Promise<Tree | null> {
  return checkOut(options, (git) => baseOf(git, pull));
}

/** Writes only what differs from that base. The parameters are those of `checkOutBase` and `checkOutDifferences`. */
export async function checkOutBaseDifferences(
  options: TreeOptions,
  pull: PullCommits,
  needsAll: (differing: ReadonlySet<string>) => boolean,
): Promise<DifferingTree | null> {
  const sha = await baseOf(openGit(options, null), pull).catch(() => null);
  return sha === null ? null : checkOutDifferences(options, sha, needsAll);
}

export interface PullCommits {
  readonly baseSha: string;
  readonly headSha: string;
}

async function baseOf(git: Git, pull: PullCommits): Promise<string> {
  return (await mergedBase(git, pull.headSha)) ?? (await forkPoint(git, pull)) ?? pull.baseSha;
}

/** @returns null if that is not possible, because there is no Git or no such commit. */
export function checkOutCommit(options: TreeOptions, sha: string): Promise<Tree | null> {
  return checkOut(options, async () => sha);
}

/** The files of another commit that differ from the checkout, outside of it. */
export interface DifferingTree extends Tree {
  /**
   * The differing files, by path from the top of the working tree, also those that only one side has. All others are
   * as in the checkout. Null if every file of the commit was written.
   */
  readonly differing: ReadonlySet<string> | null;
}

/**
 * Writes only what differs from the checkout, since most files of a large repository do not. Writes all files if a link
 * or a submodule may lead elsewhere, if very many differ, or if the caller says so.
 *
 * @param workspace the top of the working tree.
 * @returns null if that is not possible.
 */
export async function checkOutDifferences(
  options: TreeOptions,
  sha: string,
  needsAll: (differing: ReadonlySet<string>) => boolean,
): Promise<DifferingTree | null> {
  const found = await findDifferences(openGit(options, null), sha, options.workspace).catch(() => null);
  const isPart = found !== null && !needsAll(new Set([...found.ofCommit, ...found.onlyHere]));
  const tree = await checkOut(options, async () => sha, isPart ? found.ofCommit : null);
  if (tree === null) return null;
  return { ...tree, differing: isPart ? new Set([...found.ofCommit, ...found.onlyHere]) : null };
}

interface Differences {
  /** The paths of the commit that are other here, or gone. */
  readonly ofCommit: readonly string[];
  readonly onlyHere: readonly string[];
}

/** More paths than these do not fit into the arguments of a process. */
const MAX_DIFFERING = 500;

/**
 * Returns null if a path alone does not tell which file it means, if git does not look at each of them, or if too many
 * differ.
 */
async function findDifferences(git: Git, sha: string, workspace: string): Promise<Differences | null> {
  const [changed, untracked, staged] = await Promise.all([
    git('diff', '--name-status', '-z', '--no-renames', '--no-ext-diff', sha, '--'),
    git('ls-files', '--others', '-z', '--full-name', '--', ':/'),
    git('ls-files', '--stage', '-v', '-z', '--', ':/'),
  ]);
  // A link, a submodule, or a file at which git does not look: the lower case says so, and S and m that it is not there.
  if (/(?:^|\0)(?:[^H] |H (?:120000|160000) )/.test(staged)) return null;
  const entries = changed.split('\0');
  const ofCommit: string[] = [];
  const onlyHere = untracked.split('\0').filter((path) => path !== '');
  // Git does not look into another repository.
  if (onlyHere.some((path) => path.endsWith('/') || isLinkWithin(workspace, path))) return null;
  for (let at = 0; at + 1 < entries.length; at += 2) {
    const [status = '', path = ''] = entries.slice(at, at + 2);
    // T is another type of file: a link, perhaps.
    if (status === 'T') return null;
    (status === 'A' ? onlyHere : ofCommit).push(path);
  }
  return ofCommit.length > MAX_DIFFERING ? null : { ofCommit, onlyHere };
}

/**
 * Returns true for a link through which files of the working tree have a second path. Installed packages have many
 * such links, and no manifest is beside them.
 */
function isLinkWithin(workspace: string, path: string): boolean {
  if (path.split('/').includes('node_modules')) return false;
  const absolute = join(workspace, path);
  const isLink = lstatSync(absolute, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  // One that leads nowhere gives no file a path.
  if (!isLink || !existsSync(absolute)) return false;
  return !/^\.\.(?:\/|$)/.test(relative(realpathSync(workspace), realpathSync(absolute)));
}

/**
 * Writes the files of the commit into a temporary folder. Uses an index of its own, so the checkout does not
 * change.
 */
async function checkOut(
  options: TreeOptions,
  choose: (git: Git) => Promise<string>,
  only: readonly string[] | null = null,
): Promise<Tree | null> {
  const folder = await mkdtemp(join(options.env.RUNNER_TEMP || tmpdir(), 'regsync-tree-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const git = openGit(options, join(folder, 'index'));
    const sha = await choose(git);
    const tree = join(folder, 'tree');
    await mkdir(tree);
    if (only === null) await readWhole(git, sha);
    else await readPart(git, sha, only);
    if (only?.length !== 0) await git('checkout-index', '--all', '--force', `--prefix=${tree}/`);
    return { folder: tree, remove };
  } catch {
    await remove();
    return null;
  }
}

async function readWhole(git: Git, sha: string): Promise<void> {
  if (!(await succeeds(git('cat-file', '-e', `${sha}^{tree}`)))) {
    await git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', sha);
  }
  await git('read-tree', sha);
}

/** Reads these files of the commit, however many it has. */
async function readPart(git: Git, sha: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const listed = await git('ls-tree', '-r', '-z', '--full-tree', sha, '--', ...paths);
  const entries = [...listed.matchAll(/(\d+) \w+ (\w+)\t([^\0]+)\0/g)].flatMap(([, mode, id, path]) => [
    '--cacheinfo',
    `${mode},${id},${path}`,
  ]);
  await git('update-index', '--add', ...entries);
}

type Git = (...args: readonly string[]) => Promise<string>;

/** @param index the file of an index of our own. Null for that of the checkout, which git only reads. */
function openGit({ env, workspace, serverUrl, token }: TreeOptions, index: string | null): Git {
  const harmless = index === null ? ['--no-optional-locks', '-c', 'core.fsmonitor=false'] : [];
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', [...harmless, ...args], {
      cwd: workspace,
      timeout: 120_000,
      maxBuffer: 64 * 1024 * 1024,
      env: {
        PATH: env.PATH ?? '',
        HOME: env.HOME ?? '',
        ...(index === null ? {} : { GIT_INDEX_FILE: index }),
        GIT_TERMINAL_PROMPT: '0',
        ...authorization(serverUrl, token),
      },
    });
    return stdout;
  };
}

/** Passes the token in environment variables, because other programs can read the arguments of a process. */
function authorization(serverUrl: string, token: Sensitive | null): Record<string, string> {
  if (token === null) return {};
  const basic = Buffer.from(`x-access-token:${reveal(token)}`).toString('base64');
  const key = `http.${serverUrl}/.extraheader`;
  return {
    GIT_CONFIG_COUNT: '2',
    // The empty value removes a header that actions/checkout may have left, because two headers are refused.
    GIT_CONFIG_KEY_0: key,
    GIT_CONFIG_VALUE_0: '',
    GIT_CONFIG_KEY_1: key,
    GIT_CONFIG_VALUE_1: `AUTHORIZATION: basic ${basic}`,
  };
}

/** Reads the parents from the commit object, because in a shallow clone Git reports none. */
async function mergedBase(git: Git, headSha: string): Promise<string | null> {
  const commit = await git('cat-file', 'commit', 'HEAD');
  const parents = [...(commit.split('\n\n')[0]?.matchAll(/^parent ([0-9a-f]+)$/gm) ?? [])].map(
    ([, sha]) => sha,
  );
  return parents.length === 2 && parents[1] === headSha ? (parents[0] ?? null) : null;
}

async function forkPoint(git: Git, { baseSha, headSha }: PullCommits): Promise<string | null> {
  if ((await git('rev-parse', 'HEAD')).trim() !== headSha) return null;
  return git('merge-base', headSha, baseSha).then(
    (found) => found.trim(),
    () => null,
  );
}

async function succeeds(task: Promise<unknown>): Promise<boolean> {
  return task.then(
    () => true,
    () => false,
  );
}
