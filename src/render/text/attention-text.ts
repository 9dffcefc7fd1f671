import type { Attention } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { place } from '../words/plan-words.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { wrapToTerminal } from './width.ts';

/** Renders what a person should know, one entry a line, or wrapped to the width of a terminal. */
export function renderAttention(
  attention: readonly Attention[],
  paint: Paint,
  columns: number | null,
): string {
  if (columns === null) {
    const rows = attention.map(({ name, message, source }): Cell[] => [MARK, name, message, place(source)]);
    return alignColumns(rows, '  ', paint).join('\n');
  }
  const lines = attention.flatMap(({ name, message, source }) => {
    const where = source === undefined ? '' : ` (${place(source)})`;
    return markedLines(`${name}: ${message}${where}`, '  ', { paint, columns });
  });
  return lines.join('\n');
}

const MARK: Cell = ['!', 'yellow'];

export interface AttentionStyle {
  readonly paint: Paint;
  /** The width of the terminal, at which prose is wrapped. Null means no wrapping. */
  readonly columns: number | null;
}

/** Renders one text behind a mark. */
export function markedLines(text: string, indent: string, { paint, columns }: AttentionStyle): string[] {
  const [first = '', ...others] = wrapToTerminal(visible(text), columns, indent.length + 2);
  return [`${indent}${paint('yellow', '!')} ${first}`, ...others.map((line) => `${indent}  ${line}`)];
}
