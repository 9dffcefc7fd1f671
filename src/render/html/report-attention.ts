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
  readonly standing: ReviewState;
  readonly entries: readonly Attention[];
  /** The group or the order of this name. Both are absent if no manifest names it. */
  readonly group?: GroupStatus;
  readonly order?: OrderReport;
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
  const take = (name: string): readonly Attention[] => {
    const entries = byName.get(`group ${name}`) ?? [];
    byName.delete(`group ${name}`);
    return entries;
  };
  const stated: readonly Matter[] = [
    ...groups.map((group) => {
      const { name, standing } = group;
      return { name, standing, group, entries: take(name) };
    }),
    ...orders.map((order) => {
      const { name, standing } = order;
      return { name, standing: LOOK_OF_ORDER[standing], order, entries: take(name) };
    }),
  ];
  const foreign = [...byName.values()].map((entries): Matter => {
    return { name: entries[0]?.name ?? '', standing: 'unknown', entries };
  });
  const matters = stated.filter(({ standing, entries }) => entries.length > 0 || URGENT.has(standing));
  const rank = ({ standing }: Matter) => REVIEW_STATES.indexOf(standing);
  return [...matters.sort((a, b) => rank(a) - rank(b)), ...foreign];
}

function renderMatter({ name, standing, group, order, entries }: Matter): Html {
  const declined = (group?.requirements ?? []).filter(({ status }) => status === 'declined');
  const dated = entries.some(({ expires }) => expires !== undefined);
  // An order has no group of its name, and its manifest is known from the line that an entry shows.
  const isStated = entries.some(({ source }) => source !== undefined);
  const unstated = isStated ? null : html`<span class="chip is-open">no manifest</span>`;
  const chip = order !== undefined ? orderChip(order) : group === undefined ? unstated : groupChip(group);
  const lacking = order !== undefined && URGENT.has(standing) ? order.missing : [];
  const said = entries.filter(({ code, expires }) => !isSaidBetter(code, dated && expires === undefined));
  return html`<li class="matter is-${standing}">
<h3><bdi>${name}</bdi>${chip === null ? null : html` ${chip}`}</h3>
${order === undefined ? null : html`<p class="for">${purposeOfOrder(order)}</p>`}${group === undefined ? null : html`<p class="for">${group.country_code} · ${group.phone_number_type} · ${group.action}</p>`}
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
