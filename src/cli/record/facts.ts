import { userInfo } from 'node:os';
import type { RunLine } from '../../model/report/record.ts';
import { openGit } from '../session/git.ts';
import type { Terminal } from '../session/terminal.ts';

/** Returns who runs this, and of which commit, as far as the pipeline or the machine says. */
export async function factsOfRun(
  env: Terminal['env'],
  root: string,
): Promise<Pick<RunLine, 'actor' | 'commit' | 'pull_requests'>> {
  const git = openGit(env, root);
  const head = await git('rev-parse', '--verify', '--quiet', 'HEAD').catch(() => '');
  return {
    actor: firstOf(env, ACTORS) ?? nameOfUser(),
    commit: head.trim() || firstOf(env, COMMITS),
    pull_requests: [firstOf(env, PULL_REQUESTS)].filter(isNumber).map(Number),
  };
}

const ACTORS = [
  'GITHUB_TRIGGERING_ACTOR',
  'GITHUB_ACTOR',
  'GITLAB_USER_LOGIN',
  'BITBUCKET_STEP_TRIGGERER_UUID',
];
const COMMITS = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BITBUCKET_COMMIT'];
const PULL_REQUESTS = ['CI_MERGE_REQUEST_IID', 'BITBUCKET_PR_ID'];

function firstOf(env: Terminal['env'], names: readonly string[]): string | null {
  for (const name of names) if (env[name]) return env[name] ?? null;
  return null;
}

function isNumber(text: string | null): text is string {
  return text !== null && /^\d{1,9}$/.test(text);
}

/** A container may run as a user without a name. */
function nameOfUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
