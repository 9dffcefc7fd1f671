import { type Dialect, type ForgeClient, type ForgeOptions, openClient } from '../forge/client.ts';
import { nameMissing } from './permissions.ts';
import { isRateLimit, readWaitMs } from './rate-limit.ts';

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
  isRateLimit,
  readWaitMs,
  explain: (status, why, asked) => (status === 403 ? nameMissing(why, asked) : ''),
  hasNextPage: ({ link }) => /;\s*rel="?next"?/.test(String(link ?? '')),
};
