import { compareText } from './order.ts';
/** A place in a file of the repository. `file` is relative to the root; `line` and `column` count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Severity = 'error' | 'warning' | 'notice';

/**
 * A mistake in what a user wrote. Problems are data: all of them are collected and reported in one pass.
 * `message` says what is wrong and `hint` what to do. Neither ever contains a sensitive value.
 */
export interface Problem {
  readonly severity: Severity;
  /** A stable code in kebab-case: `unknown-key`, `quote-it`, … */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly source?: SourcePosition;
  /** The source line with everything that may be private redacted. The caret is under `source.column`. */
  readonly excerpt?: string;
}

export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** Returns the same problems with the errors last, next to the prompt of a terminal. The order within stays. */
export function errorsLast(problems: readonly Problem[]): Problem[] {
  const isError = ({ severity }: Problem) => severity === 'error';
  return [...problems.filter((problem) => !isError(problem)), ...problems.filter(isError)];
}

/** Returns words such as `2 problems and 1 warning`. Notices do not count. */
export function countProblems(problems: readonly Problem[]): string {
  const number = (wanted: Severity) => problems.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings] = [number('error'), number('warning')];
  const found = `${errors} ${errors === 1 ? 'problem' : 'problems'}`;
  return warnings === 0 ? found : `${found} and ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}

/** Sorts by file, line and column, the order in which a person works through them. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      compareText(a.source?.file ?? '', b.source?.file ?? '') ||
      (a.source?.line ?? 0) - (b.source?.line ?? 0) ||
      (a.source?.column ?? 0) - (b.source?.column ?? 0) ||
      compareText(a.code, b.code),
  );
}
