import { visible } from '../../model/text/visible.ts';
import { formatDuration } from '../words/wording.ts';
import { alignColumns } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { cutToWidth } from './width.ts';

/** The groups and orders that a person waits for, as last read. */
export interface Watch {
  readonly reviews: readonly Watched[];
  readonly waitedMs: number;
  readonly nextLookMs: number;
  /** The reason why the last read failed, or null. */
  readonly trouble: string | null;
}

interface Watched {
  readonly name: string;
  readonly purpose: string;
  readonly shown: string;
  readonly isPending: boolean;
  readonly look: { readonly sign: string; readonly colour: Colour };
}

/**
 * Returns lines that fit a terminal of this size, so that they can be redrawn. What is pending comes
 * first.
 */
export function renderWatch(
  { reviews, waitedMs, nextLookMs, trouble }: Watch,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  paint: Paint,
): string[] {
  const pending = reviews.filter(({ isPending }) => isPending);
  const settled = reviews.filter(({ isPending }) => !isPending);
  const all = [...pending, ...settled];
  const room = Math.max(1, rows - 4);
  const shown = all.length > room ? all.slice(0, room - 1) : all;
  const cells = shown.map((one) => [one.look.sign, one.name, one.purpose, one.shown]);
  const lines = alignColumns(cells, '  ').map((line) => cutToWidth(line, columns - 1));
  const heading = `Waiting for ${pending.length} of ${reviews.length} reviews · ${formatDuration(waitedMs)} so far · next look in ${formatDuration(nextLookMs)}`;
  return [
    paint('bold', cutToWidth(heading, columns - 1)),
    ...lines.map((line, index) => paint(shown[index]?.look.colour ?? 'dim', line)),
    ...(shown.length < all.length ? [`  and ${all.length - shown.length} more`] : []),
    ...(trouble === null ? [] : [paint('yellow', cutToWidth(`  ! ${visible(trouble)}`, columns - 1))]),
  ];
}
