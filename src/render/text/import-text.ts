import type { ImportedOrder, ImportReport, LeftGroup, LiveGroup } from '../../model/report/import.ts';
import { cut } from '../../model/text/cut.ts';
import { visible } from '../../model/text/visible.ts';
import { count } from '../words/wording.ts';
import { alignBlocks, type Block, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';

/** Renders the groups that an import wrote, and those that it left out with the reason. */
export function renderImportText(report: ImportReport, paint: Paint): string {
  const { imported, skipped, failed } = report;
  const blocks = [
    ...imported.map((group): Block => [row(['✓', 'green'], group, group.name, group.file), notesOn(group)]),
    ...skipped.map((group): Block => [row(['-', 'yellow'], group, titleOf(group), group.message), []]),
    ...failed.map((group): Block => [row(['✗', 'red'], group, titleOf(group), group.message), []]),
  ];
  const lines = alignBlocks(blocks, paint);
  return `${[...lines, ...(lines.length === 0 ? [] : ['']), ...footer(report)].join('\n')}\n`;
}

function row(sign: Cell, group: LiveGroup, title: string, end: string): Cell[] {
  const { country_code: country, phone_number_type: type, action, status } = group;
  return [sign, [title, 'bold'], `${country} ${type} ${action}`, status, end];
}

function notesOn({ orders, notes }: ImportReport['imported'][number]): string[] {
  return [...orders.map(orderLine), ...notes.map((note) => `      ! ${visible(note)}`)];
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
