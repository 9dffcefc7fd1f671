/**
 * The rows of endpoints, decoded: names in camelCase, missing fields null, values wrapped. The vendor's
 * description and its answers disagree in places (envelopes, nullability); these types fit both.
 */

import type { ObservedGroup, ReviewComment } from '../model/observed.ts';
import type { ObservedSettings, SettingToWrite } from '../model/orders/porting.ts';
import type { Sensitive } from '../model/privacy/sensitive.ts';
import type { FieldType } from '../model/requirements.ts';
import type { AddressField, NumberOrderSetting, Reference, RemoteId } from '../model/resource.ts';

export type GroupRow = ObservedGroup;

export interface DocumentRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** Lowercase hex. Null if the answer leaves it out: it is documented as optional. */
  readonly sha256: string | null;
  readonly createdAtMs: number | null;
  /** `pending` | `verified` | `denied` | anything newer. */
  readonly status: string | null;
  /** `pending_scan` | `scanned` | `infected` | `not_scanned` | anything newer. */
  readonly scanStatus: string | null;
}

export interface AddressRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
  readonly createdAtMs: number | null;
}

export interface DocumentLinkRow {
  readonly documentId: string;
}

/** The record that a comment is about. The third type is in the vendor's guides only. */
export interface CommentedRecord {
  readonly type: 'requirement_group' | 'sub_number_order' | 'advanced_number_order';
  readonly id: RemoteId;
}

export interface CommentRow extends ReviewComment {
  readonly id: RemoteId | null;
  readonly recordId: string | null;
  /** An email address (documented). */
  readonly commenter: string | null;
  /** The time as the API writes it. Null while nobody has marked the comment as read. */
  readonly readAt: string | null;
}

/** One row of `/requirements`: the requirements of one combination, in one version. */
export interface RequirementSetRow {
  readonly countryCode: string;
  /** The type. Null means all types. */
  readonly phoneNumberType: string | null;
  /** `ordering` | `porting` | `both` | … */
  readonly action: string;
  /** The place. Null means the whole country. */
  readonly locality: string | null;
  readonly version: number | null;
  /** The time as the API writes it, or null. */
  readonly effectiveStartAt: string | null;
  readonly requirements: readonly RequirementRow[];
}

/**
 * One row of `/regulatory_requirements`: the same requirements from another endpoint, with `regex` and
 * `case_sensitive`.
 */
export interface RegulatoryRow {
  readonly countryCode: string;
  readonly phoneNumberType: string;
  readonly action: string;
  readonly requirements: readonly RequirementRow[];
}

export interface RequirementRow {
  readonly id: string;
  readonly name: string;
  readonly fieldType: FieldType;
  readonly description: string;
  readonly example: string;
  readonly criteria: CriteriaRow;
}

/** Numbers may come as strings. Null, "" and a missing field all mean "no limit". */
export interface CriteriaRow {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly acceptableCharacters: string | null;
  readonly acceptableValues: readonly string[];
  readonly regex: string | null;
  readonly caseSensitive: boolean | null;
  readonly timeLimit: string | null;
  readonly localityLimit: string | null;
}

export interface ValueToWrite {
  readonly requirementId: string;
  readonly value: Sensitive;
}

/* ---- Orders ---- */

/**
 * A number order. No answer says which group an order carries (documented), so only the values can be
 * compared.
 */
export interface NumberOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** `pending` | `success` | `failure` (described) | `cancelled` | `deleted` (guide) | anything newer. */
  readonly status: string;
  readonly requirementsMet: boolean | null;
  readonly subNumberOrderIds: readonly RemoteId[];
  /** The phone numbers. Lists give them without values and statuses (documented). */
  readonly phoneNumbers: readonly OrderedNumberRow[];
  readonly phoneNumbersCount: number | null;
  readonly settings: Readonly<Record<NumberOrderSetting, string | null>>;
  readonly createdAtMs: number | null;
}

/** The numbers of an order that share country and type. */
export interface SubNumberOrderRow {
  readonly id: RemoteId;
  readonly numberOrderId: RemoteId | null;
  readonly countryCode: string;
  readonly phoneNumberType: string;
  /** The reference of its order. */
  readonly reference: Reference | null;
  /** The same statuses as those of a number order. */
  readonly status: string;
  readonly requirementsMet: boolean | null;
  readonly phoneNumbersCount: number | null;
  /**
   * The ids of its requirements, without values (documented). Empty at first, because requirements are added
   * some time after the order.
   */
  readonly requirementIds: readonly string[];
  /** The first 50 (documented). Null if the answer contains none. */
  readonly phoneNumbers: readonly OrderedNumberRow[] | null;
}

/** A `number_order_phone_number`. */
export interface OrderedNumberRow {
  readonly id: RemoteId;
  readonly phoneNumber: string;
  /** The id of its order. Null within an order or a sub order, which do not repeat it. */
  readonly numberOrderId: RemoteId | null;
  readonly subNumberOrderId: RemoteId | null;
  readonly countryCode: string | null;
  readonly phoneNumberType: string | null;
  readonly status: string | null;
  /** `pending` | `approved` | `cancelled` | `deleted` | `requirement-info-…` | anything newer. */
  readonly requirementsStatus: string | null;
  readonly requirementsMet: boolean | null;
  /**
   * The time by which missing values are due. Null if it cannot be read: a documented sample is malformed.
   */
  readonly deadlineMs: number | null;
  /** The place of the number. Null if the endpoint does not say. */
  readonly locality: string | null;
  readonly requirements: readonly OrderRequirementRow[];
}

export interface OrderRequirementRow {
  /** The id of the requirement type, as in a group. */
  readonly requirementId: string;
  readonly fieldType: FieldType;
  /** The value, which is empty when unset. */
  readonly value: Sensitive;
  /**
   * The status. For a number it is `approved` | `declined` | `awaiting-value` | `pending-approval` (the
   * vendor's client), for a porting order `approved` | `requirement-info-…` (documented). Null if the
   * endpoint does not say.
   */
  readonly status: string | null;
}

export interface PortingRequirementRow extends OrderRequirementRow {
  readonly name: string | null;
}

export interface PortingOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /**
   * `draft` | `in-process` | `submitted` | `exception` | `foc-date-confirmed` | `ported` | `cancelled` |
   * `cancel-pending` | …
   */
  readonly status: string;
  /** `ENTITY_NAME_MISMATCH` and the like. The texts beside them may be private and are not read. */
  readonly exceptionCodes: readonly string[];
  readonly phoneNumberType: string | null;
  /** The first 50 phone numbers (documented). */
  readonly phoneNumbers: readonly string[];
  readonly phoneNumbersCount: number | null;
  /**
   * The ids of its documents, for any of its requirements. All other values are at another endpoint
   * (documented).
   */
  readonly documentIds: readonly string[];
  readonly requirementsMet: boolean | null;
  readonly settings: ObservedSettings;
}

/** A patch of a porting order. A key that is left out keeps its value (documented). */
export interface PortingOrderPatch {
  readonly groupId?: RemoteId;
  readonly settings?: readonly SettingToWrite[];
  readonly requirements?: readonly ValueToWrite[];
}

/** A comment on a porting order, which cannot be marked as read (documented). */
export interface PortingCommentRow extends ReviewComment {
  readonly id: RemoteId | null;
  readonly orderId: string | null;
  /** `admin` | `user` | `system` | anything newer. */
  readonly userType: string | null;
}

/** A requirement that no value fulfils: a person has to act, through a link of their own. */
export interface SubOrderActionRow {
  readonly requirementId: string;
  /** The fields needed to start it: `first_name`, `last_name`. */
  readonly fields: readonly ActionFieldRow[];
  readonly link: Sensitive | null;
}

export interface ActionFieldRow {
  readonly name: string;
  readonly description: string;
  /** The value that was sent before. */
  readonly value: Sensitive | null;
}

export interface PortingActionRow {
  readonly id: RemoteId;
  readonly orderId: string | null;
  readonly requirementId: string | null;
  /** `au_id_verification` is the only known type. */
  readonly actionType: string | null;
  /** `created` | `pending` | `completed` | `cancelled` | `failed` | anything newer. */
  readonly status: string;
  /** The link, which is for one person. Null until the action is initiated. */
  readonly link: Sensitive | null;
  readonly cancelReason: string | null;
}

/** The values of an action's fields, by the names of the fields. */
export type ActionFields = ReadonlyMap<string, Sensitive>;

/**
 * An order for numbers that are yet to be found. It is the only kind that says which group it carries
 * (documented).
 */
export interface AdvancedOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly countryCode: string | null;
  /** The types, described as a list that usually has one entry. */
  readonly phoneNumberTypes: readonly string[];
  /** `pending` | `processing` | `hold` | `exception` | `ordered` | `failed` | anything newer. */
  readonly status: string;
  readonly groupId: RemoteId | null;
  readonly quantity: number | null;
  /** The number orders that resulted from it. */
  readonly numberOrderIds: readonly RemoteId[];
}

export interface NumberOrderToPlace {
  readonly reference: Reference;
  readonly phoneNumbers: readonly {
    /** The number in E.164. */
    readonly phoneNumber: string;
    readonly groupId: RemoteId | null;
  }[];
  readonly settings?: Readonly<Partial<Record<NumberOrderSetting, string>>>;
}
