import type { BoundByKind, ManagedKind } from './kinds.ts';
import type { Attention, Change, PlanDiagnostic } from './plan.ts';
import type { DesiredGroup, Observed } from './resource.ts';

/** What a plan is decided from, and what is decided. */

/** Holds only what this run acts on; orphans are judged against all manifests, while observing. */
export interface PlanInput extends BoundByKind {
  readonly observed: Observed;
  readonly gates: Gates;
  readonly limits: Limits;
  /** An expiry less than this many days away is an attention item. */
  readonly warnDays: number;
  /** In words for people; empty for a run of all manifests, which alone prunes. */
  readonly narrowedBy: readonly Narrowing[];
  /** Groups that the other shards are to delete: the limits are those of all of them together. None unless told. */
  readonly deletesElsewhere?: number;
  /** What the regulator changed, as `regulationAttention` tells it; none without a lock. */
  readonly regulation?: readonly Attention[];
  /** What manifests meant before the change under review; absent where that is not known. */
  readonly base?: ManagedBefore;
}

export type Narrowing = 'paths' | '--target' | '--shard';

/** The manifests of the base, and the groups that they mean. */
export interface ManagedBefore {
  readonly groups: readonly Pick<DesiredGroup, 'name' | 'source'>[];
  readonly matches: Observed['RequirementGroup'];
}

/** Each opens one thing and no other. */
export interface Gates {
  readonly prune: boolean;
  readonly allowReplace: boolean;
  /** Names of approved orphans that may be deleted. */
  readonly allowDelete: ReadonlySet<string>;
  /** Number orders may be placed, which costs money. */
  readonly allowOrders: boolean;
}

export const CLOSED_GATES: Gates = {
  prune: false,
  allowReplace: false,
  allowDelete: new Set(),
  allowOrders: false,
};

export interface Decisions {
  /** The users that own the account's groups, as Telnyx calls them. */
  readonly users: readonly string[];
  /** Documents, addresses, then groups: deletes, replaces, updates, creates; then orders; by name within. */
  readonly changes: readonly Change[];
  readonly reused: { readonly documents: number; readonly addresses: number };
  /** Groups. */
  readonly unchanged: number;
  /** How many manifests of each kind are in the run, whether they change or not. */
  readonly manifests: Readonly<Record<ManagedKind, number>>;
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
}

export interface Limits {
  readonly maxDeletes: number;
  /** Of the groups of the scope before the run. */
  readonly maxDeleteFraction: number;
}
