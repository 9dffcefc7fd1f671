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

/** What a group is for. Fixed when the group is created; another combination means another group. */
export interface Combination {
  /** ISO 3166-1 alpha-2. */
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly action: string;
}

/** `DE/local/ordering` */
export function combinationKey(combination: Combination): string {
  return `${combination.countryCode}/${combination.phoneNumberType}/${combination.action}`;
}

declare const remoteId: unique symbol;
/** What Telnyx calls a thing. */
export type RemoteId = string & { readonly [remoteId]: true };
export function asRemoteId(text: string): RemoteId {
  return text as RemoteId;
}

declare const reference: unique symbol;
/** What we call a thing at Telnyx: its `customer_reference`. */
export type Reference = string & { readonly [reference]: true };
export function asReference(text: string): Reference {
  return text as Reference;
}

/** The references by which regsync owns things: there is no other state. */
export const references = {
  scopePrefix: (scope: string): string => `regsync/${scope}/`,
  group: (scope: string, name: string): Reference => asReference(`regsync/${scope}/${name}`),
  document: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/doc/${sha256.slice(0, 32)}`),
  address: (scope: string, sha256: string): Reference =>
    asReference(`regsync/${scope}/addr/${sha256.slice(0, 32)}`),
  numberOrder: (scope: string, name: string): Reference => asReference(`regsync/${scope}/order/${name}`),
};

/** A reference that regsync makes, of whatever scope. */
export function isMadeByRegsync(reference: string): boolean {
  return reference.startsWith('regsync/');
}

/** Whether it says that a repository of this scope owns the thing. */
export function isOfScope(scope: string, reference: string | null): boolean {
  return referenceKey(reference)?.startsWith(references.scopePrefix(scope)) ?? false;
}

/** Whether it says that another repository owns the thing. */
export function isForeign(scope: string, reference: string | null): boolean {
  const key = referenceKey(reference);
  return key !== null && isMadeByRegsync(key) && !isOfScope(scope, key);
}

/** Foreign, and of no scope that the repository had before either. */
export function isOthers(
  { scope, formerScope }: { readonly scope: string; readonly formerScope?: string | undefined },
  reference: string | null,
): boolean {
  const isFormer = formerScope !== undefined && isOfScope(formerScope, reference);
  return isForeign(scope, reference) && !isFormer;
}

/** Null in a reference that no regsync made. */
export function scopeInReference(reference: string | null): string | null {
  return referenceKey(reference)?.match(/^regsync\/([^/]+)\//)?.[1] ?? null;
}

/** The scope and the name in a reference that regsync gives to a group, whichever scope it is of; null for any other reference. */
export function scopeAndNameIn(
  reference: string | null,
): { readonly scope: string; readonly name: string } | null {
  const [, scope, name] = referenceKey(reference)?.match(/^regsync\/([^/]+)\/([^/]+)$/) ?? [];
  return scope === undefined || name === undefined ? null : { scope, name };
}

/** The first half of the digest that a document's reference holds, whichever scope it is of. */
export function digestInReference(reference: Reference | null, kind: 'doc' | 'addr'): string | null {
  const [, found, digest = null] = reference?.match(/^regsync\/[^/]+\/(doc|addr)\/([0-9a-f]{32})$/) ?? [];
  return found === kind ? digest : null;
}

/* ---- Desired: the manifests, with every reference between them resolved ---- */

/** Holds every manifest of the repository, also those that a narrowed run leaves alone. */
export interface Desired extends DesiredByKind {
  readonly scope: string;
  /** The scope that the repository had before: groups of it are adopted by name. Absent where there is none. */
  readonly formerScope?: string;
}

export interface DesiredGroup {
  readonly name: string;
  readonly combination: Combination;
  /** The `customer_reference` that the group has or is to get. */
  readonly reference: Reference;
  /** The manifest wrote `customer_reference` itself. */
  readonly statesReference: boolean;
  /** Adopt this group rather than looking one up by reference. */
  readonly id: PinnedId | null;
  readonly approval: 'submit' | 'none';
  /** Requirements without a value are intended. */
  readonly partial: boolean;
  readonly requirements: readonly DesiredRequirement[];
  /** The orders that are to hold its values. */
  readonly attach: readonly DesiredAttachment[];
  /** The first key of the YAML document. */
  readonly source: SourcePosition;
}

/** What a manifest may name under `attach:`. A number order stands for its sub orders. */
export const ATTACHMENT_KINDS = [
  'sub_number_order',
  'number_order',
  'phone_number',
  'porting_order',
] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];

/** What a group can be given to. */
export type OrderKind = Exclude<AttachmentKind, 'number_order'>;

export interface DesiredAttachment {
  readonly kind: AttachmentKind;
  readonly id: RemoteId;
  /** Where the id stands. */
  readonly source: SourcePosition;
}

/** What manifests of both kinds of orders have in common. */
interface DesiredOrder {
  readonly name: string;
  /** The group whose values the order is to carry: another name for an entry in that group's `attach:`. */
  readonly group: GroupLink | null;
  /** Values that the order holds of its own; none where a group gives them. They name requirements by id. */
  readonly requirements: readonly DesiredRequirement[];
  /** The first key of the YAML document. */
  readonly source: SourcePosition;
}

export interface GroupLink {
  /** Of a RequirementGroup manifest. */
  readonly name: string;
  /** Where the order's manifest names it. */
  readonly source: SourcePosition;
}

/** An order of phone numbers that is to be placed, or that exists. */
export interface DesiredNumberOrder extends DesiredOrder {
  /** The `customer_reference` that the order has or is to get: by this it is found again. */
  readonly reference: Reference;
  /** The manifest wrote `customer_reference` itself. */
  readonly statesReference: boolean;
  /** Edit this order rather than looking one up by reference, or placing it. */
  readonly id: PinnedId | null;
  /** E.164, sorted. Empty only where `id` means an order that has its own. */
  readonly phoneNumbers: readonly DesiredPhoneNumber[];
  /** Those that the manifest states. */
  readonly settings: readonly DesiredSetting[];
}

export interface DesiredPhoneNumber {
  readonly number: Sensitive;
  readonly source: SourcePosition;
}

/** What a number order is placed with and cannot be changed afterwards. Ids at Telnyx: nothing private. */
export const NUMBER_ORDER_SETTINGS = ['connection_id', 'messaging_profile_id', 'billing_group_id'] as const;
export type NumberOrderSetting = (typeof NUMBER_ORDER_SETTINGS)[number];

export interface DesiredSetting {
  readonly key: NumberOrderSetting;
  readonly value: string;
  readonly source: SourcePosition;
}

/** A porting order that exists. */
export interface DesiredPortingOrder extends DesiredOrder {
  readonly id: PinnedId;
  /** What the manifest states; of documents only what it clears, the others are among the requirements by these paths. */
  readonly settings: readonly DesiredPortingSetting[];
}

export interface PinnedId {
  readonly id: RemoteId;
  readonly source: SourcePosition;
}

export interface DesiredRequirement {
  /** As written: the requirement's name or its id. */
  readonly requirement: string;
  readonly content: DesiredContent;
  /** Where `requirement:` names it. */
  readonly source: SourcePosition;
  /** Where the value stands. */
  readonly contentSource: SourcePosition;
}

export type DesiredContent =
  | { readonly kind: 'text'; readonly text: Sensitive }
  /** A text that is not read: `validate` works without its environment variable, or its key (`variable: null`). */
  | { readonly kind: 'unread_text'; readonly variable: string | null }
  | { readonly kind: 'document'; readonly document: DesiredDocument }
  | { readonly kind: 'document_id'; readonly id: RemoteId }
  | { readonly kind: 'address'; readonly address: DesiredAddress }
  | { readonly kind: 'address_id'; readonly id: RemoteId };

/** A file of the repository. Its bytes are not held: the applier reads them again and compares the digest. */
export interface DesiredDocument {
  /** The Document manifest's name, or null for a file given inline. */
  readonly name: string | null;
  /** Relative to the repository's root, with `/`. */
  readonly path: string;
  /** Lowercase hex, of the plaintext. */
  readonly sha256: string;
  /** Of the file as it lies in the repository, encrypted or not. */
  readonly bytes: number;
  /** `YYYY-MM-DD` */
  readonly expires: string | null;
  readonly source: SourcePosition;
}

export interface DesiredAddress {
  /** The Address manifest's name, or null for fields given inline. */
  readonly name: string | null;
  /** The API's field names. `country_code` is among them. */
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
  readonly validateAddress: boolean;
  /** Lowercase hex, of the normalised fields. */
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

/* ---- Catalogue: what a country demands ---- */

/** `action` requirements are fulfilled on orders, never in a group. Unknown types are kept as they come. */
export type FieldType = 'textual' | 'datetime' | 'document' | 'address' | 'action' | 'unknown';

export interface RequirementDefinition {
  readonly id: string;
  readonly name: string;
  readonly fieldType: FieldType;
  readonly description: string;
  readonly example: string;
  readonly criteria: AcceptanceCriteria;
}

/** Absent criteria are null or empty: the API says "no limit" in several ways. Lengths count code points. */
export interface AcceptanceCriteria {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly acceptableCharacters: string | null;
  readonly acceptableValues: readonly string[];
  readonly regex: string | null;
  /** Null: not said. Listed values are then compared without regard to case, a pattern as it is written. */
  readonly caseSensitive: boolean | null;
  readonly timeLimit: string | null;
  readonly localityLimit: string | null;
}

export interface RequirementSet {
  readonly combination: Combination;
  readonly version: number | null;
  readonly requirements: readonly RequirementDefinition[];
}

/** By `combinationKey`. */
export type Catalogue = ReadonlyMap<string, RequirementSet>;

/* ---- Bound: desired groups whose requirements are known by id ---- */

export interface BoundGroup extends Omit<DesiredGroup, 'requirements'> {
  readonly values: readonly BoundValue[];
  /** Every requirement of the group: its own where it exists, else the catalogue's. */
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
  /** As `formerScope` of Desired. */
  readonly formerScope?: string;
  /** The users that own the account's groups, sorted; absent or empty where no group says whose it is. */
  readonly users?: readonly string[];
  /** Groups under `regsync/<scope>/` that no manifest names. */
  readonly orphans: readonly ObservedGroup[];
  /** Every group of the account that no manifest means, orphans among them: one of them may be what a manifest would create again. */
  readonly unclaimed?: readonly ObservedGroup[];
  /** Groups of the scope before the run: what the limits count against. */
  readonly ownedGroups: number;
  readonly documents: ObservedDocuments;
  readonly addresses: ObservedAddresses;
  /** Comments by the id of a group, a sub order or a porting order, oldest first; only for those that are not approved. */
  readonly comments: ReadonlyMap<RemoteId, readonly ReviewComment[]>;
  /** By group name: the orders that its `attach:` names, or that name it; number orders as the sub orders that they stand for. */
  readonly orders: ReadonlyMap<string, readonly NamedOrder[]>;
  /** By manifest name, of orders that have yet to be placed: earlier ones of exactly the same numbers, which hold them no longer. */
  readonly lostOrders?: ReadonlyMap<string, readonly LostOrder[]>;
  /** By manifest name: two or more orders that it could mean. None of them is touched, and none is placed. */
  readonly rivalOrders?: ReadonlyMap<string, RivalOrders>;
  /** The server's clock when it answered, milliseconds since the epoch. */
  readonly readAtMs: number;
}

export interface ObservedMatch {
  readonly group: ObservedGroup | null;
  /** Same reference, but another combination or no longer eligible: what a replace deletes. */
  readonly superseded: readonly ObservedGroup[];
  /** Two or more groups that the manifest could mean, oldest first: none of them is touched. Absent where it is clear which. */
  readonly rivals?: readonly ObservedGroup[];
}

export interface ObservedGroup {
  readonly id: RemoteId;
  /** The user whose it is; null or absent where Telnyx does not say. */
  readonly userId?: string | null;
  readonly combination: Combination;
  readonly reference: Reference | null;
  readonly status: string;
  /** As the API writes it; null or absent where it does not say. */
  readonly createdAt?: string | null;
  readonly requirements: readonly ObservedRequirement[];
}

/** Of several groups that could be meant, the oldest is the one to keep: every run has to come to the same one. */
export function oldestFirst(a: ObservedGroup, b: ObservedGroup): number {
  return compareText(a.createdAt ?? UNDATED, b.createdAt ?? UNDATED) || compareText(a.id, b.id);
}

/** Sorts behind every date. */
const UNDATED = '~';

export interface ObservedRequirement {
  readonly requirementId: string;
  readonly fieldType: FieldType;
  /** Empty when unset. */
  readonly value: Sensitive;
  readonly status: string | null;
  /** As the API writes it, or null. */
  readonly expiresAt: string | null;
}

/** An order that takes a group. Nothing says which group it carries (documented): its values are all there is. */
export interface ObservedOrder {
  readonly kind: OrderKind;
  readonly id: RemoteId;
  /** As Telnyx says it. */
  readonly status: string;
  /** Takes a group: pending, or of porting orders a draft, in process or in exception. */
  readonly isOpen: boolean;
  /** Null where Telnyx does not say; of porting orders it never says the country. */
  readonly countryCode: string | null;
  readonly phoneNumberType: string | null;
  /** The sub order itself, or the one that a phone number is in. */
  readonly subNumberOrderId: RemoteId | null;
  /** One for each phone number that is open; of a porting order the only one. Empty ones are not filled in yet. */
  readonly holdings: readonly Holding[];
  /** Of number orders that are open. */
  readonly sample?: OrderSample;
  /** Private: a reviewer may quote them. Absent where Telnyx does not say. */
  readonly phoneNumbers?: readonly Sensitive[];
  /** Of a porting order in exception, where Telnyx gives reasons. */
  readonly exceptionCodes?: readonly string[];
}

/** What one of the open numbers of an order says beyond its values; it stands for the others. */
export interface OrderSample {
  readonly id: RemoteId;
  /** Until when what is missing has to be there; null where Telnyx does not say. */
  readonly deadlineMs: number | null;
  /** Where Telnyx puts the number. */
  readonly locality: string | null;
}

/** A number order as a whole. */
export interface ObservedNumberOrder {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** As Telnyx says it. */
  readonly status: string;
  readonly phoneNumbersCount: number;
  /** Null where Telnyx has none. */
  readonly settings: Readonly<Record<NumberOrderSetting, string | null>>;
  /** Read only where something is to be compared with them. */
  readonly subOrders: readonly ObservedOrder[];
}

export interface LostOrder {
  readonly id: RemoteId;
  /** As Telnyx says it. */
  readonly status: string;
}

export interface RivalOrders {
  readonly ids: readonly RemoteId[];
  readonly inCommon: 'reference' | 'numbers';
}

export interface ObservedPortingOrder {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** As Telnyx says it. */
  readonly status: string;
  /** A draft, in process or in exception. */
  readonly isOpen: boolean;
  readonly phoneNumbersCount: number | null;
  /** Private: a reviewer may quote them. Absent where Telnyx does not say. */
  readonly phoneNumbers?: readonly Sensitive[];
  /** Why it is in exception; absent where Telnyx gives no reason. */
  readonly exceptionCodes?: readonly string[];
  readonly settings: ObservedSettings;
  /** What it demands; empty where the manifest states nothing of it. */
  readonly requirements: readonly (OrderRequirement & { readonly name: string | null })[];
}

/** What an order holds for its requirements. */
export type Holding = readonly OrderRequirement[];

/** `status` is null where the endpoint does not say. */
export type OrderRequirement = Omit<ObservedRequirement, 'expiresAt'>;

/** `sub number order bb6c79ed-…` */
export function nameOrder({ kind, id }: { readonly kind: AttachmentKind; readonly id: RemoteId }): string {
  return `${kind.replaceAll('_', ' ')} ${id}`;
}

/** An order that a manifest names, and the entry that names it. */
export interface NamedOrder extends ObservedOrder {
  readonly source: SourcePosition;
}

/** Of an order, of a part of it or of one of its numbers. `failure` is described, the others are in a guide. */
export function isLostOrder(status: string): boolean {
  return LOST.has(status);
}

const LOST: ReadonlySet<string> = new Set(['failure', 'cancelled', 'deleted']);

/**
 * Whether attaching a group could change it. What is approved stays (documented). Where no status is said, a value that is
 * there may be an approved one: attaching would then change nothing, at each run anew.
 */
export function takesValue({ status, value }: OrderRequirement): boolean {
  return status === null ? value.isEmpty : status !== 'approved';
}

/** Whether somebody has to give a value, or another one; until the deadline of the order. */
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
  /** Lowercase hex; null where the API does not say. */
  readonly sha256: string | null;
  readonly createdAtMs: number | null;
  /** Telnyx found it infected or denied it: never to be used again. */
  readonly rejected: 'infected' | 'denied' | null;
  /** A group holds it, or the API lists a link. Telnyx deletes unlinked ones after 30 minutes. */
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
  /** As the API returns them. */
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
}

export interface ObservedAddresses {
  readonly byId: ReadonlyMap<string, ObservedAddress>;
  readonly byReference: ReadonlyMap<string, readonly ObservedAddress[]>;
}
