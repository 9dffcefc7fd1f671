import { isOpen } from '../orders/order-life.ts';
import {
  apiError,
  dataAnswer,
  type ErrorBody,
  emptyAnswer,
  notFound,
  type Reply,
  refusal,
  refuseIfAny,
} from '../server/answer.ts';
import { isBlank, missingFields, optionalFlag, optionalText } from '../server/input.ts';
import { contains, equals, type Filter, type ListRules, listAnswer } from '../server/list.ts';
import { type Exchange, type JsonObject, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { Address, State } from '../state/state.ts';

/* ---- The endpoints, of which none changes an address ---- */

export function listAddresses(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.addresses, ADDRESSES, (row) => presentAddress(state, row));
}

export function createAddress({ state, request }: Exchange): Reply {
  const body = readJsonObject(request);
  const fields = readFields(body);
  const validate = optionalFlag(body, 'validate_address') ?? true;
  refuseIfAny(incompleteness(fields));
  if (validate) refuseIfAny(emergencyFaults(state, fields));
  const address = newAddress(state, fields, {
    validate_address: validate,
    address_book: optionalFlag(body, 'address_book') ?? true,
  });
  state.addresses.set(address.id, address);
  return dataAnswer(presentAddress(state, address));
}

export function getAddress({ state, params }: Exchange): Reply {
  return dataAnswer(presentAddress(state, requireAddress(state, params.id)));
}

export function deleteAddress({ state, params }: Exchange): Reply {
  const address = requireAddress(state, params.id);
  if (isUsed(state, address.id)) {
    throw refusal(422, '10021', 'The address is used by a requirement group or an order.');
  }
  state.addresses.delete(address.id);
  return state.quirks.delete_answer === 204 ? emptyAnswer(204) : dataAnswer(presentAddress(state, address));
}

/** Validates an address. Its errors have `description` where all others have `detail`. */
export function validateAddress({ state, request }: Exchange): Reply {
  const body = readJsonObject(request);
  refuseIfAny(missingFields(body, ['country_code', 'street_address', 'postal_code']));
  const fields = readFields(body);
  const faults = emergencyFaults(state, fields);
  return dataAnswer({
    record_type: 'address_validation',
    result: faults.length === 0 ? 'valid' : 'invalid',
    suggested: faults.length === 0 ? normalised(fields) : {},
    errors: faults.map(({ detail, meta: _, ...fault }) => ({ ...fault, description: detail })),
  });
}

/* ---- Addresses ---- */

const FIELDS = [
  'first_name',
  'last_name',
  'business_name',
  'phone_number',
  'street_address',
  'extended_address',
  'locality',
  'administrative_area',
  'neighborhood',
  'borough',
  'postal_code',
  'country_code',
  'customer_reference',
] as const;

type Fields = Address['fields'];

export function presentAddress({ quirks }: State, { id, fields, born_ms: _, ...rest }: Address) {
  const unset = quirks.unset_fields === 'null' ? null : '';
  const shown = FIELDS.map((field) => [field, fields[field] ?? unset]);
  return { record_type: 'address', id, ...Object.fromEntries(shown), ...rest };
}

function requireAddress(state: State, id: string | undefined): Address {
  const address = state.addresses.get(id ?? '');
  if (address === undefined) throw notFound('address');
  return address;
}

function newAddress(
  state: State,
  fields: Fields,
  flags: Pick<Address, 'validate_address' | 'address_book'>,
): Address {
  const id = state.nextAddressId;
  state.nextAddressId = String(BigInt(id) + 1n);
  const created_at = stamp(state);
  return {
    id,
    fields,
    ...flags,
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
}

function readFields(body: JsonObject): Fields {
  return Object.fromEntries(FIELDS.map((field) => [field, optionalText(body, field) ?? null]));
}

/** Returns true if a group, an open phone number of an order or a porting order uses the address. */
function isUsed(state: State, addressId: string): boolean {
  const holders = [
    ...state.groups.values(),
    ...[...state.orderedNumbers.values()].filter(isOpen),
    ...state.portingOrders.values(),
  ];
  return holders.some(({ regulatory_requirements }) =>
    regulatory_requirements.some(
      ({ field_type, field_value }) => field_type === 'address' && field_value === addressId,
    ),
  );
}

const ADDRESSES: ListRules<Address> = {
  name: 'addresses',
  filters: {
    customer_reference: contains((address) => field(address, 'customer_reference')),
    'customer_reference.contains': contains((address) => field(address, 'customer_reference')),
    'customer_reference.eq': equals((address) => field(address, 'customer_reference')),
    'street_address.contains': contains((address) => field(address, 'street_address'), 3),
    used_as_emergency: usedAsEmergency(),
    'address_book.eq': equals((address) => String(address.address_book)),
  },
  sortBy: {
    created_at: (address) => address.created_at,
    first_name: (address) => field(address, 'first_name'),
    last_name: (address) => field(address, 'last_name'),
    business_name: (address) => field(address, 'business_name'),
    street_address: (address) => field(address, 'street_address'),
  },
  defaultSort: '-created_at',
};

function field({ fields }: Address, name: (typeof FIELDS)[number]): string {
  return fields[name] ?? '';
}

/** Matches no address for `true`, because the sandbox has no emergency services. */
function usedAsEmergency(): Filter<Address> {
  return { matches: (_, values) => values.every((value) => value === 'false') };
}

/* ---- Errors of an address ---- */

function incompleteness(fields: Fields): ErrorBody[] {
  const isNamed =
    !isBlank(fields.business_name) || !(isBlank(fields.first_name) || isBlank(fields.last_name));
  const faults: ErrorBody[] = [];
  if (!isNamed) {
    const detail = 'Either a first and last name or a business name is required.';
    faults.push(apiError('20200', detail, { pointer: '/business_name' }));
  }
  if (isBlank(fields.street_address)) faults.push(fault('20207', 'street_address', 'is required'));
  if (isBlank(fields.locality)) faults.push(fault('20202', 'locality', 'is required'));
  if (!/^[A-Z]{2}$/.test(fields.country_code ?? '')) {
    faults.push(fault('20201', 'country_code', 'must be an ISO 3166-1 alpha-2 code'));
  }
  return faults;
}

const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  US: /^\d{5}(-\d{4})?$/,
  CA: /^[A-Za-z]\d[A-Za-z] ?\d[A-Za-z]\d$/,
};

/** Checks an address for emergency use in the US and Canada, by a rule of the sandbox's own. */
function emergencyFaults({ quirks }: State, fields: Fields): ErrorBody[] {
  const postalCodes = POSTAL_CODES[fields.country_code ?? ''];
  if (postalCodes === undefined) {
    return quirks.addresses_validate_abroad === 'pass'
      ? []
      : [fault('20201', 'country_code', 'is not covered by the validation for emergency use')];
  }
  const faults: ErrorBody[] = [];
  if (!/^\d/.test(fields.street_address ?? '')) {
    faults.push(fault('20207', 'street_address', 'must start with a house number'));
  }
  if (!postalCodes.test(fields.postal_code ?? '')) {
    faults.push(fault('20205', 'postal_code', 'is not one of this country'));
  }
  return faults;
}

function fault(code: string, name: string, what: string): ErrorBody {
  return apiError(code, `${name} ${what}.`, { pointer: `/${name}` });
}

const NORMALISED_FIELDS = [
  'street_address',
  'extended_address',
  'locality',
  'administrative_area',
  'postal_code',
  'country_code',
];

/** Writes an address as postal services do: in capitals with single blanks. */
function normalised(fields: Fields): Record<string, string> {
  const set = NORMALISED_FIELDS.filter((name) => !isBlank(fields[name]));
  return Object.fromEntries(
    set.map((name) => [name, (fields[name] ?? '').trim().replace(/\s+/g, ' ').toUpperCase()]),
  );
}
