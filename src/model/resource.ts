import type { DesiredByKind } from './kinds.ts';
import type { BoundAction, DesiredAction } from './orders/actions.ts';
import type { DesiredPortingSetting } from './orders/porting.ts';
import type { Sensitive } from './privacy/sensitive.ts';
import type { SourcePosition } from './problem.ts';
import type { RequirementDefinition } from './requirements.ts';

export const PHONE_NUMBER_TYPES = ['local', 'toll_free', 'mobile', 'national', 'shared_cost'] as const;

export type PhoneNumberType = (typeof PHONE_NUMBER_TYPES)[number];

export const GROUP_ACTIONS = ['ordering', 'porting'] as const;

export type GroupAction = (typeof GROUP_ACTIONS)[number];

/** The purpose of a group. It is fixed when the group is created; another combination means another group. */
export interface Combination {
  /** An ISO 3166-1 alpha-2 code. */
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly action: string;
}

/** Returns, for example, `DE/local/ordering`. */
export function combinationKey(combination: Combination): string {
  return `${combination.countryCode}/${combination.phoneNumberType}/${combination.action}`;
}

declare const remoteId: unique symbol;

/** The id that Telnyx gives an object. */
export type RemoteId = string & { readonly [remoteId]: true };

export function asRemoteId(text: string): RemoteId {
  return text as RemoteId;
}

declare const reference: unique symbol;

/** The name that we give an object at Telnyx: its `customer_reference`. */
export type Reference = string & { readonly [reference]: true };

export function asReference(text: string): Reference {
  return text as Reference;
}

/* ---- Desired: the manifests, with every reference between them resolved ---- */

/** Every manifest of the repository, also those that a narrowed run leaves alone. */
export interface Desired extends DesiredByKind {
  readonly scope: string;
  /** The scope that the repository had before, whose groups are adopted by name. Absent if there is none. */
  readonly formerScope?: string;
}

export interface DesiredGroup {
  readonly name: string;
  readonly combination: Combination;
  /** The `customer_reference` that the group has or is to get. */
  readonly reference: Reference;
  /** Is true if the manifest states `customer_reference` itself. */
  readonly statesReference: boolean;
  /** The group to adopt, instead of looking one up by reference. */
  readonly id: PinnedId | null;
  readonly approval: 'submit' | 'none';
  /** Is true if requirements without a value are intended. */
  readonly partial: boolean;
  /** Is true for `deletion: forbid`: the group is neither pruned nor replaced. */
  readonly forbidsDeletion?: boolean;
  /** Is true for `manage: observe`: the group is compared and never written to. */
  readonly isWatched?: boolean;
  readonly requirements: readonly DesiredRequirement[];
  /** The orders that are to hold the group's values. */
  readonly attach: readonly DesiredAttachment[];
  /** The first key of the YAML document. */
  readonly source: SourcePosition;
}

/** The kinds of orders that a manifest may name under `attach:`. A number order means its sub orders. */
export const ATTACHMENT_KINDS = [
  'sub_number_order',
  'number_order',
  'phone_number',
  'porting_order',
  'advanced_order',
] as const;

export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** The kinds of orders that take a group. */
export type OrderKind = Exclude<AttachmentKind, 'number_order'>;

export interface DesiredAttachment {
  readonly kind: AttachmentKind;
  readonly id: RemoteId;
  /** The position of the id, or of the group's name in the manifest of the order. */
  readonly source: SourcePosition;
  /** True if the manifest of the order names the group, so that no entry under `attach:` does. */
  readonly isLink?: boolean;
}

/** The fields that number orders and porting orders have in common. */
interface DesiredOrder {
  readonly name: string;
  /** The group whose values the order is to hold: another way to write an entry in that group's `attach:`. */
  readonly group: GroupLink | null;
  /** The order's own values. Empty if a group provides them. They name requirements by id. */
  readonly requirements: readonly DesiredRequirement[];
  /** The actions that a person is to fulfil on the order. Absent if the manifest states none. */
  readonly actions?: readonly DesiredAction[];
  /** The first key of the YAML document. */
  readonly source: SourcePosition;
}

export interface GroupLink {
  /** The name of a RequirementGroup manifest. */
  readonly name: string;
  /** The position in the order's manifest that names it. */
  readonly source: SourcePosition;
}

/** An order of phone numbers, existing or still to be placed. */
export interface DesiredNumberOrder extends DesiredOrder {
  /** The `customer_reference` that the order has or is to get, by which it is found again. */
  readonly reference: Reference;
  /** Is true if the manifest states `customer_reference` itself. */
  readonly statesReference: boolean;
  /** The order to edit, instead of looking one up by reference or placing one. */
  readonly id: PinnedId | null;
  /** The numbers in E.164, sorted. Empty only if `id` names an order, which has its own. */
  readonly phoneNumbers: readonly DesiredPhoneNumber[];
  /** The settings that the manifest states. */
  readonly settings: readonly DesiredSetting[];
}

export interface DesiredPhoneNumber {
  readonly number: Sensitive;
  readonly source: SourcePosition;
}

/** The settings that are fixed when a number order is placed. They are ids at Telnyx, and not private. */
export const NUMBER_ORDER_SETTINGS = ['connection_id', 'messaging_profile_id', 'billing_group_id'] as const;

export type NumberOrderSetting = (typeof NUMBER_ORDER_SETTINGS)[number];

export interface DesiredSetting {
  readonly key: NumberOrderSetting;
  readonly value: string;
  readonly source: SourcePosition;
}

/** An existing porting order. */
export interface DesiredPortingOrder extends DesiredOrder {
  readonly id: PinnedId;
  /**
   * The settings that the manifest states. Of documents they contain only cleared ones. The others are
   * requirements, named by these paths.
   */
  readonly settings: readonly DesiredPortingSetting[];
}

export interface PinnedId {
  readonly id: RemoteId;
  readonly source: SourcePosition;
}

export interface DesiredRequirement {
  /** The requirement's name or id, as written. */
  readonly requirement: string;
  readonly content: DesiredContent;
  /** The position of `requirement:`. */
  readonly source: SourcePosition;
  /** The position of the value. */
  readonly contentSource: SourcePosition;
}

export type DesiredContent =
  | { readonly kind: 'text'; readonly text: Sensitive }
  /**
   * A text that is not read: `validate` works without its environment variable, or without its key
   * (`variable: null`).
   */
  | { readonly kind: 'unread_text'; readonly variable: string | null }
  | { readonly kind: 'document'; readonly document: DesiredDocument }
  | { readonly kind: 'document_id'; readonly id: RemoteId }
  | { readonly kind: 'address'; readonly address: DesiredAddress }
  /** An address with a field that is not read, for the same reasons as a text. */
  | { readonly kind: 'unread_address' }
  | { readonly kind: 'address_id'; readonly id: RemoteId };

/** A content whose texts were all read, as `plan` and `apply` do. */
export type ReadContent = Exclude<DesiredContent, { kind: 'unread_text' | 'unread_address' }>;

export function isRead(content: DesiredContent): content is ReadContent {
  return content.kind !== 'unread_text' && content.kind !== 'unread_address';
}

/** A file of the repository, without its bytes. The applier reads them again and compares the digest. */
export interface DesiredDocument {
  /** The Document manifest's name. Null for a file given inline. */
  readonly name: string | null;
  /** The path relative to the repository's root, with `/`. */
  readonly path: string;
  /** The digest of the plaintext in lowercase hex. */
  readonly sha256: string;
  /** The size of the file in the repository, encrypted or not. */
  readonly bytes: number;
  /** A day, `YYYY-MM-DD`. */
  readonly expires: string | null;
  readonly source: SourcePosition;
}

export interface DesiredAddress {
  /** The Address manifest's name. Null for fields given inline. */
  readonly name: string | null;
  /** The fields by the API's names. `country_code` is among them. */
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
  readonly validateAddress: boolean;
  /** The digest of the normalised fields in lowercase hex. */
  readonly sha256: string;
  readonly source: SourcePosition;
}

export const ADDRESS_FIELDS = [
  'first_name',
  'last_name',
  'business_name',
  'phone_number',
  'street_address',
  'extended_address',
  'locality',
  'administrative_area',
  'neighborhood',
  'borough',
  'postal_code',
  'country_code',
] as const;

export type AddressField = (typeof ADDRESS_FIELDS)[number];

/** ---- Bound: desired manifests whose requirements are known by id ---- */

export interface BoundGroup extends Omit<DesiredGroup, 'requirements'> {
  readonly values: readonly BoundValue[];
  /** Every requirement of the group: its own if the group exists, else the catalogue's. */
  readonly definitions: readonly RequirementDefinition[];
}

/** Orders whose requirements are known by id. */
export type BoundNumberOrder = Bound<DesiredNumberOrder>;

export type BoundPortingOrder = Bound<DesiredPortingOrder>;

type Bound<Order extends DesiredOrder> = Omit<Order, 'requirements' | 'actions'> & {
  readonly values: readonly BoundValue[];
  readonly actions?: readonly BoundAction[];
};

export interface BoundValue {
  readonly requirement: RequirementDefinition;
  readonly content: ReadContent;
  readonly source: SourcePosition;
  readonly contentSource: SourcePosition;
}
