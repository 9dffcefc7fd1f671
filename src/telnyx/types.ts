/**
 * The rows that endpoints give, decoded: names in camelCase, optional things null, values wrapped.
 * The vendor's description and its answers disagree in places (envelopes, nullability); what is read here holds for both.
 */
import type { ObservedSettings, SettingToWrite } from '../model/porting.ts';
import type {
  AddressField,
  FieldType,
  NumberOrderSetting,
  ObservedGroup,
  Reference,
  RemoteId,
  ReviewComment,
} from '../model/resource.ts';
import type { Sensitive } from '../model/sensitive.ts';

export type GroupRow = ObservedGroup;

export interface DocumentRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** Lowercase hex, or null: documented as optional. */
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
  /** An address of mail, as it is documented. */
  readonly commenter: string | null;
  /** As the API writes it; null while nobody has marked it as read. */
  readonly readAt: string | null;
}

/** One row of `/requirements`: what one combination demands, in one version. */
export interface RequirementSetRow {
  readonly countryCode: string;
  /** Null: all types. */
  readonly phoneNumberType: string | null;
  /** `ordering` | `porting` | `both` | … */
  readonly action: string;
  /** Null: everywhere in the country. */
  readonly locality: string | null;
  readonly version: number | null;
  /** As the API writes it, or null. */
  readonly effectiveStartAt: string | null;
  readonly requirements: readonly RequirementRow[];
}

/** One row of `/regulatory_requirements`: the same demand from the other side, with `regex` and `case_sensitive`. */
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

/** Numbers may come as strings; null, "" and absent all mean "no limit". */
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

/** Nothing that is answered says which group an order carries (documented): only the values can be compared. */
export interface NumberOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** `pending` | `success` | `failure` (described) | `cancelled` | `deleted` (guide) | anything newer. */
  readonly status: string;
  readonly requirementsMet: boolean | null;
  readonly subNumberOrderIds: readonly RemoteId[];
  /** In lists without values and statuses (documented). */
  readonly phoneNumbers: readonly OrderedNumberRow[];
  readonly phoneNumbersCount: number | null;
  readonly settings: Readonly<Record<NumberOrderSetting, string | null>>;
  readonly createdAtMs: number | null;
}

/** The numbers of an order that have country and type in common. */
export interface SubNumberOrderRow {
  readonly id: RemoteId;
  readonly numberOrderId: RemoteId | null;
  readonly countryCode: string;
  readonly phoneNumberType: string;
  /** Its order's. */
  readonly reference: Reference | null;
  /** As with orders. */
  readonly status: string;
  readonly requirementsMet: boolean | null;
  readonly phoneNumbersCount: number | null;
  /** What is demanded, without values (documented). Empty at first: requirements come some time after the order. */
  readonly requirementIds: readonly string[];
  /** The first 50 (documented), or null where the answer has none. */
  readonly phoneNumbers: readonly OrderedNumberRow[] | null;
}

/** A `number_order_phone_number`. */
export interface OrderedNumberRow {
  readonly id: RemoteId;
  readonly phoneNumber: string;
  /** Null within an order or a sub order, which do not repeat it. */
  readonly numberOrderId: RemoteId | null;
  readonly subNumberOrderId: RemoteId | null;
  readonly countryCode: string | null;
  readonly phoneNumberType: string | null;
  readonly status: string | null;
  /** `pending` | `approved` | `cancelled` | `deleted` | `requirement-info-…` | anything newer. */
  readonly requirementsStatus: string | null;
  readonly requirementsMet: boolean | null;
  /** Until when what is missing has to be there; null where it cannot be read: a documented sample is malformed. */
  readonly deadlineMs: number | null;
  /** Where Telnyx puts the number; null where the endpoint does not say. */
  readonly locality: string | null;
  readonly requirements: readonly OrderRequirementRow[];
}

export interface OrderRequirementRow {
  /** Of the requirement type, as in a group. */
  readonly requirementId: string;
  readonly fieldType: FieldType;
  /** Empty when unset. */
  readonly value: Sensitive;
  /**
   * Of a number `approved` | `declined` | `awaiting-value` | `pending-approval` (the vendor's client), of a porting order
   * `approved` | `requirement-info-…` (documented); null where the endpoint does not say.
   */
  readonly status: string | null;
}

export interface PortingRequirementRow extends OrderRequirementRow {
  readonly name: string | null;
}

export interface PortingOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  /** `draft` | `in-process` | `submitted` | `exception` | `foc-date-confirmed` | `ported` | `cancelled` | `cancel-pending` | … */
  readonly status: string;
  /** `ENTITY_NAME_MISMATCH` and the like; what is said beyond may be private. */
  readonly exceptionCodes: readonly string[];
  readonly phoneNumberType: string | null;
  /** The first 50 (documented). */
  readonly phoneNumbers: readonly string[];
  readonly phoneNumbersCount: number | null;
  /** Of its documents, whichever of its requirements they are for: all other values stand elsewhere (documented). */
  readonly documentIds: readonly string[];
  readonly requirementsMet: boolean | null;
  readonly settings: ObservedSettings;
}

/** What is left out stays as it is (documented). */
export interface PortingOrderPatch {
  readonly groupId?: RemoteId;
  readonly settings?: readonly SettingToWrite[];
  readonly requirements?: readonly ValueToWrite[];
}

/** Of a porting order: these cannot be marked as read (documented). */
export interface PortingCommentRow extends ReviewComment {
  readonly id: RemoteId | null;
  readonly orderId: string | null;
  /** `admin` | `user` | `system` | anything newer. */
  readonly userType: string | null;
}

/** A requirement that no value fulfils: somebody has to do something, by a link of their own. */
export interface SubOrderActionRow {
  readonly requirementId: string;
  /** The fields that its start needs: `first_name`, `last_name`. */
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
  /** `au_id_verification` is the only one known. */
  readonly actionType: string | null;
  /** `created` | `pending` | `completed` | `cancelled` | `failed` | anything newer. */
  readonly status: string;
  /** For one person; null before it is initiated. */
  readonly link: Sensitive | null;
  readonly cancelReason: string | null;
}

/** The values of an action's fields, by the names of the fields. */
export type ActionFields = ReadonlyMap<string, Sensitive>;

/** An order for numbers that are yet to be found. The only one that says which group it carries (documented). */
export interface AdvancedOrderRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly countryCode: string | null;
  /** One as a rule: described as a list. */
  readonly phoneNumberTypes: readonly string[];
  /** `pending` | `processing` | `hold` | `exception` | `ordered` | `failed` | anything newer. */
  readonly status: string;
  readonly groupId: RemoteId | null;
  readonly quantity: number | null;
  /** The number orders that came of it. */
  readonly numberOrderIds: readonly RemoteId[];
}

export interface NumberOrderToPlace {
  readonly reference: Reference;
  readonly phoneNumbers: readonly {
    /** E.164. */
    readonly phoneNumber: string;
    readonly groupId: RemoteId | null;
  }[];
  readonly settings?: Readonly<Partial<Record<NumberOrderSetting, string>>>;
}
