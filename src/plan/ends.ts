import { MANAGED } from '../kinds/index.ts';
import type { Managed } from '../kinds/kind.ts';
import { digestOf, type PlanKeys } from '../kinds/values/fingerprint.ts';
import { type BoundByKind, MANAGED_KINDS } from '../model/kinds.ts';
import type { Observed } from '../model/observed.ts';
import type { Plan, PlanChange } from '../model/plan/plan.ts';

/** Where the manifests of a run lead, changed or not, as far as it tells whether a change was taken back. */
export interface Ends {
  /** The digest that a change of each object has, by its kind and name. */
  readonly digests: ReadonlyMap<string, string>;
  /** The groups at Telnyx that this run leaves: those that manifests mean, and the orphans that it spares. */
  readonly groups: ReadonlySet<string>;
}

export function endsOf(
  worlds: BoundByKind & { readonly observed: Observed },
  { changes }: Pick<Plan, 'changes'>,
  keys: PlanKeys,
): Ends {
  const digests = MANAGED_KINDS.flatMap((kind) => {
    const room: Managed = MANAGED[kind];
    return worlds[kind].map(
      (object) => [keyOf(kind, object.name), digestOf(keys, room.end(object))] as const,
    );
  });
  const { RequirementGroup: matches, orphans } = worlds.observed;
  const deleted = new Set<string>(changes.flatMap(({ group }) => group?.deletes ?? []));
  const spared = orphans.filter(({ id }) => !deleted.has(id));
  const kept = [...[...matches.values()].flatMap(({ group }) => group ?? []), ...spared];
  return { digests: new Map(digests), groups: new Set(kept.map(({ id }) => id)) };
}

/**
 * Returns true if the manifests want what the change leads to. A document or an address belongs to the changes
 * that write it, and these are compared.
 */
export function leadsThere({ kind, name, id, digest, group }: PlanChange, ends: Ends): boolean {
  if (kind === 'Document' || kind === 'Address') return true;
  if (group?.verb === 'delete') return id === null || !ends.groups.has(id);
  return ends.digests.get(keyOf(kind, name)) === digest;
}

function keyOf(kind: PlanChange['kind'], name: string): string {
  return JSON.stringify([kind, name]);
}
