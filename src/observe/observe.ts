import { lookUpAddresses } from '../kinds/address/look-up.ts';
import { indexAddresses } from '../kinds/address/observe.ts';
import { lookUpDocuments } from '../kinds/document/look-up.ts';
import { indexDocuments, needsLinks, readLinks } from '../kinds/document/observe.ts';
import { findNamedContents } from '../kinds/reading/absent-contents.ts';
import type { Acting } from '../kinds/reading/look-up.ts';
import { readOrderComments } from '../kinds/reading/order-comments.ts';
import { readComments } from '../kinds/requirement-group/comments.ts';
import type { SoughtGroups } from '../kinds/requirement-group/look-up.ts';
import {
  byKind,
  type DesiredByKind,
  type ManagedKind,
  OTHER_KINDS,
  type OtherKind,
  type Selected,
  statedContents,
} from '../model/kinds.ts';
import type { Observed, ObservedGroup } from '../model/observed.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired, DesiredContent } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { Listing } from '../telnyx/paging.ts';
import { type GroupReading, readGroupsFor } from './groups.ts';
import { observeOrders } from './orders.ts';

export interface Observation {
  readonly observed: Observed;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
}

/**
 * Turns the live API into Observed. regsync reads lists in pages, so that ten thousand groups cost forty
 * requests. A narrow run of a few manifests looks up what these mean, and leaves the rest unread. regsync
 * reads a single group only if a manifest pins an id that the list does not contain, and orders by the ids
 * that manifests name.
 */
export async function observe(
  client: ReadClient,
  desired: Desired,
  options: {
    readonly selected: Selected;
    /** The mask, which learns what orders hold. */
    readonly redactor: Redactor;
    readonly nowMs: () => number;
    readonly narrow?: Narrow;
  },
): Promise<Observation> {
  const naming = inRun(desired, options.selected);
  const hasOrders = concernsOrders(desired, options.selected);
  const { scope } = desired;
  const sought = options.narrow === undefined ? null : { ...options.narrow, names: groupsOf(naming) };
  const settling = readGroupsFor(client, desired, sought);
  // A narrow run first sees whether groups are looked up, because documents and addresses then are, too.
  const unread = sought === null ? null : (await settling).unread;
  const contents = statedContents(desired);
  const settle = async (): Promise<Acting> => {
    const { matching, linkedIds } = await settling;
    return { matches: matching.matches, linkedIds };
  };
  const lookUp = {
    ...{ scope, groups: naming.RequirementGroup, hasOrders, settle },
    pagesOfGroups: unread?.pages ?? null,
  };
  const [orders, read, listedDocuments, listedAddresses] = await Promise.all([
    observeOrders(client, desired, options),
    settling,
    uses(contents, 'document') ? lookUpDocuments(client, lookUp) : NOTHING,
    uses(contents, 'address') ? lookUpAddresses(client, lookUp) : NOTHING,
  ]);
  const listed = { documents: listedDocuments.rows, addresses: listedAddresses.rows };
  const { documents, addresses, problems } = await findNamedContents(client, naming, listed);
  const wanted = unread === null ? contents : statedContents(naming);
  const isUndecided = ({ linkedIds }: GroupReading) => needsLinks(scope, wanted, documents, linkedIds);
  // A group that was not looked up may hold a document that no other group is seen to hold.
  const groups = unread !== null && isUndecided(read) ? await unread.readWhole() : read;
  const { matching } = groups;
  const [links, comments, orderComments] = await Promise.all([
    isUndecided(groups) ? readLinks(client) : [],
    readComments(client, matching, options.selected),
    readOrderComments(client, orders.parts),
  ]);
  const linkedIds = new Set([...groups.linkedIds, ...links]);
  return {
    observed: {
      scope,
      users: usersOf(groups.witnesses),
      RequirementGroup: matching.matches,
      orphans: matching.orphans,
      ...(groups.unread === null ? { unclaimed: matching.unclaimed } : {}),
      ownedGroups: matching.ownedGroups,
      ...formerScopeOf(desired),
      documents: indexDocuments(documents, linkedIds),
      addresses: indexAddresses(addresses),
      comments: new Map([...comments, ...orderComments]),
      ...orders.parts,
      readAtMs: listedDocuments.dateMs ?? groups.dateMs ?? options.nowMs(),
    },
    problems: [...matching.problems, ...orders.problems, ...problems],
    refusals: [...matching.refusals, ...orders.refusals],
  };
}

/**
 * Says that only the manifests of the run matter: nothing is asked about groups that they do not mean.
 * Orphans and mistakes about other groups are then not looked for.
 */
export type Narrow = Pick<SoughtGroups, 'removed'>;

/** Returns an object without the key if there is no former scope. */
export function formerScopeOf({ formerScope }: Pick<Desired, 'formerScope'>): Pick<Desired, 'formerScope'> {
  return formerScope === undefined ? {} : { formerScope };
}

/** Returns the names of the groups of a run, and of those that its orders name. */
function groupsOf(run: DesiredByKind): ReadonlySet<string> {
  return new Set([
    ...run.RequirementGroup.map(({ name }) => name),
    ...OTHER_KINDS.flatMap((kind) => run[kind].flatMap(({ group }) => group?.name ?? [])),
  ]);
}

/** Returns the manifests that the run acts on. */
function inRun(desired: Desired, selected: Selected): DesiredByKind {
  const named = (kind: ManagedKind) => desired[kind].filter(({ name }) => selected[kind].has(name));
  return byKind<readonly Desired[ManagedKind][number][]>(named) as DesiredByKind;
}

/** Returns true if an order with a manifest is in the run, or belongs to a group of the run. */
function concernsOrders(desired: Desired, selected: Selected): boolean {
  return OTHER_KINDS.some((kind) => {
    const objects: readonly Desired[OtherKind][number][] = desired[kind];
    return objects.some(
      (object) =>
        selected[kind].has(object.name) ||
        ('group' in object && object.group !== null && selected.RequirementGroup.has(object.group.name)),
    );
  });
}

const NOTHING: Listing<never> = { rows: [], dateMs: null };

function uses(contents: readonly DesiredContent[], kind: 'document' | 'address'): boolean {
  return contents.some((content) => content.kind === kind || content.kind === `${kind}_id`);
}

/** Returns the users that own the groups, each once, sorted. */
function usersOf(groups: readonly ObservedGroup[]): string[] {
  return [...new Set(groups.flatMap(({ userId }) => userId ?? []))].sort(compareText);
}
