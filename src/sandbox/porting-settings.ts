import { isJsonObject, type JsonObject } from './request.ts';

/** What customers write to a porting order, by the API's names, and what nobody has written yet. */
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

/** The requirements that are documents with names of their own as well. */
export const DOCUMENT_FIELDS: Readonly<Record<string, string>> = {
  'Letter of Authorization': 'loa',
  'Latest Invoice': 'invoice',
};

/**
 * What the body leaves out stays as it is, at any depth; null clears (documented for a whole attribute, for the fields
 * within one inferred). What is not among the settings is ignored.
 */
export function mergeSettings(settings: JsonObject, body: JsonObject, blank = BLANK_SETTINGS): JsonObject {
  const merged = Object.keys(blank).map((name) => [
    name,
    Object.hasOwn(body, name) ? mergeSetting(settings[name], body[name], blank[name]) : settings[name],
  ]);
  return Object.fromEntries(merged);
}

function mergeSetting(current: unknown, wanted: unknown, blank: unknown): unknown {
  if (wanted === null) return blank;
  if (!isJsonObject(blank)) return wanted;
  return isJsonObject(wanted)
    ? mergeSettings(isJsonObject(current) ? current : blank, wanted, blank)
    : current;
}

/** A text somewhere in the settings; null where there is none. */
export function readSetting(settings: JsonObject, ...path: readonly string[]): string | null {
  const found = path.reduce<unknown>((node, key) => (isJsonObject(node) ? node[key] : null), settings);
  return typeof found === 'string' ? found : null;
}

/** The documents that a body names, "" for those that it clears. */
export function documentsIn(body: JsonObject): { readonly field: string; readonly id: string }[] {
  const { documents } = body;
  if (!isJsonObject(documents)) return [];
  return Object.values(DOCUMENT_FIELDS).flatMap((field) => {
    const id = documents[field];
    return id === undefined ? [] : [{ field, id: typeof id === 'string' ? id : '' }];
  });
}
