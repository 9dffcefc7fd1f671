import type { ObservedByKind } from './kinds.ts';
import type { LostOrder, NamedOrder, RivalOrders } from './orders/observed-order.ts';
import type { Sensitive } from './privacy/sensitive.ts';
import type { FieldType } from './requirements.ts';
import type { AddressField, Combination, Reference, RemoteId } from './resource.ts';
import { compareText } from './text/compare-text.ts';

/* ---- Observed: what the API holds ---- */

export interface Observed extends ObservedByKind {
  readonly scope: string;
  /** The former scope, as in `Desired`. */
  readonly formerScope?: string;
  /** The users that own the account's groups, sorted. Absent or empty if no group names its user. */
  readonly users?: readonly string[];
  /** The groups under `regsync/<scope>/` that no manifest names. */
  readonly orphans: readonly ObservedGroup[];
  /**
   * Every group of the account that no manifest means, including orphans. A manifest might otherwise create
   * one of them again.
   */
  readonly unclaimed?: readonly ObservedGroup[];
  /** The number of groups of the scope before the run, against which the limits count. */
  readonly ownedGroups: number;
  readonly documents: ObservedDocuments;
  readonly addresses: ObservedAddresses;
  /**
   * The reviewers' comments by the id of a group, a sub order or a porting order, oldest first, only for those
   * that are not approved.
   */
  readonly comments: ReadonlyMap<RemoteId, readonly ReviewComment[]>;
  /**
   * The orders by group name: those that its `attach:` names or that name the group. A number order appears
   * as its sub orders.
   */
  readonly orders: ReadonlyMap<string, readonly NamedOrder[]>;
  /**
   * Earlier orders of exactly the same numbers that no longer hold them, by the manifest name of an order
   * still to be placed.
   */
  readonly lostOrders?: ReadonlyMap<string, readonly LostOrder[]>;
  /**
   * Two or more orders that a manifest could mean, by its name. regsync touches none of them and places none.
   */
  readonly rivalOrders?: ReadonlyMap<string, RivalOrders>;
  /** The server's clock when it answered, in milliseconds since the epoch. */
  readonly readAtMs: number;
}

export interface ObservedMatch {
  readonly group: ObservedGroup | null;
  /**
   * The groups that a replace deletes: of the same reference, but another combination or no longer eligible.
   */
  readonly superseded: readonly ObservedGroup[];
  /**
   * Two or more groups that the manifest could mean, oldest first. regsync touches none of them. Absent if
   * the match is clear.
   */
  readonly rivals?: readonly ObservedGroup[];
}

export interface ObservedGroup {
  readonly id: RemoteId;
  /** The user that owns it. Null or absent if Telnyx does not say. */
  readonly userId?: string | null;
  readonly combination: Combination;
  readonly reference: Reference | null;
  readonly status: string;
  /** The date as the API writes it. Null or absent if it does not say. */
  readonly createdAt?: string | null;
  readonly requirements: readonly ObservedRequirement[];
}

/**
 * Sorts the oldest group first. Of several candidates it is the one to keep, so that every run chooses the
 * same one.
 */
export function oldestFirst(a: ObservedGroup, b: ObservedGroup): number {
  return compareText(a.createdAt ?? UNDATED, b.createdAt ?? UNDATED) || compareText(a.id, b.id);
}

/** Sorts after every date. */
const UNDATED = '~';

export interface ObservedRequirement {
  readonly requirementId: string;
  readonly fieldType: FieldType;
  /** The value. Empty when unset. */
  readonly value: Sensitive;
  readonly status: string | null;
  /** The date as the API writes it, or null. */
  readonly expiresAt: string | null;
}

export interface ReviewComment {
  readonly body: string;
  readonly byReviewer: boolean;
  readonly createdAt: string;
  /** The time at which somebody marked it as read. Null or absent if nobody has, or if nobody can. */
  readonly readAt?: string | null;
}

export interface ObservedDocument {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** The digest in lowercase hex. Null if the API does not say. */
  readonly sha256: string | null;
  readonly createdAtMs: number | null;
  /** The reason why Telnyx rejected it. A rejected document is never used again. */
  readonly rejected: 'infected' | 'denied' | null;
  /**
   * Is true if a group holds it or the API lists a link. Telnyx deletes unlinked documents after 30 minutes.
   */
  readonly linked: boolean;
}

export interface ObservedDocuments {
  readonly byId: ReadonlyMap<string, ObservedDocument>;
  readonly byReference: ReadonlyMap<string, readonly ObservedDocument[]>;
  readonly bySha256: ReadonlyMap<string, readonly ObservedDocument[]>;
}

export interface ObservedAddress {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** The fields as the API returns them. */
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
}

export interface ObservedAddresses {
  readonly byId: ReadonlyMap<string, ObservedAddress>;
  readonly byReference: ReadonlyMap<string, readonly ObservedAddress[]>;
}
