import { LOCK_FILE, type RequirementChange, type SetChange } from '../../model/lock.ts';
import { describeSchedule } from '../../model/text/schedule-words.ts';
import { textOf } from '../../model/text/sentence.ts';
import { visible } from '../../model/text/visible.ts';
import { count, given } from '../words/wording.ts';
import { alignBlocks, alignColumns, type Block, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';

/**
 * Renders the changes that `regsync lock` made, or with `--check` would make.
 *
 * @param command the command that makes the changes, or null if they are made.
 */
export function renderLockText(changes: readonly SetChange[], command: string | null, paint: Paint): string {
  const differing = changes.filter(({ status }) => status !== 'unchanged');
  const blocks = differing.map((change): Block => [headRow(change), detailLines(change, paint)]);
  const lines = [...alignBlocks(blocks, paint), ...(blocks.length === 0 ? [] : [''])];
  return `${[...lines, lastLine(changes, command)].join('\n')}\n`;
}

const SYMBOLS: Readonly<Record<SetChange['status'], Cell>> = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  dropped: ['-', 'red'],
  unchanged: ['=', 'dim'],
};

function headRow(change: SetChange): Cell[] {
  return [SYMBOLS[change.status], [change.combination, 'bold'], versions(change), remark(change)];
}

function versions({ before, after }: SetChange): string {
  const [was, is] = [before?.version ?? null, after?.version ?? null];
  if (was === null && is === null) return '';
  return before === null || after === null || was === is
    ? `version ${was ?? is}`
    : `version ${was ?? 'unknown'} → ${is ?? 'unknown'}`;
}

function remark({ status, before, after }: SetChange): string {
  if (status === 'dropped') return 'no manifest uses it';
  if (status === 'added') return count(after?.requirements.length ?? 0, 'requirement');
  return before?.added === after?.added ? '' : 'stays from now on, used or not';
}

function markOf(kind: RequirementChange['kind']): Cell {
  if (kind === 'added') return ['+', 'green'];
  return kind === 'removed' ? ['-', 'red'] : ['~', 'yellow'];
}

function detailLines({ status, before, after, requirements }: SetChange, paint: Paint): string[] {
  const rows = requirements.map(({ kind, name, detail }): Cell[] => [
    markOf(kind),
    name,
    given(kind.replace('-', ' '), detail).join(': '),
  ]);
  const next = after?.next ?? null;
  const isNews = status === 'added' || JSON.stringify(before?.next ?? null) !== JSON.stringify(next);
  const coming = next === null || !isNews ? [] : [`      ! ${visible(textOf(describeSchedule(next)))}`];
  const gone =
    status === 'changed' && next === null && before?.next ? ['      ! nothing is scheduled any more'] : [];
  return [...alignColumns(rows, '      ', paint), ...coming, ...gone];
}

function lastLine(changes: readonly SetChange[], command: string | null): string {
  const number = (status: SetChange['status']) => changes.filter((change) => change.status === status).length;
  const [added, changed, dropped] = [number('added'), number('changed'), number('dropped')];
  const total = count(changes.length - dropped, 'combination');
  if (added + changed + dropped === 0) return `No changes. ${LOCK_FILE} holds what Telnyx demands: ${total}.`;
  const counts = `${added} added, ${changed} changed, ${dropped} dropped`;
  return command === null
    ? `Lock: ${counts}. ${LOCK_FILE} holds ${total}; review the difference and commit it.`
    : `Lock: ${counts}. To take this over: ${visible(command)}`;
}
