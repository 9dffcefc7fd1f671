import type { Attention, PlanAction } from './plan.ts';
import type { FieldType, OrderKind } from './resource.ts';

/** What `regsync status` and `regsync report` show: the groups of the manifests as Telnyx has them. No values in it. */
export interface StatusReport {
  readonly format_version: '1.0';
  readonly regsync_version: string;
  readonly scope: string;
  /** `3/8` where only the groups of a shard are shown. */
  readonly shard?: string;
  /** Telnyx's clock when it answered: ISO 8601, UTC. */
  readonly read_at: string;
  /** SHA-256, hex: equal in two reports when nothing changed in between, whatever the day. */
  readonly state: string;
  /** What expires within so many days is an attention item. */
  readonly warn_days: number;
  readonly summary: {
    readonly groups: number;
    readonly standings: Readonly<Record<Standing, number>>;
    readonly attention: number;
  };
  readonly groups: readonly GroupStatus[];
  readonly attention: readonly Attention[];
}

/** A group's status as a person thinks of it; from bad to good. */
export const STANDINGS = [
  /** It has expired, or something in it has, whatever its status is. */
  'expired',
  /** Declined or no longer eligible: somebody has to do something. */
  'needs-work',
  /** Approved, and something in it expires within `warn_days`. */
  'expiring',
  /** A status that regsync does not know. */
  'unknown',
  /** Not there yet, or never submitted. */
  'open',
  'under-review',
  'approved',
] as const;
export type Standing = (typeof STANDINGS)[number];

/** By the status alone; what expires soon is seen with the rest of the group. */
export function standingOfStatus(status: string): Standing {
  return STANDING_OF.get(status) ?? 'unknown';
}

/** A Map: what the API says may be called `constructor`. */
const STANDING_OF: ReadonlyMap<string, Standing> = new Map([
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
  /** As Telnyx says it; `absent` for a group that is still to be created. */
  readonly status: string;
  readonly standing: Standing;
  /** What a plan would do to it; empty when it matches its manifest. */
  readonly actions: readonly PlanAction[];
  /** What expires first in it. */
  readonly expiry: Expiry | null;
  readonly requirements: readonly RequirementStatus[];
  readonly comments: readonly StatusComment[];
  /** The orders that the manifest attaches it to; absent where it names none. */
  readonly orders?: readonly OrderStatus[];
  readonly source: { readonly file: string; readonly line: number };
}

/** A number order stands here as its sub orders. */
export interface OrderStatus {
  readonly kind: OrderKind;
  readonly id: string;
  /** As Telnyx says it. */
  readonly status: string;
  readonly state: OrderState;
  /** Names of what a reviewer declined although it is what the group holds. */
  readonly declined: readonly string[];
  readonly source: { readonly file: string; readonly line: number };
}

/**
 * `carries`: it holds the group's values, as far as it is not approved. `incomplete`: Telnyx has not filled in yet what the
 * order demands, so whether values differ is not known; attaching might be refused, or be needless since values that came
 * with the order are still to appear. A later run decides. `unreadable`: values differ, and Telnyx does not say which of
 * them are approved.
 */
export type OrderState = 'carries' | 'differs' | 'closed' | 'incomplete' | 'unreadable';

export interface StatusComment {
  readonly body: string;
  readonly created_at: string;
  readonly by: 'reviewer' | 'user';
}

export interface RequirementStatus {
  readonly requirement_id: string;
  readonly name: string;
  readonly field_type: FieldType;
  readonly has_value: boolean;
  /** Null where Telnyx gives none. */
  readonly status: string | null;
  /** As Telnyx writes it. */
  readonly expires_at: string | null;
  /** `YYYY-MM-DD`, as the manifest states it. */
  readonly expires: string | null;
  /** The earlier of both. */
  readonly expiry: Expiry | null;
  /** Where the manifest gives it a value: the line to change when it is declined. */
  readonly source: { readonly file: string; readonly line: number } | null;
}

export interface Expiry {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** From the day of the report; negative when it is past. */
  readonly days: number;
  readonly stated_by: 'manifest' | 'telnyx';
}
