import { type GroupStatus, standingOfStatus } from '../../model/status.ts';
import { visible } from '../../model/visible.ts';
import { STANDING_SIGNS } from '../words/standing.ts';
import { formatDuration } from '../words/wording.ts';
import { alignColumns } from './columns.ts';
import type { Paint } from './paint.ts';
import { cutToWidth } from './width.ts';

/** The groups that a person waits for, as last read. */
export interface Watch {
  readonly groups: readonly Pick<
    GroupStatus,
    'name' | 'country_code' | 'phone_number_type' | 'action' | 'status' | 'standing'
  >[];
  readonly waitedMs: number;
  readonly nextLookMs: number;
  /** The reason why the last read failed, or null. */
  readonly trouble: string | null;
}

/**
 * Returns lines that fit a terminal of this size, so that they can be redrawn. Groups under review come
 * first.
 */
export function renderWatch(
  { groups, waitedMs, nextLookMs, trouble }: Watch,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  paint: Paint,
): string[] {
  const isPending = ({ status }: Watch['groups'][number]) => standingOfStatus(status) === 'under-review';
  const pending = groups.filter(isPending);
  const settled = groups.filter((group) => !isPending(group));
  const all = [...pending, ...settled];
  const room = Math.max(1, rows - 4);
  const shown = all.length > room ? all.slice(0, room - 1) : all;
  const lines = alignColumns(shown.map(rowOf), '  ').map((line) => cutToWidth(line, columns - 1));
  const heading = `Waiting for ${pending.length} of ${groups.length} reviews · ${formatDuration(waitedMs)} so far · next look in ${formatDuration(nextLookMs)}`;
  return [
    paint('bold', cutToWidth(heading, columns - 1)),
    ...lines.map((line, index) => paint(STANDING_SIGNS[shown[index]?.standing ?? 'unknown'].colour, line)),
    ...(shown.length < all.length ? [`  and ${all.length - shown.length} more`] : []),
    ...(trouble === null ? [] : [paint('yellow', cutToWidth(`  ! ${visible(trouble)}`, columns - 1))]),
  ];
}

function rowOf(group: Watch['groups'][number]) {
  const combination = `${group.country_code} ${group.phone_number_type} ${group.action}`;
  return [STANDING_SIGNS[group.standing].sign, group.name, combination, group.status].map((text) => ({
    text: visible(text),
  }));
}
