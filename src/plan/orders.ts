import { planNumberOrders } from '../kinds/number-order/plan.ts';
import { planPortingOrders } from '../kinds/porting-order/plan.ts';
import type { OrdersPlan, PlanInput } from '../model/decisions.ts';
import type { GroupChange } from '../model/plan.ts';

/** @param groups what changes in this run before any order does. */
export function planOrders(input: PlanInput, groups: readonly GroupChange[]): OrdersPlan {
  const plans = [planNumberOrders(input, groups), planPortingOrders(input)];
  return {
    changes: plans.flatMap(({ changes }) => changes),
    attention: plans.flatMap(({ attention }) => attention),
    diagnostics: plans.flatMap(({ diagnostics }) => diagnostics),
  };
}
