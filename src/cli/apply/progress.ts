import type { Operation, Outcome } from '../../model/plan/outcome.ts';
import { visible } from '../../model/text/visible.ts';
import { renderOutcomesJson } from '../../render/json.ts';
import { renderOperationEvent, renderOutcomeEvent, renderSummaryEvent } from '../../render/ndjson.ts';
import { renderOutcomesText } from '../../render/text/outcome-text.ts';
import type { ProgressLine } from '../session/progress.ts';
import type { Terminal } from '../session/terminal.ts';

/** An estimate from fewer changes, or after less time, would only jump. */
const LEAST_DONE = 5;
const LEAST_MS = 10_000;
/** A log gets a line a minute, and one for each failure. */
const BETWEEN_LINES_MS = 60_000;

export interface ApplyProgress {
  readonly onProgress: (event: { readonly name: string; readonly operation: Operation }) => void;
  readonly onOutcome: (outcome: Outcome) => void;
}

/**
 * Tells a person how far an apply is: on a terminal the change at work and how many are done, in a log a line
 * a minute. Both tell each failure when it happens, because an apply may take an hour.
 *
 * @param now milliseconds of any clock.
 */
export function followApply(
  line: ProgressLine,
  { total, isLive, now }: { readonly total: number; readonly isLive: boolean; readonly now: () => number },
): ApplyProgress {
  const startedAt = now();
  let done = 0;
  let toldAt = startedAt;
  const standing = () => `${done} of ${total}${estimate(done, total, now() - startedAt)}`;
  return {
    onProgress: ({ name, operation }) => {
      if (isLive) return line.step(`${standing()} · ${visible(name)}: ${operation.replaceAll('_', ' ')}`);
      if (now() - toldAt < BETWEEN_LINES_MS) return;
      toldAt = now();
      line.step(`Applied ${standing()}`);
    },
    onOutcome: ({ name, status, error }) => {
      done += 1;
      if (status !== 'failed') return;
      line.clear();
      line.step(`${visible(name)} failed: ${visible(error?.message ?? '')}${isLive ? '\n' : ''}`);
    },
  };
}

/** Returns words such as `, about 3 min left`. Empty as long as nothing is known. */
function estimate(done: number, total: number, elapsedMs: number): string {
  if (done < LEAST_DONE || elapsedMs < LEAST_MS || done >= total) return '';
  const seconds = ((elapsedMs / done) * (total - done)) / 1000;
  return seconds < 60 ? ', less than a minute left' : `, about ${Math.round(seconds / 60)} min left`;
}

/** What `--format ndjson` has told of an apply. */
interface ApplyEvents extends ApplyProgress {
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
