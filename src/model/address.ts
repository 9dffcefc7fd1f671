import { hash } from 'node:crypto';
import { ADDRESS_FIELDS, type AddressField } from './resource.ts';
import { reveal, type Sensitive } from './sensitive.ts';

/**
 * The identity of an address: SHA-256 over its fields as sorted JSON, each in NFC, trimmed, inner blanks folded to one,
 * case kept, empty ones dropped. `validate_address` and `address_book` are not part of it.
 */
export function hashAddressFields(fields: ReadonlyMap<AddressField, Sensitive>): string {
  return hashAddressTexts((field) => {
    const value = fields.get(field);
    return value === undefined ? value : reveal(value);
  });
}

/** The same of fields that are not wrapped. */
export function hashAddressTexts(textOf: (field: AddressField) => string | undefined): string {
  const normalised: Record<string, string> = {};
  for (const field of SORTED_FIELDS) {
    const written = textOf(field);
    const text = written === undefined ? '' : normaliseBlanks(written);
    if (text !== '') normalised[field] = text;
  }
  return hash('sha256', JSON.stringify(normalised));
}

const SORTED_FIELDS = [...ADDRESS_FIELDS].sort();

/** NFC, trimmed, inner blanks folded to one. */
export function normaliseBlanks(text: string): string {
  if (NORMAL.test(text)) return text;
  return text.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** What changes nothing about most fields takes most of the time. */
const NORMAL = /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/;
