import { indexAddresses } from '../kinds/address/observe.ts';
import { indexDocuments } from '../kinds/document/observe.ts';
import { matchGroups } from '../kinds/requirement-group/identity/match.ts';
import { readGroups } from '../kinds/requirement-group/identity/read-groups.ts';
import { byKind } from '../model/kinds.ts';
import type { ObservedGroup } from '../model/observed.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import type { Desired, RemoteId } from '../model/resource.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { listAddresses } from '../telnyx/endpoints/addresses.ts';
import { listDocuments } from '../telnyx/endpoints/documents.ts';
import type { AddressRow, DocumentRow } from '../telnyx/types.ts';
import { type AccountOrder, assignOrders } from './account-orders.ts';
import { formerScopeOf, type Observation } from './observe.ts';

/** Everything at Telnyx that manifests could be made of, in scope or not. */
export interface Account {
  readonly groups: readonly ObservedGroup[];
  readonly documents: readonly DocumentRow[];
  readonly addresses: readonly AddressRow[];
  /** The open orders, as far as they were read. */
  readonly orders: readonly AccountOrder[];
  readonly readAtMs: number;
}

/**
 * Reads an account without its orders.
 *
 * @param ids groups to read one by one if the list does not contain them.
 */
export async function readAccount(
  client: ReadClient,
  ids: readonly RemoteId[],
  nowMs: () => number,
): Promise<Account> {
  const groups = await readGroups(client, ids);
  // The groups were read first, so these lists contain everything that a group holds.
  const [documents, addresses] = await Promise.all([listDocuments(client), listAddresses(client)]);
  return {
    groups: groups.rows,
    documents: documents.rows,
    addresses: addresses.rows,
    orders: [],
    readAtMs: documents.dateMs ?? groups.dateMs ?? nowMs(),
  };
}

/**
 * Returns what `observe` would find for these manifests if the account stayed as it is, without reviewers'
 * comments.
 */
export function observeAccount(account: Account, desired: Desired): Observation {
  const matching = matchGroups(desired, desired.RequirementGroup, account.groups);
  const orders = assignOrders(account.orders, desired);
  const values = account.groups.flatMap((group) => group.requirements.map(({ value }) => reveal(value)));
  return {
    observed: {
      scope: desired.scope,
      ...byKind(() => new Map()),
      RequirementGroup: matching.matches,
      orphans: matching.orphans,
      unclaimed: matching.unclaimed,
      ownedGroups: matching.ownedGroups,
      ...formerScopeOf(desired),
      documents: indexDocuments(account.documents, new Set(values)),
      addresses: indexAddresses(account.addresses),
      comments: new Map(),
      orders: orders.orders,
      readAtMs: account.readAtMs,
    },
    problems: [...matching.problems, ...orders.problems],
    refusals: matching.refusals,
  };
}
