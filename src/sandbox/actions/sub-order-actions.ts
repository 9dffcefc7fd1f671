import { approveNumbers, declineNumbers, numbersOfSubOrder, refuseUnlessOpen } from '../orders/order-life.ts';
import { refuseUnlessFilled } from '../orders/ordered-numbers.ts';
import { requireSubNumberOrder } from '../orders/sub-number-orders.ts';
import { dataAnswer, notFound, type Reply, refusal } from '../server/answer.ts';
import { type Exchange, readJsonObject } from '../server/request.ts';
import type { State, StoredRequirement, SubNumberOrder, SubOrderAction } from '../state/state.ts';
import { NAMES, newLink, readPerson, shownLink } from './person.ts';

/**
 * The action requirements of sub orders. A person fulfils each once for all numbers of a sub order; no value
 * does. Their shapes are documented, and the order of events is inferred.
 */

export function getSubOrderAction({ state, params }: Exchange): Reply {
  const { subOrder, requirement } = requireDemand(state, params);
  const action = state.subOrderActions.get(keyOf(subOrder.id, requirement.requirement_id));
  return dataAnswer({
    regulatory_requirement_id: requirement.requirement_id,
    fields_required: NAMES.map((name) => ({
      name,
      description: `The ${name.replace('_', ' ')} of the end user`,
      type: 'string',
      value: action?.[name] ?? null,
    })),
    requirement_action: presentLink(state, action),
  });
}

/** Starts an action. Each start makes a new link and invalidates the previous one (inferred). */
export function startSubOrderAction({ state, params, request }: Exchange): Reply {
  const body = readJsonObject(request);
  const { subOrder, requirement } = requireDemand(state, params);
  refuseUnlessOpen(subOrder, 'sub number order');
  if (requirement.status === 'approved') {
    throw refusal(422, '85003', 'This requirement is satisfied already.');
  }
  const { requirement_id } = requirement;
  const person = readPerson(body, 'requirement');
  const action = { requirement_id, sub_order_id: subOrder.id, ...person, link: newLink(state) };
  state.subOrderActions.set(keyOf(subOrder.id, requirement_id), action);
  return dataAnswer({
    regulatory_requirement_id: requirement_id,
    sub_order_id: subOrder.id,
    requirement_action: presentLink(state, action),
  });
}

/** Ends every started action of a sub order. A failed action is declined and needs a new link. */
export function finishSubOrderActions(
  state: State,
  subOrderId: string,
  result: 'completed' | 'failed',
): void {
  const started = [...state.subOrderActions.values()].filter(
    ({ sub_order_id, link }) => sub_order_id === subOrderId && link !== null,
  );
  if (started.length === 0) throw refusal(422, '10027', 'No action was started for this order.');
  const ids = started.map(({ requirement_id }) => requirement_id);
  const judge = result === 'completed' ? approveNumbers : declineNumbers;
  judge(state, numbersOfSubOrder(state, subOrderId), ids);
  for (const action of started) {
    state.subOrderActions.set(keyOf(subOrderId, action.requirement_id), { ...action, link: null });
  }
}

interface Demand {
  readonly subOrder: SubNumberOrder;
  readonly requirement: StoredRequirement;
}

function requireDemand(state: State, params: Exchange['params']): Demand {
  const subOrder = requireSubNumberOrder(state, params.sub_number_order_id);
  const numbers = numbersOfSubOrder(state, subOrder.id);
  refuseUnlessFilled(state, numbers);
  const requirement = numbers
    .flatMap(({ regulatory_requirements }) => regulatory_requirements)
    .find(
      ({ requirement_id, field_type }) =>
        field_type === 'action' && requirement_id === params.regulatory_requirement_id,
    );
  if (requirement === undefined) throw notFound('action requirement');
  return { subOrder, requirement };
}

function presentLink(state: State, action: SubOrderAction | undefined) {
  return { type: 'id_verification', value: shownLink(state, action?.link ?? null) };
}

function keyOf(subOrderId: string, requirementId: string): string {
  return `${subOrderId} ${requirementId}`;
}
