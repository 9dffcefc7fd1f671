import { heldDocuments } from '../kinds/document/observe.ts';
import { type Matching, matchGroups } from '../kinds/requirement-group/identity/match.ts';
import { pinnedIds, readGroups } from '../kinds/requirement-group/identity/read-groups.ts';
import { lookUpGroups, type SoughtGroups } from '../kinds/requirement-group/look-up.ts';
import type { ObservedGroup } from '../model/observed.ts';
import type { Desired } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { beginGroups } from '../telnyx/endpoints/requirement-groups.ts';

/** The groups of the account, or those that a narrow run needs. */
export interface GroupReading {
  readonly rows: readonly ObservedGroup[];
  /** The groups that tell whose account this is: some of it, also if the run needs no group. */
  readonly witnesses: readonly ObservedGroup[];
  readonly matching: Matching;
  /** The ids of documents that these groups hold. */
  readonly linkedIds: ReadonlySet<string>;
  readonly dateMs: number | null;
  /** The part of the list that a look-up left unread. Null if all groups are read. */
  readonly unread: UnreadGroups | null;
}

interface UnreadGroups {
  readonly pages: number;
  /** Reads the whole list after all. */
  readonly readWhole: () => Promise<GroupReading>;
}

/** @param sought the groups that matter. Null if all of the account do. */
export async function readGroupsFor(
  client: ReadClient,
  desired: Desired,
  sought: SoughtGroups | null,
): Promise<GroupReading> {
  const begun = await beginGroups(client);
  const readWhole = async (): Promise<GroupReading> => {
    const { rows, dateMs } = await readGroups(client, pinnedIds(desired.RequirementGroup), begun);
    const matching = matchGroups(desired, desired.RequirementGroup, rows);
    return { rows, witnesses: rows, matching, linkedIds: heldDocuments(rows), dateMs, unread: null };
  };
  const found = sought === null ? null : await lookUpGroups(client, desired, sought, begun);
  if (found === null) return readWhole();
  const pages = begun.pagesLeft ?? 0;
  const linkedIds = heldDocuments(found.rows);
  const witnesses = found.rows.length > 0 ? found.rows : (begun.firstRows ?? []);
  return { ...found, witnesses, linkedIds, dateMs: begun.dateMs ?? null, unread: { pages, readWhole } };
}
