import type { InjectedFault } from '../server/faults.ts';
import type { RateLimit } from '../server/rate-limit.ts';
import type { Quirks } from './quirks.ts';
import type { Table } from './table.ts';

/**
 * The whole state of the sandbox. Records are never changed, only replaced in their map, so a shallow copy of
 * the maps is an independent state.
 */
export interface State {
  /** The offset of the sandbox's clock from the real one. */
  clockOffsetMs: number;
  /** The last time given to a record. No two records share a time, so sorting by time is total. */
  lastStampMicros: number;
  nextAddressId: string;
  quirks: Quirks;
  rateLimit: RateLimit;
  faults: readonly InjectedFault[];
  nextFaultId: number;
  /** The keys that control has declared good or bad. Any other text that looks like a key is good. */
  keys: Map<string, KeyState>;
  groups: Table<Group>;
  documents: Table<Document>;
  /** The bytes of documents, by SHA-256. */
  contents: Map<string, Buffer>;
  links: Table<DocumentLink>;
  addresses: Table<Address>;
  comments: Map<string, Comment>;
  requirementTypes: Map<string, RequirementType>;
  requirementSets: Map<string, StoredRequirementSet>;
  numberOrders: Map<string, NumberOrder>;
  subNumberOrders: Map<string, SubNumberOrder>;
  /** The rows of `number_order_phone_numbers`. */
  orderedNumbers: Map<string, OrderedNumber>;
  /** The phone numbers that a search has shown, with the time. */
  searchedNumbers: Map<string, string>;
  portingOrders: Map<string, PortingOrder>;
  portingComments: Map<string, PortingComment>;
  /** The actions that porting orders require of a person. */
  portingActions: Map<string, PortingAction>;
  /** The started action requirements of sub orders, by both of their ids. */
  subOrderActions: Map<string, SubOrderAction>;
  advancedOrders: Map<string, AdvancedOrder>;
}

export type KeyState = 'ok' | 'revoked' | 'forbidden';

interface Timed {
  readonly created_at: string;
  readonly updated_at: string;
}

/** The time at which a record was made, by the real clock, since lists may lag behind. It is never sent. */
interface Born {
  readonly born_ms: number;
}

export interface Group extends Timed, Born {
  readonly id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly customer_reference: string | null;
  /** The status as any text: control may plant one that the vendor does not have yet. */
  readonly status: string;
  readonly regulatory_requirements: readonly GroupRequirement[];
}

export interface GroupRequirement extends Timed {
  readonly requirement_id: string;
  readonly field_type: string;
  /** The value. "" while unset. */
  readonly field_value: string;
  readonly status: string;
  readonly expires_at: string | null;
}

export interface Document extends Timed, Born {
  readonly id: string;
  readonly filename: string;
  readonly customer_reference: string | null;
  readonly content_type: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly status: 'pending' | 'verified' | 'denied';
  readonly av_scan_status: 'pending_scan' | 'scanned' | 'infected' | 'not_scanned';
  readonly uploaded_ms: number;
  /** The time on the sandbox's clock. Null while the document is linked. */
  readonly unlinked_since_ms: number | null;
}

export interface DocumentLink extends Timed, Born {
  readonly id: string;
  readonly document_id: string;
  readonly linked_record_type: string;
  readonly linked_resource_id: string;
}

export interface Address extends Timed, Born {
  /** A 64-bit integer as text, which can exceed a JavaScript number. */
  readonly id: string;
  /** The values by the API's names. Null if unset. */
  readonly fields: Readonly<Record<string, string | null>>;
  readonly validate_address: boolean;
  readonly address_book: boolean;
}

export interface Comment extends Timed, Born {
  readonly id: string;
  readonly body: string;
  readonly comment_record_type: string;
  readonly comment_record_id: string;
  readonly commenter: string;
  readonly commenter_type: 'admin' | 'user';
  readonly read_at: string | null;
}

/** The requirement that a group's `requirement_id` refers to. */
export interface RequirementType extends Timed {
  readonly id: string;
  readonly name: string;
  readonly type: StoredFieldType;
  readonly description: string;
  readonly example: string;
  readonly acceptance_criteria: StoredCriteria;
}

export type StoredFieldType = 'textual' | 'datetime' | 'document' | 'address' | 'action';

/** Null and the empty list mean "no limit". */
export interface StoredCriteria {
  readonly min_length: number | null;
  readonly max_length: number | null;
  readonly acceptable_characters: string | null;
  readonly acceptable_values: readonly string[];
  readonly regex: string | null;
  readonly case_sensitive: boolean | null;
  readonly time_limit: string | null;
  readonly locality_limit: string | null;
}

/** A row of `/requirements`: the requirements of a combination of country, type and action. */
export interface StoredRequirementSet extends Timed {
  readonly id: string;
  readonly country_code: string;
  /** The type. "" means all types. */
  readonly phone_number_type: string;
  readonly action: 'ordering' | 'porting' | 'both' | 'branded_calling';
  readonly locality: string;
  /** True if its groups can be submitted for approval. */
  readonly pre_approval: boolean;
  /** The versions, oldest first. The last may start in the future. */
  readonly versions: readonly RequirementSetVersion[];
}

export interface RequirementSetVersion {
  readonly version: number;
  readonly effective_start_at: string;
  readonly requirement_ids: readonly string[];
}

export interface NumberOrder extends Timed, Born {
  readonly id: string;
  readonly customer_reference: string | null;
  readonly connection_id: string | null;
  readonly messaging_profile_id: string | null;
  readonly billing_group_id: string | null;
  /** The status that follows from its numbers. Control may plant any other text. */
  readonly status: string;
}

/** The numbers of an order that share country and type. */
export interface SubNumberOrder extends Timed, Born {
  readonly id: string;
  readonly order_id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly status: string;
}

export interface OrderedNumber extends Born {
  readonly id: string;
  readonly order_id: string;
  readonly sub_order_id: string;
  readonly phone_number: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly bundle_id: string | null;
  readonly status: string;
  readonly requirements_status: string;
  readonly deadline: string;
  /** The place where the carrier has the number. Empty unless control sets it. */
  readonly locality: string;
  /** The time on the sandbox's clock. */
  readonly placed_ms: number;
  /** True once the requirements have appeared. */
  readonly is_filled: boolean;
  /**
   * The values that the order's group had when the order was placed. They appear together with the
   * requirements.
   */
  readonly given: readonly StoredRequirement[];
  readonly regulatory_requirements: readonly StoredRequirement[];
}

export interface StoredRequirement {
  readonly requirement_id: string;
  readonly field_type: string;
  /** The value. "" while unset. */
  readonly field_value: string;
  /** `awaiting-value` | `pending-approval` | `approved` | `declined` */
  readonly status: string;
}

export interface PortingOrder extends Timed, Born {
  readonly id: string;
  readonly status: string;
  readonly status_details: readonly StatusDetail[];
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly phone_numbers: readonly string[];
  readonly regulatory_requirements: readonly StoredRequirement[];
  /** The fields that the customer may write, by the API's names. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface PortingComment extends Born {
  readonly id: string;
  readonly porting_order_id: string;
  readonly body: string;
  readonly user_type: 'admin' | 'user' | 'system';
  readonly created_at: string;
}

export interface PortingAction extends Timed, Born {
  readonly id: string;
  readonly porting_order_id: string;
  readonly requirement_type_id: string;
  readonly action_type: string;
  /** `created` | `pending` | `completed` | `cancelled` | `failed` */
  readonly status: string;
  readonly cancel_reason: string | null;
  readonly link: PersonalLink | null;
}

export interface SubOrderAction {
  readonly requirement_id: string;
  readonly sub_order_id: string;
  readonly first_name: string;
  readonly last_name: string;
  /** The link. Null once it is no longer valid. */
  readonly link: PersonalLink | null;
}

/** The link at which one person proves their identity. */
export interface PersonalLink {
  readonly url: string;
  /** The time on the sandbox's clock from which the link is shown. */
  readonly ready_ms: number;
}

/** An order for numbers that are yet to be found. */
export interface AdvancedOrder extends Timed, Born {
  readonly id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly area_code: string;
  readonly comments: string;
  readonly customer_reference: string;
  readonly features: readonly string[];
  readonly quantity: number;
  /** `pending` | `processing` | `hold` | `exception` | `ordered` | `failed` */
  readonly status: string;
  readonly requirement_group_id: string | null;
  /** The number orders that resulted from it. */
  readonly orders: readonly string[];
}

export interface StatusDetail {
  readonly code: string;
  readonly description: string;
}
