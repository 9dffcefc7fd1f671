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

/** Returns the exit code of a failure at the end of a run. An earlier failure keeps its code. */
export function unlessFailed(exit: ExitCode, later: ExitCode): ExitCode {
  return exit === EXIT.ok || exit === EXIT.changesPending ? later : exit;
}
