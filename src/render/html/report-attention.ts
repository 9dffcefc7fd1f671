import type { Attention } from '../../model/plan/plan.ts';
import type { OrderReport } from '../../model/report/order-report.ts';
import {
  type GroupStatus,
  REVIEW_STATES,
  type ReviewState,
  type StatusComment,
  type StatusReport,
} from '../../model/report/status.ts';
import { purposeOfOrder } from '../words/order-words.ts';
import { type Html, html, lines } from './html.ts';
import { LOOK_OF_ORDER, orderChip } from './report-orders.ts';
import { figure, groupChip } from './report-words.ts';

/** The number of entries that are not folded. The first are the worst. */
const MAX_OPEN = 20;

/** Renders the groups that need action, worst first, with reviewers' comments and the line to change. */
export function renderAttention(report: StatusReport): Html {
  const matters = collectMatters(report);
  if (matters.length === 0) {
    return html`<section id="attention">
<h2>Needs attention</h2>
<p class="calm">Nothing needs attention.</p>
</section>`;
  }
  const folded = matters.slice(MAX_OPEN);
  return html`<section id="attention">
<h2>Needs attention <span class="count">${figure(matters.length)}</span></h2>
<ul class="matters">
${matters.slice(0, MAX_OPEN).map(renderMatter)}</ul>
${
  folded.length === 0
    ? null
    : html`<details><summary>${figure(folded.length)} more</summary>
<ul class="matters">
${folded.map(renderMatter)}</ul>
</details>`
}
</section>`;
}

const URGENT: ReadonlySet<ReviewState> = new Set(['expired', 'needs-work', 'unknown']);

interface Matter {
  readonly name: string;
  /** The group. Null if no manifest names it. */
  readonly group: GroupStatus | null;
  /** The order of this name. Absent if it is a group or an orphan. */
  readonly order?: OrderReport;
  readonly entries: readonly Attention[];
}

function collectMatters({ groups, orders = [], attention }: StatusReport): Matter[] {
  const byName = new Map<string, Attention[]>();
  // A review in progress needs no action.
  for (const entry of attention.filter(({ code }) => code !== 'under-review')) {
    const key = entry.code === 'orphaned' ? `orphan ${entry.name}` : `group ${entry.name}`;
    const entries = byName.get(key);
    if (entries === undefined) byName.set(key, [entry]);
    else entries.push(entry);
  }
  const own = groups.flatMap((group): Matter[] => {
    const entries = byName.get(`group ${group.name}`) ?? [];
    byName.delete(`group ${group.name}`);
    const matters = entries.length > 0 || URGENT.has(group.standing);
    return matters ? [{ name: group.name, group, entries }] : [];
  });
  const ofOrders = orders.flatMap((order): Matter[] => {
    const entries = byName.get(`group ${order.name}`) ?? [];
    byName.delete(`group ${order.name}`);
    const matters = entries.length > 0 || URGENT.has(LOOK_OF_ORDER[order.standing]);
    return matters ? [{ name: order.name, group: null, order, entries }] : [];
  });
  const rank = ({ group, order }: Matter) =>
    group === null && order === undefined
      ? REVIEW_STATES.length
      : REVIEW_STATES.indexOf(group?.standing ?? LOOK_OF_ORDER[order?.standing ?? 'unknown']);
  const foreign = [...byName.values()].map(
    (entries): Matter => ({ name: entries[0]?.name ?? '', group: null, entries }),
  );
  return [...own, ...ofOrders, ...foreign].sort((a, b) => rank(a) - rank(b));
}

function renderMatter({ name, group, order, entries }: Matter): Html {
  const standing = group?.standing ?? (order === undefined ? 'unknown' : LOOK_OF_ORDER[order.standing]);
  const declined = (group?.requirements ?? []).filter(({ status }) => status === 'declined');
  const dated = entries.some(({ expires }) => expires !== undefined);
  // An order has no group of its name, and its manifest is known from the line that an entry shows.
  const isStated = entries.some(({ source }) => source !== undefined);
  const unstated = isStated ? null : html`<span class="chip is-open">no manifest</span>`;
  const chip = order !== undefined ? orderChip(order) : group === null ? unstated : groupChip(group);
  const lacking = order !== undefined && URGENT.has(standing) ? order.missing : [];
  const said = entries.filter(({ code, expires }) => !isSaidBetter(code, dated && expires === undefined));
  return html`<li class="matter is-${standing}">
<h3><bdi>${name}</bdi>${chip === null ? null : html` ${chip}`}</h3>
${order === undefined ? null : html`<p class="for">${purposeOfOrder(order)}</p>`}${group === null ? null : html`<p class="for">${group.country_code} · ${group.phone_number_type} · ${group.action}</p>`}
${
  declined.length + said.length + lacking.length === 0
    ? null
    : html`<ul>
${lacking.map((one) => html`<li><b><bdi>${one}</bdi></b> has no value</li>\n`)}${declined.map((requirement) => html`<li><b><bdi>${requirement.name}</bdi></b> was declined${place(requirement.source, ': change it at ')}</li>\n`)}${said.map((entry) => html`<li><bdi>${entry.message}</bdi>${place(entry.source ?? null, ' ')}</li>\n`)}</ul>`
}
${(group?.comments ?? []).map(renderComment)}</li>
`;
}

/**
 * Returns true if another line says it better: a declined value and a comment have lines of their own, and an
 * expiry may have its date.
 */
function isSaidBetter(code: Attention['code'], othersAreDated: boolean): boolean {
  return code === 'declined' || code === 'reviewer-comment' || (code === 'expired' && othersAreDated);
}

function place(source: { readonly file: string; readonly line: number } | null, before: string): Html | null {
  return source === null ? null : html`${before}<code>${source.file}:${source.line}</code>`;
}

function renderComment({ body, by, created_at, read_at }: StatusComment): Html {
  return html`<figure>
<blockquote dir="auto">${lines(body)}</blockquote>
<figcaption>${by === 'reviewer' ? 'Reviewer' : 'User'}, ${created_at.slice(0, 10)}${read_at === undefined ? '' : ', read'}</figcaption>
</figure>
`;
}
