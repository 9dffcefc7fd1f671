import type { PlanAction } from '../../model/plan/change.ts';
import type { OrderReport } from '../../model/report/order-report.ts';
import { visible } from '../../model/text/visible.ts';
import { purposeOfOrder } from '../words/order-words.ts';
import { daysInWords, ORDER_REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { count, given } from '../words/wording.ts';
import { alignBlocks, alignColumns, type Block, type Cell } from './columns.ts';
import type { Paint } from './paint.ts';

/**
 * Renders a table of the orders with manifests of their own. Below each are its parts, what it lacks, and the
 * lines that `moreOf` returns.
 */
export function renderStatusOrders(
  orders: readonly OrderReport[],
  paint: Paint,
  moreOf: (order: OrderReport) => readonly string[],
): string {
  if (orders.length === 0) return '';
  const heading = ['', 'Order', 'For', 'Status', 'Missing', 'Deadline'].map((text): Cell => [text, 'dim']);
  const blocks = orders.map((order): Block => {
    const lines = [...detailLines(order, paint), ...moreOf(order), ...pendingLines(order, paint)];
    return [orderRow(order), lines];
  });
  return alignBlocks([[heading, []], ...blocks], paint).join('\n');
}

function orderRow(order: OrderReport): Cell[] {
  const { name, standing, status, deadline, missing } = order;
  const { sign, colour } = ORDER_REVIEW_STATE_SIGNS[standing];
  return [
    [sign, colour],
    [name, 'bold'],
    purposeOfOrder(order),
    [status, colour],
    missing.length === 0 ? '' : count(missing.length, 'value'),
    deadline === null ? '' : `${deadline.date}  ${daysInWords(deadline)}`,
  ];
}

const INDENT = '     ';

function detailLines({ group, parts, missing, declined }: OrderReport, paint: Paint): string[] {
  const rows = parts.map(({ id, status, country_code, phone_number_type }): Cell[] => [
    ['·', 'dim'],
    `sub number order ${id}`,
    given(country_code, phone_number_type).join(' '),
    status,
  ]);
  return [
    ...(group === null ? [] : [`${INDENT}${paint('cyan', '@')} group ${visible(group)}`]),
    ...alignColumns(rows, INDENT, paint),
    ...missing.map((name) => `${INDENT}${paint('yellow', '!')} ${visible(name)}  no value`),
    ...declined.map((name) => `${INDENT}${paint('red', '✗')} ${visible(name)}  ${paint('red', 'declined')}`),
  ];
}

const VERBS: Partial<Readonly<Record<PlanAction, string>>> = {
  upload: 'uploads its documents',
  create: 'places it',
  update: 'updates it',
  adopt: 'adopts it',
};

/** Returns the line about the next apply, if it changes the order. */
function pendingLines({ actions }: OrderReport, paint: Paint): string[] {
  const verbs = actions.flatMap((action) => VERBS[action] ?? []);
  if (verbs.length === 0) return [];
  const condition = actions.includes('create') ? ', with --allow-orders' : '';
  return [`${INDENT}${paint('cyan', '>')} the next apply ${verbs.join(', ')}${condition}`];
}
