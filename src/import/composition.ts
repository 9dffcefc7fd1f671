import type { ObservedGroup } from '../model/resource.ts';
import type { Draft } from './draft.ts';

/** Manifests as text, and where documents are to lie: all that an import writes. */
export interface Composition {
  /** What others refer to comes first: at whatever point writing ends, no manifest names something that is not there. */
  readonly manifests: readonly ComposedManifest[];
  readonly documents: readonly ComposedDocument[];
  readonly groups: readonly ComposedGroup[];
}

export interface ComposedManifest {
  readonly path: string;
  readonly text: string;
  /** Names of the groups that cannot do without it. */
  readonly groups: readonly string[];
}

export interface ComposedDocument {
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
  /** Already there, with these bytes. */
  readonly isThere: boolean;
}

export interface ComposedGroup {
  readonly draft: Draft;
  readonly name: string;
  readonly path: string;
  /** Adopted by `id:`, rather than found by its reference. */
  readonly isPinned: boolean;
}

/** What the repository holds already. Nothing of it is written to; what is equal is used. */
export interface Surroundings {
  readonly scope: string;
  /** Where manifests go, relative to the root. */
  readonly folder: string;
  /** What new documents end with: `.age`, or nothing. */
  readonly suffix: string;
  /** `RequirementGroup/de-local`, `Address/berlin` */
  readonly names: Iterable<string>;
  /** Of files in `folder` and in the documents' folder, relative to the root. */
  readonly paths: Iterable<string>;
  /** Address manifests: name by digest of the fields. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Document manifests: name by `documentKey`. */
  readonly documents: ReadonlyMap<string, string>;
  /** Documents that may be used as they are: path by digest. */
  readonly documentPaths: ReadonlyMap<string, string>;
  /** Every live group of the account: which references are shared, and which names are spoken for. */
  readonly live: readonly ObservedGroup[];
}
