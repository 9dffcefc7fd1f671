import type { PlanInput } from '../../model/decisions.ts';
import type { GroupChange } from '../../model/plan.ts';
import type { BoundGroup, ObservedGroup } from '../../model/resource.ts';

/** What the group that an order names will be when the order is placed: groups are written first. */
export type GroupToOrderWith = {
  /** Null for one that is not in the run. */
  readonly bound: BoundGroup | null;
} & (
  | { readonly state: 'fulfilled' }
  | { readonly state: 'absent' }
  /** Several groups could be meant. */
  | { readonly state: 'undecided' }
  /** By name. */
  | { readonly state: 'unfulfilled'; readonly countryCode: string; readonly missing: readonly string[] }
);

/** By name: of tens of thousands, each order looks for one. */
export interface GroupsOfRun {
  readonly bound: ReadonlyMap<string, BoundGroup>;
  readonly changes: ReadonlyMap<string, GroupChange>;
}

export function indexGroups(
  { RequirementGroup: groups }: PlanInput,
  changes: readonly GroupChange[],
): GroupsOfRun {
  const written = changes.filter(({ desired }) => desired !== null);
  return {
    bound: new Map(groups.map((group) => [group.name, group])),
    changes: new Map(written.map((change) => [change.name, change])),
  };
}

export function groupToOrderWith(
  name: string,
  { observed }: PlanInput,
  groups: GroupsOfRun,
): GroupToOrderWith {
  const bound = groups.bound.get(name) ?? null;
  const match = observed.RequirementGroup.get(name);
  if (match?.rivals !== undefined) return { bound, state: 'undecided' };
  const found = match?.group ?? null;
  const change = groups.changes.get(name);
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
