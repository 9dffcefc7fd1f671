import type { GroupVerb } from '../../model/plan/change.ts';
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
  isAttachedOnly,
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
  valuesOf,
  valueWords,
  verbOf,
  whyClosed,
} from '../words/plan-words.ts';
import { count, given } from '../words/wording.ts';
import { renderAttention } from './attention-text.ts';
import { alignBlocks, alignColumns, type Block, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';

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
    given(renderHeading(plan, paint), changeWords(plan, visible)).join('\n'),
    renderChanges(changedGroups(plan), { paint, plainValues }),
    renderChanges(changedOrders(plan), { paint, plainValues }),
    renderAttention(plan.attention, paint, columns),
    renderDiagnostics(plan, paint),
    renderFooter(plan, paint),
  ];
  return `${given(...blocks).join('\n\n')}\n`;
}

function renderHeading(plan: Plan, paint: Paint): string {
  const groups = Object.values(plan.summary.groups).reduce((total, number) => total + number, 0);
  const parts = given(
    `scope ${plan.scope}`,
    count(groups, 'group'),
    ...countOthers(plan.summary),
    narrowings(plan).map(visible).join(' '),
  );
  return `${paint('bold', 'regsync plan')}   ${parts.join(' · ')}`;
}

const SYMBOLS: Readonly<Record<GroupVerb, Cell>> = {
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

function renderChanges(changes: readonly PlanChange[], style: Style): string {
  const blocks = changes.map((change): Block => [headOf(change), detailLines(change, style)]);
  return alignBlocks(blocks, style.paint).join('\n');
}

function headOf(change: PlanChange): Cell[] {
  const { group } = change;
  const { from, to } = statusWay(change);
  return [
    isAttachedOnly(change) ? ATTACH : SYMBOLS[verbOf(change)],
    [change.name, 'bold'],
    group ? `${group.country_code} ${group.phone_number_type} ${group.action}` : orderWords(change),
    given(from, to && `→ ${to}`).join(' '),
    group ? extent(change) : orderExtent(change),
    [place(change.source) || '(orphan: no manifest)', 'dim'],
  ];
}

const ATTACH: Cell = ['@', 'cyan'];

function extent(change: PlanChange): string {
  const verb = verbOf(change);
  if (verb === 'unchanged') return besidesWriting(change).join(', ');
  return verb === 'update' ? count(change.patch.length, 'change') : verb;
}

const INDENT = '      ';

function detailLines(change: PlanChange, { paint, plainValues }: Style): string[] {
  const { group, order, said = [], consequences } = change;
  const values = valuesOf(change).map((value) => valueRow(change, value, plainValues));
  const settings = (order?.settings ?? []).map((setting) => settingRow(change, setting, plainValues));
  const marked = (sign: string, texts: readonly string[]) =>
    texts.map((text) => `${INDENT}${sign} ${visible(text)}`);
  return [
    ...alignColumns(values, INDENT, paint),
    ...alignColumns(settings, INDENT, paint),
    // The words of reviewers are directly below the values that answer them.
    ...marked(paint('dim', '│'), said),
    ...marked('=', [...referenceWrites(change), ...orderFacts(change)]),
    ...marked(paint('cyan', '>'), submissionWords(change)),
    ...alignColumns((group?.attaches ?? []).map(attachRow), INDENT, paint),
    ...marked(paint('red', '-'), replaceDeletes(change)),
    ...marked(
      paint('cyan', '>'),
      startWords(change).map(({ what, names }) => `${what}  ${names}`),
    ),
    ...marked(paint('yellow', '!'), consequences),
  ];
}

function valueRow(change: PlanChange, value: PlanValue, plainValues: PlainValues): Cell[] {
  const shown = plainValues.get(valueKey(change, value.requirement_id)) ?? value;
  const { name, type, standIn, verdict } = valueWords(value);
  return [SIGNS[value.before === null ? '+' : '~'], name, type, fromTo(shown), standIn, verdict];
}

const SIGNS: Readonly<Record<'+' | '~' | '-', Cell>> = {
  '+': ['+', 'green'],
  '~': ['~', 'yellow'],
  '-': ['-', 'red'],
};

function settingRow(change: PlanChange, setting: PlanSetting, plainValues: PlainValues): Cell[] {
  const { symbol, words } = settingWords(setting);
  const plain = plainValues.get(valueKey(change, setting.name));
  return [SIGNS[symbol], setting.name, plain === undefined ? words : fromTo(plain)];
}

function attachRow(attachment: PlanAttachment): Cell[] {
  const { order, status, names } = attachmentWords(attachment);
  return [ATTACH, `attach to ${order}`, status, names, [place(attachment.source), 'dim']];
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
  return given(
    besides(plan),
    paint('dim', `Fingerprint ${plan.fingerprint}. «…» are keyed fingerprints: equal means unchanged.`),
    !plan.applyable && paint('red', `This plan cannot be applied: ${whyClosed(plan)} (see above).`),
    planLine(plan),
  ).join('\n');
}
