import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import {
  combinationKey,
  type DesiredGroup,
  isForeign,
  type ObservedGroup,
  type ObservedMatch,
  references,
} from '../model/resource.ts';
import { indexRows } from './index-rows.ts';

/**
 * Which group at Telnyx each manifest means. Ownership is settled here, once, before anything is compared:
 * a manifest's `id:` if it has one, else its reference together with its combination.
 */
export interface Matching {
  readonly matches: ReadonlyMap<string, ObservedMatch>;
  readonly orphans: readonly ObservedGroup[];
  /** Groups of the account that no manifest means, orphans among them. */
  readonly unclaimed: readonly ObservedGroup[];
  readonly ownedGroups: number;
  /** Manifests that are wrong about Telnyx: an `id:` that cannot be adopted. Exit 3. */
  readonly problems: readonly Problem[];
  /** Manifests that mean more than one group. Exit 5. */
  readonly refusals: readonly Problem[];
}

export function matchGroups(
  scope: string,
  desired: readonly DesiredGroup[],
  observed: readonly ObservedGroup[],
): Matching {
  const problems: Problem[] = [];
  const refusals: Problem[] = [];
  const matches = new Map<string, ObservedMatch>();
  const byId = indexPinned(desired, observed);
  const byReference = indexRows(observed, (group) => group.reference);
  const claimed = new Map<string, string>();

  for (const group of desired) {
    if (group.id === null) continue;
    const found = byId.get(group.id.id) ?? null;
    const wrong = found === null ? absent(group) : unadoptable(scope, group, found);
    if (wrong?.code === 'foreign-group') refusals.push(wrong);
    else if (wrong !== null) problems.push(wrong);
    matches.set(group.name, { group: found, superseded: [] });
    if (found !== null) claimed.set(found.id, group.name);
  }

  const byIdentity = desired.filter((group) => group.id === null);
  for (const group of byIdentity) {
    const free: ObservedGroup[] = [];
    let owner: string | undefined;
    for (const candidate of byReference.get(group.reference) ?? []) {
      if (!isEligible(candidate) || !sameCombination(group, candidate)) continue;
      const claimant = claimed.get(candidate.id);
      if (claimant === undefined) free.push(candidate);
      owner ??= claimant;
    }
    if (owner !== undefined) refusals.push(claimedTwice(group, owner));
    if (free.length > 1) refusals.push(ambiguous(group, free));
    const [found = null] = free;
    matches.set(group.name, { group: found, superseded: [] });
    for (const candidate of free) claimed.set(candidate.id, group.name);
  }

  const heldByNobody = observed.some((group) => !claimed.has(group.id));
  const heirsByReference = indexRows(heldByNobody ? byIdentity : [], ({ reference }) => reference);
  for (const group of heldByNobody ? byIdentity : []) {
    const superseded = (byReference.get(group.reference) ?? []).filter(
      (candidate) => !claimed.has(candidate.id),
    );
    if (superseded.length === 0) continue;
    const heirs = [...(heirsByReference.get(group.reference) ?? [])].sort((a, b) =>
      compareText(a.name, b.name),
    );
    const own = superseded.filter((candidate) => heirOf(candidate, heirs) === group);
    if (own.length > 0)
      matches.set(group.name, { group: matches.get(group.name)?.group ?? null, superseded: own });
    for (const candidate of own) claimed.set(candidate.id, group.name);
  }

  const owned = observed.filter((group) => isInScope(scope, group) || claimed.has(group.id));
  return {
    matches,
    orphans: owned.filter((group) => !claimed.has(group.id)),
    unclaimed: observed.filter((group) => !claimed.has(group.id)),
    ownedGroups: owned.length,
    problems,
    refusals,
  };
}

/** The groups that manifests name by their id. */
function indexPinned(
  desired: readonly DesiredGroup[],
  observed: readonly ObservedGroup[],
): ReadonlyMap<string, ObservedGroup> {
  const pinned = new Set<string>(desired.flatMap(({ id }) => id?.id ?? []));
  return new Map(observed.filter(({ id }) => pinned.has(id)).map((group) => [group.id, group]));
}

/** Several manifests may share a reference across combinations: the one of the same combination inherits, else the first by name. */
function heirOf(candidate: ObservedGroup, heirs: readonly DesiredGroup[]): DesiredGroup | undefined {
  return heirs.find((heir) => sameCombination(heir, candidate)) ?? heirs[0];
}

function isInScope(scope: string, group: ObservedGroup): boolean {
  return group.reference?.startsWith(references.scopePrefix(scope)) ?? false;
}

function isEligible(group: ObservedGroup): boolean {
  return group.status !== 'no-longer-eligible';
}

function sameCombination({ combination: a }: DesiredGroup, { combination: b }: ObservedGroup): boolean {
  return a.countryCode === b.countryCode && a.phoneNumberType === b.phoneNumberType && a.action === b.action;
}

function absent(group: DesiredGroup): Problem {
  return {
    severity: 'error',
    code: 'group-not-found',
    message: `Telnyx has no requirement group ${group.id?.id}`,
    hint: 'Correct `id:`, or remove it to have the group created.',
    source: group.id?.source ?? group.source,
  };
}

function unadoptable(scope: string, group: DesiredGroup, found: ObservedGroup): Problem | null {
  const source = group.id?.source ?? group.source;
  if (isForeign(scope, found.reference)) {
    return {
      severity: 'error',
      code: 'foreign-group',
      message: `group ${found.id} belongs to another regsync scope: its reference is ${JSON.stringify(found.reference)}`,
      hint: 'Remove it from the other repository first, or leave it alone here.',
      source,
    };
  }
  if (!sameCombination(group, found)) {
    return {
      severity: 'error',
      code: 'pinned-group-differs',
      message: `group ${found.id} is for ${combinationKey(found.combination)}, the manifest for ${combinationKey(group.combination)}; these are fixed when a group is created`,
      hint: 'Remove `id:` to have a new group created.',
      source,
    };
  }
  if (isEligible(found)) return null;
  return {
    severity: 'error',
    code: 'pinned-group-ineligible',
    message: `group ${found.id} is no longer eligible and cannot be used again`,
    hint: 'Remove `id:` to have a new group created.',
    source,
  };
}

function ambiguous(group: DesiredGroup, found: readonly ObservedGroup[]): Problem {
  return {
    severity: 'error',
    code: 'duplicate-groups',
    message: `"${group.name}" could mean any of ${found.length} groups with the reference ${JSON.stringify(group.reference)}: ${found
      .map((candidate) => candidate.id)
      .sort()
      .join(', ')}`,
    hint: 'Set `id:` to the one that is meant, or delete the others at Telnyx.',
    source: group.source,
  };
}

function claimedTwice(group: DesiredGroup, owner: string): Problem {
  return {
    severity: 'error',
    code: 'group-claimed-twice',
    message: `the group that "${group.name}" means by its reference is claimed by "${owner}" through \`id:\``,
    hint: 'Remove one of the two manifests, or give one its own `customer_reference`.',
    source: group.source,
  };
}
