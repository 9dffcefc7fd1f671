import { type OrderProgress, observeProgress } from '../../kinds/reading/order-progress.ts';
import { observeReviews } from '../../kinds/requirement-group/statuses.ts';
import { type OrderReport, waitsForPerson } from '../../model/report/order-report.ts';
import { type GroupStatus, reviewStateOfStatus, type StatusReport } from '../../model/report/status.ts';
import { asRemoteId, type RemoteId } from '../../model/resource.ts';
import { purposeOfOrder } from '../../render/words/order-words.ts';
import { ORDER_REVIEW_STATE_SIGNS, REVIEW_STATE_SIGNS } from '../../render/words/review-state.ts';
import { count } from '../../render/words/wording.ts';
import type { ReadClient } from '../../telnyx/client.ts';

/** A group under review, or an order under way, as last read. */
export interface Awaited {
  /** Is unique among groups and orders. */
  readonly key: string;
  readonly name: string;
  /** What it is for, in words. */
  readonly purpose: string;
  /** The status for people, with what it means if that is not plain. */
  readonly shown: string;
  readonly isPending: boolean;
  readonly look: { readonly sign: string; readonly colour: (typeof REVIEW_STATE_SIGNS)['open']['colour'] };
  readonly of: { readonly group: GroupStatus } | { readonly order: OrderReport };
}

/** Returns the groups and orders that wait for somebody at Telnyx, or for a person who has a link. */
export function awaitedIn({ groups, orders = [] }: StatusReport): Awaited[] {
  const all = [...groups.filter(({ id }) => id !== null).map(awaitedGroup), ...orders.map(awaitedOrder)];
  return all.filter(({ isPending }) => isPending);
}

/** Goes by the status alone, so that a group with an expired value counts too. */
function awaitedGroup(group: GroupStatus): Awaited {
  const { id, name, country_code, phone_number_type, action, status, standing } = group;
  return {
    key: `group ${id}`,
    name,
    purpose: `${country_code} ${phone_number_type} ${action}`,
    shown: status,
    isPending: reviewStateOfStatus(status) === 'under-review',
    look: REVIEW_STATE_SIGNS[standing],
    of: { group },
  };
}

function awaitedOrder(order: OrderReport): Awaited {
  const { kind, name, status, standing } = order;
  const look = ORDER_REVIEW_STATE_SIGNS[standing];
  const waits = waitsForPerson(order);
  return {
    key: `${kind} ${name}`,
    name,
    purpose: purposeOfOrder(order),
    shown: waits
      ? `${status}, waits for a person`
      : standing === 'needs-work'
        ? `${status}, ${look.word}`
        : status,
    isPending: standing === 'under-way' || waits,
    look,
    of: { order },
  };
}

/** Reads the groups and orders again: one page of groups, and each order by itself. */
export async function lookAgain(client: ReadClient, pending: readonly Awaited[]): Promise<Awaited[]> {
  const groups = pending.flatMap(({ of }) => ('group' in of ? [of.group] : []));
  const orders = pending.flatMap(({ of }) => ('order' in of ? [of.order] : []));
  const ids = groups.map(({ id }) => asRemoteId(id ?? ''));
  const [statuses, progress] = await Promise.all([
    groups.length === 0 ? NO_STATUSES : observeReviews(client, ids),
    observeProgress(client, orders),
  ]);
  return [
    ...groups.map((group) => {
      const status = statuses.get(asRemoteId(group.id ?? '')) ?? group.status;
      return awaitedGroup({ ...group, status, standing: reviewStateOfStatus(status) });
    }),
    ...orders.map((order, index) => awaitedOrder(withProgress(order, progress[index]))),
  ];
}

/** Keeps an order waiting for its person until something else is heard of it. */
function withProgress(order: OrderReport, now: OrderProgress | undefined): OrderReport {
  if (now === undefined) return order;
  const stillWaits = waitsForPerson(order) && now.standing === 'under-way';
  return stillWaits ? { ...order, status: now.status } : { ...order, ...now, waits_for: [] };
}

const NO_STATUSES: ReadonlyMap<RemoteId, string> = new Map();

const MAX_NAMES = 5;

/** Returns words such as `2 groups under review (de-local, fr-local) and 1 order under way (berlin)`. */
export function describeAwaited(awaited: readonly Awaited[]): string {
  const groups = awaited.filter(({ of }) => 'group' in of);
  const orders = awaited.filter(({ of }) => 'order' in of);
  return [
    ...(groups.length === 0 ? [] : [`${count(groups.length, 'group')} under review (${namesOf(groups)})`]),
    ...(orders.length === 0 ? [] : [`${count(orders.length, 'order')} under way (${namesOf(orders)})`]),
  ].join(' and ');
}

function namesOf(awaited: readonly Awaited[]): string {
  const names = awaited.slice(0, MAX_NAMES).map(({ name }) => name);
  const more = awaited.length > names.length ? `, and ${awaited.length - names.length} more` : '';
  return `${names.join(', ')}${more}`;
}
