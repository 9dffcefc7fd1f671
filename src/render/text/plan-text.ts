import type { GroupVerb, OrderVerb } from '../../model/plan/change.ts';
import type { Plan, PlanAttachment, PlanChange, PlanSetting, PlanValue } from '../../model/plan/plan.ts';
import { type PlainValues, valueKey } from '../../model/text/plain-values.ts';
import { visible } from '../../model/text/visible.ts';
import { changeWords } from '../words/change-words.ts';
import {
  attachmentWords,
  besides,
  besidesWriting,
  changedGroups,
  changedOrders,
  countOthers,
  fromTo,
  narrowings,
  noChanges,
  orderExtent,
  orderFacts,
  orderWords,
  place,
  planLine,
  referenceWrites,
  replaceDeletes,
  settingWords,
  startWords,
  statusWay,
  submissionWords,
  valueWords,
  whyClosed,
} from '../words/plan-words.ts';
import { count } from '../words/wording.ts';
import { renderAttention } from './attention-text.ts';
import { alignColumns, type Cell } from './columns.ts';
import type { Colour, Paint } from './paint.ts';

export interface PlanTextOptions {
  readonly plainValues?: PlainValues;
  /** The width of the terminal, to which long sentences are wrapped. Null if the output is not one. */
  readonly columns?: number | null;
}

/** Renders a plan for a terminal, from the Plan alone. Scripts read the last line. */
export function renderPlanText(
  plan: Plan,
  paint: Paint,
  { plainValues = new Map(), columns = null }: PlanTextOptions = {},
): string {
  const blocks = [
    [renderHeading(plan, paint), ...changeLines(plan)].join('\n'),
    renderGroups(changedGroups(plan), { paint, plainValues }),
    renderOrders(changedOrders(plan), { paint, plainValues }),
    renderAttention(plan.attention, paint, columns),
    renderDiagnostics(plan, paint),
    renderFooter(plan, paint),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function renderHeading(plan: Plan, paint: Paint): string {
  const { groups } = plan.summary;
  const sum = (counts: Readonly<Record<string, number>>) =>
    Object.values(counts).reduce((total, number) => total + number, 0);
  const narrowed = narrowings(plan).map(visible);
  const parts = [
    `scope ${plan.scope}`,
    count(sum(groups), 'group'),
    ...countOthers(plan.summary),
    ...(narrowed.length > 0 ? [narrowed.join(' ')] : []),
  ];
  return `${paint('bold', 'regsync plan')}   ${parts.join(' · ')}`;
}

function changeLines(plan: Plan): string[] {
  const words = changeWords(plan, visible);
  return words === null ? [] : [words];
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
  /** The plain values. Empty unless a person at a terminal asked for them. */
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
    (change.group?.values ?? []).map((value) => valueRow(change, value, style)),
    '      ',
  );
  lines.push(...saidLines(change, paint));
  lines.push(...referenceWrites(change).map((write) => `      = ${visible(write)}`));
  lines.push(...submissionWords(change).map((words) => `      ${paint('cyan', '>')} ${words}`));
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

/** Renders the words of reviewers, directly below the values that answer them. */
function saidLines({ said = [] }: PlanChange, paint: Paint): string[] {
  return said.map((words) => `      ${paint('dim', '│')} ${visible(words)}`);
}

function valueRow(change: PlanChange, value: PlanValue, { paint, plainValues }: Style): Cell[] {
  const symbol = value.before === null ? '+' : '~';
  const shown = plainValues.get(valueKey(change, value.requirement_id)) ?? value;
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

/* ---- Orders ---- */

const ORDER_SYMBOLS: Readonly<Record<OrderVerb, readonly [string, Colour]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  adopt: ['=', 'cyan'],
  unchanged: ['>', 'cyan'],
};

function renderOrders(changes: readonly PlanChange[], style: Style): string {
  const heads = alignColumns(
    changes.map((change) => orderHead(change, style.paint)),
    '  ',
  );
  return changes
    .map((change, index) => [heads[index] ?? '', ...orderLines(change, style)].join('\n'))
    .join('\n');
}

function orderHead(change: PlanChange, paint: Paint): Cell[] {
  const [symbol, colour] = ORDER_SYMBOLS[change.order?.verb ?? 'update'];
  const where = place(change.source);
  return [
    { text: symbol, painted: paint(colour, symbol) },
    { text: visible(change.name), painted: paint('bold', visible(change.name)) },
    { text: orderWords(change) },
    { text: visible(statusText(change)) },
    { text: orderExtent(change) },
    { text: visible(where), painted: paint('dim', visible(where)) },
  ];
}

function orderLines(change: PlanChange, style: Style): string[] {
  const { paint } = style;
  const values = (change.order?.values ?? []).map((value) => valueRow(change, value, style));
  const settings = (change.order?.settings ?? []).map((setting) => settingRow(change, setting, style));
  return [
    ...alignColumns(values, '      '),
    ...alignColumns(settings, '      '),
    ...saidLines(change, paint),
    ...[...referenceWrites(change), ...orderFacts(change)].map((fact) => `      = ${visible(fact)}`),
    ...startWords(change).map(
      ({ what, names }) => `      ${paint('cyan', '>')} ${visible(`${what}  ${names}`)}`,
    ),
    ...change.consequences.map((consequence) => `      ${paint('yellow', '!')} ${visible(consequence)}`),
  ];
}

const SETTING_COLOURS: Readonly<Record<'+' | '~' | '-', Colour>> = {
  '+': 'green',
  '~': 'yellow',
  '-': 'red',
};

function settingRow(change: PlanChange, setting: PlanSetting, { paint, plainValues }: Style): Cell[] {
  const { symbol } = settingWords(setting);
  const plain = plainValues.get(valueKey(change, setting.name));
  const words = plain === undefined ? settingWords(setting).words : fromTo(plain);
  return [
    { text: symbol, painted: paint(SETTING_COLOURS[symbol], symbol) },
    { text: visible(setting.name) },
    { text: visible(words) },
  ];
}

/* ---- Diagnostics and the last line ---- */

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
    : [paint('red', `This plan cannot be applied: ${whyClosed(plan)} (see above).`)];
  return [
    besides(plan),
    paint('dim', `Fingerprint ${plan.fingerprint}. «…» are keyed fingerprints: equal means unchanged.`),
    ...gate,
    planLine(plan),
  ].join('\n');
}
