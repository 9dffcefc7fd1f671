import { visible } from '../../model/text/visible.ts';
import { type Colour, type Paint, plain } from './paint.ts';
import { widthOf } from './width.ts';

/** A cell of a row: a text, which may come from outside, or a text with its colour. */
export type Cell = string | readonly [text: string, colour: Colour];

/** Aligns rows in columns, two blanks apart, without trailing blanks. */
export function alignColumns(
  rows: readonly (readonly Cell[])[],
  indent: string,
  paint: Paint = plain,
): string[] {
  const cells = rows.map((row) => row.map((cell) => showCell(cell, paint)));
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...cells.map((row) => row[column]?.width ?? 0)),
  );
  return cells.map((row) => {
    const padded = row.map(({ text, width }, column) => text + ' '.repeat((widths[column] ?? 0) - width));
    return `${indent}${padded.join('  ')}`.trimEnd();
  });
}

function showCell(cell: Cell, paint: Paint): { readonly text: string; readonly width: number } {
  if (typeof cell === 'string') return { text: visible(cell), width: widthOf(visible(cell)) };
  const [text, colour] = cell;
  return { text: paint(colour, visible(text)), width: widthOf(visible(text)) };
}

/** A row, and the lines below it. */
export type Block = readonly [head: readonly Cell[], below: readonly string[]];

/** Aligns the heads of blocks in columns, and returns all lines. */
export function alignBlocks(blocks: readonly Block[], paint: Paint): string[] {
  const heads = alignColumns(
    blocks.map(([head]) => head),
    '  ',
    paint,
  );
  return blocks.flatMap(([, below], index) => [heads[index] ?? '', ...below]);
}
