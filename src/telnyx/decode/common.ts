import type { OrderRequirement } from '../../model/orders/observed-order.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { FieldType } from '../../model/requirements.ts';
import type { Reference } from '../../model/resource.ts';
import { ApiRow } from '../fields.ts';

/** Decodes the reference of any row in a list. */
export function decodeReference(value: unknown): Reference | null {
  return ApiRow.of(value, 'a row').reference();
}

const FIELD_TYPES: ReadonlyMap<unknown, FieldType> = new Map([
  ['textual', 'textual'],
  ['text', 'textual'],
  ['datetime', 'datetime'],
  ['document', 'document'],
  ['document_id', 'document'],
  ['address', 'address'],
  ['address_id', 'address'],
  ['action', 'action'],
]);

export function readFieldType(row: ApiRow, key: string): FieldType {
  return FIELD_TYPES.get(row.text(key)) ?? 'unknown';
}

/** Returns "" for a value that is unset. */
export function readValue(row: ApiRow): Sensitive {
  return new Sensitive(row.entered('field_value') ?? '');
}

/**
 * Decodes a requirement of an order. The status of a number's is `approved` | `declined` | `awaiting-value` |
 * `pending-approval` (the vendor's client), that of a porting order's `approved` | `requirement-info-…`
 * (documented). It is null if the endpoint does not say.
 *
 * @param statusKey the key of the row's status.
 */
export function decodeOrderRequirement(row: ApiRow, id: string, statusKey: string): OrderRequirement {
  return {
    requirementId: id.toLowerCase(),
    fieldType: readFieldType(row, 'field_type'),
    value: readValue(row),
    status: row.text(statusKey)?.replaceAll(' ', '-') ?? null,
  };
}

/* ---- Checks that a row shows all its values, for callers that conclude from absent ones ---- */

export function requireValues(row: ApiRow): void {
  row.requireRows('regulatory_requirements', requireValue);
}

/**
 * Throws if the value is left out. Some answers write null for no value (documented), while others leave the
 * key out to show no values at all.
 */
export function requireValue(row: ApiRow): void {
  if (!row.has('field_value')) throw row.malformed('field_value', 'a text');
}
