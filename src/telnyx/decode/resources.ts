import type { ObservedRequirement } from '../../model/observed.ts';
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
import type { AddressRow, CommentRow, DocumentLinkRow, DocumentRow, GroupRow } from '../types.ts';
import { readFieldType, readReference, readRemoteId, readValue, requireValues } from './common.ts';

export function decodeGroup(value: unknown): GroupRow {
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
export function decodeGroupInFull(value: unknown): GroupRow {
  requireValues(asRow(value, 'a requirement group'));
  return decodeGroup(value);
}

export function decodeDocument(value: unknown): DocumentRow {
  const row = asRow(value, 'a document');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    sha256: readText(row, 'sha256')?.toLowerCase() ?? null,
    status: readText(row, 'status'),
    scanStatus: readText(row, 'av_scan_status'),
    createdAtMs: readTimestampMs(row, 'created_at'),
  };
}

export function decodeAddress(value: unknown): AddressRow {
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

export function decodeDocumentLink(value: unknown): DocumentLinkRow {
  const row = asRow(value, 'a document link');
  return { documentId: requireId(row, 'document_id') };
}

export function decodeComment(value: unknown): CommentRow {
  const row = asRow(value, 'a comment');
  return {
    id: readRemoteId(row, 'id'),
    body: readText(row, 'body') ?? '',
    byReviewer: readText(row, 'commenter_type') === 'admin',
    commenter: readText(row, 'commenter'),
    createdAt: readText(row, 'created_at') ?? '',
    readAt: readText(row, 'read_at'),
    recordId: readId(row, 'comment_record_id'),
  };
}
