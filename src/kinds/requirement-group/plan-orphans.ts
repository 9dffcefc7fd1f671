import type { ObservedGroup } from '../../model/observed.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import { type PlanInput, withoutChange } from '../../model/plan/decisions.ts';
import type { Attention } from '../../model/plan/plan.ts';
import { referenceKey } from '../../model/reference.ts';
import { isOfFormerScope } from '../../model/reference-names.ts';
import { combinationKey } from '../../model/resource.ts';
import { compareText } from '../../model/text/compare-text.ts';
import { formerAttention, noLongerManaged, orphanAttention } from './attention.ts';
import type { PlannedGroup } from './plan.ts';
import { keptAttention, keptOrphans } from './plan-kept.ts';

/**
 * Plans the deletion of groups that no manifest names, or states why they stay. A run of certain names says
 * nothing about them, because it may read only what it names.
 */
export function planOrphans(input: PlanInput, groups: readonly PlannedGroup[]): PlannedGroup[] {
  if (isOfCertainNames(input)) return [];
  const prune = input.gates.prune && withoutChange(input.narrowedBy).length === 0;
  const newNames = namesOfCreated(groups);
  const kept = keptOrphans(input);
  return [...input.observed.orphans].sort(byReference).map((orphan) => {
    const name = orphanName(orphan);
    const why = kept.get(name) ?? kept.get(orphan.id);
    if (why !== undefined) return { change: null, attention: [keptAttention(name, orphan, why)] };
    const spared = orphan.status === 'approved' && !input.gates.allow_delete.includes(name);
    if (!prune || spared) {
      const renamed = newNames.get(combinationKey(orphan.combination)) ?? null;
      return { change: null, attention: [orphanAttention(name, orphan, { prune, renamed })] };
    }
    return { change: deleteOrphan(name, orphan), attention: [] };
  });
}

/**
 * Returns, by combination, the manifest that creates a group, if only one does. It may be the renamed
 * manifest of an orphan whose values changed at the same time. A group of equal values has its own attention,
 * `already-there`.
 */
function namesOfCreated(groups: readonly PlannedGroup[]): ReadonlyMap<string, string | null> {
  const names = new Map<string, string | null>();
  for (const { change, attention } of groups) {
    if (change?.verb !== 'create' || change.desired === null) continue;
    if (attention.some(({ code }) => code === 'already-there')) continue;
    const key = combinationKey(change.desired.combination);
    names.set(key, names.has(key) ? null : change.name);
  }
  return names;
}

export function orphanName({ reference }: ObservedGroup): string {
  return (referenceKey(reference) ?? '').replace(/^regsync\/[^/]+\//, '');
}

function deleteOrphan(name: string, orphan: ObservedGroup): GroupChange {
  return {
    kind: 'RequirementGroup',
    name,
    source: null,
    verb: 'delete',
    actions: ['delete'],
    desired: null,
    observed: orphan,
    writes: [],
    writesReference: null,
    attaches: [],
    deletes: [orphan],
    dependsOn: [],
    consequences: [deletionConsequence(orphan)],
  };
}

export function deletionConsequence(group: ObservedGroup): string {
  const lost = group.status === 'approved' ? '; it is approved, and a new group starts unapproved' : '';
  return `group ${group.id} (${combinationKey(group.combination)}, ${group.status}) is deleted${lost}`;
}

/**
 * Returns the attention for other groups that lost their manifest: those of the former scope, and those that
 * the change under review removes.
 */
export function planUnmanaged(input: PlanInput, orphans: readonly PlannedGroup[]): Attention[] {
  const { observed, base } = input;
  const former = isOfCertainNames(input)
    ? []
    : (observed.unclaimed ?? []).filter(({ reference }) => isOfFormerScope(observed, reference));
  const deleted = new Set(orphans.flatMap(({ change }) => change?.deletes.map(({ id }) => id) ?? []));
  return [
    ...[...former].sort(byReference).map((group) => formerAttention(group, observed)),
    ...(base === undefined ? [] : noLongerManaged(base, observed, deleted)),
  ];
}

/** Returns true for a run that paths or names narrow. A shard and exclusions leave the rest in question. */
function isOfCertainNames({ narrowedBy }: PlanInput): boolean {
  return narrowedBy.includes('paths') || narrowedBy.includes('--target');
}

export function byId(a: ObservedGroup, b: ObservedGroup): number {
  return compareText(a.id, b.id);
}

function byReference(a: ObservedGroup, b: ObservedGroup): number {
  return compareText(a.reference ?? '', b.reference ?? '') || byId(a, b);
}
