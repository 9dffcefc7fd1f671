import { ApiError } from '../../model/errors.ts';
import type { ObservedGroup } from '../../model/observed.ts';
import { referenceKey } from '../../model/reference.ts';
import { asReference, type Desired, type DesiredGroup, type RemoteId } from '../../model/resource.ts';
import type { ReadClient } from '../../telnyx/client.ts';
import { beginGroupsByReference } from '../../telnyx/endpoints/requirement-groups.ts';
import type { BegunListing } from '../../telnyx/paging.ts';
import { isCheaperByReference } from '../reading/look-up.ts';
import { formerReference, type Matching, matchGroups } from './identity/match.ts';
import { getGroupOrNull } from './identity/read-groups.ts';

/** The groups that a narrow run reads. */
export interface SoughtGroups {
  /** The names of manifests. */
  readonly names: ReadonlySet<string>;
  /** The groups of manifests that are gone. Their rows are orphans if no manifest means them. */
  readonly removed?: readonly RemovedGroup[];
}

export type RemovedGroup = Pick<DesiredGroup, 'id' | 'reference'>;

/** A part of the account's groups that decides about the sought ones as the whole list would. */
export interface FoundGroups {
  readonly rows: readonly ObservedGroup[];
  /** The match of each sought manifest, and of those that could mean one of its groups. */
  readonly matching: Matching;
}

/**
 * Looks up groups by their references, and those that manifests name by their ids. Returns null if the whole
 * list is cheaper, or if only the whole list decides:
 *
 * - A manifest has no group, because another group of the account may be its copy, or the list may lag.
 * - A group is replaced, because the limits count all groups of the scope.
 * - The answers are not what the filter asks for. It is documented, but not how exact it is (doctor:
 *   `groups-reference-filter`). A server may ignore it, refuse it, or also answer references that contain
 *   this one.
 *
 * If the filter is exact, a group whose reference differs from the manifest's in blanks alone is not in an
 * answer. Such a group is never ours. Beside the group of the exact reference only the whole list shows it.
 */
export async function lookUpGroups(
  client: ReadClient,
  desired: Desired,
  sought: SoughtGroups,
  begun: BegunListing<unknown>,
): Promise<FoundGroups | null> {
  const { names, removed = [] } = sought;
  const manifests = desired.RequirementGroup;
  const wanted = manifests.filter(({ name }) => names.has(name));
  const ids = new Set([...wanted, ...removed].flatMap(({ id }) => (id === null ? [] : [id.id])));
  const references = [...wanted, ...removed]
    .filter(({ id }) => id === null)
    .map(({ reference }) => reference);
  if (!isCheaperByReference(ids.size + references.length, begun)) return null;

  const pinned = await getEach(client, ids);
  const index = indexManifests(desired);
  const keys = relatedKeys(index, [
    ...references.flatMap((reference) => referenceKey(reference) ?? []),
    ...pinned.flatMap(({ reference }) => referenceKey(reference) ?? []).filter((key) => index.byKey.has(key)),
  ]);
  if (!isCheaperByReference(ids.size + keys.size, begun)) return null;
  const answers = await Promise.all([...keys].map((key) => readByReference(client, key)));
  const listed: ObservedGroup[] = [];
  for (const rows of answers) {
    if (rows === null) return null;
    listed.push(...rows);
  }

  const known = new Set(listed.map(({ id }) => id));
  const rows = [...listed, ...pinned.filter(({ id }) => !known.has(id))];
  const found = new Set<string>(rows.map(({ id }) => id));
  const related = manifests.filter((group) =>
    group.id === null
      ? index.keysOf.get(group)?.some((key) => keys.has(key))
      : found.has(group.id.id) || names.has(group.name),
  );
  const matching = matchGroups(desired, related, rows);
  return isDecided(matching, wanted) ? { rows, matching } : null;
}

/** Returns true if every manifest has its group, or several that it could mean, and replaces none. */
function isDecided({ matches }: Matching, wanted: readonly DesiredGroup[]): boolean {
  return wanted.every(({ name }) => {
    const match = matches.get(name);
    if (match === undefined || match.superseded.length > 0) return false;
    return match.group !== null || match.rivals !== undefined;
  });
}

async function getEach(client: ReadClient, ids: Iterable<RemoteId>): Promise<ObservedGroup[]> {
  const found = await Promise.all([...ids].map((id) => getGroupOrNull(client, id)));
  return found.filter((group) => group !== null);
}

/* ---- The references that decide together ---- */

/** The manifests without an `id:`, and the keys of the references by which each finds its group. */
interface ManifestIndex {
  readonly keysOf: ReadonlyMap<DesiredGroup, readonly string[]>;
  readonly byKey: ReadonlyMap<string, readonly DesiredGroup[]>;
}

function indexManifests(desired: Desired): ManifestIndex {
  const keysOf = new Map<DesiredGroup, readonly string[]>();
  const byKey = new Map<string, DesiredGroup[]>();
  for (const group of desired.RequirementGroup) {
    if (group.id !== null) continue;
    const own = [group.reference, formerReference(desired, group)].flatMap((one) => referenceKey(one) ?? []);
    keysOf.set(group, own);
    for (const key of own) byKey.set(key, [...(byKey.get(key) ?? []), group]);
  }
  return { keysOf, byKey };
}

/**
 * Returns these keys, and those of every manifest that could mean a group of one of them: what one manifest
 * takes, another cannot.
 */
function relatedKeys({ keysOf, byKey }: ManifestIndex, given: readonly string[]): ReadonlySet<string> {
  const keys = new Set<string>();
  const queue = [...given];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (keys.has(key)) continue;
    keys.add(key);
    for (const group of byKey.get(key) ?? []) queue.push(...(keysOf.get(group) ?? []));
  }
  return keys;
}

/* ---- Answers ---- */

/** Returns the groups of a reference. Null if the answer is not one to this question, or not all of it. */
async function readByReference(client: ReadClient, key: string): Promise<readonly ObservedGroup[] | null> {
  const begun = await beginOrNull(client, key);
  // Several pages are more than groups that share a reference: the server ignores the filter, or misreads it.
  if (begun === null || begun.pagesLeft !== 0) return null;
  const { rows } = await begun.finish();
  const isAnswer = rows.every(({ reference }) => isLike(reference, key));
  return isAnswer ? rows.filter(({ reference }) => referenceKey(reference) === key) : null;
}

async function beginOrNull(client: ReadClient, key: string): Promise<BegunListing<ObservedGroup> | null> {
  try {
    return await beginGroupsByReference(client, asReference(key));
  } catch (error) {
    if (error instanceof ApiError && [400, 404, 422].includes(error.status)) return null;
    throw error;
  }
}

/** Returns true if a filter that is not exact could answer this reference. */
function isLike(reference: string | null, key: string): boolean {
  return referenceKey(reference)?.toLowerCase().includes(key.toLowerCase()) ?? false;
}
