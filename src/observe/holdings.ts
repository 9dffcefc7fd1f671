import type { ObservedGroup } from '../model/resource.ts';
import { reveal } from '../model/sensitive.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { listAddresses, listDocumentLinks, listDocuments, listGroups } from '../telnyx/endpoints.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';

export interface AccountHoldings {
  readonly documents: readonly DocumentRow[];
  readonly addresses: readonly AddressRow[];
  readonly heldIds: ReadonlySet<string>;
  readonly readAtMs: number;
}

/** Every document and address of the account, and every id that a group or a link refers to. */
export async function observeHoldings(client: ReadClient, nowMs: () => number): Promise<AccountHoldings> {
  const [documents, addresses] = await Promise.all([listDocuments(client), listAddresses(client)]);
  // After the things themselves: what is linked meanwhile is seen to be held.
  const [groups, links] = await Promise.all([listGroups(client), listDocumentLinks(client)]);
  const heldIds = new Set([...groups.rows.flatMap(valuesOf), ...links.map((link) => link.documentId)]);
  return {
    documents: documents.rows,
    addresses: addresses.rows,
    heldIds,
    readAtMs: documents.dateMs ?? nowMs(),
  };
}

function valuesOf(group: ObservedGroup): string[] {
  return group.requirements.map((requirement) => reveal(requirement.value));
}
