/** The exit codes. They are frozen, because pipelines branch on these numbers. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  /** `plan --detailed-exitcode`, `ci --fail-on changes` and `lock --check` use it. */
  changesPending: 2,
  /** Configuration, usage or manifests are invalid. */
  invalid: 3,
  operationsFailed: 4,
  /** The plan is stale, a limit is exceeded, or a gate is closed. */
  refused: 5,
  /** `--fail-on-expiry` uses it. It overrides `changesPending`. */
  expiry: 6,
  /** Authentication or permission failed before the first write. */
  auth: 7,
  /** The API cannot be reached or answers nonsense, after retries. */
  unreachable: 8,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
