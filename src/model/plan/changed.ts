import { MANAGED_KINDS, type ManagedKind } from '../kinds.ts';
import type { ObservedGroup } from '../observed.ts';
import { referenceKey } from '../reference.ts';
import { compareText } from '../text/compare-text.ts';

/**
 * The change that a run is narrowed to: the manifests that differ from a base, and what depends on them. A
 * plan contains it, and an apply takes it from there.
 */
export interface ChangedSince {
  /** The base, in words: a git ref or a folder as written, or `the base of this pull request`. */
  readonly since: string;
  /** The manifests of the run as `Kind/name`, sorted. */
  readonly names: readonly string[];
  /** The manifests that the change removes, and those that mean another group since, sorted. */
  readonly removed: readonly RemovedManifest[];
}

export interface RemovedManifest {
  readonly kind: ManagedKind;
  readonly name: string;
  /** The reference of its group. Absent for an order. */
  readonly reference?: string;
  /** The group that the manifest named by `id:`. Absent if it named none. */
  readonly id?: string;
  /** Is true if the manifest is still there, and only its former group has none. */
  readonly means_other?: boolean;
  /** The reason to keep its group. Absent if the group may be deleted. */
  readonly keeps?: string;
}

/** Returns `Kind/name`, which is how a plan names a manifest. */
export function manifestKey(kind: ManagedKind, name: string): string {
  return `${kind}/${name}`;
}

/** Returns the orphans that a run judges: all of them, or those whose manifests the change removes. */
export function orphansInSight(
  orphans: readonly ObservedGroup[],
  changed: ChangedSince | undefined,
): readonly ObservedGroup[] {
  if (changed === undefined) return orphans;
  return orphans.filter((orphan) => changed.removed.some((removed) => isGroupOf(removed, orphan)));
}

function isGroupOf({ id, reference }: RemovedManifest, orphan: ObservedGroup): boolean {
  if (id !== undefined) return orphan.id === id;
  return reference !== undefined && referenceKey(orphan.reference) === referenceKey(reference);
}

/** Returns the change of a run that applies several plans, or undefined if one of them is not narrowed. */
export function uniteChanges(all: readonly (ChangedSince | undefined)[]): ChangedSince | undefined {
  const changes = all.filter((one) => one !== undefined);
  if (changes.length < all.length || changes.length === 0) return undefined;
  // One manifest may leave several groups behind, if several changes make it mean another one.
  const removed = new Map(
    changes.flatMap((one) => one.removed).map((each) => [JSON.stringify(Object.entries(each).sort()), each]),
  );
  return {
    since: [...new Set(changes.map(({ since }) => since))].join(' and '),
    names: [...new Set(changes.flatMap(({ names }) => names))].sort(),
    removed: [...removed.values()].sort((a, b) => compareText(sortKey(a), sortKey(b))),
  };
}

function sortKey({ kind, name }: RemovedManifest): string {
  return manifestKey(kind, name);
}

/** Returns how many manifests of each kind the change touches. */
export function countChanged({ names }: ChangedSince): Readonly<Record<ManagedKind, number>> {
  return Object.fromEntries(
    MANAGED_KINDS.map((kind) => [kind, names.filter((name) => name.startsWith(`${kind}/`)).length]),
  ) as Record<ManagedKind, number>;
}
