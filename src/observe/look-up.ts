import { sameReference } from '../model/reference.ts';
import { type DesiredGroup, type ObservedGroup, type ObservedMatch, references } from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import type { ReadClient } from '../telnyx/client.ts';
import {
  beginAddresses,
  beginDocuments,
  type Dated,
  listAddressesByReference,
  listDocumentsByReferences,
  REFERENCES_AT_ONCE,
} from '../telnyx/endpoints.ts';
import type { BegunListing } from '../telnyx/paging.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';

/** @param requests how many it takes to ask for every reference. */
export function isCheaperByReference(requests: number, { pagesLeft }: BegunListing<unknown>): boolean {
  return pagesLeft !== null && requests < pagesLeft;
}

export interface Run {
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

/**
 * The documents that matter to a run, by the cheaper of two ways: the whole list, or those with the references of what the
 * manifests state. The latter decides nothing that the whole list would decide otherwise, and is given up where it might:
 * where a group has still to get a document, holds another one, or holds one that was rejected.
 */
export async function lookUpDocuments(
  client: ReadClient,
  { scope, groups, hasOrders, settle }: Run,
): Promise<Dated<DocumentRow>> {
  const begun = await beginDocuments(client);
  if (hasOrders) return begun.finish();
  const digests = new Set<string>();
  for (const { requirements } of groups) {
    for (const { content } of requirements) {
      if (content.kind === 'document_id') return begun.finish();
      if (content.kind === 'document') digests.add(content.document.sha256);
    }
    const requests = Math.ceil(digests.size / REFERENCES_AT_ONCE);
    if (!isCheaperByReference(requests, begun)) return begun.finish();
  }
  const wanted = new Set([...digests].map((digest) => references.document(scope, digest)));
  const acting = await settle();
  const held = valuesHeld(groups, acting, 'document');
  if (held === null) return begun.finish();
  const found = await listDocumentsByReferences(client, [...wanted]);
  const sound = found.rows.filter((row) => acting.linkedIds.has(row.id) && isSound(row, scope));
  const isEnough = sound.length === found.rows.length && isCovered(wanted, sound) && isHeldBy(held, sound);
  return isEnough ? found : begun.finish();
}

/** Addresses are asked for one by one (`eq` is all that is documented). */
export async function lookUpAddresses(
  client: ReadClient,
  { scope, groups, hasOrders, settle }: Run,
): Promise<Dated<AddressRow>> {
  const begun = await beginAddresses(client);
  if (hasOrders) return begun.finish();
  const digests = new Set<string>();
  for (const { requirements } of groups) {
    for (const { content } of requirements) {
      if (content.kind === 'address_id') return begun.finish();
      if (content.kind === 'address') digests.add(content.address.sha256);
    }
    if (!isCheaperByReference(digests.size, begun)) return begun.finish();
  }
  const wanted = new Set([...digests].map((digest) => references.address(scope, digest)));
  const held = valuesHeld(groups, await settle(), 'address');
  if (held === null) return begun.finish();
  const found = await Promise.all(
    [...wanted].map((reference) => listAddressesByReference(client, reference)),
  );
  const rows = found.flat();
  return isCovered(wanted, rows) && isHeldBy(held, rows) ? { rows, dateMs: null } : begun.finish();
}

/** What the groups hold of this type; null where that cannot be told, or orders are compared with it, too. */
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

/** Not rejected, and nothing says that it is another one than its reference does. */
function isSound({ status, scanStatus, reference, sha256 }: DocumentRow, scope: string): boolean {
  const isOurs = sha256 === null || sameReference(reference, references.document(scope, sha256));
  return isOurs && status !== 'denied' && scanStatus !== 'infected';
}

function isCovered(
  wanted: ReadonlySet<string>,
  rows: readonly { readonly reference: string | null }[],
): boolean {
  const found = new Set(rows.map(({ reference }) => reference));
  return [...wanted].every((reference) => found.has(reference));
}

function isHeldBy(values: readonly string[], rows: readonly { readonly id: string }[]): boolean {
  const ids = new Set(rows.map(({ id }) => id));
  return values.every((value) => ids.has(value));
}
