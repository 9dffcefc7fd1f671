import { type Dialect, type ForgeClient, type ForgeOptions, openClient, untilMs } from '../forge/client.ts';

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
  isRateLimit: () => false,
  untilResetMs: (headers) => untilMs(headers, 'ratelimit-reset'),
  explain: (status) => CAUSES[status] ?? '',
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
