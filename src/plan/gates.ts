import type { Plan, PlanChange, PlanOptions } from '../model/plan.ts';

/** A gate that a plan needs, and the groups or orders that need it. */
export interface NeededGate {
  readonly gate: GateName;
  readonly names: readonly string[];
}

export type GateName = 'prune' | 'allow_delete' | 'allow_replace' | 'allow_orders';

/**
 * Returns the closed gates that the changes of a plan need. The options of the plan do not matter, only its
 * actions.
 */
export function closedGates({ changes }: Pick<Plan, 'changes'>, open: PlanOptions): NeededGate[] {
  return GATES.flatMap(({ gate, isNeededBy, isOpenFor }) => {
    const names = changes.filter((change) => isNeededBy(change) && !isOpenFor(open, change));
    return names.length === 0 ? [] : [{ gate, names: names.map(({ name }) => name) }];
  });
}

interface Gate {
  readonly gate: GateName;
  readonly isNeededBy: (change: PlanChange) => boolean;
  readonly isOpenFor: (open: PlanOptions, change: PlanChange) => boolean;
}

const GATES: readonly Gate[] = [
  {
    gate: 'prune',
    isNeededBy: ({ group }) => group?.verb === 'delete',
    isOpenFor: ({ prune }) => prune,
  },
  {
    gate: 'allow_delete',
    isNeededBy: ({ group }) => group?.verb === 'delete' && group.status === 'approved',
    isOpenFor: ({ allow_delete }, { name }) => allow_delete.includes(name),
  },
  {
    gate: 'allow_replace',
    isNeededBy: ({ group }) => group?.verb === 'replace',
    isOpenFor: ({ allow_replace }) => allow_replace,
  },
  {
    gate: 'allow_orders',
    isNeededBy: ({ kind, actions }) => kind === 'NumberOrder' && actions.includes('create'),
    isOpenFor: ({ allow_orders }) => allow_orders,
  },
];
