import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GitFacts } from '../../doctor/setup.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import type { Terminal } from '../session/terminal.ts';

export interface GitReading {
  readonly facts: GitFacts;
  /** The time at which the lock was last committed. Null if it never was. */
  readonly lockCommittedMs: number | null;
}

/** @param paths paths of the configuration and of the manifests that it names, relative to `root`. */
export async function readGit(
  env: Terminal['env'],
  root: string,
  paths: readonly string[],
  hasDocuments: boolean,
): Promise<GitReading> {
  const git = openGit(env, root);
  try {
    await git('rev-parse', '--is-inside-work-tree');
  } catch (error) {
    return { facts: { kind: kindOfFailure(error) }, lockCommittedMs: null };
  }
  const ask = (...args: readonly string[]): Promise<string> => git(...args).catch(() => '');
  const [shallow, sparse, tracked, changed, attribute, committed] = await Promise.all([
    ask('rev-parse', '--is-shallow-repository'),
    ask('config', '--bool', 'core.sparseCheckout'),
    ask('ls-files', '-t', '-z', '--', ...paths, 'documents'),
    ask('status', '--porcelain', '-z', '--untracked-files=all', '--', ...paths),
    hasDocuments ? ask('check-attr', 'text', '--', 'documents/a') : '',
    ask('log', '-1', '--format=%ct', '--', LOCK_FILE),
  ]);
  return {
    facts: {
      kind: 'found',
      isShallow: shallow.trim() === 'true',
      isSparse: sparse.trim() === 'true',
      // S marks a file that git keeps out of the working tree.
      keptAway: tracked.split('\0').filter((line) => line.startsWith('S ')).length,
      dirty: changed.split('\0').filter((line) => /^.. /.test(line)).length,
      documentText: hasDocuments ? (/: text: (\S+)/.exec(attribute)?.[1] ?? 'unspecified') : null,
    },
    lockCommittedMs: committed.trim() === '' ? null : Number(committed) * 1000,
  };
}

type Git = (...args: readonly string[]) => Promise<string>;

/**
 * Returns a function that runs git. It runs no program from the settings of the repository, and leaves no
 * lock file behind.
 */
function openGit(env: Terminal['env'], cwd: string): Git {
  const harmless = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];
  return async (...args) => {
    const { stdout } = await promisify(execFile)('git', [...harmless, ...args], {
      cwd,
      timeout: 30_000,
      maxBuffer: 64 * 1024 * 1024,
      env: { PATH: env.PATH ?? '', HOME: env.HOME ?? '', LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0' },
    });
    return stdout;
  };
}

function kindOfFailure(error: unknown): 'no-git' | 'none' | 'refused' {
  const { code, stderr } = error as { code?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return 'no-git';
  return /dubious ownership/.test(String(stderr)) ? 'refused' : 'none';
}
