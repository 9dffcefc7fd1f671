import type { ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import type { DesiredGroup } from '../../model/resource.ts';
import { reveal } from '../../model/sensitive.ts';
import type { BegunListing } from '../../telnyx/paging.ts';

/** @param requests the number of requests that look up every reference. */
export function isCheaperByReference(requests: number, { pagesLeft }: BegunListing<unknown>): boolean {
  return pagesLeft !== null && requests < pagesLeft;
}

export interface LookUpScope {
  readonly scope: string;
  /** The groups on which the run acts. */
  readonly groups: readonly DesiredGroup[];
  /** Is true if orders count, too. They are compared with the whole list. */
  readonly hasOrders: boolean;
  /** Resolves when the groups of the account are read. */
  readonly settle: () => Promise<Acting>;
}

/** The groups at Telnyx that the manifests mean. */
export interface Acting {
  readonly matches: ReadonlyMap<string, ObservedMatch>;
  /** The ids of documents that any group holds. */
  readonly linkedIds: ReadonlySet<string>;
}

/**
 * Returns the groups' values of this type. Null if they cannot be told, or if orders are compared with them,
 * too.
 */
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
