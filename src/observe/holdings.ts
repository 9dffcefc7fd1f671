import type { Mask } from '../model/mask.ts';
import type { ObservedGroup } from '../model/resource.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
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
export async function observeHoldings(
  client: ReadClient,
  mask: Mask,
  nowMs: () => number,
): Promise<AccountHoldings> {
  const [documents, addresses] = await Promise.all([listDocuments(client), listAddresses(client)]);
  mask.addAll(fieldsOf(addresses.rows));
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

/** Telnyx may repeat an address that it does not delete. A country code is no secret. */
function* fieldsOf(addresses: readonly AddressRow[]): Generator<Sensitive> {
  for (const { fields } of addresses) {
    for (const [field, value] of fields) if (field !== 'country_code') yield value;
  }
}
