import type { GroupStatus, RequirementStatus, StatusReport } from '../model/status.ts';
import { visible } from '../model/visible.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { count } from './wording.ts';

/** A table that a person can read; requirements only where they say more than their group does. */
export function renderStatusText(report: StatusReport, paint: Paint): string {
  const heading: Cell[] = ['', 'Group', 'For', 'Status', 'Filled', 'Expires', 'Id'].map((text) => ({
    text,
    painted: paint('dim', text),
  }));
  const [head = '', ...rows] = alignColumns(
    [heading, ...report.groups.map((group) => groupRow(group, paint))],
    '  ',
  );
  const groups = report.groups.map((group, index) => [rows[index] ?? '', ...detailLines(group)].join('\n'));
  const attention = report.attention.map((entry) => {
    const where = entry.source ? `   ${entry.source.file}:${entry.source.line}` : '';
    return visible(`  ! ${entry.name}  ${entry.message}${where}`);
  });
  const blocks = [[head, ...groups].join('\n'), attention.join('\n'), summaryLine(report)];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

/** A Map: what the API says may be called `constructor`. */
const MARKS: ReadonlyMap<string, readonly [string, Colour]> = new Map([
  ['approved', ['✓', 'green']],
  ['pending-approval', ['…', 'cyan']],
  ['unapproved', ['·', 'dim']],
  ['declined', ['✗', 'red']],
  ['expired', ['✗', 'red']],
  ['no-longer-eligible', ['✗', 'red']],
  ['absent', ['+', 'dim']],
]);

function groupRow(group: GroupStatus, paint: Paint): Cell[] {
  const [mark, colour] = MARKS.get(group.status) ?? (['?', 'yellow'] as const);
  const filled = group.requirements.filter((requirement) => requirement.has_value).length;
  const status = visible(group.status);
  return [
    { text: mark, painted: paint(colour, mark) },
    { text: visible(group.name), painted: paint('bold', visible(group.name)) },
    { text: visible(`${group.country_code} ${group.phone_number_type} ${group.action}`) },
    { text: status, painted: paint(colour, status) },
    { text: group.id === null ? '' : `${filled}/${group.requirements.length}` },
    { text: firstExpiry(group) },
    { text: visible(group.id ?? '') },
  ];
}

function firstExpiry(group: GroupStatus): string {
  const dates = group.requirements.flatMap(({ expires_at }) =>
    expires_at === null ? [] : [expires_at.slice(0, 10)],
  );
  return visible(dates.sort()[0] ?? '');
}

function detailLines(group: GroupStatus): string[] {
  const requirements = group.requirements
    .filter((requirement) => group.id !== null && needsWords(requirement, group))
    .map(requirementRow);
  const comments = group.comments.map(
    (comment) =>
      `      ${comment.by}, ${visible(comment.created_at.slice(0, 10))}: "${visible(comment.body.trim())}"`,
  );
  return [...alignColumns(requirements, '      '), ...comments];
}

function needsWords(requirement: RequirementStatus, group: GroupStatus): boolean {
  const differs = requirement.status !== null && requirement.status !== group.status;
  return !requirement.has_value || requirement.expires_at !== null || differs;
}

function requirementRow(requirement: RequirementStatus): Cell[] {
  return [
    { text: visible(requirement.name) },
    { text: requirement.has_value ? visible(requirement.status ?? '') : 'no value' },
    {
      text: requirement.expires_at === null ? '' : `expires ${visible(requirement.expires_at.slice(0, 10))}`,
    },
  ];
}

function summaryLine(report: StatusReport): string {
  const counts = new Map<string, number>();
  for (const { status } of report.groups) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].sort().map(([status, number]) => `${number} ${visible(status)}`);
  return `${count(report.groups.length, 'group')}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.`;
}
