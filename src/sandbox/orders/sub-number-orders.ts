import { ofPhoneNumberType } from '../requirements/catalogue.ts';
import { dataAnswer, notFound, type Reply } from '../server/answer.ts';
import { equals, type ListRules, listAnswer, readFilters } from '../server/list.ts';
import { type Exchange, type IncomingRequest, readJsonObject } from '../server/request.ts';
import type { State, SubNumberOrder } from '../state/state.ts';
import { readGroup } from './attachable.ts';
import {
  attachValues,
  cancelNumbers,
  isOpen,
  numbersOfSubOrder,
  refuseUnlessOpen,
  setValues,
  valuesOf,
} from './order-life.ts';
import { presentAttachedSubOrder, presentSubOrder, presentSubOrderWithNumbers } from './order-rows.ts';
import { readOrderEntries, refuseUnlessFilled } from './ordered-numbers.ts';

export function listSubNumberOrders(exchange: Exchange): Reply {
  const { state, request } = exchange;
  const present = presenter(request);
  return listAnswer(exchange, state.subNumberOrders.values(), listing(state), (subOrder) =>
    present(state, subOrder),
  );
}

export function getSubNumberOrder({ state, request, params }: Exchange): Reply {
  const subOrder = requireSubNumberOrder(state, params.sub_number_order_id);
  return dataAnswer(presenter(request)(state, subOrder));
}

/** Sets values for all of its numbers. */
export function updateSubNumberOrder({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const subOrder = requireSubNumberOrder(state, params.sub_number_order_id);
  refuseUnlessOpen(subOrder, 'sub number order');
  const numbers = numbersOfSubOrder(state, subOrder.id).filter(isOpen);
  setValues(state, numbers, readOrderEntries(state, body, numbers));
  return dataAnswer(presentSubOrder(state, requireSubNumberOrder(state, subOrder.id)));
}

export function cancelSubNumberOrder({ state, params }: Exchange): Reply {
  const subOrder = requireSubNumberOrder(state, params.sub_number_order_id);
  refuseUnlessOpen(subOrder, 'sub number order');
  cancelNumbers(state, numbersOfSubOrder(state, subOrder.id));
  return dataAnswer(presentSubOrder(state, requireSubNumberOrder(state, subOrder.id)));
}

export function attachToSubNumberOrder({ state, request, params }: Exchange): Reply {
  const body = readJsonObject(request);
  const subOrder = requireSubNumberOrder(state, params.id);
  refuseUnlessOpen(subOrder, 'sub number order');
  const numbers = numbersOfSubOrder(state, subOrder.id).filter(isOpen);
  refuseUnlessFilled(state, numbers);
  const group = readGroup(state, body, { ...subOrder, action: 'ordering' });
  attachValues(state, numbers, valuesOf(state, group));
  return dataAnswer(presentAttachedSubOrder(state, requireSubNumberOrder(state, subOrder.id)));
}

export function requireSubNumberOrder(state: State, id: string | undefined): SubNumberOrder {
  const subOrder = state.subNumberOrders.get(id ?? '');
  if (subOrder === undefined) throw notFound('sub number order');
  return subOrder;
}

function presenter({ query }: IncomingRequest): typeof presentSubOrder {
  const asked = readFilters(query).get('include_phone_numbers')?.at(-1);
  return asked === 'true' ? presentSubOrderWithNumbers : presentSubOrder;
}

function listing(state: State): ListRules<SubNumberOrder> {
  return {
    name: 'sub_number_orders',
    filters: {
      status: equals((subOrder) => subOrder.status),
      order_request_id: equals((subOrder) => subOrder.order_id),
      country_code: equals((subOrder) => subOrder.country_code),
      phone_number_type: ofPhoneNumberType((subOrder, type) => subOrder.phone_number_type === type),
      phone_numbers_count: equals(({ id }) => String(numbersOfSubOrder(state, id).length)),
      include_phone_numbers: { matches: () => true },
    },
    sortBy: { created_at: (subOrder) => subOrder.created_at },
    defaultSort: '-created_at',
  };
}
