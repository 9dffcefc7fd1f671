import { hashAddressFields, normaliseAddressText } from '../address.ts';
import type { ObservedAddress, ObservedDocument } from '../observed.ts';
import { reveal, type Sensitive } from '../privacy/sensitive.ts';
import { digestInReference } from '../reference-names.ts';
import { ADDRESS_FIELDS, type AddressField, type DesiredAddress } from '../resource.ts';

/**
 * Compares content at Telnyx with a manifest's. A reference counts only as far as nothing contradicts it,
 * because anybody can give it to something else.
 */

type StatedDigest = Pick<ObservedDocument, 'reference' | 'sha256'>;

/** Compares the digest that Telnyx states or, if it states none, the one in the reference. */
export function isDocumentOf(document: StatedDigest, sha256: string): boolean {
  if (document.sha256 !== null) return document.sha256 === sha256;
  return digestInReference(document.reference, 'doc') === sha256.slice(0, 32);
}

type StatedAddress = Pick<ObservedAddress, 'reference' | 'fields'>;

/**
 * Returns true if the fields mean the same address. Under a reference that regsync makes, in any scope,
 * Telnyx may change case and spaces. Without one, the fields must be equal.
 */
export function isAddressOf(held: StatedAddress, stated: DesiredAddress): boolean {
  const isOurs = digestInReference(held.reference, 'addr') === stated.sha256.slice(0, 32);
  if (isOurs) return differingFields(stated.fields, held.fields).length === 0;
  return hashAddressFields(held.fields) === stated.sha256;
}

type AddressFields = ReadonlyMap<AddressField, Sensitive>;

/** Returns the names of the fields that are not as stated. */
export function differingFields(stated: AddressFields, held: AddressFields): AddressField[] {
  return ADDRESS_FIELDS.filter((field) => {
    const [written, found] = [textOf(field, stated), textOf(field, held)];
    if (written === found) return false;
    const [ours, theirs] = [looseForm(field, written), looseForm(field, found)];
    return ours !== theirs && !(ours === '' && FILLED_IN.has(field));
  });
}

function textOf(field: AddressField, fields: AddressFields): string {
  const value = fields.get(field);
  return value === undefined ? '' : reveal(value);
}

/** Telnyx may add these fields, because they follow from the rest. */
const FILLED_IN: ReadonlySet<AddressField> = new Set(['administrative_area']);

function looseForm(field: AddressField, written: string): string {
  const text = normaliseAddressText(written);
  return field === 'phone_number' ? text.replace(/\D/g, '') : text.toUpperCase();
}
