import type { Plan } from '../model/plan/plan.ts';
import type { Severity } from '../model/problem.ts';
import { visible } from '../model/text/visible.ts';
import { isPressing } from './words/plan-words.ts';
import { count, given } from './words/wording.ts';

/** A Problem, or an entry that `planNotes` makes from a plan. */
export interface Note {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column?: number } | undefined;
}

/** The most that GitHub shows of a severity for a step. It drops the others silently. */
const MAX_OF_A_SEVERITY = 10;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

/**
 * Returns workflow commands that put notes beside the lines of a pull request: the worst first, at most ten
 * of each severity. The last of them says how many more there are.
 *
 * @param folder the repository's root within the checkout, if it is a subfolder.
 */
export function renderAnnotations(notes: readonly Note[], folder = ''): string[] {
  return SEVERITIES.flatMap((severity) => {
    const all = notes.filter((note) => note.severity === severity);
    const more = all.length - MAX_OF_A_SEVERITY;
    const last = more > 0 && `+${count(more, `more ${severity}`)}: see the log`;
    return all
      .slice(0, MAX_OF_A_SEVERITY)
      .map((note, index) => renderNote(note, folder, index === MAX_OF_A_SEVERITY - 1 && last));
  });
}

function renderNote(
  { severity, code, message, hint, source }: Note,
  folder: string,
  last: string | false,
): string {
  const properties = given(
    source && `file=${escapeProperty(pathIn(folder, source.file))},line=${source.line}`,
    source?.column !== undefined && `col=${source.column}`,
    `title=${escapeProperty(visible(`regsync: ${code}`))}`,
  );
  const lines = given(message, hint, last).map(visible);
  return `::${severity} ${properties.join(',')}::${escapeMessage(lines.join('\n'))}`;
}

function pathIn(folder: string, file: string): string {
  const prefix = folder.replace(/^\.?\/+|\/+$|^\.$/g, '');
  return visible(prefix === '' ? file : `${prefix}/${file}`);
}

/**
 * Escapes as the runner expects: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
 */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Returns a plan's closed gates and attention as notes. */
export function planNotes({ diagnostics, attention }: Plan): Note[] {
  return [
    ...diagnostics.map(({ severity, code, message, name, source }): Note => {
      const about = name === undefined || message.includes(name) ? message : `${name}: ${message}`;
      return { severity, code, message: about, source };
    }),
    ...attention.map((entry): Note => {
      const { code, name, message, source } = entry;
      const severity = isPressing(entry) ? 'warning' : 'notice';
      return { severity, code, message: `${name}: ${message}`, source };
    }),
  ];
}

/**
 * The characters that .NET, on which the runner is built, takes as line ends, trims, and ignores in
 * comparisons.
 */
const LINE_ENDS = '\\r\\n\\u0085\\u2028\\u2029';
const TRIMMED = `(?![${LINE_ENDS}])[\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`;
const PASSED_OVER = `(?![${LINE_ENDS}])[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`;
const COMMAND = new RegExp(`(?<=^|[${LINE_ENDS}])((?:${TRIMMED})*:)(?=(?:${PASSED_OVER})*:)`, 'gu');
/** The runner executes this older form anywhere in a line. */
const OLD_COMMAND = new RegExp(`#(?=(?:${PASSED_OVER})*#(?:${PASSED_OVER})*\\[)`, 'gu');

/** Inserts a blank into `::command::` and `##[command]`, which the runner would execute from a log. */
export function escapeCommands(text: string): string {
  return text.replace(COMMAND, '$1 ').replace(OLD_COMMAND, '# ');
}
