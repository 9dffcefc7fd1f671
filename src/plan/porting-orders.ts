import type { OrdersPlan } from './orders.ts';
import type { PlanInput } from './plan.ts';

/** Their group is attached as by `attach:`; nothing else of a porting order is written yet. */
export function planPortingOrders(_input: PlanInput): OrdersPlan {
  return { changes: [], attention: [], diagnostics: [] };
}
