import { type Dialect, type ForgeClient, type ForgeOptions, openClient, untilMs } from '../forge/client.ts';
import type { ForgeRequest } from '../forge/request.ts';

/** A client of GitHub's REST API. `{repository}` in a template is `owner/name`, which makes two segments. */
export type GitHub = ForgeClient;

/** @throws as `openClient` does. */
export function openGitHub(options: ForgeOptions): GitHub {
  return openClient(options, DIALECT);
}

const DIALECT: Dialect = {
  forge: 'GitHub',
  apiUrlVariable: 'GITHUB_API_URL',
  headersOf: (token) => ({
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  }),
  segmentsOf: (value) => value.split('/'),
  rowsOfPage: 100,
  /** The `message` of an error (documented). */
  reasonIn: (body) => {
    const { message } = (body ?? {}) as { message?: unknown };
    return typeof message === 'string' ? message : '';
  },
  /**
   * GitHub answers limits with 403 as well as 429, and `Retry-After`, this header or these words tell them from a
   * missing permission (documented).
   */
  isRateLimit: (headers, why) =>
    String(headers['x-ratelimit-remaining'] ?? '') === '0' || SECONDARY_LIMIT.test(why),
  untilResetMs: (headers, why) => {
    const isSpent = String(headers['x-ratelimit-remaining'] ?? '0') === '0';
    const resetMs = isSpent ? untilMs(headers, 'x-ratelimit-reset') : null;
    return resetMs ?? (SECONDARY_LIMIT.test(why) ? SECONDARY_LIMIT_MS : null);
  },
  explain: (status, why, asked) => (status === 403 ? nameMissing(why, asked) : ''),
};

const SECONDARY_LIMIT = /secondary rate limit/i;

/** The wait for a secondary limit that states none: it lasts at least a minute (documented). */
const SECONDARY_LIMIT_MS = 60_000;

/**
 * GitHub's message to the token of an app or user that lacks a permission (documented). GITHUB_TOKEN is one
 * of an app.
 */
const NOT_ACCESSIBLE = /resource not accessible/i;

/**
 * Returns a sentence with the missing permission, spelled as in a workflow, or `''` if the cause is another.
 */
export function nameMissing(why: string, { method, template }: ForgeRequest): string {
  if (!NOT_ACCESSIBLE.test(why)) return '';
  const resource = PERMISSIONS.find(([pattern]) => pattern.test(template))?.[1];
  const level = method === 'GET' ? 'read' : 'write';
  return resource === undefined ? '' : `. The token lacks the permission "${resource}: ${level}"`;
}

/** The permission that a request needs (documented for each endpoint). The first match counts. */
const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/comments(\/|$)/, 'pull-requests'],
  [/\/pulls(\/|$)/, 'pull-requests'],
  [/\/issues(\/|$)/, 'issues'],
  [/\/branches\//, 'contents'],
  [/\/actions\//, 'actions'],
];
