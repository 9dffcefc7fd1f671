import { hash } from 'node:crypto';
import { reveal, type Sensitive } from './privacy/sensitive.ts';
import { ADDRESS_FIELDS, type AddressField } from './resource.ts';

/**
 * Returns the SHA-256 of the fields as sorted JSON, each in NFC, trimmed, with inner whitespace folded to one
 * space and its case kept. Empty fields, `validate_address` and `address_book` are left out.
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

/** Returns a field of an address, which is always one line, in the form that is sent and hashed. */
export function normaliseAddressText(text: string): string {
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}
