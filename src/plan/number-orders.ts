import type { GroupChange } from '../model/plan.ts';
import type { OrdersPlan } from './orders.ts';
import type { PlanInput } from './plan.ts';

export function planNumberOrders(_input: PlanInput, _groups: readonly GroupChange[]): OrdersPlan {
  return { changes: [], attention: [], diagnostics: [] };
}
