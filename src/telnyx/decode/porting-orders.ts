import {
  type ObservedSettings,
  ruleOf,
  SETTING_PATHS,
  type SettingPath,
  type SettingType,
  type SettingValue,
} from '../../model/orders/porting.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { ApiRow } from '../fields.ts';
import { decodeOrderRequirement, requireValue } from './common.ts';

export function decodePortingOrder(value: unknown) {
  const row = ApiRow.of(value, 'a porting order');
  // The status is described as an object, but shown as a text in places.
  const words = row.raw('status');
  const status = typeof words === 'string' ? new ApiRow({ value: words }, 'status') : row.inner('status');
  return {
    id: row.requireRemoteId('id'),
    reference: row.reference(),
    /**
     * `draft` | `in-process` | `submitted` | `exception` | `foc-date-confirmed` | `ported` | `cancelled` |
     * `cancel-pending` | …
     */
    status: status.requireText('value'),
    /** `ENTITY_NAME_MISMATCH` and the like. The texts beside them may be private and are not read. */
    exceptionCodes: status.rows('details', (detail) => detail.text('code')).filter((code) => code !== null),
    phoneNumberType: row.text('phone_number_type')?.replaceAll('-', '_') ?? null,
    /** The first 50 phone numbers (documented). */
    phoneNumbers: row
      .rows('phone_numbers', (number) => number.text('phone_number'))
      .filter((number) => number !== null),
    phoneNumbersCount: row.number('porting_phone_numbers_count'),
    /**
     * The ids of its documents, for any of its requirements. All other values are at another endpoint
     * (documented).
     */
    documentIds: readDocumentIds(row),
    requirementsMet: row.boolean('requirements_met'),
    settings: decodeSettings(row),
  };
}

/** Decodes a comment on a porting order, which cannot be marked as read (documented). */
export function decodePortingComment(value: unknown) {
  const row = ApiRow.of(value, 'a comment on a porting order');
  const userType = row.text('user_type');
  return {
    id: row.remoteId('id'),
    orderId: row.id('porting_order_id'),
    body: row.text('body') ?? '',
    /** `admin` | `user` | `system` | anything newer. */
    userType,
    byReviewer: userType === 'admin',
    createdAt: row.text('created_at') ?? '',
  };
}

/** Returns the settings that the answer contains. Nothing is concluded from those that it leaves out. */
function decodeSettings(row: ApiRow): ObservedSettings {
  const settings = new Map<SettingPath, SettingValue>();
  for (const path of SETTING_PATHS) {
    const { type } = ruleOf(path);
    if (type === 'mapping') continue;
    const value = findSetting(type, row, path.split('.'));
    if (value !== undefined) settings.set(path, value);
  }
  return settings;
}

/**
 * Returns undefined if the answer leaves the setting out. If a mapping is null, all its settings are null.
 */
function findSetting(
  type: Exclude<SettingType, 'mapping'>,
  row: ApiRow,
  [key = '', ...rest]: readonly string[],
): SettingValue | undefined {
  if (!row.has(key)) return undefined;
  const inner = rest.length === 0 ? null : row.object(key);
  return inner === null ? readSetting(type, row, key) : findSetting(type, inner, rest);
}

/** @param key the key of a setting, or of a mapping around it that is null. */
function readSetting(type: Exclude<SettingType, 'mapping'>, row: ApiRow, key: string): SettingValue {
  switch (type) {
    case 'flag':
      return row.boolean(key);
    case 'number':
      return row.number(key);
    case 'list':
      return row.texts(key).map((text) => new Sensitive(text));
    case 'text':
    case 'phone-number':
    case 'code':
    case 'id':
    case 'url':
    case 'date':
    case 'document':
      return row.sensitive(key);
    default:
      return type satisfies never;
  }
}

/**
 * Reads the ids of all documents. The letter of authorization and the invoice are outside the requirements
 * (documented).
 */
function readDocumentIds(row: ApiRow): string[] {
  const documents = row.inner('documents');
  const named = documents.keys.map((name) => documents.id(name));
  const required = row.rows('requirements', (requirement) => requirement.id('field_value'));
  return [...new Set([...named, ...required])].filter((id) => id !== null);
}

/** Decodes a requirement. Its type is described as an object, but guides show the type's id alone. */
export function decodePortingRequirement(value: unknown) {
  const row = ApiRow.of(value, 'a requirement of a porting order');
  const type = row.object('requirement_type');
  if (type === null) {
    const id = row.requireId('requirement_type_id');
    return { ...decodeOrderRequirement(row, id, 'requirement_status'), name: null };
  }
  const [id, name] = [type.requireId('id'), type.text('name')];
  return { ...decodeOrderRequirement(row, id, 'requirement_status'), name };
}

/** @throws MalformedRow also if the row does not show its value. */
export function decodePortingRequirementInFull(value: unknown) {
  requireValue(ApiRow.of(value, 'a requirement of a porting order'));
  return decodePortingRequirement(value);
}

/** @throws MalformedRow also if the row does not show its letter of authorization and invoice. */
export function decodePortingOrderInFull(value: unknown) {
  const row = ApiRow.of(value, 'a porting order');
  if (row.object('documents') === null) throw row.malformed('documents', 'an object');
  return decodePortingOrder(value);
}
