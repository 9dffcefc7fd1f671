import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { reveal, type Sensitive } from '../model/sensitive.ts';

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
 * sides. Its first parent is the base, which may be newer than the event says.
 *
 * @returns null if that is not possible, because there is no Git or no such commit.
 */
export function checkOutBase(
  options: TreeOptions,
  pull: { readonly baseSha: string; readonly headSha: string },
): Promise<Tree | null> {
  return checkOut(options, async (git) => (await mergedBase(git, pull.headSha)) ?? pull.baseSha);
}

/** @returns null if that is not possible, because there is no Git or no such commit. */
export function checkOutCommit(options: TreeOptions, sha: string): Promise<Tree | null> {
  return checkOut(options, async () => sha);
}

/**
 * Writes the files of the commit into a temporary folder. Uses an index of its own, so the checkout does not
 * change.
 */
async function checkOut(options: TreeOptions, choose: (git: Git) => Promise<string>): Promise<Tree | null> {
  const folder = await mkdtemp(join(options.env.RUNNER_TEMP || tmpdir(), 'regsync-tree-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const git = openGit(options, join(folder, 'index'));
    const sha = await choose(git);
    if (!(await succeeds(git('cat-file', '-e', `${sha}^{tree}`)))) {
      await git('fetch', '--quiet', '--no-tags', '--depth=1', 'origin', sha);
    }
    const tree = join(folder, 'tree');
    await mkdir(tree);
    await git('read-tree', sha);
    await git('checkout-index', '--all', '--force', `--prefix=${tree}/`);
    return { folder: tree, remove };
  } catch {
    await remove();
    return null;
  }
}

type Git = (...args: readonly string[]) => Promise<string>;

function openGit({ env, workspace, serverUrl, token }: TreeOptions, index: string): Git {
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', args, {
      cwd: workspace,
      timeout: 120_000,
      maxBuffer: 1024 * 1024,
      env: {
        PATH: env.PATH ?? '',
        HOME: env.HOME ?? '',
        GIT_INDEX_FILE: index,
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

async function succeeds(task: Promise<unknown>): Promise<boolean> {
  return task.then(
    () => true,
    () => false,
  );
}
