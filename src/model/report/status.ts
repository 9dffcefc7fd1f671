import type { PlanAction } from '../plan/change.ts';
import type { Attention } from '../plan/plan.ts';
import type { FieldType } from '../requirements.ts';
import type { OrderKind } from '../resource.ts';
import type { OrderReport } from './order-report.ts';

/**
 * The report of `regsync status` and `regsync report`: the groups of the manifests as Telnyx has them,
 * without values.
 */
export interface StatusReport {
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly scope: string;
  /** The shard, such as `3/8`, if only its groups are shown. */
  readonly shard?: string;
  /** The time of Telnyx's clock when it answered, in ISO 8601, UTC. */
  readonly read_at: string;
  /** A SHA-256 in hex. It is equal in two reports if nothing changed in between, even on different days. */
  readonly state: string;
  /** An expiry within this many days is an attention item. */
  readonly warn_days: number;
  readonly summary: {
    readonly groups: number;
    /** The number of orders with manifests of their own. Absent if there are none. */
    readonly orders?: number;
    readonly standings: Readonly<Record<ReviewState, number>>;
    readonly attention: number;
  };
  readonly groups: readonly GroupStatus[];
  /** The orders that have manifests of their own, whether or not a group is attached. Absent if there are none. */
  readonly orders?: readonly OrderReport[];
  readonly attention: readonly Attention[];
}

/** The review states of a group as a person thinks of them, from bad to good. */
export const REVIEW_STATES = [
  /** The group has expired, or something in it has, whatever its status is. */
  'expired',
  /** The group is declined or no longer eligible, and somebody has to act. */
  'needs-work',
  /** The group is approved, and something in it expires within `warn_days`. */
  'expiring',
  /** regsync does not know the status. */
  'unknown',
  /** The group does not exist yet, or was never submitted. */
  'open',
  'under-review',
  'approved',
] as const;
export type ReviewState = (typeof REVIEW_STATES)[number];

/** Judges by the status alone. The caller judges expiries with the rest of the group. */
export function reviewStateOfStatus(status: string): ReviewState {
  return REVIEW_STATE_OF.get(status) ?? 'unknown';
}

/** This is a Map, because the API's text may be `constructor`. */
const REVIEW_STATE_OF: ReadonlyMap<string, ReviewState> = new Map([
  ['absent', 'open'],
  ['unapproved', 'open'],
  ['pending-approval', 'under-review'],
  ['approved', 'approved'],
  ['declined', 'needs-work'],
  ['expired', 'expired'],
  ['no-longer-eligible', 'needs-work'],
]);

export interface GroupStatus {
  readonly name: string;
  readonly id: string | null;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  /** The status as Telnyx states it, or `absent` for a group that is still to be created. */
  readonly status: string;
  readonly standing: ReviewState;
  /** The actions of a plan. Empty if the group matches its manifest. */
  readonly actions: readonly PlanAction[];
  /** The first expiry in the group. */
  readonly expiry: Expiry | null;
  readonly requirements: readonly RequirementStatus[];
  readonly comments: readonly StatusComment[];
  /** The orders that the manifest attaches it to. Absent if it names none. */
  readonly orders?: readonly OrderStatus[];
  readonly source: { readonly file: string; readonly line: number };
}

/** The status of an order. A number order appears as its sub orders. */
export interface OrderStatus {
  readonly kind: OrderKind;
  readonly id: string;
  /** The status as Telnyx states it. */
  readonly status: string;
  readonly state: OrderState;
  /** The names of requirements that a reviewer declined although they hold the group's values. */
  readonly declined: readonly string[];
  readonly source: { readonly file: string; readonly line: number };
}

/**
 * `carries`: the order has the group's values, except for approved ones. `incomplete`: Telnyx has not filled
 * in the order's requirements yet, so regsync cannot tell whether values differ. Attaching might be refused,
 * or be needless because values of the order are still to appear. A later run decides. `unreadable`: values
 * differ, and Telnyx does not say which are approved.
 */
export type OrderState = 'carries' | 'differs' | 'closed' | 'incomplete' | 'unreadable';

export interface StatusComment {
  readonly body: string;
  readonly created_at: string;
  readonly by: 'reviewer' | 'user';
  /** The time at which somebody marked it as read, as Telnyx writes it. Absent if nobody has. */
  readonly read_at?: string;
}

export interface RequirementStatus {
  readonly requirement_id: string;
  readonly name: string;
  readonly field_type: FieldType;
  readonly has_value: boolean;
  /** The status. Null if Telnyx gives none. */
  readonly status: string | null;
  /** The date as Telnyx writes it. */
  readonly expires_at: string | null;
  /** The day that the manifest states, `YYYY-MM-DD`. */
  readonly expires: string | null;
  /** The earlier of the two. */
  readonly expiry: Expiry | null;
  /** The position of the value in the manifest, which is the line to change when it is declined. */
  readonly source: { readonly file: string; readonly line: number } | null;
}

export interface Expiry {
  /** A day, `YYYY-MM-DD`. */
  readonly date: string;
  /** The days from the day of the report, negative if it is past. */
  readonly days: number;
  readonly stated_by: 'manifest' | 'telnyx';
}
