import type { ReadClient } from '../telnyx/client.ts';
import { type Dated, listAddresses, listDocuments, listGroups } from '../telnyx/endpoints.ts';
import type { AddressRow, DocumentRow, GroupRow } from '../telnyx/types.ts';

/**
 * The long lists of an account. They may be asked for ahead, while manifests are still read; an observation that asks then
 * finds them under way. What fails ahead is asked for again: until the manifests are known, so is nothing that has to be
 * masked in what an error says.
 */
export class AccountLists {
  readonly #client: ReadClient;
  #groups: Promise<Dated<GroupRow>> | null = null;
  #documents: Promise<Dated<DocumentRow>> | null = null;
  #addresses: Promise<Dated<AddressRow>> | null = null;

  constructor(client: ReadClient) {
    this.#client = client;
  }

  beginGroups(): void {
    this.#groups = heedless(listGroups(this.#client));
  }

  beginDocuments(): void {
    this.#documents = heedless(listDocuments(this.#client));
  }

  beginAddresses(): void {
    this.#addresses = heedless(listAddresses(this.#client));
  }

  groups(): Promise<Dated<GroupRow>> {
    const begun = this.#groups;
    this.#groups = null;
    return begun?.catch(() => listGroups(this.#client)) ?? listGroups(this.#client);
  }

  documents(): Promise<Dated<DocumentRow>> {
    const begun = this.#documents;
    this.#documents = null;
    return begun?.catch(() => listDocuments(this.#client)) ?? listDocuments(this.#client);
  }

  addresses(): Promise<Dated<AddressRow>> {
    const begun = this.#addresses;
    this.#addresses = null;
    return begun?.catch(() => listAddresses(this.#client)) ?? listAddresses(this.#client);
  }
}

/** Nobody may ever ask how it went. */
function heedless<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
