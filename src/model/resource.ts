import type { DesiredByKind, ObservedByKind } from './kinds.ts';
import { compareText } from './order.ts';
import type { DesiredPortingSetting, ObservedSettings } from './porting.ts';
import type { SourcePosition } from './problem.ts';
import { referenceKey } from './reference.ts';
import type { Sensitive } from './sensitive.ts';

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

/** The references by which regsync owns objects. regsync keeps no other state. */
export const references = {
  scopePrefix: (scope: string): string => `regsync/${scope}/`,
  group: (scope: string, name: string): Reference => asReference(`regsync/${scope}/${name}`),
  document: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/doc/${sha256.slice(0, 32)}`),
  address: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/addr/${sha256.slice(0, 32)}`),
  numberOrder: (scope: string, name: string): Reference => asReference(`regsync/${scope}/order/${name}`),
};

/** Returns true for a reference that regsync makes, in any scope. */
export function isMadeByRegsync(reference: string): boolean {
  return reference.startsWith('regsync/');
}

/** Returns true if the reference says that a repository of this scope owns the object. */
export function isOfScope(scope: string, reference: string | null): boolean {
  return referenceKey(reference)?.startsWith(references.scopePrefix(scope)) ?? false;
}

/** Returns true if the reference says that another repository owns the object. */
export function isForeign(scope: string, reference: string | null): boolean {
  const key = referenceKey(reference);
  return key !== null && isMadeByRegsync(key) && !isOfScope(scope, key);
}

/** Returns true for a foreign reference that is not of the repository's former scope. */
export function isOthers(
  { scope, formerScope }: { readonly scope: string; readonly formerScope?: string | undefined },
  reference: string | null,
): boolean {
  const isFormer = formerScope !== undefined && isOfScope(formerScope, reference);
  return isForeign(scope, reference) && !isFormer;
}

/** Returns null for a reference that regsync did not make. */
export function scopeInReference(reference: string | null): string | null {
  return referenceKey(reference)?.match(/^regsync\/([^/]+)\//)?.[1] ?? null;
}

/**
 * Returns the scope and the name in a reference that regsync gives to a group of any scope, or null for any
 * other reference.
 */
export function scopeAndNameIn(
  reference: string | null,
): { readonly scope: string; readonly name: string } | null {
  const [, scope, name] = referenceKey(reference)?.match(/^regsync\/([^/]+)\/([^/]+)$/) ?? [];
  return scope === undefined || name === undefined ? null : { scope, name };
}

/**
 * Returns the first half of the digest in the reference of a document or an address of any scope, or null.
 */
export function digestInReference(reference: Reference | null, kind: 'doc' | 'addr'): string | null {
  const [, found, digest = null] = reference?.match(/^regsync\/[^/]+\/(doc|addr)\/([0-9a-f]{32})$/) ?? [];
  return found === kind ? digest : null;
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
] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** The kinds of orders that take a group. */
export type OrderKind = Exclude<AttachmentKind, 'number_order'>;

export interface DesiredAttachment {
  readonly kind: AttachmentKind;
  readonly id: RemoteId;
  /** The position of the id. */
  readonly source: SourcePosition;
}

/** The fields that number orders and porting orders have in common. */
interface DesiredOrder {
  readonly name: string;
  /** The group whose values the order is to hold: another way to write an entry in that group's `attach:`. */
  readonly group: GroupLink | null;
  /** The order's own values. Empty if a group provides them. They name requirements by id. */
  readonly requirements: readonly DesiredRequirement[];
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
  | { readonly kind: 'address_id'; readonly id: RemoteId };

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

/** ---- Catalogue: the requirements of a country ---- */

/** The types of values. `action` requirements are fulfilled on orders, never in a group. */
export type FieldType = 'textual' | 'datetime' | 'document' | 'address' | 'action' | 'unknown';

export interface RequirementDefinition {
  readonly id: string;
  readonly name: string;
  readonly fieldType: FieldType;
  readonly description: string;
  readonly example: string;
  readonly criteria: AcceptanceCriteria;
}

/**
 * A criterion that is absent is null or empty: the API says "no limit" in several ways. Lengths count code
 * points.
 */
export interface AcceptanceCriteria {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly acceptableCharacters: string | null;
  readonly acceptableValues: readonly string[];
  readonly regex: string | null;
  /**
   * The API's rule, or null if it states none. Listed values are then compared without regard to case, a
   * pattern as written.
   */
  readonly caseSensitive: boolean | null;
  readonly timeLimit: string | null;
  readonly localityLimit: string | null;
}

export interface RequirementSet {
  readonly combination: Combination;
  readonly version: number | null;
  readonly requirements: readonly RequirementDefinition[];
}

/** The requirements by `combinationKey`. */
export type Catalogue = ReadonlyMap<string, RequirementSet>;

/** ---- Bound: desired manifests whose requirements are known by id ---- */

export interface BoundGroup extends Omit<DesiredGroup, 'requirements'> {
  readonly values: readonly BoundValue[];
  /** Every requirement of the group: its own if the group exists, else the catalogue's. */
  readonly demands: readonly RequirementDefinition[];
}

/** Orders whose requirements are known by id. */
export type BoundNumberOrder = Bound<DesiredNumberOrder>;
export type BoundPortingOrder = Bound<DesiredPortingOrder>;
type Bound<Order extends DesiredOrder> = Omit<Order, 'requirements'> & {
  readonly values: readonly BoundValue[];
};

export interface BoundValue {
  readonly requirement: RequirementDefinition;
  readonly content: Exclude<DesiredContent, { kind: 'unread_text' }>;
  readonly source: SourcePosition;
  readonly contentSource: SourcePosition;
}

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
  /** The reviewers' comments by group id, oldest first, only for declined groups. */
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

/**
 * An order that takes a group. The API never says which group an order has (documented), so only its values
 * can tell.
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
  /** The sample of an open number order. */
  readonly sample?: OrderSample;
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
  /** The sub orders. They are read only if something is compared with them. */
  readonly subOrders: readonly ObservedOrder[];
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
  readonly settings: ObservedSettings;
  /** The order's requirements. Empty if the manifest states none. */
  readonly requirements: readonly (OrderRequirement & { readonly name: string | null })[];
}

/** The values that an order holds for its requirements. */
export type Holding = readonly OrderRequirement[];

/** A requirement of an order. `status` is null if the endpoint does not say. */
export type OrderRequirement = Omit<ObservedRequirement, 'expiresAt'>;

/** Returns, for example, `sub number order bb6c79ed-…`. */
export function nameOrder({ kind, id }: { readonly kind: AttachmentKind; readonly id: RemoteId }): string {
  return `${kind.replaceAll('_', ' ')} ${id}`;
}

/** An order that a manifest names, and the entry that names it. */
export interface NamedOrder extends ObservedOrder {
  readonly source: SourcePosition;
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

export interface ReviewComment {
  readonly body: string;
  readonly byReviewer: boolean;
  readonly createdAt: string;
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
