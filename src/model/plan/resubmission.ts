import type { PlanAction } from './change.ts';

/**
 * Returns true if a declined or expired group is submitted again although none of its values changes. Only the gate
 * `resubmit` allows that.
 */
export function isResubmitted({
  group,
  actions,
}: {
  readonly group?: { readonly status: string | null } | undefined;
  readonly actions: readonly PlanAction[];
}): boolean {
  const writes = actions.includes('create') || actions.includes('update');
  return actions.includes('submit') && !writes && RESUBMITTABLE.has(group?.status ?? '');
}

/** The statuses in which Telnyx has judged a group's content, so that no plan submits the same again by itself. */
export const RESUBMITTABLE: ReadonlySet<string> = new Set(['declined', 'expired']);
