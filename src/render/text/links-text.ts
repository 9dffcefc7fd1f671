import type { ActionLink } from '../../model/orders/actions.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import { alignColumns } from './columns.ts';

/**
 * Renders private links, for the terminal of a person who asked for them and for nothing else: whoever has a
 * link can act for the person.
 */
export function renderLinksText(links: readonly ActionLink[]): string {
  if (links.length === 0) return 'No action has a link: none is started, or its person has done it.\n';
  const rows = links.map(({ name, requirementName, link }) => [name, `"${requirementName}"`, reveal(link)]);
  return `Private links, each for one person:\n${alignColumns(rows, '  ').join('\n')}\n`;
}
