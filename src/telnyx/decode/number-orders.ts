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
import { decodeOrderRequirement, readReference, readRemoteId, requireValues } from './common.ts';

/**
 * Decodes a number order. No answer says which group an order carries (documented), so only the values can be
 * compared.
 */
export function decodeNumberOrder(value: unknown) {
  const row = asRow(value, 'a number order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    /** `pending` | `success` | `failure` (described) | `cancelled` | `deleted` (guide) | anything newer. */
    status: requireText(row, 'status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    subNumberOrderIds: readIds(row, 'sub_number_orders_ids').map(asRemoteId),
    /** The phone numbers. Lists give them without values and statuses (documented). */
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

/** Decodes the numbers of an order that share country and type. */
export function decodeSubNumberOrder(value: unknown) {
  const row = asRow(value, 'a sub number order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    numberOrderId: readRemoteId(row, 'order_request_id'),
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
    /** The reference of its order. */
    reference: readReference(row),
    /** The same statuses as those of a number order. */
    status: requireText(row, 'status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    phoneNumbersCount: readNumber(row, 'phone_numbers_count'),
    /**
     * The ids of its requirements, without values (documented). Empty at first, because requirements are added
     * some time after the order.
     */
    requirementIds: readRows(row, 'regulatory_requirements', (requirement) =>
      requireId(requirement, 'requirement_id').toLowerCase(),
    ),
    /** The first 50 (documented). Null if the answer contains none. */
    phoneNumbers: row.phone_numbers == null ? null : readRows(row, 'phone_numbers', decodeOrderedNumber),
  };
}

/** Decodes a `number_order_phone_number`. */
export function decodeOrderedNumber(value: unknown) {
  const row = asRow(value, 'a phone number of an order');
  return {
    id: asRemoteId(requireId(row, 'id')),
    phoneNumber: requireText(row, 'phone_number'),
    /** The id of its order. Null within an order or a sub order, which do not repeat it. */
    numberOrderId: readRemoteId(row, 'order_request_id'),
    subNumberOrderId: readRemoteId(row, 'sub_number_order_id'),
    countryCode: readText(row, 'country_code')?.toUpperCase() ?? null,
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    status: readText(row, 'status'),
    /** `pending` | `approved` | `cancelled` | `deleted` | `requirement-info-…` | anything newer. */
    requirementsStatus: readText(row, 'requirements_status'),
    requirementsMet: readBoolean(row, 'requirements_met'),
    /** The time by which missing values are due. Null if it cannot be read: a documented sample is malformed. */
    deadlineMs: readTimestampMs(row, 'deadline'),
    /** The place of the number. Null if the endpoint does not say. */
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
export function decodeOrderedNumberInFull(value: unknown) {
  requireValues(asRow(value, 'a phone number of an order'));
  return decodeOrderedNumber(value);
}
