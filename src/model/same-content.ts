import { hashAddressFields, normaliseAddressText } from './address.ts';
import {
  ADDRESS_FIELDS,
  type AddressField,
  type DesiredAddress,
  digestInReference,
  type ObservedAddress,
  type ObservedDocument,
} from './resource.ts';
import { reveal, type Sensitive } from './sensitive.ts';

/**
 * Whether what Telnyx has is what a manifest states. A reference says so only as far as nothing contradicts it: anybody can give
 * it to something else.
 */

type StatedDigest = Pick<ObservedDocument, 'reference' | 'sha256'>;

/** The digest that Telnyx states decides; where it states none, the one in the reference. */
export function isDocumentOf(document: StatedDigest, sha256: string): boolean {
  if (document.sha256 !== null) return document.sha256 === sha256;
  return digestInReference(document.reference, 'doc') === sha256.slice(0, 32);
}

type StatedAddress = Pick<ObservedAddress, 'reference' | 'fields'>;

/**
 * Under a reference of regsync's, of whichever scope, Telnyx may write case and blanks its own way. Without one, the fields are
 * equal or it is another address.
 */
export function isAddressOf(held: StatedAddress, stated: DesiredAddress): boolean {
  const isOurs = digestInReference(held.reference, 'addr') === stated.sha256.slice(0, 32);
  if (isOurs) return differingFields(stated.fields, held.fields).length === 0;
  return hashAddressFields(held.fields) === stated.sha256;
}

type AddressFields = ReadonlyMap<AddressField, Sensitive>;

/** The names of the fields that are not what was stated. */
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

/** It follows from the rest, so that Telnyx may add it. */
const FILLED_IN: ReadonlySet<AddressField> = new Set(['administrative_area']);

function looseForm(field: AddressField, written: string): string {
  const text = normaliseAddressText(written);
  return field === 'phone_number' ? text.replace(/\D/g, '') : text.toUpperCase();
}
