import {
  type GroupStatus,
  type OrderStatus,
  type RequirementStatus,
  type ReviewState,
  reviewStateOfStatus,
  type StatusReport,
} from '../../model/report/status.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { orderWords } from '../words/order-words.ts';
import { Html, html } from './html.ts';
import { type Country, countCountries, reviewStatesInWords } from './report-map.ts';
import { chip, countryName, expiryWords, groupChip, icon } from './report-words.ts';

/** The most groups with which countries start unfolded, and with which groups do. */
const COUNTRIES_OPEN = 60;
const GROUPS_OPEN = 6;

/** Renders every group with its requirements, by country. */
export function renderBoard(report: StatusReport): Html {
  const { groups } = report;
  if (groups.length === 0) return html``;
  const countries = [...countCountries(groups).values()]
    .map((country) => ({ ...country, name: countryName(country.code) }))
    .sort((a, b) => compareText(a.name, b.name));
  return html`<section id="groups">
<h2>Every group</h2>
${countries.map((country) => renderCountry(country, country.name, groups.length))}</section>`;
}

function renderCountry(country: Country, name: string, total: number): Html {
  const groups = [...country.groups].sort((a, b) => compareText(a.name, b.name));
  return html`<details class="country"${openIf(total <= COUNTRIES_OPEN)}>
<summary><h3>${name} <small>${country.code}</small></h3><span class="tally is-${country.worst}">${icon(country.worst)}${reviewStatesInWords(country)}</span></summary>
<div id="country-${country.code}">
${groups.map((group) => renderGroup(group, total))}</div>
</details>
`;
}

function openIf(open: boolean): Html {
  return new Html(open ? ' open' : '');
}

const TO_LOOK_AT: ReadonlySet<ReviewState> = new Set(['expired', 'needs-work', 'expiring', 'unknown']);

function renderGroup(group: GroupStatus, total: number): Html {
  const filled = group.requirements.filter(({ has_value }) => has_value).length;
  const open = total <= GROUPS_OPEN || (total <= COUNTRIES_OPEN && TO_LOOK_AT.has(group.standing));
  return html`<details class="group"${openIf(open)}>
<summary><b><bdi>${group.name}</bdi></b><span class="for">${group.phone_number_type} · ${group.action}</span>${groupChip(group)}<span class="first">${expiryWords(group.expiry)}</span></summary>
<table>
<caption>${filled} of ${group.requirements.length} filled · <code>${group.source.file}:${group.source.line}</code>${group.id === null ? null : html` · id <code>${group.id}</code>`}</caption>
<thead><tr><th scope="col">Requirement</th><th scope="col">Status</th><th scope="col">Expires</th></tr></thead>
<tbody>
${group.requirements.map((requirement) => renderRequirement(requirement, group))}</tbody>
</table>
${renderOrders(group.orders ?? [])}</details>
`;
}

function renderOrders(orders: readonly OrderStatus[]): Html | null {
  if (orders.length === 0) return null;
  const entries = orders.map((order) => {
    const { order: name, state } = orderWords(order);
    return html`<li><code>${name}</code> · ${order.status} · ${state}</li>
`;
  });
  return html`<ul class="orders" aria-label="Orders that the group is attached to">
${entries}</ul>
`;
}

function renderRequirement(requirement: RequirementStatus, group: GroupStatus): Html {
  const { source } = requirement;
  const where = source === null ? null : html` · <code>${source.file}:${source.line}</code>`;
  return html`<tr><th scope="row"><bdi>${requirement.name}</bdi> <small>${requirement.field_type}${where}</small></th><td>${requirementStatus(requirement, group)}</td><td>${expiryWords(requirement.expiry)}</td></tr>
`;
}

function requirementStatus({ has_value, status }: RequirementStatus, group: GroupStatus): Html {
  if (group.id === null) return html`<small>not created yet</small>`;
  if (!has_value) return chip('open', 'no value');
  return status === null ? html`<small>filled</small>` : chip(reviewStateOfStatus(status), status);
}
