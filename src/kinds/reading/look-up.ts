import type { DesiredGroup, ObservedGroup, ObservedMatch } from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';
import type { BegunListing } from '../../telnyx/paging.ts';

/** @param requests how many it takes to ask for every reference. */
export function isCheaperByReference(requests: number, { pagesLeft }: BegunListing<unknown>): boolean {
  return pagesLeft !== null && requests < pagesLeft;
}

export interface LookUpScope {
  readonly scope: string;
  /** Those that it acts on. */
  readonly groups: readonly DesiredGroup[];
  /** Orders of manifests hold documents and addresses, too: they are compared with the whole list. */
  readonly hasOrders: boolean;
  /** Resolves when the groups of the account are read. */
  readonly settle: () => Promise<Acting>;
}

/** What Telnyx has for each of the groups. */
export interface Acting {
  readonly matches: ReadonlyMap<string, ObservedMatch>;
  /** Ids of documents that any group holds. */
  readonly linkedIds: ReadonlySet<string>;
}

/** What the groups hold of this type; null where that cannot be told, or orders are compared with it, too. */
export function valuesHeld(
  groups: readonly DesiredGroup[],
  { matches }: Acting,
  fieldType: 'document' | 'address',
): readonly string[] | null {
  const values: string[] = [];
  for (const { name, attach } of groups) {
    const group: ObservedGroup | null = matches.get(name)?.group ?? null;
    if (group === null || attach.length > 0) return null;
    for (const requirement of group.requirements) {
      if (requirement.fieldType === 'unknown') return null;
      if (requirement.fieldType === fieldType && !requirement.value.isEmpty)
        values.push(reveal(requirement.value));
    }
  }
  return values;
}

export function isCovered(
  wanted: ReadonlySet<string>,
  rows: readonly { readonly reference: string | null }[],
): boolean {
  const found = new Set(rows.map(({ reference }) => reference));
  return [...wanted].every((reference) => found.has(reference));
}

export function isHeldBy(values: readonly string[], rows: readonly { readonly id: string }[]): boolean {
  const ids = new Set(rows.map(({ id }) => id));
  return values.every((value) => ids.has(value));
}
