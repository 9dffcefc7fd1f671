import type { LoadWatcher } from '../manifest/load.ts';
import type { RequirementFields } from '../manifest/manifest.ts';
import type { ParsedFile } from '../manifest/parse.ts';
import type { Repository } from '../manifest/repository.ts';
import { AccountLists } from '../observe/lists.ts';
import { needOfAddresses, needOfDocuments } from '../observe/look-up.ts';
import type { ReadClient } from '../telnyx/client.ts';
import type { Api } from './api.ts';
import type { Meter } from './meter.ts';

/** A repository of fewer files is read before an answer could come. */
const MANY_FILES = 200;

export interface Reading {
  readonly api: Api<ReadClient>;
  readonly lists: AccountLists;
}

/**
 * Has Telnyx list what there is while thousands of manifests and documents are still read. It changes what is waited for, and
 * nothing else: what is wrong with the manifests is said first, and a key that is missing only after that.
 */
export class HeadStart implements LoadWatcher {
  readonly #meter: Meter;
  readonly #open: (repository: Repository) => Promise<Api<ReadClient>>;
  readonly #isNarrowed: boolean;
  readonly #contents = new WrittenContents();
  #reading: Promise<Reading> | null = null;
  #isAllBegun = false;

  /** @param isNarrowed the run may need few documents and addresses only: they are not asked for ahead. */
  constructor(meter: Meter, open: (repository: Repository) => Promise<Api<ReadClient>>, isNarrowed: boolean) {
    this.#meter = meter;
    this.#open = open;
    this.#isNarrowed = isNarrowed;
  }

  readonly onListed = (repository: Repository, files: number): void => {
    if (files >= MANY_FILES) this.#begin(repository, (lists) => lists.beginGroups());
  };

  /** What is wanted so far decides already, where it is much. */
  readonly onParsed = (parsed: readonly ParsedFile[]): void => {
    if (this.#reading === null || this.#isNarrowed || this.#isAllBegun) return;
    this.#contents.add(parsed);
    const { documents, addresses } = this.#contents;
    const ofDocuments = needOfDocuments(documents.size);
    const ofAddresses = needOfAddresses(addresses.size);
    this.#then(({ lists }) => {
      if (ofDocuments.references > 0) lists.beginDocuments(ofDocuments);
      if (ofAddresses.references > 0) lists.beginAddresses(ofAddresses);
      this.#isAllBegun = lists.areBegun;
    });
  };

  /** What was begun, or else what begins now. */
  async reading(repository: Repository): Promise<Reading> {
    this.#reading ??= this.#start(repository);
    this.#meter.enter('Telnyx');
    return this.#reading;
  }

  async close(): Promise<void> {
    const reading = await this.#reading?.catch(() => null);
    await reading?.api.close();
  }

  #begin(repository: Repository, act: (lists: AccountLists) => void): void {
    this.#reading = this.#start(repository);
    // What is asked ahead is waited for by nobody yet.
    const goOn = (): void => this.#meter.enter('manifests');
    this.#reading.then(goOn, goOn);
    this.#then(({ lists }) => act(lists));
  }

  /** Whoever asks for the reading hears of its failure. */
  #then(act: (reading: Reading) => void): void {
    this.#reading?.then(act).catch(() => {});
  }

  async #start(repository: Repository): Promise<Reading> {
    const api = await this.#open(repository);
    return { api, lists: new AccountLists(api.client) };
  }
}

/** What manifests write of documents and addresses: at most so many, for what is written in two ways may be one and the same. */
class WrittenContents {
  readonly documents = new Set<unknown>();
  readonly addresses = new Set<unknown>();

  add(parsed: readonly ParsedFile[]): void {
    for (const { manifests } of parsed) {
      for (const manifest of manifests) {
        if (manifest.kind !== 'RequirementGroup') continue;
        for (const { document, address } of manifest.fields.requirements ?? []) {
          if (document !== undefined) this.documents.add(nameOf(document));
          if (address !== undefined) this.addresses.add(address);
        }
      }
    }
  }
}

function nameOf(document: NonNullable<RequirementFields['document']>): string {
  if (typeof document === 'string') return document;
  return 'file' in document ? document.file : document.id;
}
