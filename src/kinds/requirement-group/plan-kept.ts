import type { ObservedGroup } from '../../model/observed.ts';
import type { ManagedBefore, PlanInput } from '../../model/plan/decisions.ts';
import type { Attention, PlanDiagnostic } from '../../model/plan/plan.ts';
import { type BoundGroup, combinationKey, type DesiredGroup } from '../../model/resource.ts';
import {
  joined,
  named,
  type Outside,
  quoted,
  type Sentence,
  sentence,
  typed,
  worded,
} from '../../model/text/sentence.ts';

/**
 * Groups that no gate deletes: those whose manifest says `deletion: forbid` or `manage: observe`, also where
 * the manifest is gone.
 */

/**
 * Returns the reason not to replace the group of a manifest, or null. The line counts also in the change that
 * removes it, because one review would not see that a removed line deletes a group.
 */
export function whyKept(
  { name, forbidsDeletion = false }: BoundGroup,
  superseded: readonly ObservedGroup[],
  input: Pick<PlanInput, 'kept' | 'base'>,
): Sentence | null {
  if (forbidsDeletion) return sentence`its manifest says ${typed('deletion: forbid')}`;
  const kept = keptOrphans(input);
  const key = [name, ...superseded.map(({ id }) => id)].find((one) => kept.has(one));
  return key === undefined ? null : (kept.get(key) ?? null);
}

/**
 * Refuses to replace a group whose manifest forbids its deletion. Only this manifest waits, because the
 * others are not to blame.
 */
export function replaceForbidden(
  { name, combination, source: { file, line } }: BoundGroup,
  superseded: readonly ObservedGroup[],
  why: Sentence,
): PlanDiagnostic {
  return {
    severity: 'error',
    code: 'deletion-forbidden',
    kind: 'RequirementGroup',
    name,
    ...worded(
      sentence`${quoted(name)} would replace ${joined(superseded.map(oldInWords), ', ')} by a group for ${named(combinationKey(combination))}, and ${why}: nothing is done to it. To keep the group, restore the country, the type and the action. To replace it, remove that line at ${named(`${file}:${line}`)} in a change of its own, and apply that one first.`,
    ),
    source: { file, line },
  };
}

/** Returns the line of a manifest that keeps its group, or null. */
export function keepingLine({
  forbidsDeletion = false,
  isWatched = false,
}: Pick<DesiredGroup, 'forbidsDeletion' | 'isWatched'>): Outside | null {
  if (forbidsDeletion) return typed('deletion: forbid');
  return isWatched ? typed('manage: observe') : null;
}

/**
 * Returns the reason to keep each orphan that a manifest protected until it was removed, by name. A manifest of
 * another name may have meant the group by its `id:`: then it has its id here.
 */
export function keptOrphans({ kept, base }: Pick<PlanInput, 'kept' | 'base'>): ReadonlyMap<string, Sentence> {
  return new Map([...(base === undefined ? [] : keptByBase(base)), ...(kept ?? [])]);
}

function keptByBase({ groups, matches }: ManagedBefore): [string, Sentence][] {
  return groups.flatMap((group): [string, Sentence][] => {
    const line = keepingLine(group);
    if (line === null) return [];
    const why = sentence`its manifest in ${named(group.source.file)} said ${line} before this change`;
    const meant = matches.get(group.name)?.group?.id;
    return [[group.name, why], ...(meant === undefined ? [] : [[meant, why] as [string, Sentence]])];
  });
}

export function keptAttention(name: string, group: ObservedGroup, why: Sentence): Attention {
  const message = sentence`orphaned ${groupInWords(group)} is kept: ${why}. To keep it managed, restore the manifest. To let it go undeleted, run: ${named(`regsync release ${name}`)}`;
  return { code: 'deletion-forbidden', name, ...worded(message) };
}

/** Describes a group at Telnyx: `group 5a1c… (DE/local/ordering, approved)` */
export function groupInWords(group: ObservedGroup): Sentence {
  return sentence`group ${oldInWords(group)}`;
}

/** Describes it among others: `5a1c… (DE/local/ordering, approved)` */
export function oldInWords({ id, combination, status }: ObservedGroup): Sentence {
  return sentence`${named(id)} (${named(combinationKey(combination))}, ${named(status)})`;
}
