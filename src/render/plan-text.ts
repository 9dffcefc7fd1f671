import { type PlainValues, valueKey } from '../model/plain-values.ts';
import type { Attention, GroupVerb, Plan, PlanChange, PlanGroupDetail, PlanValue } from '../model/plan.ts';
import { visible } from '../model/visible.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';
import { count, formatBytes } from './wording.ts';

/** The plan for a terminal. Everything it says comes from the Plan; the last line is the one that scripts look for. */
export function renderPlanText(plan: Plan, paint: Paint, plainValues: PlainValues = new Map()): string {
  const groups = plan.changes.filter((change) => change.kind === 'RequirementGroup');
  const blocks = [
    renderHeading(plan, paint),
    renderGroups(groups, { paint, plainValues }),
    renderAttention(plan.attention, paint),
    renderDiagnostics(plan, paint),
    renderFooter(plan, paint),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function renderHeading(plan: Plan, paint: Paint): string {
  const total = Object.values(plan.summary.groups).reduce((sum, number) => sum + number, 0);
  const narrowed = [...plan.options.paths, ...plan.options.targets].map(visible);
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
  const [symbol, colour] = SYMBOLS[detail?.verb ?? 'unchanged'];
  const combination = detail ? `${detail.country_code} ${detail.phone_number_type} ${detail.action}` : '';
  const where =
    change.source === null ? '(orphan: no manifest)' : `${change.source.file}:${change.source.line}`;
  return [
    { text: symbol, painted: paint(colour, symbol) },
    { text: visible(change.name), painted: paint('bold', visible(change.name)) },
    { text: visible(combination) },
    { text: visible(statusWay(change)) },
    { text: extent(change) },
    { text: visible(where), painted: paint('dim', visible(where)) },
  ];
}

function statusWay(change: PlanChange): string {
  const from = change.group?.status ?? '';
  const to = change.actions.includes('submit') ? '→ pending-approval' : '';
  return [from, to].filter((part) => part !== '').join(' ');
}

function extent(change: PlanChange): string {
  const verb = change.group?.verb ?? 'unchanged';
  if (verb === 'unchanged') return 'submit';
  return verb === 'update' ? count(change.patch.length, 'change') : verb;
}

function groupLines(change: PlanChange, style: Style): string[] {
  const { paint } = style;
  const lines = alignColumns(
    (change.group?.values ?? []).map((value) => valueRow(change.name, value, style)),
    '      ',
  );
  lines.push(...referenceLines(change));
  if (change.actions.includes('submit')) lines.push(`      ${paint('cyan', '>')} submit for approval`);
  if (change.group?.verb === 'replace') lines.push(...deleteLines(change.group, paint));
  lines.push(
    ...change.consequences.map((consequence) => `      ${paint('yellow', '!')} ${visible(consequence)}`),
  );
  return lines;
}

function valueRow(group: string, value: PlanValue, { paint, plainValues }: Style): Cell[] {
  const symbol = value.before === null ? '+' : '~';
  const { before, after } = plainValues.get(valueKey(group, value.requirement_id)) ?? value;
  const prints = visible(before === null ? after : `${before} → ${after}`);
  return [
    { text: symbol, painted: paint(value.before === null ? 'green' : 'yellow', symbol) },
    { text: visible(value.name) },
    { text: value.field_type === 'textual' ? 'text' : value.field_type },
    { text: prints },
    { text: visible(standIn(value)) },
    { text: value.status === 'declined' || value.status === 'expired' ? value.status : '' },
  ];
}

function standIn({ document, address }: PlanValue): string {
  return document === undefined ? (address ?? '') : `${document.path} (${formatBytes(document.bytes)})`;
}

function referenceLines(change: PlanChange): string[] {
  return change.patch
    .filter((operation) => operation.path === '/customer_reference')
    .map((operation) => `      = customer_reference  ${visible(JSON.stringify(operation.value))}`);
}

function deleteLines(detail: PlanGroupDetail, paint: Paint): string[] {
  return detail.deletes.map(
    (id) => `      ${paint('red', '-')} delete group ${visible(id)}, when the new one stands`,
  );
}

function renderAttention(attention: readonly Attention[], paint: Paint): string {
  const rows = attention.map((entry): Cell[] => [
    { text: '!', painted: paint('yellow', '!') },
    { text: visible(entry.name) },
    { text: visible(entry.message) },
    { text: entry.source ? visible(`${entry.source.file}:${entry.source.line}`) : '' },
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
  if (plan.changes.length === 0) return renderNoChanges(plan);
  const { summary } = plan;
  const made = [
    ...(summary.documents.upload > 0 ? [`${count(summary.documents.upload, 'document')} to upload`] : []),
    ...(summary.addresses.create > 0 ? [`${count(summary.addresses.create, 'address')} to create`] : []),
    `${count(summary.groups.unchanged, 'group')} unchanged`,
    ...(summary.attention > 0
      ? [`${summary.attention} ${summary.attention === 1 ? 'needs' : 'need'} attention`]
      : []),
  ];
  const gate = plan.applyable
    ? []
    : [paint('red', 'This plan cannot be applied: a gate is closed (see above).')];
  return [
    `${made.join(', ')}.`,
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

function renderNoChanges({ summary: { groups } }: Plan): string {
  const total = groups.unchanged;
  return `No changes. ${count(total, 'group')} ${total === 1 ? 'matches its manifest' : 'match their manifests'}.`;
}
