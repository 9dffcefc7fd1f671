import { posix } from 'node:path';
import type { ObservedGroup } from '../model/observed.ts';
import { references } from '../model/reference-names.ts';
import type { ComposedGroup, Surroundings } from './composition.ts';
import type { Draft } from './draft.ts';
import { fileBase, type Names, slug } from './names.ts';

/** Chooses the name and the path of each group, and marks them as taken. */
export function nameGroups(
  drafts: readonly Draft[],
  { scope, folder, live }: Surroundings,
  { names, paths }: { readonly names: Names; readonly paths: Names },
): ComposedGroup[] {
  const own = ownNames(scope, live);
  const isFree = (name: string | undefined): name is string =>
    name !== undefined && names.isFree(groupKey(name));
  const kept = new Map(drafts.map((draft) => [draft.group.id, own.get(draft.group.id)]));
  for (const [id, name] of kept) if (!isFree(name)) kept.delete(id);
  // A live group of the scope keeps the name in its reference, whether it is imported or not.
  for (const name of own.values()) names.take(groupKey(name));
  return drafts.map((draft) => {
    const own = kept.get(draft.group.id);
    const name = own ?? claimName(draft.group, scope, names);
    const path = paths.claim(posix.join(folder, fileBase(name)), '.yaml');
    return { draft, name, path, isPinned: own === undefined };
  });
}

/**
 * Returns, by id, the names of groups that a manifest finds by reference alone. Several live groups that
 * share a reference are ambiguous, and a reference that is not a valid name cannot belong to a manifest. Such
 * groups are adopted by `id:`.
 */
function ownNames(scope: string, live: readonly ObservedGroup[]): Map<string, string> {
  const prefix = references.scopePrefix(scope);
  const uses = new Map<string, number>();
  for (const { reference } of live)
    if (reference !== null) uses.set(reference, (uses.get(reference) ?? 0) + 1);
  const names = new Map<string, string>();
  for (const { id, reference } of live) {
    const name = reference?.startsWith(prefix) ? reference.slice(prefix.length) : '';
    if (MANIFEST_NAME.test(name) && uses.get(reference ?? '') === 1) names.set(id, name);
  }
  return names;
}

const MANIFEST_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

function claimName({ reference, combination }: ObservedGroup, scope: string, names: Names): string {
  const prefix = references.scopePrefix(scope);
  const said = reference?.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  const { countryCode, phoneNumberType, action } = combination;
  const base = slug(said ?? '') || slug(`${countryCode}-${phoneNumberType}-${action}`);
  return names.claim(groupKey(base)).slice(groupKey('').length);
}

function groupKey(name: string): string {
  return `RequirementGroup/${name}`;
}
