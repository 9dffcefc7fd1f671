import type { ObservedGroup } from '../model/observed.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { RemoteId } from '../model/resource.ts';
import { unlessGone } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { getAddress, listAddresses } from '../telnyx/endpoints/addresses.ts';
import { getDocument, listDocumentLinks, listDocuments } from '../telnyx/endpoints/documents.ts';
import { listGroupsInFull } from '../telnyx/endpoints/requirement-groups.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';

export interface AccountHoldings {
  readonly documents: readonly DocumentRow[];
  readonly addresses: readonly AddressRow[];
  readonly heldIds: ReadonlySet<string>;
  readonly readAtMs: number;
}

/** Reads every document and address of the account, and every id that a group or a link refers to. */
export async function observeHoldings(client: ReadClient, nowMs: () => number): Promise<AccountHoldings> {
  const [documents, addresses] = await Promise.all([listDocuments(client), listAddresses(client)]);
  // The ids are read last, so that an object that is linked in between counts as held.
  const heldIds = await readHeldIds(client);
  return {
    documents: documents.rows,
    addresses: addresses.rows,
    heldIds,
    readAtMs: documents.dateMs ?? nowMs(),
  };
}

/**
 * @throws MalformedAnswerError if a group does not show all of its values, because the rest may be in use.
 */
async function readHeldIds(client: ReadClient): Promise<Set<string>> {
  const [groups, links] = await Promise.all([listGroupsInFull(client), listDocumentLinks(client)]);
  return new Set([...groups.flatMap(valuesOf), ...links.map((link) => link.documentId)]);
}

/**
 * Returns true if an unused object may still be deleted: it has its reference, and no group or link refers to
 * it. Orders are not read again for each object, because they get their values from groups.
 */
export async function isStillUnused(
  client: ReadClient,
  {
    kind,
    id,
    reference,
  }: { readonly kind: 'Document' | 'Address'; readonly id: RemoteId; readonly reference: string | null },
): Promise<boolean> {
  const read = kind === 'Document' ? getDocument : getAddress;
  const found = await unlessGone<{ readonly reference: string | null }>(() => read(client, id));
  if (found === null) return true;
  if (found.reference !== reference) return false;
  const heldIds = [...(await readHeldIds(client))].map((held) => held.toLowerCase());
  return !heldIds.includes(id.toLowerCase());
}

function valuesOf(group: ObservedGroup): string[] {
  return group.requirements.map((requirement) => reveal(requirement.value));
}
