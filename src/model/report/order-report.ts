import type { OtherKind } from '../kinds.ts';
import type { PlanAction } from '../plan/change.ts';

/** How an order stands as a person thinks of it, from bad to good. */
export const ORDER_STANDINGS = [
  /** All or some of it is lost: it failed, or somebody cancelled it. */
  'failed',
  /** Somebody has to give a value or another one, or to answer an exception. */
  'needs-work',
  /** regsync does not know the status. */
  'unknown',
  /** The order is not placed yet, or it is a draft at Telnyx. */
  'open',
  /** Telnyx or the other carrier is at work. */
  'under-way',
  'done',
] as const;
export type OrderReviewState = (typeof ORDER_STANDINGS)[number];

/** An order with a manifest of its own, as Telnyx has it, without values and phone numbers. */
export interface OrderReport {
  readonly kind: OtherKind;
  readonly name: string;
  readonly id: string | null;
  /** The status as Telnyx states it, or `absent` for an order that is still to be placed. */
  readonly status: string;
  readonly standing: OrderReviewState;
  /** The group that the manifest names. */
  readonly group: string | null;
  /** The number of phone numbers. Null if Telnyx does not say. */
  readonly phone_numbers: number | null;
  /** The day by which values are wanted. Null if Telnyx does not say, as for every porting order. */
  readonly deadline: { readonly date: string; readonly days: number } | null;
  /** The names of requirements without a value. */
  readonly missing: readonly string[];
  /** The names of requirements that a reviewer declined. */
  readonly declined: readonly string[];
  /** Those of the missing ones that are started actions: a person has the link. Absent if there are none. */
  readonly waits_for?: readonly string[];
  /** The sub orders of a number order. */
  readonly parts: readonly OrderPart[];
  /** The actions of a plan. Empty if the order matches its manifest. */
  readonly actions: readonly PlanAction[];
  readonly source: { readonly file: string; readonly line: number };
}

export interface OrderPart {
  readonly id: string;
  readonly status: string;
  readonly country_code: string | null;
  readonly phone_number_type: string | null;
}

/**
 * Returns true for an order that lacks nothing but what a person is to do through a link that exists. Its status
 * changes without any apply.
 */
export function waitsForPerson({
  standing,
  missing,
  declined,
  waits_for = [],
}: Pick<OrderReport, 'standing' | 'missing' | 'declined' | 'waits_for'>): boolean {
  const isLeftToPerson = waits_for.length > 0 && waits_for.length === missing.length;
  return standing === 'needs-work' && isLeftToPerson && declined.length === 0;
}

/** Returns how a porting order stands by its status alone. */
export function reviewStateOfPorting(status: string): OrderReviewState {
  return PORTING.get(status) ?? 'unknown';
}

/** This is a Map, because the API's text may be `constructor`. */
const PORTING: ReadonlyMap<string, OrderReviewState> = new Map([
  ['draft', 'open'],
  ['in-process', 'under-way'],
  ['submitted', 'under-way'],
  ['exception', 'needs-work'],
  ['foc-date-confirmed', 'under-way'],
  ['cancel-pending', 'under-way'],
  ['ported', 'done'],
  ['cancelled', 'failed'],
]);
