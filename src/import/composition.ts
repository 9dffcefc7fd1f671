import type { ObservedGroup } from '../model/observed.ts';
import type { GeneratedManifest } from './generate-manifests.ts';
import type { SealedTexts } from './sealed.ts';

/** All files that an import writes: the text of manifests, and the paths of documents. */
export interface Composition {
  /**
   * The manifests in the order of writing. A manifest follows those that it refers to, so that an interrupted
   * import leaves no dangling reference.
   */
  readonly manifests: readonly ComposedManifest[];
  readonly documents: readonly ComposedDocument[];
  readonly groups: readonly ComposedGroup[];
  /** The plaintexts of the ciphertexts in the manifests. Empty if nothing is encrypted. */
  readonly plaintexts: ReadonlyMap<string, string>;
}

export interface ComposedManifest {
  readonly path: string;
  readonly text: string;
  /** The names of the groups that need this manifest. */
  readonly groups: readonly string[];
}

export interface ComposedDocument {
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
  /** The file exists already, with these bytes. */
  readonly isThere: boolean;
}

export interface ComposedGroup {
  readonly manifest: GeneratedManifest;
  readonly name: string;
  readonly path: string;
  /** The group is adopted by `id:`, not found by its reference. */
  readonly isPinned: boolean;
}

/** The existing content of the repository. An import changes none of it and reuses what is equal. */
export interface Surroundings {
  readonly scope: string;
  /** The folder for manifests, relative to the root. */
  readonly folder: string;
  /** The suffix of new documents: `.age`, or an empty string. */
  readonly suffix: string;
  /** The ciphertexts to write in place of texts and address fields. Null to write these as they are. */
  readonly sealed: SealedTexts | null;
  /** `RequirementGroup/de-local`, `Address/berlin` */
  readonly names: Iterable<string>;
  /** The files in `folder` and in the documents' folder, relative to the root. */
  readonly paths: Iterable<string>;
  /** The names of address manifests by digest of the fields. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The names of document manifests by `documentKey`. */
  readonly documents: ReadonlyMap<string, string>;
  /** The paths of documents that may be used as they are, by digest. */
  readonly documentPaths: ReadonlyMap<string, string>;
  /**
   * Every live group of the account, which shows the references that are shared and the names that are taken.
   */
  readonly live: readonly ObservedGroup[];
}
