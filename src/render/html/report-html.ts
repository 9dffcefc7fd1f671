import { createHash } from 'node:crypto';
import { REVIEW_STATES, type ReviewState, type StatusReport } from '../../model/report/status.ts';
import { ordersInWords } from '../words/order-words.ts';
import { REVIEW_STATE_SIGNS } from '../words/review-state.ts';
import { Html, html, type Renderable } from './html.ts';
import { renderAttention } from './report-attention.ts';
import { renderBoard } from './report-board.ts';
import { renderMap } from './report-map.ts';
import { renderOrders } from './report-orders.ts';
import { REPORT_STYLE } from './report-style.ts';
import { renderTimeline } from './report-timeline.ts';
import { figure, icon, momentInWords } from './report-words.ts';

/**
 * Renders the report as one page without scripts, network or fonts. Its policy allows the browser only the
 * style sheet in the page, by its digest.
 */
export function renderReportHtml(report: StatusReport): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>Requirement groups of ${report.scope}, ${report.read_at.slice(0, 10)}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body>
${ICONS}
<header>
<p class="scope">regsync report · scope <b>${report.scope}</b></p>
<h1>${verdict(report)}</h1>
<p>As Telnyx had it on <time datetime="${report.read_at}">${momentInWords(report.read_at)}</time>.</p>
${renderSummary(report)}
</header>
<main>
${renderAttention(report)}
${renderOrders(report)}
${renderMap(report)}
${renderTimeline(report)}
${renderBoard(report)}
</main>
<footer>
<p>Made by regsync ${report.regsync_version}. No value, address or document is in this page.</p>
<p>State <code>${report.state.slice(0, 16)}</code>: a report with the same state shows the same groups, whatever its day.</p>
</footer>
</body>
</html>
`;
  return page.text;
}

/** The policy. `style-src` with a digest also forbids style attributes. */
const CONTENT_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(REPORT_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Returns the heading. Counts groups with the status approved even if they expire soon or have expired, which
 * the list below shows separately.
 */
function verdict({ groups, orders = [], summary: { standings } }: StatusReport): string {
  const total = groups.length;
  if (total === 0) return orders.length === 0 ? 'No requirement groups yet' : ordersInWords(orders);
  const isApproved = ({ status }: StatusReport['groups'][number]) => status === 'approved';
  const approved = groups.filter(isApproved).length;
  const expired = groups.filter((group) => isApproved(group) && group.standing === 'expired').length;
  const parts = [
    ...(standings.expiring > 0 ? [`${figure(standings.expiring)} of them expiring`] : []),
    ...(expired > 0 ? [`${figure(expired)} of them expired`] : []),
  ];
  const but =
    approved === 1
      ? butOne(standings.expiring, expired)
      : parts.length === 0
        ? ''
        : `, ${parts.join(' and ')}`;
  if (total === 1) return approved === 1 ? `The group is approved${but}` : 'The group is not approved yet';
  if (approved === total) return `All ${figure(total)} groups are approved${but}`;
  return `${figure(approved)} of ${figure(total)} groups ${approved === 1 ? 'is' : 'are'} approved${but}`;
}

function butOne(expiring: number, expired: number): string {
  if (expired > 0) return ', and expired';
  return expiring > 0 ? ', and expiring' : '';
}

/** Renders the counts, which also explain each review state by icon, colour and word. */
function renderSummary({ summary: { standings } }: StatusReport): Html {
  // Expired groups come first, because they need attention most.
  const order = [
    'expired',
    ...REVIEW_STATES.toReversed().filter((standing) => standing !== 'expired'),
  ] as const;
  const entries = order.flatMap((standing): Renderable[] => {
    const number = standings[standing];
    if ((standing === 'unknown' || standing === 'expired') && number === 0) return [];
    return [
      html`<li class="is-${standing}${number === 0 ? ' none' : ''}">${icon(standing)} <b>${figure(number)}</b> <span>${standing === 'expiring' ? 'approved, expiring' : REVIEW_STATE_SIGNS[standing].word}</span></li>\n`,
    ];
  });
  return html`<ul class="summary" aria-label="Groups by review state">
${entries}</ul>`;
}

const DRAWINGS: Readonly<Record<ReviewState, string>> = {
  approved: '<path d="M3 8.6 6.4 12 13 4.6"/>',
  'under-review': '<circle cx="8" cy="8" r="5.8"/><path d="M8 4.6V8l2.4 1.6"/>',
  open: '<circle cx="8" cy="8" r="5.8" stroke-dasharray="2.4 2.15"/>',
  expiring: '<path d="M8 2.2 14.6 13.8H1.4Z"/><path d="M8 6.6v3.2M8 11.7v.1"/>',
  expired: '<path d="M5.4 1.6h5.2l3.8 3.8v5.2l-3.8 3.8H5.4l-3.8-3.8V5.4Z"/><path d="M8 4.8v3.6M8 11v.1"/>',
  'needs-work': '<path d="m4 4 8 8M12 4l-8 8"/>',
  unknown: '<path d="M5.4 5.8a2.6 2.6 0 1 1 3.7 2.4C8.3 8.6 8 9 8 10M8 12.4v.1"/>',
};

const ICONS = new Html(
  `<svg class="icons" aria-hidden="true">${REVIEW_STATES.map(
    (standing) => `<symbol id="icon-${standing}" viewBox="0 0 16 16">${DRAWINGS[standing]}</symbol>`,
  ).join('')}</svg>`,
);
