import type { Fault } from '../server/faults.ts';
import type { RateLimit } from '../server/rate-limit.ts';
import type { Quirks } from './quirks.ts';
import type { Table } from './table.ts';

/**
 * Everything that the sandbox remembers. Records are never changed, only replaced in their map, so a shallow copy of
 * the maps is an independent state.
 */
export interface State {
  /** What the sandbox's clock shows beyond the real one. */
  clockOffsetMs: number;
  /** The last time given to a record: no two records share one, so sorting by time is total. */
  lastStampMicros: number;
  nextAddressId: string;
  quirks: Quirks;
  rateLimit: RateLimit;
  faults: readonly Fault[];
  nextFaultId: number;
  /** Keys that are known to be good or bad; any other that looks like a key is good. */
  keys: Map<string, KeyState>;
  groups: Table<Group>;
  documents: Table<Document>;
  /** The bytes of documents, by SHA-256. */
  contents: Map<string, Buffer>;
  links: Table<DocumentLink>;
  addresses: Table<Address>;
  comments: Map<string, Comment>;
  requirementTypes: Map<string, RequirementType>;
  requirementSets: Map<string, RequirementSet>;
  numberOrders: Map<string, NumberOrder>;
  subNumberOrders: Map<string, SubNumberOrder>;
  /** What `number_order_phone_numbers` are made of. */
  orderedNumbers: Map<string, OrderedNumber>;
  /** Phone numbers that a search has shown, with the time. */
  searchedNumbers: Map<string, string>;
  portingOrders: Map<string, PortingOrder>;
  portingComments: Map<string, PortingComment>;
  /** What porting orders want somebody to do. */
  portingActions: Map<string, PortingAction>;
  /** What was started for an action requirement of a sub order, by both of their ids. */
  subOrderActions: Map<string, SubOrderAction>;
  advancedOrders: Map<string, AdvancedOrder>;
}

export type KeyState = 'ok' | 'revoked' | 'forbidden';

interface Timed {
  readonly created_at: string;
  readonly updated_at: string;
}

/** When a record was made by the real clock: lists may lag behind. Never answered. */
interface Born {
  readonly born_ms: number;
}

export interface Group extends Timed, Born {
  readonly id: string;
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
  readonly customer_reference: string | null;
  /** Any text: control may plant a status that the vendor has yet to invent. */
  readonly status: string;
  readonly regulatory_requirements: readonly GroupRequirement[];
}

export interface GroupRequirement extends Timed {
  readonly requirement_id: string;
  readonly field_type: string;
  /** "" while unset. */
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
  /** On the sandbox's clock; null while something links to the document. */
  readonly unlinked_since_ms: number | null;
}

export interface DocumentLink extends Timed, Born {
  readonly id: string;
  readonly document_id: string;
  readonly linked_record_type: string;
  readonly linked_resource_id: string;
}

export interface Address extends Timed, Born {
  /** A 64-bit integer as text, beyond what a JavaScript number can hold. */
  readonly id: string;
  /** By the API's names; null where unset. */
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

/** What a group's `requirement_id` points to. */
export interface RequirementType extends Timed {
  readonly id: string;
  readonly name: string;
  readonly type: FieldType;
  readonly description: string;
  readonly example: string;
  readonly acceptance_criteria: AcceptanceCriteria;
}

export type FieldType = 'textual' | 'datetime' | 'document' | 'address' | 'action';

/** Null and the empty list mean "no limit". */
export interface AcceptanceCriteria {
  readonly min_length: number | null;
  readonly max_length: number | null;
  readonly acceptable_characters: string | null;
  readonly acceptable_values: readonly string[];
  readonly regex: string | null;
  readonly case_sensitive: boolean | null;
  readonly time_limit: string | null;
  readonly locality_limit: string | null;
}

/** A row of `/requirements`: what a combination of country, type and action demands. */
export interface RequirementSet extends Timed {
  readonly id: string;
  readonly country_code: string;
  /** "" for all types. */
  readonly phone_number_type: string;
  readonly action: 'ordering' | 'porting' | 'both' | 'branded_calling';
  readonly locality: string;
  /** Whether its groups can be submitted for approval at all. */
  readonly pre_approval: boolean;
  /** Oldest first; the last may lie in the future. */
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
  /** What its numbers come to; control may plant any other text. */
  readonly status: string;
}

/** The numbers of an order that have country and type in common. */
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
  /** Where the carrier has it; nothing, unless control says so. */
  readonly locality: string;
  /** On the sandbox's clock. */
  readonly placed_ms: number;
  /** Whether the requirements are there yet. */
  readonly is_filled: boolean;
  /** The values of the group that came with the order, as they were then: they show when the requirements do. */
  readonly given: readonly OrderRequirement[];
  readonly regulatory_requirements: readonly OrderRequirement[];
}

export interface OrderRequirement {
  readonly requirement_id: string;
  readonly field_type: string;
  /** "" while unset. */
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
  readonly regulatory_requirements: readonly OrderRequirement[];
  /** What the customer may write, by the API's names. */
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
  /** Null once it is of no more use. */
  readonly link: PersonalLink | null;
}

/** Where one person proves who they are. */
export interface PersonalLink {
  readonly url: string;
  /** On the sandbox's clock: until then nobody is told. */
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
  /** The number orders that came of it. */
  readonly orders: readonly string[];
}

export interface StatusDetail {
  readonly code: string;
  readonly description: string;
}
