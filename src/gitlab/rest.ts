import { type Dialect, type ForgeClient, type ForgeOptions, openClient } from '../forge/client.ts';
import type { ReceivedAnswer } from '../http/transport.ts';

/** @throws as `openClient` does. */
export function openGitLab(options: ForgeOptions): ForgeClient {
  return openClient(options, DIALECT);
}

const DIALECT: Dialect = {
  forge: 'GitLab',
  apiUrlVariable: 'CI_API_V4_URL',
  /** Personal, group and project access tokens go into this header (documented). */
  headersOf: (token) => ({ 'private-token': token, accept: 'application/json' }),
  /** The name of a branch is one segment, with its slashes encoded (documented). */
  segmentsOf: (value) => [value],
  rowsOfPage: 30,
  reasonIn,
  isRateLimit: ({ headers }) => headers['retry-after'] !== undefined,
  readWaitMs,
  explain: (status) => CAUSES[status] ?? '',
  /** GitLab names the next page in a header of its own and in a link. The former is empty on the last page. */
  hasNextPage: (headers) =>
    String(headers['x-next-page'] ?? '') !== '' || /;\s*rel="?next"?/.test(String(headers.link ?? '')),
};

/** GitLab answers 404 also for a project that the token may not see (documented). */
const CAUSES: Readonly<Record<number, string>> = {
  401: '. The token is not valid: it may have expired. Make a new one, and set the variable again',
  403: '. Give the token the scope api, and the role Reporter or higher in this project',
  404: '. It does not exist, or the token cannot read it: give the token the role Reporter or higher in this project',
};

/** Returns the `message`, which is a text or lists mistakes by field, or the `error` (documented). */
function reasonIn(body: unknown): string {
  const { message, error, error_description } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const said = message ?? error_description ?? error;
  if (typeof said === 'string') return said;
  return typeof said === 'object' && said !== null ? JSON.stringify(said) : '';
}

/** Returns the wait in `Retry-After`, or until the limit is reset, which GitLab states in seconds since 1970. */
function readWaitMs({ headers }: ReceivedAnswer): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  const resetMs = Number(headers['ratelimit-reset'] ?? Number.NaN) * 1000;
  const nowMs = Date.parse(String(headers.date ?? '')) || Date.now();
  return resetMs > nowMs ? resetMs - nowMs : null;
}
