import { widthOf } from './width.ts';

/** A cell of a row. `painted` is its text in colour, with the same width. */
export interface Cell {
  readonly text: string;
  readonly painted?: string;
}

/** Aligns rows in columns, two blanks apart, without trailing blanks. */
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
