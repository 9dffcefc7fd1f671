import { GATE_NAMES, type GateName, type Gates, isOpenFor } from '../model/plan/gates.ts';
import type { Plan, PlanChange } from '../model/plan/plan.ts';
import { isResubmitted } from '../model/plan/resubmission.ts';

/** A gate that a plan needs, and the groups or orders that need it. */
export interface NeededGate {
  readonly gate: GateName;
  readonly names: readonly string[];
}

/**
 * Returns the closed gates that the changes of a plan need. The options of the plan do not matter, only its
 * actions.
 */
export function closedGates({ changes }: Pick<Plan, 'changes'>, open: Gates): NeededGate[] {
  return GATE_NAMES.flatMap((gate) => {
    const names = changes
      .filter((change) => IS_NEEDED_BY[gate](change) && !isOpenFor(open, gate, change.name))
      .map(({ name }) => name);
    return names.length === 0 ? [] : [{ gate, names }];
  });
}

const IS_NEEDED_BY: Readonly<Record<GateName, (change: PlanChange) => boolean>> = {
  prune: ({ group }) => group?.verb === 'delete',
  allow_replace: ({ group }) => group?.verb === 'replace',
  allow_delete: ({ group }) => group?.verb === 'delete' && group.status === 'approved',
  allow_orders: ({ kind, actions }) => kind === 'NumberOrder' && actions.includes('create'),
  allow_actions: ({ actions }) => actions.includes('start'),
  resubmit: isResubmitted,
};
