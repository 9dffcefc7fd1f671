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
  readonly #documents: ListAhead<DocumentRow>;
  readonly #addresses: ListAhead<AddressRow>;
  #groups: Promise<Dated<GroupRow>> | null = null;

  constructor(client: ReadClient) {
    this.#client = client;
    this.#documents = new ListAhead(() => beginDocuments(client));
    this.#addresses = new ListAhead(() => beginAddresses(client));
  }

  beginGroups(): void {
    this.#groups = heedless(listGroups(this.#client));
  }

  /** @param need what will be looked up in them at least, as far as that is known. It may be said again when it is more. */
  beginDocuments(need: Need): void {
    this.#documents.expect(need);
  }

  beginAddresses(need: Need): void {
    this.#addresses.expect(need);
  }

  /** Both long lists are asked for: it is of no use to say what else is needed. */
  get areBegun(): boolean {
    return this.#documents.isWholeBegun && this.#addresses.isWholeBegun;
  }

  groups(): Promise<Dated<GroupRow>> {
    const begun = this.#groups;
    this.#groups = null;
    return begun?.catch(() => listGroups(this.#client)) ?? listGroups(this.#client);
  }

  documents(): Promise<BegunListing<DocumentRow>> {
    return this.#documents.take();
  }

  addresses(): Promise<BegunListing<AddressRow>> {
    return this.#addresses.take();
  }
}

/** One list: its first page, and the others as soon as nothing else would be cheaper. */
class ListAhead<Row> {
  readonly #begin: () => Promise<BegunListing<Row>>;
  #begun: Promise<BegunListing<Row>> | null = null;
  #whole: ReturnType<BegunListing<Row>['finish']> | null = null;

  constructor(begin: () => Promise<BegunListing<Row>>) {
    this.#begin = begin;
  }

  get isWholeBegun(): boolean {
    return this.#whole !== null;
  }

  expect(need: Need): void {
    this.#begun ??= heedless(this.#begin());
    const goOn = (begun: BegunListing<Row>): void => {
      if (!isCheaperByReference(need, begun)) this.#whole ??= heedless(begun.finish());
    };
    void this.#begun.then(goOn, () => {});
  }

  /** For one that asks. */
  async take(): Promise<BegunListing<Row>> {
    const begun = await (this.#begun?.catch(this.#begin) ?? this.#begin());
    const whole = this.#whole;
    this.#begun = null;
    this.#whole = null;
    if (whole === null) return begun;
    return { ...begun, finish: () => whole.catch(async () => (await this.#begin()).finish()) };
  }
}

/** Nobody may ever ask how it went. */
function heedless<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {});
  return promise;
}
