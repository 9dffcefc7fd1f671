import type { ApplyReport } from '../model/outputs.ts';
import type { Operation, Outcome } from '../model/plan/outcome.ts';
import type { Plan } from '../model/plan/plan.ts';
import { escapeInvisible } from './json.ts';
import { summariseOutcomes } from './words/outcome-words.ts';

/*
 * `--format ndjson`: one JSON document a line, for programs that follow a run while it lasts. Each line names its event.
 * The keys are those of `--format json`.
 */

function line(event: string, data: object): string {
  return `${escapeInvisible(JSON.stringify({ event, ...data }))}\n`;
}

/** Returns a line for the plan, and one for each change, attention and diagnostic. */
export function renderPlanEvents({ changes, attention, diagnostics, ...plan }: Plan): string {
  return [
    line('plan', plan),
    ...changes.map((change) => line('change', change)),
    ...attention.map((entry) => line('attention', entry)),
    ...diagnostics.map((diagnostic) => line('diagnostic', diagnostic)),
  ].join('');
}

/** Returns the line for an operation that begins. */
export function renderOperationEvent(begun: {
  readonly name: string;
  readonly operation: Operation;
}): string {
  return line('operation', begun);
}

export function renderOutcomeEvent(outcome: Outcome): string {
  return line('outcome', outcome);
}

/** Returns the last line of an apply. */
export function renderSummaryEvent(outcomes: readonly Outcome[]): string {
  const report: Omit<ApplyReport, 'outcomes'> = {
    format_version: '1.0',
    summary: summariseOutcomes(outcomes),
  };
  return line('summary', report);
}

/** Returns the line of a run that ends without a result. */
export function renderErrorEvent(report: object): string {
  return line('error', report);
}
