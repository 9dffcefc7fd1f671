import type { ObservedGroup, ObservedMatch } from '../../model/observed.ts';
import { reveal } from '../../model/privacy/sensitive.ts';
import {
  asRemoteId,
  type DesiredContent,
  type DesiredGroup,
  type Reference,
  type RemoteId,
} from '../../model/resource.ts';
import { unlessUnknown } from '../../telnyx/absence.ts';
import type { BegunListing, Listing } from '../../telnyx/paging.ts';

/** @param requests the number of requests that look up every reference. */
export function isCheaperByReference(requests: number, { pagesLeft }: BegunListing<unknown>): boolean {
  return pagesLeft !== null && requests < pagesLeft;
}

/** How one kind is looked up. */
export interface LookUp<Row> {
  readonly kind: 'document' | 'address';
  /** The number of references that one request asks for. */
  readonly referencesAtOnce: number;
  /** Reads the first page of the whole list. */
  readonly begin: () => Promise<BegunListing<Row>>;
  /** Returns the digest of content of this kind. Null for other content. */
  readonly digestOf: (content: DesiredContent) => string | null;
  readonly referenceOf: (digest: string) => Reference;
  readonly find: (references: readonly Reference[]) => Promise<Listing<Row>>;
  readonly get: (id: RemoteId) => Promise<Row>;
  /** Returns true if a row may decide without the whole list. */
  readonly isSound: (row: Row, acting: Acting) => boolean;
}

/**
 * Reads the objects of a kind that matter to a run, in the cheaper of two ways: the whole list, or those with
 * the references of what the manifests state and the ids that the groups hold. The latter must decide nothing
 * otherwise than the whole list would, so it is given up if a stated object is not there, or if a row is not
 * sound.
 */
export async function lookUp<Row extends { readonly id: string; readonly reference: string | null }>(
  { kind, referencesAtOnce, begin, digestOf, referenceOf, find, get, isSound }: LookUp<Row>,
  { groups, hasOrders, settle, pagesOfGroups = null }: LookUpScope,
): Promise<Listing<Row>> {
  const begun =
    pagesOfGroups === null || hasOrders
      ? await begin()
      : { pagesLeft: pagesOfGroups, finish: async () => (await begin()).finish() };
  if (hasOrders) return begun.finish();
  const digests = new Set<string>();
  for (const { requirements } of groups) {
    for (const { content } of requirements) {
      if (content.kind === `${kind}_id`) return begun.finish();
      const digest = digestOf(content);
      if (digest !== null) digests.add(digest);
    }
    const requests = Math.ceil(digests.size / referencesAtOnce);
    if (!isCheaperByReference(requests, begun)) return begun.finish();
  }
  const wanted = new Set([...digests].map(referenceOf));
  const acting = await settle();
  const held = valuesHeld(groups, acting, kind);
  if (held === null) return begun.finish();
  const found = await find([...wanted]);
  const sound = found.rows.filter((row) => isSound(row, acting));
  if (sound.length < found.rows.length || !isCovered(wanted, sound)) return begun.finish();
  const known = new Set<string>(sound.map(({ id }) => id));
  const others = [...new Set(held)].filter((id) => !known.has(id));
  if (others.length > 0 && !isCheaperByReference(others.length, begun)) return begun.finish();
  // A value whose object is gone points to nothing, in the list as here.
  const rows = await Promise.all(others.map((id) => unlessUnknown(() => get(asRemoteId(id)))));
  return { ...found, rows: [...found.rows, ...rows.filter((row) => row !== null)] };
}

export interface LookUpScope {
  readonly scope: string;
  /** The groups on which the run acts. */
  readonly groups: readonly DesiredGroup[];
  /** Is true if orders count, too. They are compared with the whole list. */
  readonly hasOrders: boolean;
  /** Resolves when the groups of the account are read. */
  readonly settle: () => Promise<Acting>;
  /**
   * The pages of groups that a look-up left unread. The lists of documents and addresses are taken to be as
   * long: their first pages would cost more than they tell. Absent if the groups are read whole.
   */
  readonly pagesOfGroups?: number | null;
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
function valuesHeld(
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

function isCovered(
  wanted: ReadonlySet<string>,
  rows: readonly { readonly reference: string | null }[],
): boolean {
  const found = new Set(rows.map(({ reference }) => reference));
  return [...wanted].every((reference) => found.has(reference));
}
