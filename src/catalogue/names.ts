import type { LockedName, NamedRequirement } from '../model/lock.ts';
import { normaliseText } from '../model/text/normal-text.ts';

/** A function that returns the requirements that a manifest may mean by a text. */
export type NameIndex<Name> = (written: string) => readonly Name[];

/** Indexes requirements by id, in capitals or not, and by names. One index serves many manifests. */
export function indexNames<Name extends NamedRequirement>(
  requirements: readonly Name[],
  namesOf: (requirement: Name) => readonly string[],
): NameIndex<Name> {
  const index = new Map<string, Set<Name>>();
  for (const requirement of requirements) {
    for (const text of [requirement.id, ...namesOf(requirement).map(normaliseText)]) {
      index.set(text, (index.get(text) ?? new Set()).add(requirement));
    }
  }
  const find = (written: string): readonly Name[] => {
    const text = normaliseText(written);
    const byId = UUID.test(text) ? index.get(text.toLowerCase()) : undefined;
    return [...(byId ?? index.get(text) ?? [])];
  };
  // The results are cached, because all manifests use the same few names.
  const found = new Map<string, readonly Name[]>();
  return (written) => {
    const known = found.get(written);
    if (known !== undefined) return known;
    const names = find(written);
    found.set(written, names);
    return names;
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the current name. */
export function nameOf({ name }: NamedRequirement): readonly string[] {
  return [name];
}

export function allNamesOf({ name, formerNames }: LockedName): readonly string[] {
  return [name, ...formerNames];
}
