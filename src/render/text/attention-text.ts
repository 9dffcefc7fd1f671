import type { Attention } from '../../model/plan/plan.ts';
import { visible } from '../../model/text/visible.ts';
import { place } from '../words/plan-words.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { wrapToWidth } from './width.ts';

/** Renders what a person should know, one entry a line, or wrapped to the width of a terminal. */
export function renderAttention(
  attention: readonly Attention[],
  paint: Paint,
  columns: number | null,
): string {
  if (columns !== null) return attention.map((entry) => wrapAttention(entry, paint, columns)).join('\n');
  const rows = attention.map((entry): Cell[] => [
    { text: '!', painted: paint('yellow', '!') },
    { text: visible(entry.name) },
    { text: visible(entry.message) },
    { text: visible(place(entry.source)) },
  ]);
  return alignColumns(rows, '  ').join('\n');
}

function wrapAttention({ name, message, source }: Attention, paint: Paint, columns: number): string {
  const where = source === undefined ? '' : ` (${place(source)})`;
  const width = Math.max(LEAST_COLUMNS, columns - ATTENTION_INDENT.length);
  const [first = '', ...others] = wrapToWidth(visible(`${name}: ${message}${where}`), width);
  return [`  ${paint('yellow', '!')} ${first}`, ...others.map((line) => ATTENTION_INDENT + line)].join('\n');
}

const ATTENTION_INDENT = '    ';
const LEAST_COLUMNS = 40;
