import { type ObservedGroup, type ObservedMatch, oldestFirst } from '../../../model/observed.ts';
import type { Problem, SourcePosition } from '../../../model/problem.ts';
import { referenceKey } from '../../../model/reference.ts';
import { isOthers, references } from '../../../model/reference-names.ts';
import {
  combinationKey,
  type Desired,
  type DesiredGroup,
  type PinnedId,
  type Reference,
} from '../../../model/resource.ts';
import { compareText } from '../../../model/text/compare-text.ts';
import { foreignHint } from '../../reading/foreign.ts';
import { indexRows } from '../../reading/index-rows.ts';

/**
 * The group at Telnyx that each manifest means. Ownership is settled here, once, before anything is compared.
 * A manifest means the group of its `id:`, or without one the group of its reference and combination. If no
 * group has that reference, it means the group of the same name in the repository's former scope.
 */
export interface Matching {
  readonly matches: ReadonlyMap<string, ObservedMatch>;
  readonly orphans: readonly ObservedGroup[];
  /** The groups of the account that no manifest means, orphans among them. */
  readonly unclaimed: readonly ObservedGroup[];
  readonly ownedGroups: number;
  /** Mistakes of manifests about Telnyx, such as an `id:` that cannot be adopted. Exit 3. */
  readonly problems: readonly Problem[];
  /** Manifests that mean a group of another manifest or of another repository. Exit 5. */
  readonly refusals: readonly Problem[];
}

/** The scopes whose groups are ours. */
export type Ownership = Pick<Desired, 'scope' | 'formerScope'>;

export function matchGroups(
  ownership: Ownership,
  desired: readonly DesiredGroup[],
  observed: readonly ObservedGroup[],
): Matching {
  const { scope } = ownership;
  const problems: Problem[] = [];
  const refusals: Problem[] = [];
  const matches = new Map<string, ObservedMatch>();
  const byId = indexPinned(desired, observed);
  const byReference = indexRows(observed, (group) => referenceKey(group.reference));
  const claimed = new Map<string, string>();

  for (const group of desired) {
    const { id: pin } = group;
    if (pin === null) continue;
    const found = byId.get(pin.id) ?? null;
    const wrong = found === null ? absent(pin) : unadoptable(ownership, group, found, pin.source);
    if (wrong?.code === 'foreign-group') refusals.push(wrong);
    else if (wrong !== null) problems.push(wrong);
    matches.set(group.name, { group: found, superseded: [] });
    if (found !== null) claimed.set(found.id, group.name);
  }

  const byIdentity = desired.filter((group) => group.id === null);
  const suitable = (group: DesiredGroup, reference: Reference): ObservedGroup[] =>
    (byReference.get(referenceKey(reference) ?? '') ?? []).filter(
      (candidate) => isEligible(candidate) && sameCombination(group, candidate),
    );
  for (const group of byIdentity) {
    const candidates = suitable(group, group.reference);
    // Candidates that another manifest names by their id are no longer in question.
    const isFree = ({ id }: ObservedGroup) => !claimed.has(id);
    const [owner] = candidates.map(({ id }) => claimed.get(id));
    if (owner !== undefined && !candidates.some(isFree)) refusals.push(claimedTwice(group, owner));
    const former = candidates.length > 0 ? null : formerReference(ownership, group);
    const meant = former === null ? candidates : suitable(group, former);
    const free = meant.filter(isFree);
    matches.set(group.name, matchOf(free));
    for (const candidate of free) claimed.set(candidate.id, group.name);
  }

  const heldByNobody = observed.some((group) => !claimed.has(group.id));
  const heirsByReference = indexRows(heldByNobody ? byIdentity : [], ({ reference }) =>
    referenceKey(reference),
  );
  for (const group of heldByNobody ? byIdentity : []) {
    const key = referenceKey(group.reference) ?? '';
    const superseded = (byReference.get(key) ?? []).filter((candidate) => !claimed.has(candidate.id));
    const heirs = [...(heirsByReference.get(key) ?? [])].sort((a, b) => compareText(a.name, b.name));
    const own = superseded.filter((candidate) => heirOf(candidate, heirs) === group);
    matches.set(group.name, { group: null, ...matches.get(group.name), superseded: own });
    for (const candidate of own) claimed.set(candidate.id, group.name);
  }

  const owned = observed.filter((group) => isOwned(scope, group) || claimed.has(group.id));
  return {
    matches,
    orphans: owned.filter((group) => !claimed.has(group.id)),
    unclaimed: observed.filter((group) => !claimed.has(group.id)),
    ownedGroups: owned.length,
    problems,
    refusals,
  };
}

/** Returns no group if there are several. The manifest waits until somebody says which. */
function matchOf(free: readonly ObservedGroup[]): ObservedMatch {
  const [found = null, ...others] = free;
  if (others.length === 0) return { group: found, superseded: [] };
  return { group: null, superseded: [], rivals: [...free].sort(oldestFirst) };
}

/**
 * Returns the reference under the former scope, or null. A reference that the manifest states contains no
 * scope.
 */
export function formerReference(
  { formerScope }: Ownership,
  group: Pick<DesiredGroup, 'name' | 'statesReference'>,
): Reference | null {
  if (formerScope === undefined || group.statesReference) return null;
  return references.group(formerScope, group.name);
}

/** Returns the groups that manifests name by their id. */
function indexPinned(
  desired: readonly DesiredGroup[],
  observed: readonly ObservedGroup[],
): ReadonlyMap<string, ObservedGroup> {
  const pinned = new Set<string>(desired.flatMap(({ id }) => id?.id ?? []));
  return new Map(observed.filter(({ id }) => pinned.has(id)).map((group) => [group.id, group]));
}

/**
 * Returns the heir among the manifests of one reference: the one of the same combination, else the first by
 * name.
 */
function heirOf(candidate: ObservedGroup, heirs: readonly DesiredGroup[]): DesiredGroup | undefined {
  return heirs.find((heir) => sameCombination(heir, candidate)) ?? heirs[0];
}

/**
 * Returns true for a group that may be deleted. A reference counts here as it is written, and one that only
 * looks like ours is not ours.
 */
function isOwned(scope: string, { reference }: ObservedGroup): boolean {
  return reference?.startsWith(references.scopePrefix(scope)) ?? false;
}

function isEligible(group: ObservedGroup): boolean {
  return group.status !== 'no-longer-eligible';
}

function sameCombination({ combination: a }: DesiredGroup, { combination: b }: ObservedGroup): boolean {
  return a.countryCode === b.countryCode && a.phoneNumberType === b.phoneNumberType && a.action === b.action;
}

function absent({ id, source }: PinnedId): Problem {
  return {
    severity: 'error',
    code: 'group-not-found',
    message: `Telnyx has no requirement group ${id}`,
    hint: 'Correct `id:`, or remove that line to create a new group.',
    source,
  };
}

/** @param source the position of the `id:`. */
function unadoptable(
  ownership: Ownership,
  group: DesiredGroup,
  found: ObservedGroup,
  source: SourcePosition,
): Problem | null {
  if (isOthers(ownership, found.reference)) {
    return {
      severity: 'error',
      code: 'foreign-group',
      message: `group ${found.id} belongs to another regsync scope: its reference is ${JSON.stringify(found.reference)}`,
      hint: foreignHint(found.reference),
      source,
    };
  }
  if (!sameCombination(group, found)) {
    return {
      severity: 'error',
      code: 'pinned-group-differs',
      message: `group ${found.id} is for ${combinationKey(found.combination)}, the manifest for ${combinationKey(group.combination)}; these are fixed when a group is created`,
      hint: 'Remove the line `id:` to create a new group.',
      source,
    };
  }
  if (isEligible(found)) return null;
  return {
    severity: 'error',
    code: 'pinned-group-ineligible',
    message: `group ${found.id} can never be used again (no-longer-eligible)`,
    hint: 'Remove the line `id:` to create a new group.',
    source,
  };
}

function claimedTwice(group: DesiredGroup, owner: string): Problem {
  return {
    severity: 'error',
    code: 'group-claimed-twice',
    message: `"${group.name}" and "${owner}" both mean one group: the first by its reference, the second by \`id:\``,
    hint: 'Remove one of the two manifests, or give one its own `customer_reference`.',
    source: group.source,
  };
}
