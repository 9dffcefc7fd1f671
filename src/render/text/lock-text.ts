import { LOCK_FILE, type RequirementChange, type SetChange } from '../../model/lock.ts';
import { describeSchedule } from '../../model/text/schedule-words.ts';
import { textOf } from '../../model/text/sentence.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../words/wording.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';

/**
 * Renders the changes that `regsync lock` made, or with `--check` would make.
 *
 * @param command the command that makes the changes, or null if they are made.
 */
export function renderLockText(changes: readonly SetChange[], command: string | null, paint: Paint): string {
  const differing = changes.filter(({ status }) => status !== 'unchanged');
  const heads = alignColumns(
    differing.map((change) => headRow(change, paint)),
    '  ',
  );
  const blocks = differing.map((change, index) =>
    [heads[index] ?? '', ...detailLines(change, paint)].join('\n'),
  );
  return `${[...(blocks.length === 0 ? [] : [blocks.join('\n'), '']), lastLine(changes, command)].join('\n')}\n`;
}

const SYMBOLS: Readonly<Record<SetChange['status'], readonly [string, Colour]>> = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  dropped: ['-', 'red'],
  unchanged: ['=', 'dim'],
};

function headRow(change: SetChange, paint: Paint): Cell[] {
  const [symbol, colour] = SYMBOLS[change.status];
  const name = visible(change.combination);
  return [
    { text: symbol, painted: paint(colour, symbol) },
    { text: name, painted: paint('bold', name) },
    { text: versions(change) },
    { text: remark(change) },
  ];
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

const MARKS: Readonly<Record<RequirementChange['kind'], readonly [string, Colour]>> = {
  added: ['+', 'green'],
  removed: ['-', 'red'],
  'type-changed': ['~', 'yellow'],
  tightened: ['~', 'yellow'],
  changed: ['~', 'yellow'],
  loosened: ['~', 'yellow'],
  renamed: ['~', 'yellow'],
  reworded: ['~', 'yellow'],
};

function detailLines({ status, before, after, requirements }: SetChange, paint: Paint): string[] {
  const rows = requirements.map(({ kind, name, detail }): Cell[] => {
    const [mark, colour] = MARKS[kind];
    const what = [kind.replace('-', ' '), detail].filter((part) => part !== '').join(': ');
    return [{ text: mark, painted: paint(colour, mark) }, { text: visible(name) }, { text: visible(what) }];
  });
  const next = after?.next ?? null;
  const isNews = status === 'added' || JSON.stringify(before?.next ?? null) !== JSON.stringify(next);
  const coming = next === null || !isNews ? [] : [`      ! ${visible(textOf(describeSchedule(next)))}`];
  const gone =
    status === 'changed' && next === null && before?.next ? ['      ! nothing is scheduled any more'] : [];
  return [...alignColumns(rows, '      '), ...coming, ...gone];
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
