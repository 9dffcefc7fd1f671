import {
  type ObservedSettings,
  ruleOf,
  SETTING_PATHS,
  type SettingPath,
  type SettingType,
  type SettingValue,
} from '../model/porting.ts';
import {
  ADDRESS_FIELDS,
  type AddressField,
  asReference,
  asRemoteId,
  type FieldType,
  type ObservedRequirement,
  type Reference,
  type RemoteId,
} from '../model/resource.ts';
import { Sensitive } from '../model/sensitive.ts';
import {
  asRow,
  malformed,
  type Row,
  readBoolean,
  readEntered,
  readId,
  readIds,
  readNumber,
  readObject,
  readRows,
  readText,
  readTexts,
  readTimestampMs,
  requireId,
  requireList,
  requireText,
  within,
} from './fields.ts';
import type {
  AddressRow,
  CommentRow,
  CriteriaRow,
  DocumentLinkRow,
  DocumentRow,
  GroupRow,
  NumberOrderRow,
  OrderedNumberRow,
  OrderRequirementRow,
  PortingOrderRow,
  PortingRequirementRow,
  RegulatoryRow,
  RequirementRow,
  RequirementSetRow,
  SubNumberOrderRow,
} from './types.ts';

/**
 * Rows as they come → rows as we use them. Lenient about what may be missing, strict about everything that is there: a value of
 * the wrong type that was read as "nothing there" would create things twice, and delete what is in use. All decoders throw
 * `MalformedRow`.
 */

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
    body: readText(row, 'body') ?? '',
    byReviewer: readText(row, 'commenter_type') === 'admin',
    createdAt: readText(row, 'created_at') ?? '',
    recordId: readId(row, 'comment_record_id'),
  };
}

/* ---- Orders: as above, and whatever a status says is data ---- */

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

export function decodePortingOrder(value: unknown): PortingOrderRow {
  const row = asRow(value, 'a porting order');
  // Described as an object, and shown as a text in places.
  const status = typeof row.status === 'string' ? { value: row.status } : (readObject(row, 'status') ?? {});
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    status: within('status', () => requireText(status, 'value')),
    exceptionCodes: within('status', () =>
      readRows(status, 'details', (detail) => readText(detail, 'code')),
    ).filter((code) => code !== null),
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    phoneNumbers: readRows(row, 'phone_numbers', (number) => readText(number, 'phone_number')).filter(
      (number) => number !== null,
    ),
    phoneNumbersCount: readNumber(row, 'porting_phone_numbers_count'),
    documentIds: readDocumentIds(row),
    requirementsMet: readBoolean(row, 'requirements_met'),
    settings: decodeSettings(row),
  };
}

/** Those that the answer has: nothing is concluded from what it leaves out. */
function decodeSettings(row: Row): ObservedSettings {
  const settings = new Map<SettingPath, SettingValue>();
  for (const path of SETTING_PATHS) {
    const { type } = ruleOf(path);
    if (type === 'mapping') continue;
    const value = findSetting(type, row, path.split('.'));
    if (value !== undefined) settings.set(path, value);
  }
  return settings;
}

/** Undefined where the answer leaves it out. A mapping that is null holds null everywhere. */
function findSetting(
  type: Exclude<SettingType, 'mapping'>,
  row: Row,
  [key = '', ...rest]: readonly string[],
): SettingValue | undefined {
  if (!Object.hasOwn(row, key)) return undefined;
  const inner = rest.length === 0 ? null : readObject(row, key);
  return inner === null ? readSetting(type, row, key) : within(key, () => findSetting(type, inner, rest));
}

/** @param key of a setting, or of a mapping around it that is null. */
function readSetting(type: Exclude<SettingType, 'mapping'>, row: Row, key: string): SettingValue {
  switch (type) {
    case 'flag':
      return readBoolean(row, key);
    case 'number':
      return readNumber(row, key);
    case 'list':
      return readTexts(row, key).map((text) => new Sensitive(text));
    case 'text':
    case 'phone-number':
    case 'code':
    case 'id':
    case 'url':
    case 'date':
    case 'document': {
      const text = readEntered(row, key);
      return text === null ? null : new Sensitive(text);
    }
    default:
      return type satisfies never;
  }
}

/** The letter of authorization and the invoice have places of their own besides (documented). */
function readDocumentIds(row: Row): string[] {
  const documents = readObject(row, 'documents') ?? {};
  const named = within('documents', () => Object.keys(documents).map((name) => readId(documents, name)));
  const required = readRows(row, 'requirements', (requirement) => readId(requirement, 'field_value'));
  return [...new Set([...named, ...required])].filter((id) => id !== null);
}

/** Described with its type as an object, and shown in guides with the type's id alone. */
export function decodePortingRequirement(value: unknown): PortingRequirementRow {
  const row = asRow(value, 'a requirement of a porting order');
  const type = readObject(row, 'requirement_type');
  if (type === null) {
    const id = requireId(row, 'requirement_type_id');
    return { ...decodeOrderRequirement(row, id, 'requirement_status'), name: null };
  }
  const [id, name] = within(
    'requirement_type',
    () => [requireId(type, 'id'), readText(type, 'name')] as const,
  );
  return { ...decodeOrderRequirement(row, id, 'requirement_status'), name };
}

/** @param statusKey where the row has its status. */
function decodeOrderRequirement(row: Row, id: string, statusKey: string): OrderRequirementRow {
  return {
    requirementId: id.toLowerCase(),
    fieldType: readFieldType(row, 'field_type'),
    value: readValue(row),
    status: readText(row, statusKey)?.replaceAll(' ', '-') ?? null,
  };
}

/* ---- Rows that show all they hold: for those who conclude from what is not there ---- */

/** @throws MalformedRow too where the list of requirements, or the value of one, is missing or null. */
export function decodeGroupInFull(value: unknown): GroupRow {
  requireValues(asRow(value, 'a requirement group'));
  return decodeGroup(value);
}

/** As above. */
export function decodeOrderedNumberInFull(value: unknown): OrderedNumberRow {
  requireValues(asRow(value, 'a phone number of an order'));
  return decodeOrderedNumber(value);
}

/** As above. */
export function decodePortingRequirementInFull(value: unknown): PortingRequirementRow {
  requireValue(asRow(value, 'a requirement of a porting order'));
  return decodePortingRequirement(value);
}

/** @throws MalformedRow too where it does not say which documents have a place of their own in it. */
export function decodePortingOrderInFull(value: unknown): PortingOrderRow {
  const row = asRow(value, 'a porting order');
  if (readObject(row, 'documents') === null) throw malformed(row, 'documents', 'an object');
  return decodePortingOrder(value);
}

function requireValues(row: Row): void {
  requireList(row, 'regulatory_requirements');
  readRows(row, 'regulatory_requirements', requireValue);
}

/** Null is how some answers write that there is none (documented); to leave it out is how others show no values at all. */
function requireValue(row: Row): void {
  if (!Object.hasOwn(row, 'field_value')) throw malformed(row, 'field_value', 'a text');
}

/* ---- The catalogue ---- */

/** The array was renamed in 2026: `requirement_types`, before that `requirements_types` (documented and measured). */
export function decodeRequirementSet(value: unknown): RequirementSetRow {
  const row = asRow(value, 'a requirement');
  const types = row.requirement_types == null ? 'requirements_types' : 'requirement_types';
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    action: readText(row, 'action') ?? 'both',
    locality: readText(row, 'locality'),
    version: readNumber(row, 'version'),
    effectiveStartAt: readText(row, 'effective_start_at'),
    requirements: readRows(row, types, (type) => decodeRequirement(type, 'type')),
  };
}

export function decodeRegulatory(value: unknown): RegulatoryRow {
  const row = asRow(value, 'a regulatory requirement');
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
    action: requireText(row, 'action'),
    requirements: readRows(row, 'regulatory_requirements', (entry) => decodeRequirement(entry, 'field_type')),
  };
}

function decodeRequirement(row: Row, typeKey: string): RequirementRow {
  return {
    id: requireId(row, 'id').toLowerCase(),
    name: readText(row, 'name') ?? readText(row, 'label') ?? '',
    fieldType: readFieldType(row, typeKey),
    description: readText(row, 'description') ?? '',
    example: readText(row, 'example') ?? '',
    criteria: within('acceptance_criteria', () =>
      decodeCriteria(readObject(row, 'acceptance_criteria') ?? {}),
    ),
  };
}

/** Numbers and flags may come as texts, of which a sample is a whole sentence (documented): then there is no such criterion. */
function decodeCriteria(row: Row): CriteriaRow {
  return {
    minLength: readNumber(row, 'min_length'),
    maxLength: readNumber(row, 'max_length'),
    acceptableCharacters: readText(row, 'acceptable_characters'),
    acceptableValues: typeof row.acceptable_values === 'string' ? [] : readTexts(row, 'acceptable_values'),
    regex: readText(row, 'regex'),
    caseSensitive: readBoolean(row, 'case_sensitive'),
    timeLimit: readText(row, 'time_limit'),
    localityLimit: readText(row, 'locality_limit'),
  };
}

const FIELD_TYPES: ReadonlyMap<unknown, FieldType> = new Map([
  ['textual', 'textual'],
  ['text', 'textual'],
  ['datetime', 'datetime'],
  ['document', 'document'],
  ['document_id', 'document'],
  ['address', 'address'],
  ['address_id', 'address'],
  ['action', 'action'],
]);

function readFieldType(row: Row, key: string): FieldType {
  return FIELD_TYPES.get(readText(row, key)) ?? 'unknown';
}

/** "" while unset. */
function readValue(row: Row): Sensitive {
  return new Sensitive(readEntered(row, 'field_value') ?? '');
}

function readRemoteId(row: Row, key: string): RemoteId | null {
  const id = readId(row, key);
  return id === null ? null : asRemoteId(id);
}

/** Of anything in a list. */
export function decodeReference(value: unknown): Reference | null {
  return readReference(asRow(value, 'a row'));
}

function readReference(row: Row): Reference | null {
  const text = readText(row, 'customer_reference');
  return text === null ? null : asReference(text);
}
