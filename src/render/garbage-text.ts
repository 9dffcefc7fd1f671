import { visible } from '../model/visible.ts';
import { alignColumns } from './columns.ts';
import { count } from './wording.ts';

interface Named {
  readonly kind: string;
  readonly id: string;
  readonly reference: string | null;
}

export function renderGarbageText(garbage: readonly Named[]): string {
  if (garbage.length === 0)
    return 'Nothing to delete: groups, orders, links or manifests refer to everything of the scope.\n';
  const rows = garbage.map((entry) => ['-', ...cells(entry)].map((text) => ({ text })));
  const lines = alignColumns(rows, '  ');
  return `${lines.join('\n')}\n\n${count(garbage.length, 'object')} that nothing refers to. To delete: regsync gc --yes\n`;
}

export function renderCollectedText(
  collected: readonly (Named & { readonly status: 'deleted' | 'failed'; readonly message: string | null })[],
): string {
  const rows = collected.map((entry) =>
    [entry.status === 'deleted' ? '✓' : '✗', ...cells(entry), entry.status, visible(entry.message ?? '')].map(
      (text) => ({ text }),
    ),
  );
  const deleted = collected.filter(({ status }) => status === 'deleted').length;
  const summary = `gc: ${deleted} deleted, ${collected.length - deleted} failed.\n`;
  return collected.length === 0 ? summary : `${alignColumns(rows, '  ').join('\n')}\n\n${summary}`;
}

function cells({ kind, id, reference }: Named): string[] {
  return [kind.toLowerCase(), visible(id), visible(reference ?? '')];
}
