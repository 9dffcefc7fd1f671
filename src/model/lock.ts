import type { Combination, RequirementDefinition } from './resource.ts';

/* ---- Lock: what each combination demanded when Telnyx was last asked. All of it is public. ---- */

export const LOCK_FILE = 'regsync.lock.yaml';

export interface Lock {
  /** It was written from a stand-in's sample data: no word about what Telnyx demands. */
  readonly isSample: boolean;
  /** Sorted by `combinationKey`, one each. */
  readonly sets: readonly LockedSet[];
}

export interface LockedSet {
  readonly combination: Combination;
  /** Asked for with `--add`: it stays, whether or not a manifest uses it. */
  readonly added: boolean;
  readonly version: number | null;
  readonly next: ScheduledVersion | null;
  /** Sorted by id. */
  readonly requirements: readonly LockedRequirement[];
  /** Demanded once, and still held by groups that were created then. Sorted by id. */
  readonly former: readonly LockedName[];
}

export interface LockedRequirement extends RequirementDefinition, LockedName {}

/** What names mean in manifests, for good. */
export interface LockedName extends NamedRequirement {
  /** Names that the catalogue has given up since they were first locked. */
  readonly formerNames: readonly string[];
}

/** A version of a set that is yet to come, and what it will do to the one that rules now. */
export interface ScheduledVersion {
  readonly version: number;
  /** ISO 8601 in UTC where the API's text is a time; null where it says nothing. */
  readonly effectiveAt: string | null;
  readonly adds: readonly NamedRequirement[];
  readonly removes: readonly NamedRequirement[];
}

export interface NamedRequirement {
  readonly id: string;
  readonly name: string;
}

/* ---- What changed between two of them ---- */

/** `changed`: a rule became another one, and which of the two takes less cannot be told. */
export type RequirementChangeKind =
  | 'added'
  | 'removed'
  | 'type-changed'
  | 'tightened'
  | 'changed'
  | 'loosened'
  | 'renamed'
  | 'reworded';

export interface RequirementChange {
  readonly kind: RequirementChangeKind;
  readonly id: string;
  readonly name: string;
  /** `max_length 50 → 20`; empty where the kind says it all. */
  readonly detail: string;
}

export interface SetChange {
  /** `DE/local/ordering` */
  readonly combination: string;
  readonly status: 'added' | 'changed' | 'dropped' | 'unchanged';
  readonly before: LockedSet | null;
  readonly after: LockedSet | null;
  readonly requirements: readonly RequirementChange[];
}
