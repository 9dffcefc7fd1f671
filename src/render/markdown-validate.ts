import type { Problem } from '../model/problem.ts';
import type { MarkdownContext } from './markdown-plan.ts';

export interface ValidateContext extends MarkdownContext {
  /** How many manifest files were read, and how many groups they hold. */
  readonly files?: number;
  readonly groups?: number;
}

/** A job summary of a validation: under 1 MiB. */
export function renderValidateSummary(problems: readonly Problem[], context: ValidateContext = {}): string {
  return `${problems.length} ${context.files ?? 0}\n`;
}
