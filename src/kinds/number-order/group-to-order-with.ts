import type { ObservedGroup } from '../../model/observed.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import type { BoundGroup } from '../../model/resource.ts';
import { isAction } from '../values/fulfilment.ts';

/** The group that an order names, as it will be when the order is placed. Groups are written first. */
export type GroupToOrderWith = {
  /** The group. Null if it is not in the run. */
  readonly bound: BoundGroup | null;
} & (
  | { readonly state: 'fulfilled' }
  | { readonly state: 'absent' }
  /** The manifest could mean several groups. */
  | { readonly state: 'undecided' }
  | {
      readonly state: 'unfulfilled';
      readonly countryCode: string;
      /** The names of requirements without a value. */
      readonly missing: readonly string[];
      /** Those of them that are actions, which no group ever fulfils. */
      readonly actions: readonly string[];
    }
);

/** The groups by name, because each order looks for one of tens of thousands. */
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
  const actions = bound === null ? actionsInIt(found) : actionsAmong(bound);
  return { bound, state: 'unfulfilled', countryCode, missing, actions };
}

/**
 * Returns the empty requirements of a group that this run leaves as it is. Only requirements that it shows
 * count.
 */
function missingInIt(found: ObservedGroup | null): string[] {
  const empty = found?.requirements.filter(({ value }) => value.isEmpty) ?? [];
  return empty.map(({ requirementId }) => requirementId);
}

/**
 * Counts what the group holds and what is written to it. Nothing is written to a group that waits for another
 * document.
 */
function missingAfterwards(
  { definitions }: BoundGroup,
  found: ObservedGroup | null,
  change: GroupChange | undefined,
): string[] {
  const held = found?.requirements.filter(({ value }) => !value.isEmpty) ?? [];
  const filled = new Set([
    ...held.map(({ requirementId }) => requirementId),
    ...(change?.writes.map(({ requirementId }) => requirementId) ?? []),
  ]);
  return definitions.filter(({ id }) => !filled.has(id)).map(({ name }) => name);
}

function actionsInIt(found: ObservedGroup | null): string[] {
  return found?.requirements.filter(isAction).map(({ requirementId }) => requirementId) ?? [];
}

function actionsAmong({ definitions }: BoundGroup): string[] {
  return definitions.filter(isAction).map(({ name }) => name);
}
