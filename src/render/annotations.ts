import type { Plan } from '../model/plan.ts';
import type { Severity } from '../model/problem.ts';
import { visible } from '../model/visible.ts';
import { isPressing } from './plan-words.ts';

/** A Problem is one; so is what `planNotes` makes of a plan. */
export interface Note {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly source?: { readonly file: string; readonly line: number; readonly column?: number };
}

/** GitHub shows ten of a severity for a step, and drops the others without a word. */
const MOST_OF_A_SEVERITY = 10;
const SEVERITIES: readonly Severity[] = ['error', 'warning', 'notice'];

/**
 * Workflow commands that put notes beside the lines of a pull request: the worst first, at most ten of each severity, of
 * which the last says how many more there are.
 *
 * @param folder where the repository's root lies in the checkout, when that is not the same.
 */
export function renderAnnotations(notes: readonly Note[], folder = ''): string[] {
  return SEVERITIES.flatMap((severity) => {
    const all = notes.filter((note) => note.severity === severity);
    const more = all.length - MOST_OF_A_SEVERITY;
    return all
      .slice(0, MOST_OF_A_SEVERITY)
      .map((note, index) =>
        renderNote(
          note,
          folder,
          more > 0 && index === MOST_OF_A_SEVERITY - 1 ? [moreOf(severity, more)] : [],
        ),
      );
  });
}

function moreOf(severity: Severity, more: number): string {
  return `+${more} more ${severity}${more === 1 ? '' : 's'}: see the log`;
}

function renderNote({ severity, code, message, hint, source }: Note, folder: string, more: string[]): string {
  const properties = [
    ...(source === undefined
      ? []
      : [`file=${escapeProperty(pathIn(folder, source.file))}`, `line=${source.line}`]),
    ...(source?.column === undefined ? [] : [`col=${source.column}`]),
    `title=${escapeProperty(visible(`regsync: ${code}`))}`,
  ];
  const lines = [message, ...(hint === undefined ? [] : [hint]), ...more].map(visible);
  return `::${severity} ${properties.join(',')}::${escapeMessage(lines.join('\n'))}`;
}

function pathIn(folder: string, file: string): string {
  const prefix = folder.replace(/^\.?\/+|\/+$|^\.$/g, '');
  return visible(prefix === '' ? file : `${prefix}/${file}`);
}

/** As the runner undoes it: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A plan's closed gates and what needs attention, as notes. */
export function planNotes({ diagnostics, attention }: Plan): Note[] {
  return [
    ...diagnostics.map(({ severity, code, message, name, source }): Note => {
      const about = name === undefined || message.includes(name) ? message : `${name}: ${message}`;
      return { severity, code, message: about, ...(source === undefined ? {} : { source }) };
    }),
    ...attention.map((entry): Note => {
      const { code, name, message, source } = entry;
      const severity = isPressing(entry) ? 'warning' : 'notice';
      return { severity, code, message: `${name}: ${message}`, ...(source === undefined ? {} : { source }) };
    }),
  ];
}

/** What .NET, in which the runner is written, takes for the end of a line, trims, and passes over when it compares texts. */
const LINE_ENDS = '\\r\\n\\u0085\\u2028\\u2029';
const TRIMMED = `(?![${LINE_ENDS}])[\\s\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`;
const PASSED_OVER = `(?![${LINE_ENDS}])[\\p{Cc}\\p{Cf}\\p{Default_Ignorable_Code_Point}]`;
const COMMAND = new RegExp(`(?<=^|[${LINE_ENDS}])((?:${TRIMMED})*:)(?=(?:${PASSED_OVER})*:)`, 'gu');
/** This older form is obeyed anywhere in a line. */
const OLD_COMMAND = new RegExp(`#(?=(?:${PASSED_OVER})*#(?:${PASSED_OVER})*\\[)`, 'gu');

/** Lines from outside, made harmless for a log whose reader obeys `::command::` and `##[command]`: a blank is put in between. */
export function neutraliseCommands(text: string): string {
  return text.replace(COMMAND, '$1 ').replace(OLD_COMMAND, '# ');
}
