import { posix } from 'node:path';
import { indexRows } from '../kinds/reading/index-rows.ts';
import type { ObservedGroup } from '../model/observed.ts';
import { references } from '../model/reference-names.ts';
import type { Combination } from '../model/resource.ts';
import type { ComposedGroup, Surroundings } from './composition.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import { fileBase, type Names, slug } from './names.ts';

/** Chooses the name and the path of each group, and marks them as taken. */
export function nameGroups(
  manifests: readonly GeneratedManifest[],
  { scope, folder, live }: Surroundings,
  { names, paths }: { readonly names: Names; readonly paths: Names },
): ComposedGroup[] {
  const own = ownNames(scope, live);
  const isFree = (name: string | undefined): name is string =>
    name !== undefined && names.isFree(groupKey(name));
  const called = nameFromReference(live, scope, own);
  const kept = new Map(manifests.map((manifest) => [manifest.group.id, own.get(manifest.group.id)]));
  for (const [id, name] of kept) if (!isFree(name)) kept.delete(id);
  // A live group of the scope keeps the name in its reference, whether it is imported or not.
  for (const name of own.values()) names.take(groupKey(name));
  return manifests.map((manifest) => {
    const own = kept.get(manifest.group.id);
    const name = own ?? names.claim(groupKey(called(manifest.group))).slice(groupKey('').length);
    const path = paths.claim(posix.join(folder, fileBase(name)), '.yaml');
    return { manifest, name, path, isPinned: own === undefined };
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

/**
 * Returns a function that makes a name of a group's reference. Where several live groups have the same one,
 * the name says in which way they differ: `crm-1-ordering` and `crm-1-porting`. Names do not depend on which
 * of these groups are imported.
 */
function nameFromReference(
  live: readonly ObservedGroup[],
  scope: string,
  own: ReadonlyMap<string, string>,
): (group: ObservedGroup) => string {
  const namesakes = indexRows(
    live.filter(({ id }) => !own.has(id)),
    (group) => baseName(group, scope),
  );
  return (group) => {
    const base = baseName(group, scope);
    const suffix = distinction(group, namesakes.get(base) ?? []);
    return suffix === '' ? base : `${base.slice(0, MAX_NAME - suffix.length - 1)}-${suffix}`;
  };
}

function baseName({ reference, combination }: ObservedGroup, scope: string): string {
  const prefix = references.scopePrefix(scope);
  const said = reference?.startsWith(prefix) ? reference.slice(prefix.length) : reference;
  return slug(said ?? '') || inFull(combination);
}

/** Returns the part of the combination that tells a group from its namesakes, or an empty text. */
function distinction(group: ObservedGroup, namesakes: readonly ObservedGroup[]): string {
  const numberOf = (part: Part): number =>
    new Set(namesakes.map(({ combination }) => part(combination))).size;
  if (numberOf(inFull) < 2) return '';
  const part = PARTS.find((candidate) => numberOf(candidate) === namesakes.length) ?? inFull;
  return slug(part(group.combination));
}

type Part = (combination: Combination) => string;

const inFull: Part = ({ countryCode, phoneNumberType, action }) =>
  slug(`${countryCode}-${phoneNumberType}-${action}`);

/** What may tell namesakes apart, in the order in which people say it. */
const PARTS: readonly Part[] = [
  ({ action }) => action,
  ({ phoneNumberType }) => phoneNumberType,
  ({ countryCode }) => countryCode,
];

/** The limit of 63 leaves room for a number after it. */
const MAX_NAME = 58;

function groupKey(name: string): string {
  return `RequirementGroup/${name}`;
}
