import type { Problem } from '../../model/problem.ts';
import { visible } from '../../model/text/visible.ts';
import type { Colour, Paint } from './paint.ts';

const COLOURS: Readonly<Record<Problem['severity'], Colour>> = {
  error: 'red',
  warning: 'yellow',
  notice: 'cyan',
};

/** Renders `file:line:col  code  message`, the source line with a caret, and the next step. */
export function renderProblemText(problem: Problem, paint: Paint): string {
  const { source, severity } = problem;
  const where = source === undefined ? '' : `${visible(source.file)}:${source.line}:${source.column}  `;
  const kind = severity === 'error' ? '' : `${severity}: `;
  const lines = [`${where}${paint(COLOURS[severity], problem.code)}  ${kind}${visible(problem.message)}`];
  if (problem.excerpt !== undefined && source !== undefined) {
    lines.push(`    ${visible(problem.excerpt)}`, `    ${' '.repeat(source.column - 1)}${paint('red', '^')}`);
  }
  if (problem.hint !== undefined) lines.push(`    ${visible(problem.hint)}`);
  return `${lines.join('\n')}\n`;
}
