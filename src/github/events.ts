import { readFile } from 'node:fs/promises';
import type { Environment } from '../forge/base-tree.ts';
import { commitsIn, isSha, Json } from '../forge/json.ts';
import { InvalidInputError } from '../model/errors.ts';

/** The event that started the workflow. */
export type Event =
  | PullRequestEvent
  | PushEvent
  | StartedEvent
  | { readonly kind: 'other'; readonly name: string };

export interface PullRequestEvent {
  readonly kind: 'pull-request';
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  readonly isClosed: boolean;
  /** The reason why it has no secrets and may not write, as words after "this is". Null if it has them. */
  readonly untrustedFork: string | null;
}

/** A start by hand or on a schedule. */
export interface StartedEvent {
  readonly kind: 'started';
  readonly name: string;
  readonly sha: string;
  /** `refs/heads/main` */
  readonly ref: string;
  readonly isDefaultBranch: boolean;
}

export interface PushEvent {
  readonly kind: 'push';
  readonly sha: string;
  /** The commits that the push added to the branch, oldest first. GitHub lists up to 2,048 (documented). */
  readonly commits: readonly string[];
  /** `refs/heads/main` */
  readonly ref: string;
  readonly isDefaultBranch: boolean;
}

/** The part of the environment that is the same on every runner (documented). */
export interface Workflow {
  readonly event: Event;
  /** `owner/name` */
  readonly repository: string;
  readonly apiUrl: string;
  readonly serverUrl: string;
  readonly sha: string;
  readonly workspace: string;
  readonly runUrl: string;
  readonly attempt: number;
  /** The path for messages, such as `.github/workflows/apply.yml`. Null if the runner does not name it. */
  readonly file: string | null;
}

/** @throws InvalidInputError if this is not a GitHub workflow. */
export async function readWorkflow(env: Environment): Promise<Workflow> {
  const get = (name: string): string => {
    const value = env[name];
    if (value) return value;
    throw new InvalidInputError(
      `${name} is not set. The action runs only in a GitHub workflow. Elsewhere, run \`regsync ci\``,
    );
  };
  const repository = get('GITHUB_REPOSITORY');
  const serverUrl = env.GITHUB_SERVER_URL || 'https://github.com';
  const attempt = Number(env.GITHUB_RUN_ATTEMPT || '1');
  return {
    event: interpretEvent(get('GITHUB_EVENT_NAME'), await readPayload(get('GITHUB_EVENT_PATH')), env),
    repository,
    apiUrl: env.GITHUB_API_URL || 'https://api.github.com',
    serverUrl,
    sha: env.GITHUB_SHA ?? '',
    workspace: get('GITHUB_WORKSPACE'),
    runUrl: `${serverUrl}/${repository}/actions/runs/${get('GITHUB_RUN_ID')}`,
    attempt,
    file: workflowFile(env.GITHUB_WORKFLOW_REF),
  };
}

/** Returns the path in `owner/name/.github/workflows/apply.yml@refs/heads/main` (documented). */
function workflowFile(ref: string | undefined): string | null {
  return ref?.match(/^[^/]+\/[^/]+\/([^@]+)@/)?.[1] ?? null;
}

/** GitHub caps payloads at 25 MB (documented). */
const MAX_BYTES = 32 * 1024 * 1024;

async function readPayload(path: string): Promise<Json> {
  try {
    const bytes = await readFile(path);
    if (bytes.length <= MAX_BYTES) return new Json(JSON.parse(bytes.toString('utf8')));
  } catch {
    // The file cannot be read or is not JSON. The error below does not quote it.
  }
  throw new InvalidInputError(
    'the file in GITHUB_EVENT_PATH is not an event of GitHub: run the action in a GitHub workflow',
  );
}

function interpretEvent(name: string, payload: Json, env: Environment): Event {
  const defaultRef = `refs/heads/${payload.at('repository', 'default_branch').text}`;
  const ref = env.GITHUB_REF ?? '';
  switch (name) {
    case 'pull_request':
      return interpretPullRequest(payload, env);
    case 'push': {
      const sha = payload.at('after').text || (env.GITHUB_SHA ?? '');
      const isGone = payload.at('deleted').value === true;
      return {
        kind: 'push',
        sha,
        commits: commitsIn(payload.at('commits')),
        ref,
        isDefaultBranch: ref === defaultRef && !isGone,
      };
    }
    case 'workflow_dispatch':
      return { kind: 'started', name, sha: env.GITHUB_SHA ?? '', ref, isDefaultBranch: ref === defaultRef };
    case 'schedule':
      // A schedule always runs on the default branch (documented).
      return { kind: 'started', name, sha: env.GITHUB_SHA ?? '', ref, isDefaultBranch: true };
    default:
      return { kind: 'other', name };
  }
}

function interpretPullRequest(payload: Json, env: Environment): PullRequestEvent {
  const pull = payload.at('pull_request');
  const number = pull.at('number').value;
  const headSha = pull.at('head', 'sha').text;
  const baseSha = pull.at('base', 'sha').text;
  if (typeof number !== 'number' || !isSha(headSha) || !isSha(baseSha))
    throw new InvalidInputError(
      'the event pull_request lacks its number or its commits: run the action in a GitHub workflow',
    );
  return {
    kind: 'pull-request',
    number,
    headSha,
    baseSha,
    isClosed: payload.at('action').text === 'closed',
    untrustedFork: untrustedForkOf(pull, env),
  };
}

/**
 * Returns the reason why a pull request gets no secrets, or null. A head whose repository is gone counts as a
 * fork.
 */
function untrustedForkOf(pull: Json, env: Environment): string | null {
  const head = pull.at('head', 'repo', 'full_name').text;
  if (head === '' || head !== pull.at('base', 'repo', 'full_name').text) return 'a pull request from a fork';
  const people = [env.GITHUB_ACTOR, env.GITHUB_TRIGGERING_ACTOR, pull.at('user', 'login').text];
  return people.includes('dependabot[bot]') ? 'a pull request from Dependabot' : null;
}
