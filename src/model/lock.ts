import type { RequirementDefinition } from './requirements.ts';
import type { Combination } from './resource.ts';

/** ---- Lock: the requirements of each combination when Telnyx was last asked. All of it is public. ---- */

export const LOCK_FILE = 'regsync.lock.yaml';

export interface Lock {
  /** Is true for a lock of a simulator's sample data, which says nothing about Telnyx's requirements. */
  readonly isSample: boolean;
  /** The sets, each once, sorted by `combinationKey`. */
  readonly sets: readonly LockedSet[];
}

export interface LockedSet {
  readonly combination: Combination;
  /** Is true for a set added with `--add`, which stays whether or not a manifest uses it. */
  readonly added: boolean;
  readonly version: number | null;
  readonly next: ScheduledVersion | null;
  /** The requirements, sorted by id. */
  readonly requirements: readonly LockedRequirement[];
  /** Requirements that were dropped, and that groups from that time still hold. Sorted by id. */
  readonly former: readonly LockedName[];
}

export interface LockedRequirement extends RequirementDefinition, LockedName {}

/** The names of a requirement in manifests. They never change their meaning. */
export interface LockedName extends NamedRequirement {
  /** The names that the catalogue has dropped since they were first locked. */
  readonly formerNames: readonly string[];
}

/** A future version of a set, and its effects on the current one. */
export interface ScheduledVersion {
  readonly version: number;
  /** ISO 8601 in UTC if the API's text is a time. Null if the API says nothing. */
  readonly effectiveAt: string | null;
  readonly adds: readonly NamedRequirement[];
  readonly removes: readonly NamedRequirement[];
}

export interface NamedRequirement {
  readonly id: string;
  readonly name: string;
}

/** ---- Changes between two locks ---- */

/** `changed` means that a rule was replaced, and regsync cannot tell which of the two accepts less. */
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
  /** A text such as `max_length 50 → 20`. Empty if the kind says everything. */
  readonly detail: string;
}

export interface SetChange {
  /** The `combinationKey`, such as `DE/local/ordering`. */
  readonly combination: string;
  readonly status: 'added' | 'changed' | 'dropped' | 'unchanged';
  readonly before: LockedSet | null;
  readonly after: LockedSet | null;
  readonly requirements: readonly RequirementChange[];
}
