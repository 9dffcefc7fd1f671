import { createHash } from 'node:crypto';
import type { BoundByKind } from '../../model/kinds.ts';
import type { Observed, ObservedGroup } from '../../model/observed.ts';
import type { Change } from '../../model/plan/change.ts';
import type { Decisions } from '../../model/plan/decisions.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { OrderReport } from '../../model/report/order-report.ts';
import {
  type Expiry,
  type GroupStatus,
  type OrderStatus,
  REVIEW_STATES,
  type RequirementStatus,
  type ReviewState,
  reviewStateOfStatus,
  type StatusReport,
} from '../../model/report/status.ts';
import type { RequirementDefinition } from '../../model/requirements.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { dateOf, daysBetween, readDate } from '../../model/text/calendar.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { statedExpiry } from '../values/expiries.ts';
import { reportOrders } from '../values/report-orders.ts';
import { compareOrders } from './orders/order-comparison.ts';

export interface StatusInput extends BoundByKind {
  readonly version: string;
  readonly observed: Observed;
  /** The decisions of a plan of the same two worlds. */
  readonly decisions: Pick<Decisions, 'changes' | 'attention'>;
  readonly warnDays: number;
  readonly shard?: string;
}

/** Reports the groups and orders of the manifests as Telnyx has them, without values. */
export function reportStatus(input: StatusInput): StatusReport {
  const { observed, decisions, warnDays } = input;
  const byName = [...input.RequirementGroup].sort((a, b) => compareText(a.name, b.name));
  const changes = new Map(decisions.changes.map((change) => [`${change.kind}/${change.name}`, change]));
  const groups = byName.map((group) =>
    reportGroup(group, { observed, warnDays, change: changes.get(`RequirementGroup/${group.name}`) }),
  );
  const orders = reportOrders({ ...input, changes: decisions.changes });
  return {
    format_version: '1.0',
    regsync_version: input.version,
    scope: observed.scope,
    ...(input.shard === undefined ? {} : { shard: input.shard }),
    read_at: new Date(observed.readAtMs).toISOString(),
    state: digestState(groups, orders, decisions.attention),
    warn_days: warnDays,
    summary: {
      groups: groups.length,
      ...(orders.length === 0 ? {} : { orders: orders.length }),
      standings: countReviewStates(groups),
      attention: decisions.attention.length,
    },
    groups,
    ...(orders.length === 0 ? {} : { orders }),
    attention: decisions.attention,
  };
}

interface GroupContext {
  readonly observed: Observed;
  readonly warnDays: number;
  readonly change: Change | undefined;
}

function reportGroup(group: BoundGroup, { observed, warnDays, change }: GroupContext): GroupStatus {
  const {
    group: found = null,
    superseded = [],
    rivals = [],
  } = observed.RequirementGroup.get(group.name) ?? {};
  const shown = found ?? rivals[0] ?? superseded[0] ?? null;
  const requirements = reportRequirements(group, shown, dateOf(observed.readAtMs));
  const expiry = earliest(requirements.map((requirement) => requirement.expiry));
  const status = shown?.status ?? 'absent';
  const orders = reportAttached(group, found, observed);
  return {
    name: group.name,
    id: shown?.id ?? null,
    country_code: group.combination.countryCode,
    phone_number_type: group.combination.phoneNumberType,
    action: group.combination.action,
    status,
    standing: reviewStateOf(status, expiry, warnDays),
    actions: change?.kind === 'RequirementGroup' ? change.actions : [],
    expiry,
    requirements,
    comments: (shown === null ? [] : (observed.comments.get(shown.id) ?? [])).map((comment) => ({
      body: comment.body,
      created_at: comment.createdAt,
      by: comment.byReviewer ? 'reviewer' : 'user',
      ...(comment.readAt ? { read_at: comment.readAt } : {}),
    })),
    ...(orders.length === 0 ? {} : { orders }),
    source: { file: group.source.file, line: group.source.line },
  };
}

function reportAttached(group: BoundGroup, found: ObservedGroup | null, observed: Observed): OrderStatus[] {
  return compareOrders(group, found, observed).map(({ order, state, declined }) => ({
    kind: order.kind,
    id: order.id,
    status: order.status,
    state,
    declined: declined.map(({ requirementName }) => requirementName),
    source: { file: order.source.file, line: order.source.line },
  }));
}

function reviewStateOf(status: string, expiry: Expiry | null, warnDays: number): ReviewState {
  const standing = reviewStateOfStatus(status);
  if (expiry !== null && expiry.days < 0) return 'expired';
  return standing === 'approved' && expiry !== null && expiry.days <= warnDays ? 'expiring' : standing;
}

/** Returns the requirements of the group, and those that only the manifest states. */
function reportRequirements(
  group: BoundGroup,
  found: ObservedGroup | null,
  today: string,
): RequirementStatus[] {
  const held = new Map(found?.requirements.map((requirement) => [requirement.requirementId, requirement]));
  const values = new Map(group.values.map((value) => [value.requirement.id, value]));
  const definitions = new Map<string, RequirementDefinition>(
    [...group.definitions, ...group.values.map((value) => value.requirement)].map((entry) => [
      entry.id,
      entry,
    ]),
  );
  return [...definitions.values()].map((definition) => {
    const requirement = held.get(definition.id);
    const value = values.get(definition.id);
    const stated = statedExpiry(value);
    const told = readDate(requirement?.expiresAt ?? null);
    return {
      requirement_id: definition.id,
      name: definition.name,
      field_type: definition.fieldType,
      has_value: requirement !== undefined && !requirement.value.isEmpty,
      status: requirement?.status ?? null,
      expires_at: requirement?.expiresAt ?? null,
      expires: stated,
      expiry: earliest([
        stated && { date: stated, days: daysBetween(today, stated), stated_by: 'manifest' },
        told && { date: told, days: daysBetween(today, told), stated_by: 'telnyx' },
      ]),
      source: value === undefined ? null : { file: value.contentSource.file, line: value.contentSource.line },
    };
  });
}

function earliest(expiries: readonly (Expiry | '' | null)[]): Expiry | null {
  const known = expiries.filter((expiry) => expiry !== null && expiry !== '');
  return known.sort((a, b) => a.days - b.days)[0] ?? null;
}

function countReviewStates(groups: readonly GroupStatus[]): Record<ReviewState, number> {
  const counts = Object.fromEntries(REVIEW_STATES.map((standing) => [standing, 0])) as Record<
    ReviewState,
    number
  >;
  for (const { standing } of groups) counts[standing]++;
  return counts;
}

/** The codes about objects without a line of their own in a report. */
const SAID_OF_OTHERS: ReadonlySet<Attention['code']> = new Set([
  'orphaned',
  'order-comment',
  'order-exception',
]);

/** Covers everything that does not change by itself with the days. */
function digestState(
  groups: readonly GroupStatus[],
  orders: readonly OrderReport[],
  attention: readonly Attention[],
): string {
  const others = attention.filter(({ code }) => SAID_OF_OTHERS.has(code)).map(({ message }) => message);
  const daily = new Set(['days', 'standing']);
  const text = JSON.stringify([groups, others, ...orders], (key, value) =>
    daily.has(key) ? undefined : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
