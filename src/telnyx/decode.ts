import { hashAddressFields } from '../model/address.ts';
import { UnreachableError } from '../model/errors.ts';
import { parseTimestampMs } from '../model/normal-text.ts';
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
 * Rows as they come → rows as we use them. Lenient about what may be missing, strict about what everything hangs on:
 * a row without an id is no row, and reading it as "nothing there" would create things twice.
 */

type Row = Readonly<Record<string, unknown>>;

export function decodeGroup(value: unknown): GroupRow {
  const row = asRow(value, 'requirement group');
  return {
    id: asRemoteId(requireText(row, 'id', 'requirement group')),
    combination: {
      countryCode: requireText(row, 'country_code', 'requirement group').toUpperCase(),
      phoneNumberType: requireText(row, 'phone_number_type', 'requirement group').replaceAll('-', '_'),
      action: requireText(row, 'action', 'requirement group'),
    },
    reference: readReference(row),
    // Guides write "pending approval", the API "pending-approval".
    status: requireText(row, 'status', 'requirement group').replaceAll(' ', '-'),
    createdAt: readText(row.created_at),
    requirements: readRows(row.regulatory_requirements).map(decodeGroupRequirement),
  };
}

function decodeGroupRequirement(row: Row): ObservedRequirement {
  return {
    requirementId: requireText(row, 'requirement_id', 'requirement of a group').toLowerCase(),
    fieldType: readFieldType(row.field_type),
    value: new Sensitive(readScalar(row.field_value) ?? ''),
    status: readText(row.status)?.replaceAll(' ', '-') ?? null,
    expiresAt: readText(row.expires_at),
  };
}

export function decodeDocument(value: unknown): DocumentRow {
  return new DecodedDocument(asRow(value, 'document'));
}

/** When it was made matters only of those that no group holds. */
class DecodedDocument implements DocumentRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly sha256: string | null;
  readonly status: string | null;
  readonly scanStatus: string | null;
  readonly #createdAt: unknown;

  constructor(row: Row) {
    this.id = asRemoteId(requireText(row, 'id', 'document'));
    this.reference = readReference(row);
    this.sha256 = readText(row.sha256)?.toLowerCase() ?? null;
    this.status = readText(row.status);
    this.scanStatus = readText(row.av_scan_status);
    this.#createdAt = row.created_at;
  }

  get createdAtMs(): number | null {
    return readTimestampMs(this.#createdAt);
  }
}

export function decodeAddress(value: unknown): AddressRow {
  return new DecodedAddress(asRow(value, 'address'));
}

/** Nearly every address of ours is known by its reference: of few, somebody asks for more. */
class DecodedAddress implements AddressRow {
  readonly id: RemoteId;
  readonly reference: Reference | null;
  readonly #row: Row;

  constructor(row: Row) {
    this.id = asRemoteId(requireText(row, 'id', 'address'));
    this.reference = readReference(row);
    this.#row = row;
  }

  get sha256(): string {
    return hashAddressFields(this.fields);
  }

  get fields(): ReadonlyMap<AddressField, Sensitive> {
    const fields = new Map<AddressField, Sensitive>();
    for (const field of ADDRESS_FIELDS) {
      const text = readText(this.#row[field]);
      if (text !== null) fields.set(field, new Sensitive(text));
    }
    return fields;
  }

  get createdAtMs(): number | null {
    return readTimestampMs(this.#row.created_at);
  }
}

export function decodeDocumentLink(value: unknown): DocumentLinkRow {
  const row = asRow(value, 'document link');
  return { documentId: requireText(row, 'document_id', 'document link') };
}

export function decodeComment(value: unknown): CommentRow {
  const row = asRow(value, 'comment');
  return {
    body: readText(row.body) ?? '',
    byReviewer: readText(row.commenter_type) === 'admin',
    createdAt: readText(row.created_at) ?? '',
    recordId: readText(row.comment_record_id),
  };
}

/* ---- Orders: as above, and whatever a status says is data ---- */

export function decodeNumberOrder(value: unknown): NumberOrderRow {
  const row = asRow(value, 'number order');
  return {
    id: asRemoteId(requireText(row, 'id', 'number order')),
    reference: readReference(row),
    status: requireText(row, 'status', 'number order'),
    requirementsMet: readBoolean(row.requirements_met),
    subNumberOrderIds: readTexts(row.sub_number_orders_ids).map(asRemoteId),
    phoneNumbers: readRows(row.phone_numbers).map(decodeOrderedNumber),
    phoneNumbersCount: readNumber(row.phone_numbers_count),
    settings: {
      connection_id: readText(row.connection_id),
      messaging_profile_id: readText(row.messaging_profile_id),
      billing_group_id: readText(row.billing_group_id),
    },
    createdAtMs: readTimestampMs(row.created_at),
  };
}

export function decodeSubNumberOrder(value: unknown): SubNumberOrderRow {
  const row = asRow(value, 'sub number order');
  return {
    id: asRemoteId(requireText(row, 'id', 'sub number order')),
    numberOrderId: readRemoteId(row.order_request_id),
    countryCode: requireText(row, 'country_code', 'sub number order').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type', 'sub number order').replaceAll('-', '_'),
    reference: readReference(row),
    status: requireText(row, 'status', 'sub number order'),
    requirementsMet: readBoolean(row.requirements_met),
    phoneNumbersCount: readNumber(row.phone_numbers_count),
    requirementIds: readRows(row.regulatory_requirements).map((requirement) =>
      requireText(requirement, 'requirement_id', 'requirement of an order').toLowerCase(),
    ),
    phoneNumbers: Array.isArray(row.phone_numbers)
      ? readRows(row.phone_numbers).map(decodeOrderedNumber)
      : null,
  };
}

export function decodeOrderedNumber(value: unknown): OrderedNumberRow {
  const row = asRow(value, 'phone number of an order');
  return {
    id: asRemoteId(requireText(row, 'id', 'phone number of an order')),
    phoneNumber: requireText(row, 'phone_number', 'phone number of an order'),
    numberOrderId: readRemoteId(row.order_request_id),
    subNumberOrderId: readRemoteId(row.sub_number_order_id),
    countryCode: readText(row.country_code)?.toUpperCase() ?? null,
    phoneNumberType: readText(row.phone_number_type)?.replaceAll('-', '_') ?? null,
    status: readText(row.status),
    requirementsStatus: readText(row.requirements_status),
    requirementsMet: readBoolean(row.requirements_met),
    deadlineMs: readTimestampMs(row.deadline),
    locality: readText(row.locality),
    requirements: readRows(row.regulatory_requirements).map((requirement) =>
      decodeOrderRequirement(requirement, requirement.requirement_id, requirement.status),
    ),
  };
}

export function decodePortingOrder(value: unknown): PortingOrderRow {
  const row = asRow(value, 'porting order');
  const status = isRow(row.status) ? row.status : { value: row.status };
  return {
    id: asRemoteId(requireText(row, 'id', 'porting order')),
    reference: readReference(row),
    status: requireText(status, 'value', 'porting order'),
    exceptionCodes: readRows(status.details).flatMap(({ code }) => readText(code) ?? []),
    phoneNumberType: readText(row.phone_number_type)?.replaceAll('-', '_') ?? null,
    phoneNumbers: readRows(row.phone_numbers).flatMap((number) => readText(number.phone_number) ?? []),
    phoneNumbersCount: readNumber(row.porting_phone_numbers_count),
    documentIds: readDocumentIds(row),
    requirementsMet: readBoolean(row.requirements_met),
    settings: decodeSettings(row),
  };
}

/** Those that the answer has: nothing is concluded from what it leaves out. */
function decodeSettings(row: Row): ObservedSettings {
  const settings = new Map<SettingPath, SettingValue>();
  for (const path of SETTING_PATHS) {
    const { isThere, value } = find(row, path.split('.'));
    const { type } = ruleOf(path);
    if (isThere && type !== 'mapping') settings.set(path, readSetting(type, value));
  }
  return settings;
}

/** A mapping that is null holds null everywhere. */
function find(row: Row, steps: readonly string[]): { isThere: boolean; value: unknown } {
  const [step = '', ...rest] = steps;
  if (!Object.hasOwn(row, step)) return { isThere: false, value: null };
  const value = row[step];
  if (rest.length === 0 || value === null) return { isThere: true, value };
  return isRow(value) ? find(value, rest) : { isThere: false, value: null };
}

function readSetting(type: Exclude<SettingType, 'mapping'>, value: unknown): SettingValue {
  switch (type) {
    case 'flag':
      return readBoolean(value);
    case 'number':
      return readNumber(value);
    case 'list':
      return readTexts(value).map((text) => new Sensitive(text));
    case 'text':
    case 'phone-number':
    case 'code':
    case 'id':
    case 'url':
    case 'date':
    case 'document': {
      const text = readScalar(value);
      return text === null || text === '' ? null : new Sensitive(text);
    }
    default:
      return type satisfies never;
  }
}

/** The letter of authorization and the invoice have places of their own besides (documented). */
function readDocumentIds({ documents, requirements }: Row): string[] {
  const named = isRow(documents) ? Object.values(documents) : [];
  const required = readRows(requirements).map(({ field_value: value }) => value);
  return [...new Set([...named, ...required].flatMap((id) => readText(id) ?? []))];
}

/** Described with its type as an object, and shown in guides with the type's id alone. */
export function decodePortingRequirement(value: unknown): PortingRequirementRow {
  const row = asRow(value, 'requirement of a porting order');
  const type = isRow(row.requirement_type) ? row.requirement_type : { id: row.requirement_type_id };
  return {
    ...decodeOrderRequirement(row, type.id, row.requirement_status),
    name: readText(type.name),
  };
}

function decodeOrderRequirement(row: Row, id: unknown, status: unknown): OrderRequirementRow {
  return {
    requirementId: requireText({ id }, 'id', 'requirement of an order').toLowerCase(),
    fieldType: readFieldType(row.field_type),
    value: new Sensitive(readScalar(row.field_value) ?? ''),
    status: readText(status)?.replaceAll(' ', '-') ?? null,
  };
}

/* ---- The catalogue ---- */

/** The array was renamed in 2026: `requirement_types`, before that `requirements_types` (documented and measured). */
export function decodeRequirementSet(value: unknown): RequirementSetRow {
  const row = asRow(value, 'requirement');
  return {
    countryCode: requireText(row, 'country_code', 'requirement').toUpperCase(),
    phoneNumberType: readText(row.phone_number_type)?.replaceAll('-', '_') ?? null,
    action: readText(row.action) ?? 'both',
    locality: readText(row.locality),
    version: readNumber(row.version),
    effectiveStartAt: readText(row.effective_start_at),
    requirements: readRows(row.requirement_types ?? row.requirements_types).map((type) =>
      decodeRequirement(type, type.type),
    ),
  };
}

export function decodeRegulatory(value: unknown): RegulatoryRow {
  const row = asRow(value, 'regulatory requirement');
  return {
    countryCode: requireText(row, 'country_code', 'regulatory requirement').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type', 'regulatory requirement').replaceAll('-', '_'),
    action: requireText(row, 'action', 'regulatory requirement'),
    requirements: readRows(row.regulatory_requirements).map((entry) =>
      decodeRequirement(entry, entry.field_type),
    ),
  };
}

function decodeRequirement(row: Row, fieldType: unknown): RequirementRow {
  return {
    id: requireText(row, 'id', 'requirement').toLowerCase(),
    name: readText(row.name) ?? readText(row.label) ?? '',
    fieldType: readFieldType(fieldType),
    description: readText(row.description) ?? '',
    example: readText(row.example) ?? '',
    criteria: decodeCriteria(row.acceptance_criteria),
  };
}

function decodeCriteria(value: unknown): CriteriaRow {
  const row = isRow(value) ? value : {};
  return {
    minLength: readNumber(row.min_length),
    maxLength: readNumber(row.max_length),
    acceptableCharacters: readText(row.acceptable_characters),
    acceptableValues: Array.isArray(row.acceptable_values)
      ? row.acceptable_values.filter((entry): entry is string => typeof entry === 'string' && entry !== '')
      : [],
    regex: readText(row.regex),
    caseSensitive: readBoolean(row.case_sensitive),
    timeLimit: readText(row.time_limit),
    localityLimit: readText(row.locality_limit),
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

function readFieldType(value: unknown): FieldType {
  return FIELD_TYPES.get(value) ?? 'unknown';
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asRow(value: unknown, noun: string): Row {
  if (isRow(value)) return value;
  throw new UnreachableError(`The API answered something that is no ${noun}`);
}

function readRows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter(isRow) : [];
}

function requireText(row: Row, key: string, noun: string): string {
  const text = readScalar(row[key]);
  if (text !== null && text !== '') return text;
  throw new UnreachableError(`The API answered a ${noun} without ${key}`);
}

function readRemoteId(value: unknown): RemoteId | null {
  const text = readText(value);
  return text === null ? null : asRemoteId(text);
}

function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((text) => readText(text) ?? []) : [];
}

/** Of anything in a list. */
export function decodeReference(value: unknown): Reference | null {
  return isRow(value) ? readReference(value) : null;
}

function readReference(row: Row): Reference | null {
  const text = readText(row.customer_reference);
  return text === null ? null : asReference(text);
}

/** Text, or null where it is absent, null, or empty. */
function readText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A value that the API may write as a number or a boolean. */
function readScalar(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function readBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return null;
  if (/^(true|yes|1)$/i.test(value)) return true;
  return /^(false|no|0)$/i.test(value) ? false : null;
}

function readTimestampMs(value: unknown): number | null {
  const text = readText(value);
  return text === null ? null : parseTimestampMs(text);
}
