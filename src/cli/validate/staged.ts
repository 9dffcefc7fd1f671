import { execFile, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findUpwards, isInside, isThere, pathFrom, realPathOf } from '../../files/paths.ts';
import type { Repository } from '../../manifest/repository.ts';
import { InvalidInputError } from '../../model/errors.ts';
import type { Terminal } from '../session/terminal.ts';

/** The files as git is about to commit them, outside of the checkout. */
export interface StagedTree {
  /** The real path of the repository's root in the copy. */
  readonly root: string;
  /** The current folder in the copy. */
  readonly cwd: string;
  /** The paths that the commit adds or changes, relative to the repository's root. */
  readonly changed: ReadonlySet<string>;
  readonly remove: () => Promise<void>;
}

/**
 * Writes the content of git's index into a temporary folder that only its owner can enter. The working tree
 * may contain something else. Returns null if the commit changes nothing of the repository.
 *
 * @throws InvalidInputError outside of git, or if git is not installed.
 */
export async function exportStaged(
  terminal: Terminal,
  { root, configFile }: Repository,
): Promise<StagedTree | null> {
  // A hook gets paths of git that are relative to the top of the working tree.
  const marker = findUpwards(root, '.git');
  const git = openGit(terminal.env, marker === null ? root : dirname(marker));
  const top = await realpath((await git.run('rev-parse', '--show-toplevel')).replace(/\r?\n$/, ''));
  const folderInGit = pathFrom(top, root) || '.';
  const changed = await changedPaths(git, folderInGit);
  if (changed.size === 0) return null;
  const folder = await mkdtemp(join(realPathOf(tmpdir()), 'regsync-staged-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const forget = terminal.beforeExit(() => rmSync(folder, { recursive: true, force: true }));
  try {
    await checkOut(git, folder, await git.run('ls-files', '-z', '--', folderInGit));
    const copy = join(folder, folderInGit);
    if (!isThere(join(copy, configFile))) throw notStaged(configFile);
    const cwd = realPathOf(terminal.cwd);
    return {
      root: copy,
      cwd: isInside(root, cwd) ? join(copy, pathFrom(root, cwd)) : copy,
      changed,
      remove: async () => {
        forget();
        await remove();
      },
    };
  } catch (error) {
    forget();
    await remove();
    throw error;
  }
}

/** Returns the paths that the commit adds or changes. Before the first commit, these are all. */
async function changedPaths(git: Git, folder: string): Promise<ReadonlySet<string>> {
  const relative = folder === '.' ? [] : [`--relative=${folder}`];
  const listed = await git.run('diff', '--cached', '--name-only', '--no-renames', '-z', ...relative);
  return new Set(listed.split('\0').filter((path) => path !== ''));
}

function notStaged(configFile: string): InvalidInputError {
  return new InvalidInputError(
    `the next commit has no ${configFile}, so regsync cannot check it. Run: git add ${configFile}`,
  );
}

/* ---- Git ---- */

interface Git {
  readonly cwd: string;
  readonly env: Record<string, string>;
  readonly run: (...args: readonly string[]) => Promise<string>;
}

/** The settings by which git runs no program of the repository, but for its filters, which make the files. */
const HARMLESS = ['--no-optional-locks', '-c', 'core.fsmonitor=false'];

/** @param variables the environment, which may name the index of the commit that git is making. */
function openGit(variables: Terminal['env'], cwd: string): Git {
  const env = gitEnvironment(variables);
  const run = async (...args: readonly string[]) => {
    const options = { cwd, env, maxBuffer: 256 * 1024 * 1024 };
    const { stdout } = await promisify(execFile)('git', [...HARMLESS, ...args], options).catch(
      (error: unknown) => {
        throw explainGit(error);
      },
    );
    return stdout;
  };
  return { cwd, env, run };
}

/** Copies the tracked files out of the index, also those that a sparse checkout leaves out. */
async function checkOut({ cwd, env }: Git, folder: string, paths: string): Promise<void> {
  const args = ['checkout-index', '-z', '--stdin', '--quiet', '--ignore-skip-worktree-bits'];
  const child = spawn('git', [...HARMLESS, ...args, `--prefix=${folder}/`], {
    cwd,
    env,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(paths);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail).on('close', done);
  });
  if (code !== 0) throw explainGit({ stderr });
}

function gitEnvironment(env: Terminal['env']): Record<string, string> {
  const { PATH = '', HOME = '' } = env;
  const ofCommit = Object.entries(env).filter(
    ([name, value]) =>
      /^GIT_(?:INDEX_FILE|DIR|WORK_TREE|CONFIG_.*|OBJECT_DIRECTORY|ALTERNATE_.*)$/.test(name) &&
      value !== undefined,
  );
  return {
    PATH,
    HOME,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    // A folder may be named `:a` or `*`.
    GIT_LITERAL_PATHSPECS: '1',
    ...(Object.fromEntries(ofCommit) as Record<string, string>),
  };
}

function explainGit(error: unknown): InvalidInputError {
  const { code, stderr } = error as { code?: unknown; stderr?: unknown };
  if (code === 'ENOENT')
    return new InvalidInputError(
      '--staged reads the files of the next commit from git, and git is not installed. Install git',
    );
  if (/not a git repository/i.test(String(stderr)))
    return new InvalidInputError(
      '--staged reads the files of the next commit from git, and this is not a git repository. Run `regsync validate` without it, or `git init`',
    );
  const [reason = ''] = String(stderr).trim().split('\n').slice(-1);
  return new InvalidInputError(`git does not show the files of the next commit: ${reason.slice(0, 300)}`);
}
