import { InvalidInputError } from '../../model/errors.ts';
import { suggest } from '../../model/text/suggestion.ts';
import { visible } from '../../model/text/visible.ts';
import { inShell } from '../session/again.ts';
import type { Git } from '../session/git.ts';

/** Explains that there is no commit from which HEAD and the other commit went separate ways. */
export async function explainNoBase(git: Git, written: string): Promise<never> {
  if (await hasNoCommit(git)) throw noCommit(written);
  if (await isShallow(git))
    throw invalid(
      written,
      `${SHALLOW}, and lacks the commit from which it went its own way`,
      `Run \`git fetch --unshallow\`${IN_ACTIONS}`,
    );
  throw invalid(
    written,
    'it has no commit in common with HEAD',
    'Name the branch that your change is to be merged into',
  );
}

/** Returns the error for a name that git does not know, with the next step that gives git what it means. */
export async function unknownRef(git: Git, written: string): Promise<InvalidInputError> {
  if (await hasNoCommit(git)) return noCommit(written);
  const range = /^(.*?[^.])\.{2,3}(?!\.)/.exec(written)?.[1];
  if (range !== undefined)
    return invalid(
      written,
      'this is a range, and regsync compares with one commit',
      `Write --changed-since ${visible(inShell([range]))}`,
    );
  const start = /^(.+?)[~^]/.exec(written)?.[1];
  if (start !== undefined && (await ask(git, 'rev-parse', '--verify', '--quiet', start)) !== null)
    return (await isShallow(git))
      ? invalid(written, `${SHALLOW}, and not so many commits`, `Run \`git fetch --unshallow\`${IN_ACTIONS}`)
      : invalid(
          written,
          `git knows "${visible(start)}", and not so many commits before it`,
          `Name one of those that \`git log --oneline\` lists`,
        );
  const known = ((await ask(git, 'for-each-ref', '--format=%(refname:short)')) ?? '').split('\n');
  const meant = known.find((name) => name.endsWith(`/${written}`)) ?? suggest(written, new Set(known));
  const what = 'git knows no such branch, tag or commit, and there is no such folder';
  if (meant !== null) return invalid(written, what, `Did you mean "${visible(meant)}"?`);
  const fetched = fetchOf(written);
  return (await isShallow(git))
    ? invalid(written, `${what}; ${SHALLOW}`, `Run \`git fetch --unshallow ${fetched}\`${IN_ACTIONS}`)
    : invalid(written, what, `Fetch it first: \`git fetch ${fetched}\``);
}

/**
 * Returns what to fetch. A clone of a single branch gives no other branch a name by itself. A word that cannot be the
 * name of a branch is left to the reader.
 */
function fetchOf(written: string): string {
  if (!/^\w[\w./-]*$/.test(written) || /^[0-9a-f]{7,}$/.test(written)) return 'origin';
  const branch = /^origin\/(.+)$/.exec(written)?.[1];
  return branch === undefined ? `origin ${written}:${written}` : `origin ${branch}:refs/remotes/${written}`;
}

async function hasNoCommit(git: Git): Promise<boolean> {
  return (await ask(git, 'rev-parse', '--verify', '--quiet', 'HEAD')) === null;
}

function noCommit(written: string): InvalidInputError {
  return invalid(written, 'this branch has no commit yet', 'Commit first, or leave --changed-since out');
}

async function isShallow(git: Git): Promise<boolean> {
  return (await ask(git, 'rev-parse', '--is-shallow-repository')) === 'true';
}

const SHALLOW = 'this clone has only a part of the history';
const IN_ACTIONS = ', or give actions/checkout fetch-depth: 0';

/** Returns the answer without its line end. Null if git refuses. */
export async function ask(git: Git, ...args: readonly string[]): Promise<string | null> {
  return git(...args).then(
    (answer) => answer.trimEnd(),
    () => null,
  );
}

export function invalid(written: string, what: string, next: string): InvalidInputError {
  return new InvalidInputError(`--changed-since ${visible(written)}: ${what}. ${next}`);
}
