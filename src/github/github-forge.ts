import type { Forge } from '../forge/forge.ts';
import { ForgeError } from '../forge/forge-error.ts';
import { Json } from '../forge/json.ts';
import { readArtifact } from './artifact.ts';
import type { Workflow } from './events.ts';
import { findLatelyMerged, findMerged } from './find-merged.ts';
import type { GitHub } from './rest.ts';
import { commentsOn } from './shelves.ts';

/** @param commentAuthor the login that writes with the token. Empty if GitHub has to tell. */
export function openGitHubForge(
  github: GitHub,
  workflow: Pick<Workflow, 'repository' | 'serverUrl' | 'event'>,
  commentAuthor: string,
): Forge {
  const { repository, event } = workflow;
  return {
    readAuthor: () => readLogin(github, commentAuthor),
    notesOn: (pull) => commentsOn(github, workflow, pull),
    readRequest: async (pull) => {
      const now = new Json(await github.get('/repos/{repository}/pulls/{pull}', { repository, pull }));
      return { headSha: now.at('head', 'sha').text, isClosed: now.at('state').text === 'closed' };
    },
    findMerged: async (_, sleep) =>
      event.kind === 'push' ? findMerged(github, { repository, event }, sleep) : [],
    findLatelyMerged: (branch) => findLatelyMerged(github, repository, `refs/heads/${branch}`),
    readTip: async (branch) => {
      const params = { repository, branch };
      return new Json(await github.get('/repos/{repository}/branches/{branch}', params)).at('commit', 'sha')
        .text;
    },
    readKept: (artifact) => readArtifact(github, repository, artifact),
    close: () => github.close(),
  };
}

/**
 * Returns the login that writes with this token. GitHub names it for a user's token and refuses those of apps
 * here (documented: "Resource not accessible by integration"). GITHUB_TOKEN, which is one of them, writes as
 * the login below.
 */
export async function readLogin(github: GitHub, given: string): Promise<string> {
  if (given !== '') return given;
  try {
    return new Json(await github.get('/user')).at('login').text;
  } catch (error) {
    if (error instanceof ForgeError && error.status === 403) return 'github-actions[bot]';
    throw error;
  }
}
