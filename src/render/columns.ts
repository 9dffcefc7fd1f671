import { widthOf } from './width.ts';

/** Cells of a row; null cells are empty. Painted text may stand in `painted`, its width is that of `text`. */
export interface Cell {
  readonly text: string;
  readonly painted?: string;
}

/** Rows in aligned columns, two blanks apart, without blanks at the end. */
export function alignColumns(rows: readonly (readonly Cell[])[], indent: string): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.map((row) => widthOf(row[column]?.text ?? ''))),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const padding = ' '.repeat((widths[column] ?? 0) - widthOf(cell.text));
      return (cell.painted ?? cell.text) + padding;
    });
    return `${indent}${cells.join('  ')}`.trimEnd();
  });
}
