/**
 * The one table of exit codes. Frozen: pipelines branch on these numbers.
 */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  /** Only `plan --detailed-exitcode`, `ci --fail-on changes` and `lock --check`. */
  changesPending: 2,
  /** Configuration, usage or manifests are invalid. */
  invalid: 3,
  operationsFailed: 4,
  /** A stale plan, a limit, or a gate that was not opened. */
  refused: 5,
  /** `--fail-on-expiry`; beats `changesPending`. */
  expiry: 6,
  /** Authentication or permission, before the first write. */
  auth: 7,
  /** The API cannot be reached, or answers nonsense, after retries. */
  unreachable: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
