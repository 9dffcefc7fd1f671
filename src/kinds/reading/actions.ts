import type { ActionState, ObservedAction } from '../../model/orders/actions.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import type { Redactor } from '../../model/privacy/redactor.ts';
import type { RemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { getSubOrderAction, listPortingActions } from '../../telnyx/endpoints/actions.ts';
import type { PortingActionRow, SubOrderActionRow } from '../../telnyx/types.ts';
import { isAction } from '../values/fulfilment.ts';

/**
 * Reads the actions of open sub orders: those that Telnyx calls actions, and those that the manifest does. One
 * request for each that is not done.
 *
 * @param stated the ids of the requirements that the manifest states as actions.
 */
export async function readSubOrderActions(
  client: ReadClient,
  subOrders: readonly ObservedOrder[],
  stated: ReadonlySet<string>,
): Promise<readonly ObservedAction[]> {
  const actions = subOrders
    .filter(({ isOpen }) => isOpen)
    .flatMap((subOrder) => {
      const ids = subOrder.holdings
        .flat()
        .filter((own) => isAction(own) || stated.has(own.requirementId))
        .map(({ requirementId }) => requirementId);
      return [...new Set(ids)].map((id) => readSubOrderAction(client, subOrder, id));
    });
  return Promise.all(actions);
}

/** Reads one action. Its status is the worst that a number of the sub order has. */
export async function readSubOrderAction(
  client: ReadClient,
  subOrder: ObservedOrder,
  requirementId: string,
): Promise<ObservedAction> {
  const statuses = subOrder.holdings
    .flat()
    .filter((own) => own.requirementId === requirementId)
    .map(({ status }) => status);
  const status = statuses.find((one) => one === 'declined') ?? statuses.find(isLeft) ?? statuses[0] ?? null;
  const isDone = status === 'approved';
  const row = isDone ? null : await unlessGone(() => getSubOrderAction(client, requirementId, subOrder.id));
  const sent = new Map(row?.fields.flatMap(({ name, value }) => (value === null ? [] : [[name, value]])));
  return {
    requirementId,
    order: { kind: 'sub_number_order', id: subOrder.id },
    id: subOrder.id,
    state: isDone ? 'done' : stateOf(status, sent.size > 0, row),
    status,
    sent,
    link: row?.link ?? null,
    cancelReason: null,
    deadlineMs: subOrder.sample?.deadlineMs ?? null,
  };
}

function isLeft(status: string | null): boolean {
  return status !== 'approved';
}

/** A link may come some time after the start (documented), so that the names alone also tell of one. */
function stateOf(status: string | null, hasNames: boolean, row: SubOrderActionRow | null): ActionState {
  if (row === null) return 'unknown';
  if (row.link !== null || status === 'pending-approval') return 'started';
  if (status === 'declined') return 'refused';
  return hasNames ? 'started' : 'open';
}

/**
 * Reads the actions of a porting order. Of several for one requirement, the one that is under way or still to
 * be started counts, because a cancelled one is followed by another (inferred).
 */
export async function readPortingActions(
  client: ReadClient,
  orderId: RemoteId,
): Promise<readonly ObservedAction[]> {
  const rows = (await unlessGone(() => listPortingActions(client, orderId))) ?? [];
  const byRequirement = new Map<string, PortingActionRow>();
  for (const row of rows) {
    const key = row.requirementId ?? '';
    const other = byRequirement.get(key);
    if (other === undefined || rankOf(row) < rankOf(other)) byRequirement.set(key, row);
  }
  return [...byRequirement.values()].map((row) => portingAction(orderId, row));
}

export function portingAction(orderId: RemoteId, row: PortingActionRow): ObservedAction {
  return {
    requirementId: row.requirementId ?? '',
    order: { kind: 'porting_order', id: orderId },
    id: row.id,
    state: PORTING_STATES.get(row.status) ?? 'unknown',
    status: row.status,
    sent: new Map(),
    link: row.link,
    cancelReason: row.cancelReason,
    deadlineMs: null,
  };
}

/** The documented statuses, in the order in which they count. */
const PORTING_STATES: ReadonlyMap<string, ActionState> = new Map([
  ['pending', 'started'],
  ['created', 'open'],
  ['completed', 'done'],
  ['cancelled', 'refused'],
  ['failed', 'refused'],
]);

/** An unknown status comes first: perhaps it is under way. */
function rankOf({ status }: PortingActionRow): number {
  return [...PORTING_STATES.keys()].indexOf(status);
}

/**
 * Records the names and links of an order, which Telnyx may repeat. A link lets anybody act for the person, so
 * it is redacted everywhere.
 */
export function hideActions(actions: readonly ObservedAction[], redactor: Redactor): void {
  for (const { order, sent, link } of actions) {
    redactor.know(order.id, [...sent.values(), ...(link === null ? [] : [link])]);
    if (link !== null) redactor.addSecret(link);
  }
}
