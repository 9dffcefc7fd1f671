import type { GitFacts } from '../../doctor/setup.ts';
import { LOCK_FILE } from '../../model/lock.ts';
import { openGit } from '../session/git.ts';
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

function kindOfFailure(error: unknown): 'no-git' | 'none' | 'refused' {
  const { code, stderr } = error as { code?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return 'no-git';
  return /dubious ownership/.test(String(stderr)) ? 'refused' : 'none';
}
