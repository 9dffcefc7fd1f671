import type { PlanAction } from '../../model/plan/change.ts';
import type { OrderReport } from '../../model/report/order-report.ts';
import { visible } from '../../model/text/visible.ts';
import { purposeOfOrder } from '../words/order-words.ts';
import { daysInWords, ORDER_REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { count } from '../words/wording.ts';
import { alignColumns, type Cell } from './columns.ts';
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
  const heading = ['', 'Order', 'For', 'Status', 'Missing', 'Deadline'].map((text) => ({
    text,
    painted: paint('dim', text),
  }));
  const rows = orders.map((order) => orderRow(order, paint));
  const [head = '', ...heads] = alignColumns([heading, ...rows], '  ');
  const blocks = orders.map((order, index) =>
    [heads[index] ?? '', ...detailLines(order, paint), ...moreOf(order), ...pendingLines(order, paint)].join(
      '\n',
    ),
  );
  return [head, ...blocks].join('\n');
}

function orderRow(order: OrderReport, paint: Paint): Cell[] {
  const { sign, colour } = ORDER_REVIEW_STATE_SIGNS[order.standing];
  const status = visible(order.status);
  const { deadline, missing } = order;
  return [
    { text: sign, painted: paint(colour, sign) },
    { text: visible(order.name), painted: paint('bold', visible(order.name)) },
    { text: purposeOfOrder(order) },
    { text: status, painted: paint(colour, status) },
    { text: missing.length === 0 ? '' : count(missing.length, 'value') },
    { text: deadline === null ? '' : `${deadline.date}  ${daysInWords(deadline)}` },
  ];
}

const INDENT = '     ';

function detailLines({ group, parts, missing, declined }: OrderReport, paint: Paint): string[] {
  const combinations = parts.map(({ id, status, country_code, phone_number_type }) => {
    const numbers = [country_code, phone_number_type].filter((word) => word !== null).join(' ');
    return [paint('dim', '·'), `sub number order ${visible(id)}`, visible(numbers), visible(status)];
  });
  return [
    ...(group === null ? [] : [`${INDENT}${paint('cyan', '@')} group ${visible(group)}`]),
    ...alignColumns(
      combinations.map(([sign = '', ...texts]) => [
        { text: '·', painted: sign },
        ...texts.map((text) => ({ text })),
      ]),
      INDENT,
    ),
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
