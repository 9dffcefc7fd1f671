import type { ApplyReport, ErrorReport } from '../model/outputs.ts';
import type { Outcome } from '../model/plan/outcome.ts';
import type { Problem } from '../model/problem.ts';
import { INVISIBLE } from '../model/text/visible.ts';
import { summariseOutcomes } from './words/outcome-words.ts';

/** The version of every output of `--format json`. It changes only if a key goes or means something else. */
const FORMAT_VERSION = '1.0';

/** Returns one JSON document, as `--format json` prints it. It begins with its `format_version`. */
export function renderJson(document: object): string {
  return renderBareJson({ format_version: FORMAT_VERSION, ...document });
}

/**
 * Returns a JSON text whose form belongs to somebody else, such as a schema. Invisible characters and those
 * that act on a terminal are escaped.
 */
export function renderBareJson(value: unknown): string {
  const lines = JSON.stringify(value, null, 2).split('\n').map(escapeInvisible);
  return `${lines.join('\n')}\n`;
}

/** Escapes each UTF-16 unit, since JSON has no other escapes. */
export function escapeInvisible(line: string): string {
  return line.replace(INVISIBLE, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

export function renderOutcomesJson(outcomes: readonly Outcome[]): string {
  const report: ApplyReport = {
    format_version: FORMAT_VERSION,
    outcomes,
    summary: summariseOutcomes(outcomes),
  };
  return renderJson(report);
}

export function renderErrorJson(error: ErrorReport['error'], problems: readonly Problem[]): string {
  return renderJson(errorReport(error, problems));
}

/** Returns the data of a run that ends without a result. */
export function errorReport(error: ErrorReport['error'], problems: readonly Problem[]): ErrorReport {
  return { format_version: FORMAT_VERSION, error, diagnostics: problems };
}
