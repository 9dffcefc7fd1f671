import type { ObservedRequirement } from '../observed.ts';
import type { Sensitive } from '../privacy/sensitive.ts';
import type { SourcePosition } from '../problem.ts';
import type { AttachmentKind, NumberOrderSetting, OrderKind, Reference, RemoteId } from '../resource.ts';
import { named, type Sentence, sentence, textOf } from '../text/sentence.ts';
import type { ObservedAction } from './actions.ts';
import type { ObservedSettings } from './porting.ts';

/**
 * An order that takes a group. The API says which group it has only for an advanced order (documented), so
 * for the others only its values can tell.
 */
export interface ObservedOrder {
  readonly kind: OrderKind;
  readonly id: RemoteId;
  /** The status as Telnyx states it. */
  readonly status: string;
  /** Is true if it takes a group: pending, or for a porting order a draft, in process or in exception. */
  readonly isOpen: boolean;
  /** The country. Null if Telnyx does not say, as for every porting order. */
  readonly countryCode: string | null;
  readonly phoneNumberType: string | null;
  /** The sub order itself, or the one that contains the phone number. */
  readonly subNumberOrderId: RemoteId | null;
  /**
   * The values of each open phone number, or the only values of a porting order. Empty ones are not filled in
   * yet.
   */
  readonly holdings: readonly Holding[];
  /**
   * The values of the phone numbers of a closed number order, as far as its answer contains them. Nothing
   * changes them any more. Absent if it is open.
   */
  readonly finalHoldings?: readonly Holding[];
  /** The group that an advanced order carries, or null. Absent for other orders, whose values tell. */
  readonly groupId?: RemoteId | null;
  /** The sample of an open number order. */
  readonly sample?: OrderSample;
  /** The phone numbers, which a reviewer may quote. Absent if Telnyx does not say. */
  readonly phoneNumbers?: readonly Sensitive[];
  /** The reasons why a porting order is in exception. Absent if Telnyx gives none. */
  readonly exceptionCodes?: readonly string[];
}

/** The details of one open number of an order beyond its values, as a sample for the others. */
export interface OrderSample {
  readonly id: RemoteId;
  /** The deadline for missing values. Null if Telnyx does not say. */
  readonly deadlineMs: number | null;
  /** The locality that Telnyx gives the number. */
  readonly locality: string | null;
}

/** A number order as a whole. */
export interface ObservedNumberOrder {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** The status as Telnyx states it. */
  readonly status: string;
  readonly phoneNumbersCount: number;
  /** The settings. Null if Telnyx has none. */
  readonly settings: Readonly<Record<NumberOrderSetting, string | null>>;
  /** The ids of its sub orders. Empty or absent while a new order does not list them yet. */
  readonly subOrderIds?: readonly RemoteId[];
  /** The sub orders. They are read only if something is compared with them. */
  readonly subOrders: readonly ObservedOrder[];
  /** The actions of its open sub orders. Absent if there are none, or if none are compared. */
  readonly actions?: readonly ObservedAction[];
}

export interface LostOrder {
  readonly id: RemoteId;
  /** The status as Telnyx states it. */
  readonly status: string;
}

export interface RivalOrders {
  readonly ids: readonly RemoteId[];
  readonly inCommon: 'reference' | 'numbers';
}

export interface ObservedPortingOrder {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** The status as Telnyx states it. */
  readonly status: string;
  /** Is true if it is a draft, in process or in exception. */
  readonly isOpen: boolean;
  readonly phoneNumbersCount: number | null;
  /** The phone numbers, which a reviewer may quote. Absent if Telnyx does not say. */
  readonly phoneNumbers?: readonly Sensitive[];
  /** The reasons why it is in exception. Absent if Telnyx gives none. */
  readonly exceptionCodes?: readonly string[];
  /** Is true if every requirement has a value. Null or absent if Telnyx does not say. */
  readonly requirementsMet?: boolean | null;
  readonly settings: ObservedSettings;
  /** The order's requirements. Empty if the manifest states none. */
  readonly requirements: readonly (OrderRequirement & { readonly name: string | null })[];
  /** The actions of an open order. Absent if there are none. */
  readonly actions?: readonly ObservedAction[];
}

/** The values that an order holds for its requirements. */
export type Holding = readonly OrderRequirement[];

/** A requirement of an order. `status` is null if the endpoint does not say. */
export type OrderRequirement = Omit<ObservedRequirement, 'expiresAt'>;

/** Returns, for example, `sub number order bb6c79ed-…`. */
export function nameOrder({ kind, id }: { readonly kind: AttachmentKind; readonly id: RemoteId }): string {
  return textOf(orderInWords({ kind, id }));
}

const ORDER_NOUNS = {
  sub_number_order: 'sub number order',
  phone_number: 'phone number',
  porting_order: 'porting order',
  advanced_order: 'advanced order',
  number_order: 'number order',
} as const satisfies Readonly<Record<AttachmentKind, string>>;

/** Names an order in a sentence, where its id is code. */
export function orderInWords({
  kind,
  id,
}: {
  readonly kind: AttachmentKind;
  readonly id: RemoteId;
}): Sentence {
  return sentence`${ORDER_NOUNS[kind]} ${named(id)}`;
}

/** An order that a manifest names, and the entry that names it. */
export interface NamedOrder extends ObservedOrder {
  readonly source: SourcePosition;
  /** True if the order's own manifest names the group. */
  readonly isLink?: boolean;
}

/**
 * Judges the status of an order, of a part of it or of one of its numbers. `failure` is described, the others
 * are in a guide.
 */
export function isLostOrder(status: string): boolean {
  return LOST.has(status);
}

const LOST: ReadonlySet<string> = new Set(['failure', 'cancelled', 'deleted']);

/**
 * Returns true if attaching a group could change the value. An approved value stays (documented). A value
 * without a status may be an approved one, and attaching would then have no effect, again in every run.
 */
export function takesValue({ status, value }: OrderRequirement): boolean {
  return status === null ? value.isEmpty : status !== 'approved';
}

/** Returns true if somebody has to give a value, or another one, before the deadline of the order. */
export function isWanted(status: string | null): boolean {
  return status === 'awaiting-value' || status === 'declined';
}
