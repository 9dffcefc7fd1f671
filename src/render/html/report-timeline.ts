import type {
  Expiry,
  GroupStatus,
  RequirementStatus,
  ReviewState,
  StatusReport,
} from '../../model/report/status.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { type Html, html } from './html.ts';
import { chip, expiryWords, figure, monthName, reviewStateOfExpiry } from './report-words.ts';

/** Renders expiries: counted by month for a year, and the next ones in a table. */
export function renderTimeline(report: StatusReport): Html {
  const expiries = collectExpiries(report);
  if (expiries.length === 0) {
    return html`<section id="expiries">
<h2>Expiry dates</h2>
<p class="calm">Nothing: Telnyx and the manifests give no dates.</p>
</section>`;
  }
  return html`<section id="expiries">
<h2>Expiry dates <span class="count">${figure(expiries.length)}</span></h2>
${renderChart(countMonths(expiries, report))}
${renderNext(expiries, report)}
</section>`;
}

interface Expiring {
  readonly group: GroupStatus;
  readonly requirement: RequirementStatus;
  readonly expiry: Expiry;
}

function collectExpiries({ groups }: StatusReport): Expiring[] {
  const all = groups.flatMap((group) =>
    group.requirements.flatMap((requirement) =>
      requirement.expiry === null ? [] : [{ group, requirement, expiry: requirement.expiry }],
    ),
  );
  return all.sort(
    (a, b) => compareText(a.expiry.date, b.expiry.date) || compareText(a.group.name, b.group.name),
  );
}

/* ---- The chart ---- */

interface Column {
  /** `Jan`, or `past` and `later` at the ends. */
  readonly label: string;
  /** The year, under its first month. */
  readonly year: string;
  readonly name: string;
  readonly number: number;
  readonly standing: ReviewState;
}

const MONTHS_SHOWN = 12;

function countMonths(expiries: readonly Expiring[], report: StatusReport): Column[] {
  const first = monthIndex(report.read_at);
  const months = Array.from({ length: MONTHS_SHOWN }, (_, offset): Column => {
    const month = (first + offset) % 12;
    const year = String(Math.floor((first + offset) / 12));
    const own = expiries.filter(
      ({ expiry }) => expiry.days >= 0 && monthIndex(expiry.date) === first + offset,
    );
    return {
      label: monthName(month).slice(0, 3),
      year: offset === 0 || month === 0 ? year : '',
      name: `${monthName(month)} ${year}`,
      number: own.length,
      standing: own[0] === undefined ? 'open' : reviewStateOfExpiry(own[0].expiry, report),
    };
  });
  const past = expiries.filter(({ expiry }) => expiry.days < 0).length;
  const later = expiries.filter(({ expiry }) => monthIndex(expiry.date) >= first + MONTHS_SHOWN).length;
  return [
    ...(past > 0
      ? [{ label: 'past', year: '', name: 'past', number: past, standing: 'expired' as const }]
      : []),
    ...months,
    ...(later > 0
      ? [{ label: 'later', year: '', name: 'later', number: later, standing: 'open' as const }]
      : []),
  ];
}

/** Returns the months since year 0 for a text that begins with `YYYY-MM`. */
function monthIndex(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
}

const TOP = 18;
const BAR = 84;
const HEIGHT = TOP + BAR + 36;

/**
 * Renders the chart with widths in percent, so that it fits any page without scaling its text, and heights in
 * pixels.
 */
function renderChart(columns: readonly Column[]): Html {
  // The minimum keeps a single expiry from filling the whole height.
  const most = Math.max(4, ...columns.map(({ number }) => number));
  const summary = columns
    .filter(({ number }) => number > 0)
    .map(({ name, number }) => `${name}: ${figure(number)}`)
    .join('; ');
  const base = TOP + BAR;
  return html`<svg class="chart" height="${HEIGHT}" role="img" aria-label="${`Expiries by month. ${summary}`}">
<line class="axis" x1="0" x2="100%" y1="${base + 0.5}" y2="${base + 0.5}"/>
${columns.map((column, index) => {
  const middle = percent((index + 0.5) / columns.length);
  const height = column.number === 0 ? 0 : Math.max(4, Math.round((column.number / most) * BAR));
  return html`${
    column.number === 0
      ? null
      : html`<rect class="is-${column.standing}" x="${percent((index + 0.16) / columns.length)}" width="${percent(0.68 / columns.length)}" y="${base - height}" height="${height}" rx="2"/><text class="number" x="${middle}" y="${base - height - 5}">${figure(column.number)}</text>`
  }<text x="${middle}" y="${base + 16}">${column.label}</text>${column.year === '' ? null : html`<text class="year" x="${middle}" y="${base + 31}">${column.year}</text>`}
`;
})}</svg>`;
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)}%`;
}

/* ---- The table ---- */

/** The least number of rows. Past and near expiries are always shown. */
const LEAST_SHOWN = 12;

function renderNext(expiries: readonly Expiring[], report: StatusReport): Html {
  const near = expiries.filter(({ expiry }) => expiry.days <= report.warn_days).length;
  const shown = expiries.slice(0, Math.max(LEAST_SHOWN, near));
  const left = expiries.length - shown.length;
  return html`<table class="expiries">
<caption>${left === 0 ? 'All of them, the first to expire on top' : 'The next to expire'}</caption>
<thead><tr><th scope="col">Date</th><th scope="col">Requirement</th></tr></thead>
<tbody>
${shown.map((entry) => renderExpiring(entry, report))}</tbody>
</table>
${left === 0 ? null : html`<p class="hint">${figure(left)} more, each with its group below.</p>`}`;
}

function renderExpiring({ group, requirement, expiry }: Expiring, report: StatusReport): Html {
  const standing = reviewStateOfExpiry(expiry, report);
  const near = standing === 'open' ? null : chip(standing, expiry.days < 0 ? 'expired' : 'soon');
  return html`<tr><th scope="row">${expiryWords(expiry)} ${near}</th><td><bdi>${requirement.name}</bdi> <small>${group.country_code} · <bdi>${group.name}</bdi> · ${saidBy(requirement, expiry)}</small></td></tr>
`;
}

function saidBy({ source }: RequirementStatus, { stated_by }: Expiry): Html | string {
  if (stated_by === 'telnyx' || source === null) return 'date from Telnyx';
  return html`date from <code>${source.file}:${source.line}</code>`;
}
