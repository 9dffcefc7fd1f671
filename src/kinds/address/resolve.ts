import type { StatedPlace } from '../../manifest/resolution.ts';
import { hashAddressFields, normaliseAddressText } from '../../model/address.ts';
import type { AddressFields } from '../../model/fields.ts';
import { ADDRESS_FIELDS, type AddressField, type DesiredAddress } from '../../model/resource.ts';
import { Sensitive } from '../../model/sensitive.ts';

/** The regions in which Telnyx can check an address. */
const VALIDATED_COUNTRIES = ['US', 'CA'];

export function resolveAddress(written: AddressFields, { origin, path, name }: StatedPlace): DesiredAddress {
  const fields = new Map<AddressField, Sensitive>();
  for (const field of ADDRESS_FIELDS) {
    const text = normaliseAddressText(written[field] ?? '');
    if (text !== '') fields.set(field, new Sensitive(text));
  }
  return {
    name,
    fields,
    validateAddress: written.validate_address ?? VALIDATED_COUNTRIES.includes(written.country_code),
    sha256: hashAddressFields(fields),
    source: origin.positionOnDemand(path),
  };
}
