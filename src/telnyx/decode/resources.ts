import type { ObservedGroup, ObservedRequirement } from '../../model/observed.ts';
import type { Sensitive } from '../../model/privacy/sensitive.ts';
import { ADDRESS_FIELDS, type AddressField } from '../../model/resource.ts';
import { ApiRow } from '../fields.ts';
import { readFieldType, readValue, requireValues } from './common.ts';

export function decodeGroup(value: unknown): ObservedGroup {
  const row = ApiRow.of(value, 'a requirement group');
  return {
    id: row.requireRemoteId('id'),
    userId: row.text('user_id'),
    combination: {
      countryCode: row.requireText('country_code').toUpperCase(),
      phoneNumberType: row.requireText('phone_number_type').replaceAll('-', '_'),
      action: row.requireText('action'),
    },
    reference: row.reference(),
    // Guides write "pending approval", the API "pending-approval".
    status: row.requireText('status').replaceAll(' ', '-'),
    createdAt: row.text('created_at'),
    requirements: row.rows('regulatory_requirements', decodeGroupRequirement),
  };
}

function decodeGroupRequirement(row: ApiRow): ObservedRequirement {
  return {
    requirementId: row.requireId('requirement_id').toLowerCase(),
    fieldType: readFieldType(row, 'field_type'),
    value: readValue(row),
    status: row.text('status')?.replaceAll(' ', '-') ?? null,
    expiresAt: row.text('expires_at'),
  };
}

/**
 * @throws MalformedRow also if the list of requirements is missing or null, or if one of them leaves out its
 * value.
 */
export function decodeGroupInFull(value: unknown): ObservedGroup {
  requireValues(ApiRow.of(value, 'a requirement group'));
  return decodeGroup(value);
}

export function decodeDocument(value: unknown) {
  const row = ApiRow.of(value, 'a document');
  return {
    id: row.requireRemoteId('id'),
    reference: row.reference(),
    /** Lowercase hex. Null if the answer leaves it out: it is documented as optional. */
    sha256: row.text('sha256')?.toLowerCase() ?? null,
    /** `pending` | `verified` | `denied` | anything newer. */
    status: row.text('status'),
    /** `pending_scan` | `scanned` | `infected` | `not_scanned` | anything newer. */
    scanStatus: row.text('av_scan_status'),
    createdAtMs: row.timestampMs('created_at'),
  };
}

export function decodeAddress(value: unknown) {
  const row = ApiRow.of(value, 'an address');
  const fields = new Map<AddressField, Sensitive>();
  for (const field of ADDRESS_FIELDS) {
    const value = row.sensitive(field);
    if (value !== null) fields.set(field, value);
  }
  return {
    id: row.requireRemoteId('id'),
    reference: row.reference(),
    fields,
    createdAtMs: row.timestampMs('created_at'),
  };
}

export function decodeDocumentLink(value: unknown) {
  const row = ApiRow.of(value, 'a document link');
  return { documentId: row.requireId('document_id') };
}

export function decodeComment(value: unknown) {
  const row = ApiRow.of(value, 'a comment');
  return {
    id: row.remoteId('id'),
    body: row.text('body') ?? '',
    byReviewer: row.text('commenter_type') === 'admin',
    /** An email address (documented). */
    commenter: row.text('commenter'),
    createdAt: row.text('created_at') ?? '',
    /** The time as the API writes it. Null while nobody has marked the comment as read. */
    readAt: row.text('read_at'),
    recordId: row.id('comment_record_id'),
  };
}
