import {
  type ObservedSettings,
  ruleOf,
  SETTING_PATHS,
  type SettingPath,
  type SettingType,
  type SettingValue,
} from '../../model/orders/porting.ts';
import { Sensitive } from '../../model/privacy/sensitive.ts';
import { asRemoteId } from '../../model/resource.ts';
import {
  asRow,
  malformed,
  type Row,
  readBoolean,
  readEntered,
  readId,
  readNumber,
  readObject,
  readRows,
  readText,
  readTexts,
  requireId,
  requireText,
  within,
} from '../fields.ts';
import { decodeOrderRequirement, readReference, readRemoteId, requireValue } from './common.ts';

export function decodePortingOrder(value: unknown) {
  const row = asRow(value, 'a porting order');
  // The status is described as an object, but shown as a text in places.
  const status = typeof row.status === 'string' ? { value: row.status } : (readObject(row, 'status') ?? {});
  return {
    id: asRemoteId(requireId(row, 'id')),
    reference: readReference(row),
    /**
     * `draft` | `in-process` | `submitted` | `exception` | `foc-date-confirmed` | `ported` | `cancelled` |
     * `cancel-pending` | …
     */
    status: within('status', () => requireText(status, 'value')),
    /** `ENTITY_NAME_MISMATCH` and the like. The texts beside them may be private and are not read. */
    exceptionCodes: within('status', () =>
      readRows(status, 'details', (detail) => readText(detail, 'code')),
    ).filter((code) => code !== null),
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    /** The first 50 phone numbers (documented). */
    phoneNumbers: readRows(row, 'phone_numbers', (number) => readText(number, 'phone_number')).filter(
      (number) => number !== null,
    ),
    phoneNumbersCount: readNumber(row, 'porting_phone_numbers_count'),
    /**
     * The ids of its documents, for any of its requirements. All other values are at another endpoint
     * (documented).
     */
    documentIds: readDocumentIds(row),
    requirementsMet: readBoolean(row, 'requirements_met'),
    settings: decodeSettings(row),
  };
}

/** Decodes a comment on a porting order, which cannot be marked as read (documented). */
export function decodePortingComment(value: unknown) {
  const row = asRow(value, 'a comment on a porting order');
  const userType = readText(row, 'user_type');
  return {
    id: readRemoteId(row, 'id'),
    orderId: readId(row, 'porting_order_id'),
    body: readText(row, 'body') ?? '',
    /** `admin` | `user` | `system` | anything newer. */
    userType,
    byReviewer: userType === 'admin',
    createdAt: readText(row, 'created_at') ?? '',
  };
}

/** Returns the settings that the answer contains. Nothing is concluded from those that it leaves out. */
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

/**
 * Returns undefined if the answer leaves the setting out. If a mapping is null, all its settings are null.
 */
function findSetting(
  type: Exclude<SettingType, 'mapping'>,
  row: Row,
  [key = '', ...rest]: readonly string[],
): SettingValue | undefined {
  if (!Object.hasOwn(row, key)) return undefined;
  const inner = rest.length === 0 ? null : readObject(row, key);
  return inner === null ? readSetting(type, row, key) : within(key, () => findSetting(type, inner, rest));
}

/** @param key the key of a setting, or of a mapping around it that is null. */
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

/**
 * Reads the ids of all documents. The letter of authorization and the invoice are outside the requirements
 * (documented).
 */
function readDocumentIds(row: Row): string[] {
  const documents = readObject(row, 'documents') ?? {};
  const named = within('documents', () => Object.keys(documents).map((name) => readId(documents, name)));
  const required = readRows(row, 'requirements', (requirement) => readId(requirement, 'field_value'));
  return [...new Set([...named, ...required])].filter((id) => id !== null);
}

/** Decodes a requirement. Its type is described as an object, but guides show the type's id alone. */
export function decodePortingRequirement(value: unknown) {
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

/** @throws MalformedRow also if the row does not show its value. */
export function decodePortingRequirementInFull(value: unknown) {
  requireValue(asRow(value, 'a requirement of a porting order'));
  return decodePortingRequirement(value);
}

/** @throws MalformedRow also if the row does not show its letter of authorization and invoice. */
export function decodePortingOrderInFull(value: unknown) {
  const row = asRow(value, 'a porting order');
  if (readObject(row, 'documents') === null) throw malformed(row, 'documents', 'an object');
  return decodePortingOrder(value);
}
