import type { OrderReport } from '../../src/model/report/order-report.ts';
import {
  type GroupStatus,
  REVIEW_STATES,
  type RequirementStatus,
  reviewStateOfStatus,
  type StatusReport,
} from '../../src/model/report/status.ts';
import { daysBetween } from '../../src/model/text/calendar.ts';

/** Reports for renderers, without the worlds that they would come from. */
const TODAY = '2031-01-01';
const WARN_DAYS = 30;

export function requirementStatus(given: Partial<RequirementStatus> = {}): RequirementStatus {
  const { expires = null, expires_at = null } = given;
  const told = expires_at?.slice(0, 10) ?? null;
  const first = told !== null && (expires === null || told < expires) ? told : expires;
  const stated_by = first === expires ? ('manifest' as const) : ('telnyx' as const);
  return {
    requirement_id: '11111111-1111-4111-8111-111111111111',
    name: 'Contact Info',
    field_type: 'textual',
    has_value: true,
    status: null,
    expires_at,
    expires,
    expiry: first === null ? null : { date: first, days: daysBetween(TODAY, first), stated_by },
    source: { file: 'groups/de.yaml', line: 9 },
    ...given,
  };
}

export function groupStatus(given: Partial<GroupStatus> = {}): GroupStatus {
  const requirements = given.requirements ?? [requirementStatus()];
  const status = given.status ?? 'approved';
  const dated = requirements.flatMap(({ expiry }) => (expiry === null ? [] : [expiry]));
  const expiry = dated.sort((a, b) => a.days - b.days)[0] ?? null;
  const standing = reviewStateOfStatus(status);
  return {
    name: 'de-local',
    id: '0a000000-0000-4000-8000-000000000001',
    country_code: 'DE',
    phone_number_type: 'local',
    action: 'ordering',
    status,
    standing: reviewStateWith(standing, expiry),
    actions: [],
    expiry,
    requirements,
    comments: [],
    source: { file: 'groups/de.yaml', line: 1 },
    ...given,
  };
}

export function orderReport(given: Partial<OrderReport> = {}): OrderReport {
  return {
    kind: 'NumberOrder',
    name: 'berlin',
    id: '5ef8ab9b-0000-4000-8000-000000000001',
    status: 'pending',
    standing: 'under-way',
    group: null,
    phone_numbers: 2,
    deadline: null,
    missing: [],
    declined: [],
    parts: [],
    actions: [],
    source: { file: 'groups/orders.yaml', line: 1 },
    ...given,
  };
}

/** A report without groups. */
export function ordersReport(
  orders: readonly OrderReport[],
  attention: StatusReport['attention'] = [],
  groups: readonly GroupStatus[] = [],
): StatusReport {
  const report = statusReport(groups, attention);
  return { ...report, orders, summary: { ...report.summary, orders: orders.length } };
}

function reviewStateWith(
  standing: GroupStatus['standing'],
  expiry: GroupStatus['expiry'],
): GroupStatus['standing'] {
  if (expiry !== null && expiry.days < 0) return 'expired';
  return standing === 'approved' && expiry !== null && expiry.days <= WARN_DAYS ? 'expiring' : standing;
}

export function statusReport(
  groups: readonly GroupStatus[],
  attention: StatusReport['attention'] = [],
): StatusReport {
  const count = (standing: string) => groups.filter((group) => group.standing === standing).length;
  return {
    format_version: '1.0',
    regsync_version: '0.0.0-test',
    scope: 'acme',
    read_at: `${TODAY}T12:00:00.000Z`,
    state: '5f'.repeat(32),
    warn_days: WARN_DAYS,
    summary: {
      groups: groups.length,
      standings: Object.fromEntries(
        REVIEW_STATES.map((standing) => [standing, count(standing)]),
      ) as StatusReport['summary']['standings'],
      attention: attention.length,
    },
    groups,
    attention,
  };
}
