import { hash } from 'node:crypto';
import { ADDRESS_FIELDS, type AddressField } from './resource.ts';
import { reveal, type Sensitive } from './sensitive.ts';

/**
 * The identity of an address: SHA-256 over its fields as sorted JSON, each in NFC, trimmed, inner blanks folded to one,
 * case kept, empty ones dropped. `validate_address` and `address_book` are not part of it.
 */
export function hashAddressFields(fields: ReadonlyMap<AddressField, Sensitive>): string {
  const normalised: Record<string, string> = {};
  for (const field of SORTED_FIELDS) {
    const value = fields.get(field);
    const text = value === undefined ? '' : normaliseAddressText(reveal(value));
    if (text !== '') normalised[field] = text;
  }
  return hash('sha256', JSON.stringify(normalised));
}

const SORTED_FIELDS = [...ADDRESS_FIELDS].sort();

/** A field of an address, of which every one is a line: as it is sent, and as the identity is made of it. */
export function normaliseAddressText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}
