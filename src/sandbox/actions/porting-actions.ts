import { randomUUID } from 'node:crypto';
import { requirePortingOrder } from '../orders/porting-orders.ts';
import { dataAnswer, notFound, type Reply, refusal } from '../server/answer.ts';
import { equals, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { PortingAction, PortingOrder, State } from '../state/state.ts';
import { newLink, readPerson, shownLink } from './person.ts';

/**
 * The action requirements of porting orders. Their shapes are documented, and the order of events is
 * inferred.
 */

const ACTION_TYPES = ['au_id_verification'] as const;
const STATUSES = ['created', 'pending', 'completed', 'cancelled', 'failed'] as const;

export function listPortingActions(exchange: Exchange): Reply {
  const { state, params } = exchange;
  const { id } = requirePortingOrder(state, params.porting_order_id);
  return listAnswer(exchange, actionsOf(state, id), ACTIONS, (action) => presentPortingAction(state, action));
}

/** Initiates an action. One that is pending or over cannot be initiated again (inferred). */
export function initiatePortingAction({ state, params, request }: Exchange): Reply {
  const order = requirePortingOrder(state, params.porting_order_id);
  const action = actionsOf(state, order.id).find(({ id }) => id === params.id);
  if (action === undefined) throw notFound('action requirement');
  readPerson(readJsonObject(request), 'params');
  if (action.status !== 'created') {
    throw refusal(422, '10027', `The action requirement is ${action.status}: it cannot be initiated.`);
  }
  const initiated = { ...action, status: 'pending', link: newLink(state), updated_at: stamp(state) };
  state.portingActions.set(action.id, initiated);
  return dataAnswer(presentPortingAction(state, initiated));
}

/* ---- For control ---- */

/** Creates one action for each action requirement of the order. */
export function requirePortingActions(state: State, order: PortingOrder): void {
  for (const { requirement_id, field_type } of order.regulatory_requirements) {
    if (field_type === 'action') requirePortingAction(state, order, requirement_id);
  }
}

export function requirePortingAction(
  state: State,
  order: PortingOrder,
  requirement_type_id: string,
): PortingAction {
  const created_at = stamp(state);
  const action: PortingAction = {
    id: randomUUID(),
    porting_order_id: order.id,
    requirement_type_id,
    action_type: ACTION_TYPES[0],
    status: 'created',
    cancel_reason: null,
    link: null,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
  state.portingActions.set(action.id, action);
  return action;
}

/** Ends pending actions. Cancelling also ends those that were never initiated. */
export function finishPortingActions(
  state: State,
  order: PortingOrder,
  status: 'completed' | 'cancelled' | 'failed',
  cancel_reason: string | null,
): readonly PortingAction[] {
  const open = status === 'cancelled' ? ['created', 'pending'] : ['pending'];
  const finished = actionsOf(state, order.id).filter((action) => open.includes(action.status));
  if (finished.length === 0) throw refusal(422, '10027', 'No action requirement of this order is open.');
  const updated_at = stamp(state);
  return finished.map((action) => {
    const ended: PortingAction = { ...action, status, cancel_reason, link: null, updated_at };
    state.portingActions.set(action.id, ended);
    return ended;
  });
}

export function presentPortingAction(state: State, { born_ms: _, link, ...action }: PortingAction) {
  return { record_type: 'porting_action_requirement', ...action, action_url: shownLink(state, link) };
}

function actionsOf(state: State, orderId: string): PortingAction[] {
  return [...state.portingActions.values()].filter((action) => action.porting_order_id === orderId);
}

const ACTIONS: ListRules<PortingAction> = {
  name: 'porting_action_requirements',
  filters: {
    'id.in': equals((action) => action.id),
    id: equals((action) => action.id),
    requirement_type_id: equals((action) => action.requirement_type_id),
    action_type: equals((action) => action.action_type, ACTION_TYPES),
    status: equals((action) => action.status, STATUSES),
  },
  sortBy: { created_at: (action) => action.created_at, updated_at: (action) => action.updated_at },
  defaultSort: '-created_at',
};
