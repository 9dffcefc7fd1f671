import type { GroupChange } from '../model/plan.ts';
import type { BoundGroup, ObservedGroup } from '../model/resource.ts';
import type { PlanInput } from './decisions.ts';

/** What the group that an order names will be when the order is placed: groups are written first. */
export type GroupToOrderWith = {
  /** Null for one that is not in the run. */
  readonly bound: BoundGroup | null;
} & (
  | { readonly state: 'fulfilled' }
  | { readonly state: 'absent' }
  /** By name. */
  | { readonly state: 'unfulfilled'; readonly countryCode: string; readonly missing: readonly string[] }
);

export function groupToOrderWith(
  name: string,
  { groups, observed }: PlanInput,
  changes: readonly GroupChange[],
): GroupToOrderWith {
  const bound = groups.find((group) => group.name === name) ?? null;
  const found = observed.matches.get(name)?.group ?? null;
  const change = changes.find((candidate) => candidate.name === name && candidate.desired !== null);
  if (found === null && !change?.actions.includes('create')) return { bound, state: 'absent' };
  const missing = bound === null ? missingInIt(found) : missingAfterwards(bound, found, change);
  if (missing.length === 0) return { bound, state: 'fulfilled' };
  const countryCode = (bound ?? found)?.combination.countryCode ?? '';
  return { bound, state: 'unfulfilled', countryCode, missing };
}

/** Of one that this run leaves as it is. What is not said to be demanded is not known to be missing. */
function missingInIt(found: ObservedGroup | null): string[] {
  const empty = found?.requirements.filter(({ value }) => value.isEmpty) ?? [];
  return empty.map(({ requirementId }) => requirementId);
}

/** By what it holds and what is written to it: a group that waits for another document gets nothing. */
function missingAfterwards(
  { demands }: BoundGroup,
  found: ObservedGroup | null,
  change: GroupChange | undefined,
): string[] {
  const held = found?.requirements.filter(({ value }) => !value.isEmpty) ?? [];
  const filled = new Set([
    ...held.map(({ requirementId }) => requirementId),
    ...(change?.writes.map(({ requirementId }) => requirementId) ?? []),
  ]);
  return demands.filter(({ id }) => !filled.has(id)).map(({ name }) => name);
}
