/**
 * The rows that endpoints give, decoded: names in camelCase, optional things null, values wrapped.
 * The vendor's description and its answers disagree in places (envelopes, nullability); what is read here holds for both.
 */
import type {
  AddressField,
  FieldType,
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
  readonly sha256: string;
  readonly fields: ReadonlyMap<AddressField, Sensitive>;
  readonly createdAtMs: number | null;
}

export interface DocumentLinkRow {
  readonly documentId: string;
}

export interface CommentRow extends ReviewComment {
  readonly recordId: string | null;
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
