import { asRemoteId } from '../../model/resource.ts';
import {
  asRow,
  readBoolean,
  readId,
  readIds,
  readNumber,
  readRows,
  readText,
  readTimestampMs,
  requireId,
  requireText,
} from '../fields.ts';
import type { NumberOrderRow, OrderedNumberRow, SubNumberOrderRow } from '../types.ts';
import { decodeOrderRequirement, readReference, readRemoteId, requireValues } from './common.ts';

export function decodeNumberOrder(value: unknown): NumberOrderRow {
  const row = asRow(value, 'a number order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    status: requireText(row, 'status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    subNumberOrderIds: readIds(row, 'sub_number_orders_ids').map(asRemoteId),
    phoneNumbers: readRows(row, 'phone_numbers', decodeOrderedNumber),
    phoneNumbersCount: readNumber(row, 'phone_numbers_count'),
    settings: {
      connection_id: readId(row, 'connection_id'),
      messaging_profile_id: readId(row, 'messaging_profile_id'),
      billing_group_id: readId(row, 'billing_group_id'),
    },
    createdAtMs: readTimestampMs(row, 'created_at'),
  };
}

export function decodeSubNumberOrder(value: unknown): SubNumberOrderRow {
  const row = asRow(value, 'a sub number order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    numberOrderId: readRemoteId(row, 'order_request_id'),
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
    reference: readReference(row),
    status: requireText(row, 'status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    phoneNumbersCount: readNumber(row, 'phone_numbers_count'),
    requirementIds: readRows(row, 'regulatory_requirements', (requirement) =>
      requireId(requirement, 'requirement_id').toLowerCase(),
    ),
    phoneNumbers: row.phone_numbers == null ? null : readRows(row, 'phone_numbers', decodeOrderedNumber),
  };
}

export function decodeOrderedNumber(value: unknown): OrderedNumberRow {
  const row = asRow(value, 'a phone number of an order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    phoneNumber: requireText(row, 'phone_number'),
    numberOrderId: readRemoteId(row, 'order_request_id'),
    subNumberOrderId: readRemoteId(row, 'sub_number_order_id'),
    countryCode: readText(row, 'country_code')?.toUpperCase() ?? null,
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    status: readText(row, 'status'),
    requirementsStatus: readText(row, 'requirements_status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    deadlineMs: readTimestampMs(row, 'deadline'),
    locality: readText(row, 'locality'),
    requirements: readRows(row, 'regulatory_requirements', (requirement) =>
      decodeOrderRequirement(requirement, requireId(requirement, 'requirement_id'), 'status'),
    ),
  };
}

/**
 * @throws MalformedRow also if the list of requirements is missing or null, or if one of them leaves out its
 * value.
 */
export function decodeOrderedNumberInFull(value: unknown): OrderedNumberRow {
  requireValues(asRow(value, 'a phone number of an order'));
  return decodeOrderedNumber(value);
}
