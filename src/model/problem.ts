import { compareText } from './text/compare-text.ts';
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

/** The most places in one line. A person who mended these runs the check again. */
const MAX_PLACES = 5;

/**
 * Returns the same problems, with one for all warnings of a code, so that they do not hide the rest. The first of
 * them names the places of the others. Errors stay as they are, because each has to be mended.
 */
export function foldWarnings(problems: readonly Problem[]): Problem[] {
  const folded = new Map<string, Problem[]>();
  for (const problem of problems) {
    if (problem.severity === 'error' || problem.source === undefined) continue;
    const key = `${problem.severity} ${problem.code} ${problem.hint ?? ''}`;
    folded.set(key, [...(folded.get(key) ?? []), problem]);
  }
  const heads = new Map([...folded.values()].map((alike) => [alike[0], alike.slice(1)]));
  const hidden = new Set([...heads.values()].flat());
  return problems
    .filter((problem) => !hidden.has(problem))
    .map((problem) => withOthers(problem, heads.get(problem) ?? []));
}

function withOthers(problem: Problem, others: readonly Problem[]): Problem {
  if (others.length === 0) return problem;
  const places = others.flatMap(({ source }) =>
    source === undefined ? [] : `${source.file}:${source.line}`,
  );
  const some = places.slice(0, MAX_PLACES).join(', ');
  const rest = places.length > MAX_PLACES ? ', …' : '';
  const { excerpt: _, ...head } = problem;
  return { ...head, message: `${problem.message} (and ${others.length} more: ${some}${rest})` };
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
