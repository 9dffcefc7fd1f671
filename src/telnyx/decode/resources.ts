import type { ObservedGroup, ObservedRequirement } from '../../model/observed.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { ADDRESS_FIELDS, type AddressField, asRemoteId } from '../../model/resource.ts';
import {
  asRow,
  type Row,
  readEntered,
  readId,
  readRows,
  readText,
  readTimestampMs,
  requireId,
  requireText,
} from '../fields.ts';
import { readFieldType, readReference, readRemoteId, readValue, requireValues } from './common.ts';

export function decodeGroup(value: unknown): ObservedGroup {
  const row = asRow(value, 'a requirement group');
  return {
    id: asRemoteId(requireId(row, 'id')),
    userId: readText(row, 'user_id'),
    combination: {
      countryCode: requireText(row, 'country_code').toUpperCase(),
      phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
      action: requireText(row, 'action'),
    },
    reference: readReference(row),
    // Guides write "pending approval", the API "pending-approval".
    status: requireText(row, 'status').replaceAll(' ', '-'),
    createdAt: readText(row, 'created_at'),
    requirements: readRows(row, 'regulatory_requirements', decodeGroupRequirement),
  };
}

function decodeGroupRequirement(row: Row): ObservedRequirement {
  return {
    requirementId: requireId(row, 'requirement_id').toLowerCase(),
    fieldType: readFieldType(row, 'field_type'),
    value: readValue(row),
    status: readText(row, 'status')?.replaceAll(' ', '-') ?? null,
    expiresAt: readText(row, 'expires_at'),
  };
}

/**
 * @throws MalformedRow also if the list of requirements is missing or null, or if one of them leaves out its
 * value.
 */
export function decodeGroupInFull(value: unknown): ObservedGroup {
  requireValues(asRow(value, 'a requirement group'));
  return decodeGroup(value);
}

export function decodeDocument(value: unknown) {
  const row = asRow(value, 'a document');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    /** Lowercase hex. Null if the answer leaves it out: it is documented as optional. */
    sha256: readText(row, 'sha256')?.toLowerCase() ?? null,
    /** `pending` | `verified` | `denied` | anything newer. */
    status: readText(row, 'status'),
    /** `pending_scan` | `scanned` | `infected` | `not_scanned` | anything newer. */
    scanStatus: readText(row, 'av_scan_status'),
    createdAtMs: readTimestampMs(row, 'created_at'),
  };
}

export function decodeAddress(value: unknown) {
  const row = asRow(value, 'an address');
  const fields = new Map<AddressField, Sensitive>();
  for (const field of ADDRESS_FIELDS) {
    const text = readEntered(row, field);
    if (text !== null) fields.set(field, new Sensitive(text));
  }
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    fields,
    createdAtMs: readTimestampMs(row, 'created_at'),
  };
}

export function decodeDocumentLink(value: unknown) {
  const row = asRow(value, 'a document link');
  return { documentId: requireId(row, 'document_id') };
}

export function decodeComment(value: unknown) {
  const row = asRow(value, 'a comment');
  return {
    id: readRemoteId(row, 'id'),
    body: readText(row, 'body') ?? '',
    byReviewer: readText(row, 'commenter_type') === 'admin',
    /** An email address (documented). */
    commenter: readText(row, 'commenter'),
    createdAt: readText(row, 'created_at') ?? '',
    /** The time as the API writes it. Null while nobody has marked the comment as read. */
    readAt: readText(row, 'read_at'),
    recordId: readId(row, 'comment_record_id'),
  };
}
