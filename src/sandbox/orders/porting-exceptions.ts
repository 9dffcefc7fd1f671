import { dataAnswer, type Reply } from '../server/answer.ts';

/** The exception codes of porting orders (documented). All descriptions but one are the sandbox's own. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  ACCOUNT_NUMBER_MISMATCH: 'Account number does not match that on the CSR',
  AUTH_PERSON_MISMATCH: 'Authorized person does not match that on the CSR',
  BTN_ATN_MISMATCH: 'Billing number does not match that on the CSR',
  ENTITY_NAME_MISMATCH: 'Entity name does not match that on the CSR',
  FOC_EXPIRED: 'The confirmed date has passed',
  FOC_REJECTED: 'The requested date was rejected',
  LOCATION_MISMATCH: 'Service address does not match that on the CSR',
  LSR_PENDING: 'Another request for the numbers is pending',
  MAIN_BTN_PORTING: 'The billing number cannot be ported while others remain',
  OSP_IRRESPONSIVE: 'The losing carrier does not respond',
  OTHER: 'Another reason',
  PASSCODE_PIN_INVALID: 'The passcode or PIN is invalid',
  PHONE_NUMBER_HAS_SPECIAL_FEATURE: 'A number has a feature that has to be removed first',
  PHONE_NUMBER_MISMATCH: 'A number does not match those on the CSR',
  PHONE_NUMBER_NOT_PORTABLE: 'A number cannot be ported',
  PORT_TYPE_INCORRECT: 'The port is partial where it should be full, or the reverse',
  PORTING_ORDER_SPLIT_REQUIRED: 'The numbers have to be ported in several orders',
  POSTAL_CODE_MISMATCH: 'Postal code does not match that on the CSR',
  RATE_CENTER_NOT_PORTABLE: 'The area cannot be ported to',
  SV_CONFLICT: 'The losing carrier objects',
  SV_UNKNOWN_FAILURE: 'The registry of ported numbers failed',
};

/** Returns the whole list, without pages (described). */
export function listExceptionTypes(): Reply {
  return dataAnswer(Object.entries(EXCEPTIONS).map(([code, description]) => ({ code, description })));
}

/** Returns "" for a code that is not documented. */
export function describeException(code: string): string {
  return EXCEPTIONS[code] ?? '';
}
