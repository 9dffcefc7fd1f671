import type { OrderReport, OrderReviewState } from '../../model/report/order-report.ts';
import type { ReviewState, StatusReport } from '../../model/report/status.ts';
import { ordersInWords, purposeOfOrder } from '../words/order-words.ts';
import { daysInWords, ORDER_REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { type Html, html } from './html.ts';
import { chip, figure } from './report-words.ts';

/** The review state of a group whose look each state of an order has. */
export const LOOK_OF_ORDER: Readonly<Record<OrderReviewState, ReviewState>> = {
  failed: 'needs-work',
  'needs-work': 'needs-work',
  unknown: 'unknown',
  open: 'open',
  'under-way': 'under-review',
  done: 'approved',
};

/** Renders the orders that have manifests of their own. */
export function renderOrders({ orders = [] }: StatusReport): Html | null {
  if (orders.length === 0) return null;
  return html`<section id="orders">
<h2>Orders <span class="count">${figure(orders.length)}</span></h2>
<p class="hint">${ordersInWords(orders)}.</p>
<table>
<thead><tr><th scope="col">Order</th><th scope="col">Status</th><th scope="col">Deadline</th></tr></thead>
<tbody>
${orders.map(renderOrder)}</tbody>
</table>
</section>`;
}

/** Returns the chip of an order: its status at Telnyx, and what it means if that is not plain. */
export function orderChip({ standing, status }: OrderReport): Html {
  const { word } = ORDER_REVIEW_STATE_SIGNS[standing];
  const isPlain = standing === 'under-way' || standing === 'done' || status === 'absent';
  const shown = status === 'absent' ? word : isPlain || standing === 'open' ? status : `${status}, ${word}`;
  return chip(LOOK_OF_ORDER[standing], shown);
}

function renderOrder(order: OrderReport): Html {
  const { name, group, id, source, deadline, missing, declined } = order;
  return html`<tr><th scope="row"><b><bdi>${name}</bdi></b> <small>${purposeOfOrder(order)}${group === null ? null : html` · group <bdi>${group}</bdi>`}${id === null ? null : html` · id <code>${id}</code>`} · <code>${source.file}:${source.line}</code></small>${lacking('No value: ', missing)}${lacking('Declined: ', declined)}</th><td>${orderChip(order)}</td><td>${deadline === null ? null : html`<time datetime="${deadline.date}">${deadline.date}</time> <small>${daysInWords(deadline)}</small>`}</td></tr>
`;
}

function lacking(words: string, names: readonly string[]): Html | null {
  if (names.length === 0) return null;
  return html`<small>${words}${names.map((name, index) => html`${index === 0 ? '' : ', '}<bdi>${name}</bdi>`)}</small>`;
}
