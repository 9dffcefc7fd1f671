import { USER_ID } from '../groups/groups.ts';
import { isJsonObject } from '../server/request.ts';
import type { PortingOrder, State, StoredRequirement } from '../state/state.ts';
import { readSetting } from './porting-settings.ts';

/** Porting orders as the API answers them. No answer says which group one carries (documented). */

const MAX_NUMBERS = 50;

export function presentPortingOrder(state: State, order: PortingOrder, withNumbers: boolean) {
  const { id, status, settings, regulatory_requirements } = order;
  return {
    record_type: 'porting_order',
    id,
    user_id: USER_ID,
    status: { value: status, details: order.status_details },
    ...settings,
    end_user: presentEndUser(state, order),
    activation_settings: {
      activation_status: null,
      fast_port_eligible: false,
      foc_datetime_actual: null,
      foc_datetime_requested: readSetting(settings, 'activation_settings', 'foc_datetime_requested'),
    },
    additional_steps: [],
    description: '',
    messaging: {
      ...(isJsonObject(settings.messaging) ? settings.messaging : {}),
      messaging_capable: false,
      messaging_port_completed: false,
      messaging_port_status: 'not_applicable',
    },
    old_service_provider_ocn: 'Example Communications',
    parent_support_key: null,
    phone_number_type: order.phone_number_type,
    porting_phone_numbers_count: order.phone_numbers.length,
    requirements: regulatory_requirements.filter(isDocument).map(presentDocument),
    requirements_met: regulatory_requirements.every(isMet),
    support_key: supportKey(order),
    ...(withNumbers ? { phone_numbers: presentNumbers(order) } : {}),
    created_at: order.created_at,
    updated_at: order.updated_at,
  };
}

/** Presents the end user. A quirk decides how the PIN is shown, which is not documented. */
function presentEndUser({ quirks }: State, { settings }: PortingOrder): unknown {
  const { end_user } = settings;
  if (!isJsonObject(end_user) || !isJsonObject(end_user.admin)) return end_user;
  const pin = readSetting(settings, 'end_user', 'admin', 'pin_passcode');
  if (pin === null || quirks.porting_pin === 'shown') return end_user;
  const pin_passcode = quirks.porting_pin === 'masked' ? '*'.repeat(pin.length) : null;
  return { ...end_user, admin: { ...end_user.admin, pin_passcode } };
}

/** Presents a requirement with its texts. An order itself shows only the documents (documented). */
export function presentPortingRequirement(state: State, requirement: StoredRequirement) {
  const type = state.requirementTypes.get(requirement.requirement_id);
  const { regex: _, case_sensitive: __, ...criteria } = type?.acceptance_criteria ?? {};
  return {
    record_type: 'porting_requirement',
    field_type: requirement.field_type,
    field_value: requirement.field_value,
    requirement_status: statusOf(requirement),
    requirement_type: {
      id: requirement.requirement_id,
      name: type?.name ?? '',
      type: type?.type ?? '',
      description: type?.description ?? '',
      example: type?.example ?? '',
      acceptance_criteria: criteria,
    },
  };
}

function presentDocument({ requirement_id, field_type, field_value }: StoredRequirement) {
  return { record_type: 'porting_requirement', requirement_type_id: requirement_id, field_type, field_value };
}

function presentNumbers(order: PortingOrder) {
  const supportKeyOfOrder = supportKey(order);
  return order.phone_numbers.slice(0, MAX_NUMBERS).map((phone_number) => ({
    record_type: 'porting_phone_number',
    phone_number,
    phone_number_type: order.phone_number_type,
    portability_status: 'provisional',
    porting_order_id: order.id,
    porting_order_status: order.status,
    requirements_status: statusOfAll(order.regulatory_requirements),
    ...(supportKeyOfOrder === null ? {} : { support_key: supportKeyOfOrder }),
  }));
}

/** Returns null for a draft, which has no support key (documented). */
function supportKey({ id, status }: PortingOrder): string | null {
  return status === 'draft' ? null : `sr_${id.slice(0, 6)}`;
}

function isDocument({ field_type }: StoredRequirement): boolean {
  return field_type === 'document';
}

/** Returns true if the requirement has a value. It is not documented whether "met" needs an approval. */
function isMet({ status }: StoredRequirement): boolean {
  return status === 'approved' || status === 'pending-approval';
}

/**
 * The statuses of porting orders by those of number orders. They are documented for numbers; for requirements
 * only "approved" is.
 */
const STATUSES: Readonly<Record<string, string>> = {
  'awaiting-value': 'requirement-info-pending',
  'pending-approval': 'requirement-info-under-review',
  declined: 'requirement-info-exception',
};

function statusOf({ status }: StoredRequirement): string {
  return STATUSES[status] ?? status;
}

function statusOfAll(requirements: readonly StoredRequirement[]): string {
  const statuses = requirements.map(statusOf);
  const worst = ['requirement-info-exception', 'requirement-info-pending', 'requirement-info-under-review'];
  return worst.find((status) => statuses.includes(status)) ?? 'approved';
}
