import { apiError, type ErrorBody } from '../server/answer.ts';
import { isJsonObject, type JsonObject } from '../server/request.ts';

/** The fields of a porting order that customers write, by the API's names, with their unset values. */
export const BLANK_SETTINGS: JsonObject = {
  customer_reference: null,
  customer_group_reference: null,
  webhook_url: null,
  activation_settings: { foc_datetime_requested: null },
  documents: { invoice: null, loa: null },
  end_user: {
    admin: {
      entity_name: null,
      auth_person_name: null,
      billing_phone_number: null,
      account_number: null,
      tax_identifier: null,
      pin_passcode: null,
      business_identifier: null,
    },
    location: {
      street_address: null,
      extended_address: null,
      locality: null,
      administrative_area: null,
      postal_code: null,
      country_code: null,
    },
  },
  messaging: { enable_messaging: false },
  misc: { new_billing_phone_number: null, remaining_numbers_action: null, type: 'full' },
  phone_number_configuration: {
    billing_group_id: null,
    connection_id: null,
    emergency_address_id: null,
    messaging_profile_id: null,
    tags: [],
  },
  user_feedback: { user_comment: null, user_rating: null },
};

/** The documents that are both requirements and settings, by their names. */
export const DOCUMENT_FIELDS: Readonly<Record<string, string>> = {
  'Letter of Authorization': 'loa',
  'Latest Invoice': 'invoice',
};

/**
 * Returns settings changed by a body. A field that is left out keeps its value, at any depth, and null clears
 * it (documented for a whole attribute, inferred for the fields within one). Other fields are ignored.
 */
export function mergeSettings(settings: JsonObject, body: JsonObject, blank = BLANK_SETTINGS): JsonObject {
  const merged = Object.keys(blank).map((name) => [
    name,
    Object.hasOwn(body, name) ? mergeSetting(settings[name], body[name], blank[name]) : settings[name],
  ]);
  return {
    ...Object.fromEntries(merged),
    ...('foc_datetime_requested' in blank ? timestampsIn(body) : {}),
    ...phoneNumbersIn(body, blank),
  };
}

function mergeSetting(current: unknown, wanted: unknown, blank: unknown): unknown {
  if (wanted === null) return blank;
  if (!isJsonObject(blank)) return wanted;
  return isJsonObject(wanted)
    ? mergeSettings(isJsonObject(current) ? current : blank, wanted, blank)
    : current;
}

/** Returns true for a timestamp, which is answered in one format for every input (documented). */
function isTimestamp(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T/.test(text) && !Number.isNaN(Date.parse(text));
}

function timestampsIn({ foc_datetime_requested }: JsonObject): JsonObject {
  return typeof foc_datetime_requested === 'string' && isTimestamp(foc_datetime_requested)
    ? { foc_datetime_requested: inOwnFormat(foc_datetime_requested) }
    : {};
}

const BILLING_NUMBERS = ['billing_phone_number', 'new_billing_phone_number'] as const;

/** Returns the billing numbers in E.164, as the API answers them for any separators (documented). */
function phoneNumbersIn(body: JsonObject, blank: JsonObject): JsonObject {
  const written = BILLING_NUMBERS.flatMap((name) => {
    const value = name in blank ? body[name] : null;
    return typeof value === 'string' && value.startsWith('+')
      ? [[name, `+${value.replaceAll(/\D/g, '')}`] as const]
      : [];
  });
  return Object.fromEntries(written);
}

function inOwnFormat(timestamp: string): string {
  return new Date(timestamp).toISOString().replace('.000Z', 'Z');
}

/* ---- Checks, whose types are described and codes inferred ---- */

type Check = (value: unknown) => readonly [code: string, detail: string] | null;

const text: Check = (value) => (typeof value === 'string' ? null : ['10020', 'must be a string']);
const flag: Check = (value) => (typeof value === 'boolean' ? null : ['10026', 'must be true or false']);
const integer: Check = (value) => (Number.isInteger(value) ? null : ['10026', 'must be an integer']);
const url: Check = (value) =>
  typeof value === 'string' && URL.canParse(value) ? null : ['10003', 'must be a URL'];
const timestamp: Check = (value) =>
  typeof value === 'string' && isTimestamp(value) ? null : ['10026', 'must be a date and time of ISO 8601'];
const texts: Check = (value) =>
  Array.isArray(value) && value.every((entry) => typeof entry === 'string')
    ? null
    : ['10026', 'must be a list of strings'];
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string) ? null : ['10032', `must be one of ${choices.join(', ')}`];

/** The checks by pointer. All other settings are texts. */
const CHECKS: Readonly<Record<string, Check>> = {
  '/webhook_url': url,
  '/activation_settings/foc_datetime_requested': timestamp,
  '/messaging/enable_messaging': flag,
  '/misc/remaining_numbers_action': oneOf('keep', 'disconnect'),
  '/misc/type': oneOf('full', 'partial'),
  '/phone_number_configuration/tags': texts,
  '/user_feedback/user_rating': integer,
};

export function settingFaults(settings: JsonObject, body: JsonObject): ErrorBody[] {
  return [...typeFaults(body, BLANK_SETTINGS, ''), ...miscFaults(settings, body)];
}

function typeFaults(body: JsonObject, blank: JsonObject, pointer: string): ErrorBody[] {
  return Object.keys(blank).flatMap((name) => {
    const [value, at] = [body[name], `${pointer}/${name}`];
    if (value === undefined || value === null) return [];
    if (isJsonObject(blank[name])) {
      return isJsonObject(value)
        ? typeFaults(value, blank[name], at)
        : [apiError('10026', `${name} must be an object.`, { pointer: at })];
    }
    const fault = (CHECKS[at] ?? text)(value);
    return fault === null ? [] : [apiError(fault[0], `${name} ${fault[1]}.`, { pointer: at })];
  });
}

/**
 * Checks `misc`: a full port has no other attributes, and a port that keeps numbers names the one that is
 * billed (described).
 */
function miscFaults(settings: JsonObject, body: JsonObject): ErrorBody[] {
  const { misc } = body;
  if (!isJsonObject(misc)) return [];
  const others = ['new_billing_phone_number', 'remaining_numbers_action'].filter(
    (name) => misc[name] != null,
  );
  const superfluous = misc.type === 'full' ? others : [];
  const merged = mergeSettings(settings, body).misc;
  const keeps = isJsonObject(merged) && merged.remaining_numbers_action === 'keep';
  const isUnbilled = keeps && merged.new_billing_phone_number === null;
  return [
    ...superfluous.map((name) =>
      apiError('10027', `${name} is not for a full port.`, { pointer: `/misc/${name}` }),
    ),
    ...(isUnbilled
      ? [
          apiError('10004', 'new_billing_phone_number is required to keep numbers.', {
            pointer: '/misc/new_billing_phone_number',
          }),
        ]
      : []),
  ];
}

/** Returns a text in the settings. Null if there is none. */
export function readSetting(settings: JsonObject, ...path: readonly string[]): string | null {
  const found = path.reduce<unknown>((node, key) => (isJsonObject(node) ? node[key] : null), settings);
  return typeof found === 'string' ? found : null;
}

/** Returns the documents that a body names, with "" for those that it clears. */
export function documentsIn(body: JsonObject): { readonly field: string; readonly id: string }[] {
  const { documents } = body;
  if (!isJsonObject(documents)) return [];
  return Object.values(DOCUMENT_FIELDS).flatMap((field) => {
    const id = documents[field];
    return id === undefined ? [] : [{ field, id: typeof id === 'string' ? id : '' }];
  });
}
