import type { Outcome, Plan } from '../model/plan.ts';
import type { MarkdownContext } from './markdown-plan.ts';

export interface ApplyContext extends MarkdownContext {
  /** What was applied: tells the fingerprint and which verb each group had. */
  readonly plan?: Plan;
  /** By the group's name. */
  readonly durationsMs?: ReadonlyMap<string, number>;
  readonly requests?: number;
  readonly retries?: number;
  /** The run was stopped by a signal. */
  readonly interrupted?: boolean;
}

/** A job summary of an apply: under 1 MiB. */
export function renderApplySummary(outcomes: readonly Outcome[], context: ApplyContext = {}): string {
  return `${outcomes.length} ${context.runUrl ?? ''}\n`;
}
