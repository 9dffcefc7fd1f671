import { count } from '../words/wording.ts';
import { alignColumns } from './columns.ts';

interface Named {
  readonly kind: string;
  readonly id: string;
  readonly reference: string | null;
}

export function renderGarbageText(garbage: readonly Named[]): string {
  if (garbage.length === 0)
    return 'Nothing to delete: groups, orders, links or manifests refer to everything of the scope.\n';
  const rows = garbage.map((entry) => ['-', ...cells(entry)]);
  return `${alignColumns(rows, '  ').join('\n')}\n\n${count(garbage.length, 'object')} that nothing refers to. To delete: regsync gc --yes\n`;
}

type Status = 'deleted' | 'failed' | 'skipped';

export function renderCollectedText(
  collected: readonly (Named & { readonly status: Status; readonly message: string | null })[],
): string {
  const rows = collected.map((entry) => [
    SIGNS[entry.status],
    ...cells(entry),
    entry.status,
    entry.message ?? '',
  ]);
  const number = (wanted: Status) => collected.filter(({ status }) => status === wanted).length;
  const skipped = number('skipped') === 0 ? '' : `, ${number('skipped')} skipped`;
  const summary = `gc: ${number('deleted')} deleted, ${number('failed')} failed${skipped}.\n`;
  return collected.length === 0 ? summary : `${alignColumns(rows, '  ').join('\n')}\n\n${summary}`;
}

const SIGNS: Readonly<Record<Status, string>> = { deleted: '✓', failed: '✗', skipped: '-' };

function cells({ kind, id, reference }: Named): string[] {
  return [kind.toLowerCase(), id, reference ?? ''];
}
