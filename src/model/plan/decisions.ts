import type { BoundByKind, ManagedKind } from '../kinds.ts';
import type { Observed } from '../observed.ts';
import type { SettingPath } from '../orders/porting.ts';
import type { DesiredGroup } from '../resource.ts';
import type { Sentence } from '../text/sentence.ts';
import type { Change } from './change.ts';
import type { Gates } from './gates.ts';
import type { Attention, PlanDiagnostic } from './plan.ts';

/** The input of planning, and its result. */

/**
 * Contains only the manifests that this run acts on. Orphans are judged against all manifests, while
 * observing.
 */
export interface PlanInput extends BoundByKind {
  readonly observed: Observed;
  readonly gates: Gates;
  readonly limits: Limits;
  /** An expiry less than this many days away is an attention item. */
  readonly warnDays: number;
  /** The narrowing, in words for people. Of these, only `--changed-since` leaves a run that prunes. */
  readonly narrowedBy: readonly Narrowing[];
  /**
   * The number of groups that the other shards delete. The limits apply to all shards together. Zero if
   * absent.
   */
  readonly deletesElsewhere?: number;
  /** The regulator's changes, as `regulationAttention` returns them. Empty without a lock. */
  readonly regulation?: readonly Attention[];
  /** The manifests before the change under review. Absent if they are not known. */
  readonly base?: ManagedBefore;
  /** The orphans that stay because of their last manifest, by name, with the words for the reason. */
  readonly kept?: ReadonlyMap<string, Sentence>;
  /**
   * The settings of porting orders that the change brings, by the name of the order: Telnyx may not show them.
   * An order is missing if nothing is known of it.
   */
  readonly restated?: ReadonlyMap<string, ReadonlySet<SettingPath>>;
}

export type Narrowing = 'paths' | '--target' | '--exclude' | '--shard' | '--changed-since';

/** Returns the narrowings beside which nothing is pruned. A change prunes the groups whose manifests it removes. */
export function withoutChange(narrowedBy: readonly Narrowing[]): readonly Narrowing[] {
  return narrowedBy.filter((narrowing) => narrowing !== '--changed-since');
}

/** The manifests of the base, and the groups that they mean. */
export interface ManagedBefore {
  readonly groups: readonly Pick<DesiredGroup, 'name' | 'source' | 'forbidsDeletion' | 'isWatched'>[];
  readonly matches: Observed['RequirementGroup'];
}

export interface Decisions {
  /** The users that own the account's groups, as Telnyx calls them. */
  readonly users: readonly string[];
  /**
   * The documents, addresses, groups (deletes, replaces, updates, creates) and orders, in this order, by name
   * within.
   */
  readonly changes: readonly Change[];
  readonly reused: { readonly documents: number; readonly addresses: number };
  /** The number of unchanged groups. */
  readonly unchanged: number;
  /** The number of manifests of each kind in the run, changed or not. */
  readonly manifests: Readonly<Record<ManagedKind, number>>;
  readonly attention: readonly Attention[];
  readonly diagnostics: readonly PlanDiagnostic[];
}

export interface Limits {
  readonly maxDeletes: number;
  /** The fraction of the groups that the scope had before the run. */
  readonly maxDeleteFraction: number;
}
