import type { ReadClient } from '../telnyx/client.ts';
import { beginAddresses, beginDocuments, type Dated, listGroups } from '../telnyx/endpoints.ts';
import type { BegunListing } from '../telnyx/paging.ts';
import type { AddressRow, DocumentRow, GroupRow } from '../telnyx/types.ts';
import { isCheaperByReference, type Need } from './look-up.ts';

/**
 * The long lists of an account. They may be asked for ahead, while manifests are still read; an observation that asks then
 * finds them under way. What fails ahead is asked for again: until the manifests are known, so is nothing that has to be
 * masked in what an error says.
 */
export class AccountLists {
  readonly #client: ReadClient;
  #groups: Promise<Dated<GroupRow>> | null = null;
  #documents: Promise<BegunListing<DocumentRow>> | null = null;
  #addresses: Promise<BegunListing<AddressRow>> | null = null;

  constructor(client: ReadClient) {
    this.#client = client;
  }

  beginGroups(): void {
    this.#groups = heedless(listGroups(this.#client));
  }

  /** @param need what will be looked up in them at most. */
  beginDocuments(need: Need): void {
    this.#documents = heedless(goAhead(() => beginDocuments(this.#client), need));
  }

  beginAddresses(need: Need): void {
    this.#addresses = heedless(goAhead(() => beginAddresses(this.#client), need));
  }

  groups(): Promise<Dated<GroupRow>> {
    const begun = this.#groups;
    this.#groups = null;
    return begun?.catch(() => listGroups(this.#client)) ?? listGroups(this.#client);
  }

  documents(): Promise<BegunListing<DocumentRow>> {
    const begun = this.#documents;
    this.#documents = null;
    return begun?.catch(() => beginDocuments(this.#client)) ?? beginDocuments(this.#client);
  }

  addresses(): Promise<BegunListing<AddressRow>> {
    const begun = this.#addresses;
    this.#addresses = null;
    return begun?.catch(() => beginAddresses(this.#client)) ?? beginAddresses(this.#client);
  }
}

/** Reads on at once where nothing else would be cheaper. */
async function goAhead<Row>(begin: () => Promise<BegunListing<Row>>, need: Need): Promise<BegunListing<Row>> {
  const begun = await begin();
  if (isCheaperByReference(need, begun)) return begun;
  const whole = heedless(begun.finish());
  return { ...begun, finish: () => whole.catch(async () => (await begin()).finish()) };
}

/** Nobody may ever ask how it went. */
function heedless<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
