import { asRemoteId } from '../../model/resource.ts';
import { ApiRow } from '../fields.ts';
import { decodeOrderRequirement, requireValues } from './common.ts';

/**
 * Decodes a number order. No answer says which group an order carries (documented), so only the values can be
 * compared.
 */
export function decodeNumberOrder(value: unknown) {
  const row = ApiRow.of(value, 'a number order');
  return {
    id: row.requireRemoteId('id'),
    reference: row.reference(),
    /** `pending` | `success` | `failure` (described) | `cancelled` | `deleted` (guide) | anything newer. */
    status: row.requireText('status'),
    requirementsMet: row.boolean('requirements_met'),
    subNumberOrderIds: row.ids('sub_number_orders_ids').map(asRemoteId),
    /** The phone numbers. Lists give them without values and statuses (documented). */
    phoneNumbers: row.rows('phone_numbers', decodeOrderedNumber),
    phoneNumbersCount: row.number('phone_numbers_count'),
    settings: {
      connection_id: row.id('connection_id'),
      messaging_profile_id: row.id('messaging_profile_id'),
      billing_group_id: row.id('billing_group_id'),
    },
    createdAtMs: row.timestampMs('created_at'),
  };
}

/** Decodes the numbers of an order that share country and type. */
export function decodeSubNumberOrder(value: unknown) {
  const row = ApiRow.of(value, 'a sub number order');
  return {
    id: row.requireRemoteId('id'),
    numberOrderId: row.remoteId('order_request_id'),
    countryCode: row.requireText('country_code').toUpperCase(),
    phoneNumberType: row.requireText('phone_number_type').replaceAll('-', '_'),
    /** The reference of its order. */
    reference: row.reference(),
    /** The same statuses as those of a number order. */
    status: row.requireText('status'),
    requirementsMet: row.boolean('requirements_met'),
    phoneNumbersCount: row.number('phone_numbers_count'),
    /**
     * The ids of its requirements, without values (documented). Empty at first, because requirements are added
     * some time after the order.
     */
    requirementIds: row.rows('regulatory_requirements', (requirement) =>
      requirement.requireId('requirement_id').toLowerCase(),
    ),
    /** The first 50 (documented). Null if the answer contains none. */
    phoneNumbers: row.raw('phone_numbers') == null ? null : row.rows('phone_numbers', decodeOrderedNumber),
  };
}

/** Decodes a `number_order_phone_number`. */
export function decodeOrderedNumber(value: unknown) {
  const row = ApiRow.of(value, 'a phone number of an order');
  return {
    id: row.requireRemoteId('id'),
    phoneNumber: row.requireText('phone_number'),
    /** The id of its order. Null within an order or a sub order, which do not repeat it. */
    numberOrderId: row.remoteId('order_request_id'),
    subNumberOrderId: row.remoteId('sub_number_order_id'),
    countryCode: row.text('country_code')?.toUpperCase() ?? null,
    phoneNumberType: row.text('phone_number_type')?.replaceAll('-', '_') ?? null,
    status: row.text('status'),
    /** `pending` | `approved` | `cancelled` | `deleted` | `requirement-info-…` | anything newer. */
    requirementsStatus: row.text('requirements_status'),
    requirementsMet: row.boolean('requirements_met'),
    /** The time by which missing values are due. Null if it cannot be read: a documented sample is malformed. */
    deadlineMs: row.timestampMs('deadline'),
    /** The place of the number. Null if the endpoint does not say. */
    locality: row.text('locality'),
    requirements: row.rows('regulatory_requirements', (requirement) =>
      decodeOrderRequirement(requirement, requirement.requireId('requirement_id'), 'status'),
    ),
  };
}

/**
 * @throws MalformedRow also if the list of requirements is missing or null, or if one of them leaves out its
 * value.
 */
export function decodeOrderedNumberInFull(value: unknown) {
  requireValues(ApiRow.of(value, 'a phone number of an order'));
  return decodeOrderedNumber(value);
}
