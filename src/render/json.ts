import type { Outcome } from '../model/outcome.ts';
import type { ApplyReport, ErrorReport } from '../model/outputs.ts';
import type { Problem } from '../model/problem.ts';
import { INVISIBLE } from '../model/visible.ts';
import { summariseOutcomes } from './words/outcome-words.ts';

/**
 * Returns one JSON document, as `--format json` prints it. Invisible characters and those that act on a
 * terminal are escaped.
 */
export function renderJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n').map(escapeInvisible);
  return `${lines.join('\n')}\n`;
}

/** Escapes each UTF-16 unit, since JSON has no other escapes. */
function escapeInvisible(line: string): string {
  return line.replace(INVISIBLE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export function renderOutcomesJson(outcomes: readonly Outcome[]): string {
  const report: ApplyReport = { outcomes, summary: summariseOutcomes(outcomes) };
  return renderJson(report);
}

export function renderErrorJson(error: ErrorReport['error'], problems: readonly Problem[]): string {
  const report: ErrorReport = { error, diagnostics: problems };
  return renderJson(report);
}
