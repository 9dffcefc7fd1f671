import { type Selected, statedContents } from '../model/kinds.ts';
import type { Mask } from '../model/mask.ts';
import { compareText } from '../model/order.ts';
import type { Problem } from '../model/problem.ts';
import {
  type Desired,
  type DesiredContent,
  type DesiredGroup,
  type Observed,
  type ObservedAddresses,
  type ObservedDocument,
  type ObservedDocuments,
  type ObservedGroup,
  type RemoteId,
  type ReviewComment,
  references,
} from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import { unlessUnknown } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import {
  type Dated,
  getGroup,
  listDocumentLinks,
  listGroupComments,
  listGroups,
} from '../telnyx/endpoints.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';
import { indexRows } from './index-rows.ts';
import { type Acting, lookUpAddresses, lookUpDocuments } from './look-up.ts';
import { type Matching, matchGroups } from './match.ts';
import { observeOrders } from './order-manifests.ts';

export interface Observation {
  readonly observed: Observed;
  readonly problems: readonly Problem[];
  readonly refusals: readonly Problem[];
}

/**
 * Live API → Observed. Everything is read in pages of lists, so that ten thousand groups cost forty requests;
 * single groups are asked for only where the list does not hold one that a manifest pins by id. Orders are asked for by the
 * ids that manifests name.
 */
export async function observe(
  client: ReadClient,
  desired: Desired,
  options: {
    readonly selected: Selected;
    /** Learns what orders hold. */
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
  const [orders, { groups, matching, linkedIds }, documents, addresses] = await Promise.all([
    observeOrders(client, desired, options),
    settling,
    uses(contents, 'document')
      ? lookUpDocuments(client, { scope, groups: selected, hasOrders, settle })
      : NOTHING,
    uses(contents, 'address')
      ? lookUpAddresses(client, { scope, groups: selected, hasOrders, settle })
      : NOTHING,
  ]);
  const [links, comments] = await Promise.all([
    readLinks(client, desired.scope, contents, documents.rows, linkedIds),
    readComments(client, matching, options.selected),
  ]);
  for (const id of links) linkedIds.add(id);
  return {
    observed: {
      scope: desired.scope,
      users: usersOf(groups.rows),
      matches: matching.matches,
      orphans: matching.orphans,
      unclaimed: matching.unclaimed,
      ownedGroups: matching.ownedGroups,
      ...formerScopeOf(desired),
      documents: indexDocuments(documents.rows, linkedIds),
      addresses: indexAddresses(addresses.rows),
      comments,
      orders: orders.orders,
      NumberOrder: orders.NumberOrder,
      PortingOrder: orders.PortingOrder,
      lostOrders: orders.lostOrders,
      rivalOrders: orders.rivalOrders,
      readAtMs: documents.dateMs ?? groups.dateMs ?? options.nowMs(),
    },
    problems: [...matching.problems, ...orders.problems],
    refusals: [...matching.refusals, ...orders.refusals],
  };
}

/** Absent where there is none, in whatever holds it. */
export function formerScopeOf({ formerScope }: Pick<Desired, 'formerScope'>): Pick<Desired, 'formerScope'> {
  return formerScope === undefined ? {} : { formerScope };
}

/** Orders that have manifests, and are in the run or belong to its groups. */
function concernsOrders(
  { NumberOrder: numberOrders, PortingOrder: portingOrders }: Desired,
  selected: Selected,
): boolean {
  return (
    numberOrders.some(({ name }) => selected.NumberOrder.has(name)) ||
    portingOrders.some(({ name }) => selected.PortingOrder.has(name)) ||
    [...numberOrders, ...portingOrders].some(
      ({ group }) => group !== null && selected.RequirementGroup.has(group.name),
    )
  );
}

const NOTHING: Dated<never> = { rows: [], dateMs: null };

function uses(contents: readonly DesiredContent[], kind: 'document' | 'address'): boolean {
  return contents.some((content) => content.kind === kind || content.kind === `${kind}_id`);
}

export function pinnedIds(groups: readonly DesiredGroup[]): RemoteId[] {
  return groups.flatMap((group) => (group.id === null ? [] : [group.id.id]));
}

/** A list may lag behind a group that was just made elsewhere: what somebody names by its id is asked for by that. */
export async function readGroups(
  client: ReadClient,
  ids: readonly RemoteId[],
): Promise<Dated<ObservedGroup>> {
  const { rows, dateMs } = await listGroups(client);
  const known = new Set<string>(rows.map((group) => group.id));
  const unlisted = [...new Set(ids)].filter((id) => !known.has(id));
  const found = await Promise.all(unlisted.map((id) => getGroupOrNull(client, id)));
  return { rows: [...rows, ...found.filter((group) => group !== null)], dateMs };
}

export async function getGroupOrNull(client: ReadClient, id: RemoteId): Promise<ObservedGroup | null> {
  return unlessUnknown(() => getGroup(client, id));
}

/** Each once, sorted: whose groups these are. */
function usersOf(groups: readonly ObservedGroup[]): string[] {
  return [...new Set(groups.flatMap(({ userId }) => userId ?? []))].sort(compareText);
}

/** Values that may be document ids: whatever type the group says they have. */
function heldDocuments(groups: readonly ObservedGroup[]): Set<string> {
  const ids = new Set<string>();
  for (const { requirements } of groups) {
    for (const { fieldType, value } of requirements) {
      if (fieldType === 'document' || fieldType === 'unknown') ids.add(reveal(value));
    }
  }
  return ids;
}

/** Links are read only where they decide something: a wanted upload exists and no group is seen to hold it. */
async function readLinks(
  client: ReadClient,
  scope: string,
  contents: readonly DesiredContent[],
  documents: readonly DocumentRow[],
  linkedIds: ReadonlySet<string>,
): Promise<readonly string[]> {
  const unlinked = documents.filter(({ id }) => !linkedIds.has(id));
  if (unlinked.length === 0) return [];
  const wanted = new Set<string>();
  for (const content of contents) {
    if (content.kind !== 'document') continue;
    wanted.add(references.document(scope, content.document.sha256)).add(content.document.sha256);
  }
  const undecided = unlinked.some(
    ({ reference, sha256 }) => wanted.has(reference ?? '') || wanted.has(sha256 ?? ''),
  );
  return undecided ? (await listDocumentLinks(client)).map((link) => link.documentId) : [];
}

/**
 * The only place where Telnyx says why it declined a group; the endpoint takes one group at a time. What reviewers wrote may
 * quote values: it is redacted before anything shows it.
 */
async function readComments(
  client: ReadClient,
  matching: Matching,
  selected: Selected,
): Promise<ReadonlyMap<RemoteId, readonly ReviewComment[]>> {
  const declined: ObservedGroup[] = [];
  for (const [name, { group }] of matching.matches) {
    if (group?.status === 'declined' && selected.RequirementGroup.has(name)) declined.push(group);
  }
  const comments = await Promise.all(
    declined.map(async ({ id }) => [id, byTime(await listGroupComments(client, id))] as const),
  );
  return new Map(comments);
}

function byTime(comments: readonly ReviewComment[]): ReviewComment[] {
  return [...comments].sort((a, b) => compareText(a.createdAt, b.createdAt));
}

export function indexDocuments(
  rows: readonly DocumentRow[],
  linkedIds: ReadonlySet<string>,
): ObservedDocuments {
  const documents = rows.map((row) => observedDocument(row, linkedIds.has(row.id)));
  return {
    byId: new Map(documents.map((document) => [document.id, document])),
    byReference: indexRows(documents, (document) => document.reference),
    bySha256: indexRows(documents, (document) => document.sha256),
  };
}

function observedDocument(
  { id, reference, sha256, createdAtMs, status, scanStatus }: DocumentRow,
  linked: boolean,
): ObservedDocument {
  const rejected = scanStatus === 'infected' ? 'infected' : status === 'denied' ? 'denied' : null;
  return { id, reference, sha256, rejected, linked, createdAtMs };
}

export function indexAddresses(rows: readonly AddressRow[]): ObservedAddresses {
  return {
    byId: new Map(rows.map((address) => [address.id, address])),
    byReference: indexRows(rows, (address) => address.reference),
  };
}
