import type { ImportedOrder, ImportReport, LeftGroup, LiveGroup } from '../../model/report/import.ts';
import { cut } from '../../model/text/cut.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../words/wording.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';

/** Renders the groups that an import wrote, and those that it left out with the reason. */
export function renderImportText(report: ImportReport, paint: Paint): string {
  const { imported, skipped, failed } = report;
  const rows = [
    ...imported.map((group) => row(['✓', 'green'], group, group.name, group.file, paint)),
    ...skipped.map((group) => row(['-', 'yellow'], group, titleOf(group), group.message, paint)),
    ...failed.map((group) => row(['✗', 'red'], group, titleOf(group), group.message, paint)),
  ];
  const details = imported.map((group) => [
    ...group.orders.map(orderLine),
    ...group.notes.map((note) => `      ! ${visible(note)}`),
  ]);
  const lines = alignColumns(rows, '  ').flatMap((line, index) => [line, ...(details[index] ?? [])]);
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), ...footer(report)].join('\n')}\n`;
}

function row(
  mark: readonly [string, Colour],
  group: LiveGroup,
  title: string,
  end: string,
  paint: Paint,
): Cell[] {
  const [sign, colour] = mark;
  const { country_code: country, phone_number_type: type, action, status } = group;
  return [
    { text: sign, painted: paint(colour, sign) },
    { text: visible(title), painted: paint('bold', visible(title)) },
    { text: visible(`${country} ${type} ${action}`) },
    { text: visible(status) },
    { text: visible(end) },
  ];
}

function orderLine({ kind, id, status, phone_numbers: numbers }: ImportedOrder): string {
  const tally = numbers === null ? [] : [count(numbers, 'phone number')];
  return `      @ ${[`${kind.replaceAll('_', ' ')} ${visible(id)}`, visible(status), ...tally].join('  ')}`;
}

const MAX_TITLE = 40;

/** Returns the reference of a group, or its id, because a group without a manifest has no name of ours. */
function titleOf({ customer_reference: reference, id }: LeftGroup): string {
  return cut(reference ?? id, MAX_TITLE);
}

function footer({ imported, skipped, failed, files, live }: ImportReport): string[] {
  if (live === 0) return ['Nothing to import: the account has no requirement groups.'];
  if (imported.length + skipped.length + failed.length === 0)
    return [
      `Nothing to import: the filters leave out ${live === 1 ? 'the only group' : `all ${live} groups`} of the account.`,
    ];
  const tally = `${imported.length} imported, ${skipped.length} skipped, ${failed.length} failed.`;
  if (imported.length === 0) return [`Import: ${tally}`];
  return [
    `Wrote ${count(files.length, 'file')}; checked before: the next plan finds ${imported.length === 1 ? 'this group' : 'these groups'} unchanged.`,
    `Import: ${tally}`,
  ];
}
