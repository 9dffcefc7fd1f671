import type { GroupChange } from '../model/plan.ts';
import type { OrdersPlan, PlanInput } from './decisions.ts';
import { planNumberOrders } from './number-orders.ts';
import { planPortingOrders } from './porting-orders.ts';

/** @param groups what changes in this run before any order does. */
export function planOrders(input: PlanInput, groups: readonly GroupChange[]): OrdersPlan {
  const plans = [planNumberOrders(input, groups), planPortingOrders(input)];
  return {
    changes: plans.flatMap(({ changes }) => changes),
    attention: plans.flatMap(({ attention }) => attention),
    diagnostics: plans.flatMap(({ diagnostics }) => diagnostics),
  };
}
