import type { Resolution, StatedPlace, UnreadAddress } from '../../manifest/resolution.ts';
import { hashAddressFields, normaliseAddressText } from '../../model/address.ts';
import type { AddressFields } from '../../model/fields.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { ADDRESS_FIELDS, type AddressField, type DesiredAddress } from '../../model/resource.ts';
import { resolveTextSource } from '../stated/text-source.ts';

/** The regions in which Telnyx can check an address. */
const VALIDATED_COUNTRIES = ['US', 'CA'];

/**
 * Returns the address, or null if one of its fields has a problem. The digest is over all fields, so that an
 * address with a field that is not read cannot be compared at all.
 */
export function resolveAddress(
  written: AddressFields,
  place: StatedPlace,
  resolution: Resolution,
): DesiredAddress | UnreadAddress | null {
  const { origin, path, name } = place;
  const fields = new Map<AddressField, Sensitive>();
  let isUnread = false;
  let isSound = true;
  for (const field of ADDRESS_FIELDS) {
    const found = readField(written[field] ?? '', { ...place, path: [...path, field] }, resolution);
    if (found === null) isSound = false;
    else if (found === 'unread') isUnread = true;
    else if (!found.isEmpty) fields.set(field, found);
  }
  if (!isSound) return null;
  if (isUnread) return 'unread';
  return {
    name,
    fields,
    validateAddress: written.validate_address ?? VALIDATED_COUNTRIES.includes(written.country_code),
    sha256: hashAddressFields(fields),
    source: origin.positionOnDemand(path),
  };
}

/** Returns the text of a field in the form that is sent. Null if it has a problem. */
function readField(
  written: NonNullable<AddressFields[AddressField]>,
  place: StatedPlace,
  resolution: Resolution,
): Sensitive | UnreadAddress | null {
  if (typeof written === 'string') return new Sensitive(normaliseAddressText(written));
  const content = resolveTextSource(written, place, resolution);
  if (content === null) return null;
  return content.kind === 'text' ? new Sensitive(normaliseAddressText(reveal(content.text))) : 'unread';
}
