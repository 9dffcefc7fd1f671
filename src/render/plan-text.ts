import { type PlainValues, valueKey } from '../model/plain-values.ts';
import type { Attention, GroupVerb, Plan, PlanAttachment, PlanChange, PlanValue } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import {
  attachmentWords,
  besides,
  besidesWriting,
  changedGroups,
  fromTo,
  narrowings,
  noChanges,
  place,
  referenceWrites,
  replaceDeletes,
  statusWay,
  valueWords,
} from './plan-words.ts';
import { count } from './wording.ts';

/** The plan for a terminal. Everything it says comes from the Plan; the last line is the one that scripts look for. */
export function renderPlanText(plan: Plan, paint: Paint, plainValues: PlainValues = new Map()): string {
  const blocks = [
    renderHeading(plan, paint),
    renderGroups(changedGroups(plan), { paint, plainValues }),
    renderAttention(plan.attention, paint),
    renderDiagnostics(plan, paint),
    renderFooter(plan, paint),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function renderHeading(plan: Plan, paint: Paint): string {
  const total = Object.values(plan.summary.groups).reduce((sum, number) => sum + number, 0);
  const narrowed = narrowings(plan).map(visible);
  const parts = [
    `scope ${plan.scope}`,
    count(total, 'group'),
    ...(narrowed.length > 0 ? [narrowed.join(' ')] : []),
  ];
  return `${paint('bold', 'regsync plan')}   ${parts.join(' · ')}`;
}

const SYMBOLS: Readonly<Record<GroupVerb, readonly [string, Colour]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  replace: ['-/+', 'red'],
  delete: ['-', 'red'],
  adopt: ['=', 'cyan'],
  unchanged: ['>', 'cyan'],
};

interface Style {
  readonly paint: Paint;
  /** Empty, unless a person at a terminal asked for them. */
  readonly plainValues: PlainValues;
}

function renderGroups(changes: readonly PlanChange[], style: Style): string {
  const rows = changes.map((change) => groupRow(change, style.paint));
  const heads = alignColumns(rows, '  ');
  return changes
    .map((change, index) => [heads[index] ?? '', ...groupLines(change, style)].join('\n'))
    .join('\n');
}

function groupRow(change: PlanChange, paint: Paint): Cell[] {
  const detail = change.group;
  const [symbol, colour] = symbolOf(change);
  const combination = detail ? `${detail.country_code} ${detail.phone_number_type} ${detail.action}` : '';
  const where = place(change.source) || '(orphan: no manifest)';
  return [
    { text: symbol, painted: paint(colour, symbol) },
    { text: visible(change.name), painted: paint('bold', visible(change.name)) },
    { text: visible(combination) },
    { text: visible(statusText(change)) },
    { text: extent(change) },
    { text: visible(where), painted: paint('dim', visible(where)) },
  ];
}

function symbolOf({ group, actions }: PlanChange): readonly [string, Colour] {
  const verb = group?.verb ?? 'unchanged';
  return verb === 'unchanged' && !actions.includes('submit') ? ['@', 'cyan'] : SYMBOLS[verb];
}

function statusText(change: PlanChange): string {
  const { from, to } = statusWay(change);
  return [from, to && `→ ${to}`].filter(Boolean).join(' ');
}

function extent(change: PlanChange): string {
  const verb = change.group?.verb ?? 'unchanged';
  if (verb === 'unchanged') return besidesWriting(change).join(', ');
  return verb === 'update' ? count(change.patch.length, 'change') : verb;
}

function groupLines(change: PlanChange, style: Style): string[] {
  const { paint } = style;
  const lines = alignColumns(
    (change.group?.values ?? []).map((value) => valueRow(change.name, value, style)),
    '      ',
  );
  lines.push(...referenceWrites(change).map((write) => `      = ${visible(write)}`));
  if (change.actions.includes('submit')) lines.push(`      ${paint('cyan', '>')} submit for approval`);
  lines.push(
    ...alignColumns(
      (change.group?.attaches ?? []).map((attachment) => orderRow(attachment, paint)),
      '      ',
    ),
  );
  const deletes = change.group ? replaceDeletes(change.group) : [];
  lines.push(...deletes.map((deletion) => `      ${paint('red', '-')} ${visible(deletion)}`));
  lines.push(
    ...change.consequences.map((consequence) => `      ${paint('yellow', '!')} ${visible(consequence)}`),
  );
  return lines;
}

function valueRow(group: string, value: PlanValue, { paint, plainValues }: Style): Cell[] {
  const symbol = value.before === null ? '+' : '~';
  const shown = plainValues.get(valueKey(group, value.requirement_id)) ?? value;
  const { name, type, standIn, verdict } = valueWords(value);
  return [
    { text: symbol, painted: paint(value.before === null ? 'green' : 'yellow', symbol) },
    { text: visible(name) },
    { text: type },
    { text: visible(fromTo(shown)) },
    { text: visible(standIn) },
    { text: verdict },
  ];
}

function orderRow(attachment: PlanAttachment, paint: Paint): Cell[] {
  const { order, status, names } = attachmentWords(attachment);
  const where = place(attachment.source);
  return [
    { text: '@', painted: paint('cyan', '@') },
    { text: visible(`attach to ${order}`) },
    { text: visible(status) },
    { text: visible(names) },
    { text: visible(where), painted: paint('dim', visible(where)) },
  ];
}

function renderAttention(attention: readonly Attention[], paint: Paint): string {
  const rows = attention.map((entry): Cell[] => [
    { text: '!', painted: paint('yellow', '!') },
    { text: visible(entry.name) },
    { text: visible(entry.message) },
    { text: visible(place(entry.source)) },
  ]);
  return alignColumns(rows, '  ').join('\n');
}

function renderDiagnostics(plan: Plan, paint: Paint): string {
  return plan.diagnostics
    .map((diagnostic) => {
      const colour = diagnostic.severity === 'error' ? 'red' : 'yellow';
      return `${paint(colour, `${diagnostic.severity}:`)} ${visible(diagnostic.message)}`;
    })
    .join('\n');
}

function renderFooter(plan: Plan, paint: Paint): string {
  if (plan.changes.length === 0) return noChanges(plan);
  const gate = plan.applyable
    ? []
    : [paint('red', 'This plan cannot be applied: a gate is closed (see above).')];
  return [
    besides(plan),
    paint('dim', `Fingerprint ${plan.fingerprint}. «…» are keyed fingerprints: equal means unchanged.`),
    ...gate,
    planLine(plan),
  ].join('\n');
}

function planLine({ summary: { groups, submit, attach } }: Plan): string {
  const parts = [
    `${groups.create} to create`,
    `${groups.update} to update`,
    ...(groups.replace > 0 ? [`${groups.replace} to replace`] : []),
    ...(groups.adopt > 0 ? [`${groups.adopt} to adopt`] : []),
    `${groups.delete} to delete`,
    `${submit} to submit`,
    ...(attach > 0 ? [`${attach} to attach`] : []),
  ];
  return `Plan: ${parts.join(', ')}.`;
}
