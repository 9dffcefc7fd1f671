import type { Outcome } from '../model/plan.ts';
import type { Problem } from '../model/problem.ts';
import { summariseOutcomes } from './outcome-text.ts';

/** One JSON document, as `--format json` prints it. */
export function renderJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

export function renderOutcomesJson(outcomes: readonly Outcome[]): string {
  return renderJson({ outcomes, summary: summariseOutcomes(outcomes) });
}

export function renderErrorJson(
  error: { code: string; message: string },
  problems: readonly Problem[],
): string {
  return renderJson({ error, diagnostics: problems });
}
