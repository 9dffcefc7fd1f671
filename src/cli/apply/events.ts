import type { Outcome } from '../../model/plan/outcome.ts';
import { renderOutcomesJson } from '../../render/json.ts';
import { renderOperationEvent, renderOutcomeEvent, renderSummaryEvent } from '../../render/ndjson.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import type { Terminal } from '../session/terminal.ts';
import type { ApplyProgress } from './progress.ts';

/** What `--format ndjson` has told of an apply. */
export interface ApplyEvents extends ApplyProgress {
  /** The outcomes that have a line already. */
  readonly told: ReadonlySet<Outcome>;
}

/** Prints a line for each operation as it begins, and for each outcome as it is known. */
export function tellEvents({ out }: Pick<Terminal, 'out'>): ApplyEvents {
  const told = new Set<Outcome>();
  return {
    told,
    onProgress: (begun) => out(renderOperationEvent(begun)),
    onOutcome: (outcome) => {
      told.add(outcome);
      out(renderOutcomeEvent(outcome));
    },
  };
}

/**
 * Returns the text that ends the output of an apply: the whole result, or as events the outcomes that were not
 * told yet, and the sum.
 */
export function resultText(
  { outPaint }: Pick<Terminal, 'outPaint'>,
  format: 'text' | 'json' | 'ndjson',
  outcomes: readonly Outcome[],
  events: ApplyEvents | null,
): string {
  if (format === 'text') return renderOutcomesText(outcomes, outPaint);
  if (format === 'json') return renderOutcomesJson(outcomes);
  const untold = outcomes.filter((outcome) => !events?.told.has(outcome));
  return `${untold.map(renderOutcomeEvent).join('')}${renderSummaryEvent(outcomes)}`;
}
