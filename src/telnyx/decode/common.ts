import type { OrderRequirement } from '../../model/orders/observed-order.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import type { FieldType } from '../../model/requirements.ts';
import { asReference, asRemoteId, type Reference, type RemoteId } from '../../model/resource.ts';
import {
  asRow,
  malformed,
  type Row,
  readEntered,
  readId,
  readRows,
  readText,
  requireList,
} from '../fields.ts';

/** Decodes the reference of any row in a list. */
export function decodeReference(value: unknown): Reference | null {
  return readReference(asRow(value, 'a row'));
}

export function readReference(row: Row): Reference | null {
  const text = readText(row, 'customer_reference');
  return text === null ? null : asReference(text);
}

export function readRemoteId(row: Row, key: string): RemoteId | null {
  const id = readId(row, key);
  return id === null ? null : asRemoteId(id);
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

export function readFieldType(row: Row, key: string): FieldType {
  return FIELD_TYPES.get(readText(row, key)) ?? 'unknown';
}

/** Returns "" for a value that is unset. */
export function readValue(row: Row): Sensitive {
  return new Sensitive(readEntered(row, 'field_value') ?? '');
}

/**
 * Decodes a requirement of an order. The status of a number's is `approved` | `declined` | `awaiting-value` |
 * `pending-approval` (the vendor's client), that of a porting order's `approved` | `requirement-info-…`
 * (documented). It is null if the endpoint does not say.
 *
 * @param statusKey the key of the row's status.
 */
export function decodeOrderRequirement(row: Row, id: string, statusKey: string): OrderRequirement {
  return {
    requirementId: id.toLowerCase(),
    fieldType: readFieldType(row, 'field_type'),
    value: readValue(row),
    status: readText(row, statusKey)?.replaceAll(' ', '-') ?? null,
  };
}

/* ---- Checks that a row shows all its values, for callers that conclude from absent ones ---- */

export function requireValues(row: Row): void {
  requireList(row, 'regulatory_requirements');
  readRows(row, 'regulatory_requirements', requireValue);
}

/**
 * Throws if the value is left out. Some answers write null for no value (documented), while others leave the
 * key out to show no values at all.
 */
export function requireValue(row: Row): void {
  if (!Object.hasOwn(row, 'field_value')) throw malformed(row, 'field_value', 'a text');
}
