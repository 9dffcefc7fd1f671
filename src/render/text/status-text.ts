import type { PlanAction } from '../../model/plan/change.ts';
import type { Attention } from '../../model/plan/plan.ts';
import {
  type Expiry,
  type GroupStatus,
  type OrderStatus,
  REVIEW_STATES,
  type RequirementStatus,
  type StatusComment,
  type StatusReport,
} from '../../model/report/status.ts';
import { visible } from '../../model/text/visible.ts';
import { ordersInWords, orderWords } from '../words/order-words.ts';
import { place } from '../words/plan-words.ts';
import { daysInWords, REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { count, given } from '../words/wording.ts';
import { type AttentionStyle, markedLines } from './attention-text.ts';
import { alignBlocks, alignColumns, type Block, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';
import { renderStatusOrders } from './status-orders.ts';
import { wrapToTerminal } from './width.ts';

/**
 * Renders a table of groups. Below each are its requirements, expiries, reviewers' comments and attention.
 */
export function renderStatusText(report: StatusReport, style: AttentionStyle): string {
  const { paint } = style;
  const groups = new Set(report.groups.map(({ name }) => name));
  const orders = report.orders ?? [];
  const named = new Set([...groups, ...orders.map(({ name }) => name)]);
  const others = report.attention.filter(({ name, code }) => code === 'orphaned' || !named.has(name));
  const ofOrders = groupByName(report.attention.filter(({ name }) => !groups.has(name)));
  const blocks = [
    renderHeading(report, paint),
    renderGroups(report, style),
    renderStatusOrders(orders, paint, ({ name }) =>
      (ofOrders.get(name) ?? []).flatMap((entry) => attentionLines(entry, INDENT, style)),
    ),
    others.flatMap((entry) => attentionLines(entry, '  ', style, `${entry.name}  `)).join('\n'),
    summaryLine(report),
  ];
  return `${given(...blocks).join('\n\n')}\n`;
}

function renderHeading({ scope, groups, orders = [], shard, read_at }: StatusReport, paint: Paint): string {
  const parts = given(
    `scope ${scope}`,
    count(groups.length, 'group'),
    orders.length > 0 && count(orders.length, 'order'),
    shard && `shard ${shard}`,
    `as of ${minuteOf(read_at)}`,
  );
  return `${paint('bold', 'regsync status')}   ${parts.join(' · ')}`;
}

/** Formats a time: `2026-06-01 12:00 UTC` */
function minuteOf(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)} UTC`;
}

function renderGroups(report: StatusReport, style: AttentionStyle): string {
  if (report.groups.length === 0) return '';
  const heading = ['', 'Group', 'For', 'Status', 'Filled', 'First expiry'].map((text): Cell => [text, 'dim']);
  const attention = groupByName(report.attention);
  const view = { ...style, warnDays: report.warn_days };
  const blocks = report.groups.map((group): Block => {
    return [groupRow(group), detailLines(group, attention.get(group.name) ?? [], view)];
  });
  return alignBlocks([[heading, []], ...blocks], style.paint).join('\n');
}

function groupByName(attention: readonly Attention[]): ReadonlyMap<string, readonly Attention[]> {
  const byName = new Map<string, Attention[]>();
  for (const entry of attention) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  return byName;
}

function groupRow(group: GroupStatus): Cell[] {
  const { sign, colour } = REVIEW_STATE_SIGNS[group.standing];
  const filled = group.requirements.filter((requirement) => requirement.has_value).length;
  return [
    [sign, colour],
    [group.name, 'bold'],
    `${group.country_code} ${group.phone_number_type} ${group.action}`,
    [group.status, colour],
    group.id === null ? '' : `${filled}/${group.requirements.length}`,
    group.expiry === null ? '' : `${group.expiry.date}  ${daysInWords(group.expiry)}`,
  ];
}

const INDENT = '     ';

interface View extends AttentionStyle {
  readonly warnDays: number;
}

function detailLines(group: GroupStatus, attention: readonly Attention[], view: View): string[] {
  const requirements = group.requirements
    .filter((requirement) => needsWords(requirement, group))
    .map((requirement) => requirementRow(requirement, group, view));
  return [
    ...alignColumns(requirements, INDENT, view.paint),
    ...alignColumns((group.orders ?? []).map(orderRow), INDENT, view.paint),
    ...group.comments.flatMap((comment) => commentLines(comment, view)),
    ...answerLines(group, view.paint),
    ...attention
      .filter(({ code }) => !SAID_BY_ROWS.has(code))
      .flatMap((entry) => attentionLines(entry, INDENT, view)),
    ...pendingLines(group, view.paint),
  ];
}

/** The codes that the rows already show, or that have a block of their own. */
const SAID_BY_ROWS: ReadonlySet<Attention['code']> = new Set([
  'declined',
  'reviewer-comment',
  'expired',
  'expiring',
  'under-review',
  'orphaned',
  'order-closed',
  'order-incomplete',
  'order-declined',
  'order-unreadable',
]);

function needsWords(requirement: RequirementStatus, group: GroupStatus): boolean {
  if (requirement.expiry !== null || REFUSED.has(requirement.status ?? '')) return true;
  if (group.id === null) return false;
  return !requirement.has_value || (requirement.status !== null && requirement.status !== group.status);
}

const REFUSED: ReadonlySet<string> = new Set(['declined', 'expired']);

function requirementRow(requirement: RequirementStatus, group: GroupStatus, { warnDays }: View): Cell[] {
  const { name, expiry, source } = requirement;
  const missing = group.id === null ? '' : 'no value';
  const status = requirement.has_value ? (requirement.status ?? '') : missing;
  const expiries = expiriesOf(requirement);
  if (REFUSED.has(requirement.status ?? '')) {
    const next = source === null ? '' : `change it at ${place(source)}`;
    return [['✗', 'red'], name, [status, 'red'], expiries, next];
  }
  const isNear = expiry !== null && expiry.days <= warnDays;
  return [isNear ? ['!', 'yellow'] : ['·', 'dim'], name, status, expiries];
}

function orderRow(order: OrderStatus): Cell[] {
  const words = orderWords(order);
  const needsLook = order.state === 'unreadable' || order.declined.length > 0;
  const state: Cell = needsLook ? [words.state, 'red'] : words.state;
  return [['@', 'cyan'], words.order, order.status, state, place(order.source)];
}

function expiriesOf({ expiry, expires, expires_at }: RequirementStatus): string {
  if (expiry === null) return '';
  const other = expiry.stated_by === 'manifest' ? expires_at?.slice(0, 10) : expires;
  const differs = other !== undefined && other !== null && other !== expiry.date;
  const otherSays = expiry.stated_by === 'manifest' ? 'Telnyx' : 'the manifest';
  return `${expiryInWords(expiry)}${differs ? `; ${otherSays} says ${other}` : ''}`;
}

function expiryInWords(expiry: Expiry): string {
  const verb = expiry.days < 0 ? 'expired' : 'expires';
  return `${verb} ${daysInWords(expiry)} (${expiry.date})`;
}

/**
 * Renders a comment with a bar before each line, so that a reviewer's text looks neither like regsync's own
 * nor like a command to a log.
 */
function commentLines({ body, by, created_at, read_at }: StatusComment, style: AttentionStyle): string[] {
  const lines = body
    .trim()
    .split(/\r?\n/)
    .flatMap((line) => wrapToTerminal(visible(line), style.columns, INDENT.length + 2));
  return [
    `${INDENT}${style.paint('bold', `${by}, ${visible(created_at.slice(0, 10))}${read_at === undefined ? '' : ', read'}:`)}`,
    ...lines.map((line) => `${INDENT}${style.paint('dim', '│')} ${line}`),
  ];
}

/** Returns the command that answers, if a reviewer waits for one. */
function answerLines({ name, comments, actions }: GroupStatus, paint: Paint): string[] {
  // The new values are the answer.
  if (actions.includes('update')) return [];
  const sinceAnswer = comments.slice(comments.findLastIndex(({ by }) => by === 'user') + 1);
  if (!sinceAnswer.some(({ read_at }) => read_at === undefined)) return [];
  return [`${INDENT}${paint('cyan', '>')} to answer: regsync reply ${visible(name)} "…"`];
}

function attentionLines(entry: Attention, indent: string, style: AttentionStyle, name = ''): string[] {
  const where = entry.source ? `  ${place(entry.source)}` : '';
  return markedLines(`${name}${entry.message}${where}`, indent, style);
}

const VERBS: Readonly<Record<PlanAction, string>> = {
  upload: 'uploads',
  create: 'creates it',
  update: 'updates it',
  adopt: 'adopts it',
  submit: 'submits it',
  start: 'starts an action',
  attach: 'attaches it',
  delete: 'deletes the old one',
};

/** Returns the line about the next apply, if it changes the group. */
function pendingLines(group: GroupStatus, paint: Paint): string[] {
  if (group.actions.length === 0) return [];
  const verbs = group.actions.map((action) => VERBS[action]).join(', ');
  return [`${INDENT}${paint('cyan', '>')} the next apply ${verbs}`];
}

function summaryLine({ groups, orders = [], summary }: StatusReport): string {
  const parts = REVIEW_STATES.toReversed()
    .filter((standing) => summary.standings[standing] > 0)
    .map((standing) => `${summary.standings[standing]} ${REVIEW_STATE_SIGNS[standing].word}`);
  const more = orders.length === 0 ? '' : ` ${ordersInWords(orders)}.`;
  return `${given(count(groups.length, 'group'), parts.join(', ')).join(': ')}.${more}`;
}
