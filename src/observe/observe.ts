import { lookUpAddresses } from '../kinds/address/look-up.ts';
import { indexAddresses } from '../kinds/address/observe.ts';
import { lookUpDocuments } from '../kinds/document/look-up.ts';
import { heldDocuments, indexDocuments, readLinks } from '../kinds/document/observe.ts';
import { findNamedContents, type Naming } from '../kinds/reading/absent-contents.ts';
import type { Acting } from '../kinds/reading/look-up.ts';
import { readOrderComments } from '../kinds/reading/order-comments.ts';
import { readComments } from '../kinds/requirement-group/comments.ts';
import { matchGroups } from '../kinds/requirement-group/match.ts';
import { pinnedIds, readGroups } from '../kinds/requirement-group/read-groups.ts';
import { OTHER_KINDS, type OtherKind, type Selected, statedContents } from '../model/kinds.ts';
import type { Mask } from '../model/mask.ts';
import type { Observed, ObservedGroup } from '../model/observed.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import type { Desired, DesiredContent } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { Dated } from '../telnyx/endpoints.ts';
import { observeOrders } from './orders.ts';

export interface Observation {
  readonly observed: Observed;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
}

/**
 * Turns the live API into Observed. regsync reads lists in pages, so that ten thousand groups cost forty
 * requests. It reads a single group only if a manifest pins an id that the list does not contain, and orders
 * by the ids that manifests name.
 */
export async function observe(
  client: ReadClient,
  desired: Desired,
  options: {
    readonly selected: Selected;
    /** The mask, which learns what orders hold. */
    readonly mask: Mask;
    readonly nowMs: () => number;
  },
): Promise<Observation> {
  const contents = statedContents(desired);
  const selected = desired.RequirementGroup.filter(({ name }) => options.selected.RequirementGroup.has(name));
  const hasOrders = concernsOrders(desired, options.selected);
  const { scope } = desired;
  const settling = readGroups(client, pinnedIds(desired.RequirementGroup)).then((groups) => ({
    groups,
    matching: matchGroups(desired, desired.RequirementGroup, groups.rows),
    linkedIds: heldDocuments(groups.rows),
  }));
  const settle = async (): Promise<Acting> => {
    const { matching, linkedIds } = await settling;
    return { matches: matching.matches, linkedIds };
  };
  const [orders, { groups, matching, linkedIds }, listedDocuments, listedAddresses] = await Promise.all([
    observeOrders(client, desired, options),
    settling,
    uses(contents, 'document')
      ? lookUpDocuments(client, { scope, groups: selected, hasOrders, settle })
      : NOTHING,
    uses(contents, 'address')
      ? lookUpAddresses(client, { scope, groups: selected, hasOrders, settle })
      : NOTHING,
  ]);
  const naming = inRun(desired, options.selected);
  const listed = { documents: listedDocuments.rows, addresses: listedAddresses.rows };
  const { documents, addresses, problems } = await findNamedContents(client, naming, listed);
  const [links, comments, orderComments] = await Promise.all([
    readLinks(client, desired.scope, contents, documents, linkedIds),
    readComments(client, matching, options.selected),
    readOrderComments(client, orders.parts),
  ]);
  for (const id of links) linkedIds.add(id);
  return {
    observed: {
      scope: desired.scope,
      users: usersOf(groups.rows),
      RequirementGroup: matching.matches,
      orphans: matching.orphans,
      unclaimed: matching.unclaimed,
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

/** Returns an object without the key if there is no former scope. */
export function formerScopeOf({ formerScope }: Pick<Desired, 'formerScope'>): Pick<Desired, 'formerScope'> {
  return formerScope === undefined ? {} : { formerScope };
}

/** Returns the manifests that the run acts on. */
function inRun(desired: Desired, selected: Selected): Naming {
  return {
    RequirementGroup: desired.RequirementGroup.filter(({ name }) => selected.RequirementGroup.has(name)),
    NumberOrder: desired.NumberOrder.filter(({ name }) => selected.NumberOrder.has(name)),
    PortingOrder: desired.PortingOrder.filter(({ name }) => selected.PortingOrder.has(name)),
  };
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

const NOTHING: Dated<never> = { rows: [], dateMs: null };

function uses(contents: readonly DesiredContent[], kind: 'document' | 'address'): boolean {
  return contents.some((content) => content.kind === kind || content.kind === `${kind}_id`);
}

/** Returns the users that own the groups, each once, sorted. */
function usersOf(groups: readonly ObservedGroup[]): string[] {
  return [...new Set(groups.flatMap(({ userId }) => userId ?? []))].sort(compareText);
}
