import type { Attention, GroupChange, OrderChange, PlanDiagnostic } from '../model/plan.ts';
import { planNumberOrders } from './number-orders.ts';
import type { PlanInput } from './plan.ts';
import { planPortingOrders } from './porting-orders.ts';

/** What is to become of orders, beside the values of groups: these are attached by the groups themselves. */
export interface OrdersPlan {
  readonly changes: readonly OrderChange[];
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
}

/** @param groups what changes in this run before any order does. */
export function planOrders(input: PlanInput, groups: readonly GroupChange[]): OrdersPlan {
  const plans = [planNumberOrders(input, groups), planPortingOrders(input)];
  return {
    changes: plans.flatMap(({ changes }) => changes),
    attention: plans.flatMap(({ attention }) => attention),
    diagnostics: plans.flatMap(({ diagnostics }) => diagnostics),
  };
}
