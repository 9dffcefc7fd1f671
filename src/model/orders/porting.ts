import { Sensitive } from '../privacy/sensitive.ts';
import type { SourcePosition } from '../problem.ts';

/**
 * The rule for a setting of a porting order beside its requirements. Paths are the API's names, with a dot
 * for each level (described: UpdatePortingOrder).
 */
export interface SettingRule {
  readonly type: SettingType;
  /**
   * A setting for the customer alone, or for after the port, is written in any status. The others need an
   * open order.
   */
  readonly written: 'always' | 'while-open';
}

/** The types of settings. The API may write those from `text` to `date` its own way. */
export type SettingType =
  | 'text'
  | 'phone-number'
  | 'code'
  | 'id'
  | 'url'
  | 'date'
  | 'flag'
  | 'number'
  | 'list'
  | 'document'
  | 'mapping';

const OPEN_DOCUMENT = { type: 'document', written: 'while-open' } as const;
const OPEN_ID = { type: 'id', written: 'while-open' } as const;
const OPEN_PHONE_NUMBER = { type: 'phone-number', written: 'while-open' } as const;
const OPEN_TEXT = { type: 'text', written: 'while-open' } as const;

export const PORTING_SETTINGS = {
  customer_reference: { type: 'text', written: 'always' },
  customer_group_reference: { type: 'text', written: 'always' },
  webhook_url: { type: 'url', written: 'always' },
  'end_user.admin.entity_name': OPEN_TEXT,
  'end_user.admin.auth_person_name': OPEN_TEXT,
  'end_user.admin.billing_phone_number': OPEN_PHONE_NUMBER,
  'end_user.admin.account_number': OPEN_TEXT,
  'end_user.admin.tax_identifier': OPEN_TEXT,
  'end_user.admin.pin_passcode': OPEN_TEXT,
  'end_user.admin.business_identifier': OPEN_TEXT,
  'end_user.location.street_address': OPEN_TEXT,
  'end_user.location.extended_address': OPEN_TEXT,
  'end_user.location.locality': OPEN_TEXT,
  'end_user.location.administrative_area': OPEN_TEXT,
  'end_user.location.postal_code': OPEN_TEXT,
  'end_user.location.country_code': { type: 'code', written: 'while-open' },
  /** This path clears the whole mapping. No other mapping is described as nullable. */
  misc: { type: 'mapping', written: 'while-open' },
  'misc.type': OPEN_TEXT,
  'misc.remaining_numbers_action': OPEN_TEXT,
  'misc.new_billing_phone_number': OPEN_PHONE_NUMBER,
  'messaging.enable_messaging': { type: 'flag', written: 'while-open' },
  'activation_settings.foc_datetime_requested': { type: 'date', written: 'while-open' },
  'phone_number_configuration.connection_id': OPEN_ID,
  'phone_number_configuration.messaging_profile_id': OPEN_ID,
  'phone_number_configuration.billing_group_id': OPEN_ID,
  'phone_number_configuration.emergency_address_id': OPEN_ID,
  'phone_number_configuration.tags': { type: 'list', written: 'while-open' },
  'user_feedback.user_rating': { type: 'number', written: 'always' },
  'user_feedback.user_comment': { type: 'text', written: 'always' },
  'documents.loa': OPEN_DOCUMENT,
  'documents.invoice': OPEN_DOCUMENT,
} as const satisfies Readonly<Record<string, SettingRule>>;

export type SettingPath = keyof typeof PORTING_SETTINGS;

export const SETTING_PATHS = Object.keys(PORTING_SETTINGS) as SettingPath[];

/** The settings that Telnyx may show as a mask. It is not documented that it does. */
export const UNSEEN_PATHS: readonly SettingPath[] = SETTING_PATHS.filter((path) =>
  path.startsWith('end_user.admin.'),
);

/** The setting that Telnyx may leave out of every answer. */
export const PIN_PATH = 'end_user.admin.pin_passcode' satisfies SettingPath;

export function ruleOf(path: SettingPath): SettingRule {
  return PORTING_SETTINGS[path];
}

/** Is null if there is none, or if it is to be cleared. */
export type SettingValue = Sensitive | boolean | number | readonly Sensitive[] | null;

/** The settings that an order holds. A path that it does not show is absent. */
export type ObservedSettings = ReadonlyMap<SettingPath, SettingValue>;

export interface SettingToWrite {
  readonly path: SettingPath;
  readonly value: SettingValue;
}

/* ---- Desired: what a manifest states ---- */

export interface DesiredPortingSetting extends SettingToWrite {
  readonly source: SourcePosition;
}

/**
 * The documents that are requirements with names. Their contents in manifests are bound and written as
 * values.
 */
export const DOCUMENT_PATHS = [
  'documents.loa',
  'documents.invoice',
] as const satisfies readonly SettingPath[];

/* ---- Change ---- */

export interface SettingWrite extends DesiredPortingSetting {
  /** The normal forms, empty if there is no value. */
  readonly before: Sensitive;
  readonly after: Sensitive;
}

export function isDocumentPath(text: string): text is (typeof DOCUMENT_PATHS)[number] {
  return DOCUMENT_PATHS.some((path) => path === text);
}

const SHOWN: ReadonlySet<SettingPath> = new Set([
  'customer_reference',
  'end_user.location.country_code',
  'misc.type',
  'misc.remaining_numbers_action',
]);

/** Yields the texts, also those in lists, that must be redacted in Telnyx's answers. */
export function* privateTexts(
  settings: Iterable<readonly [SettingPath, SettingValue]>,
): Generator<Sensitive> {
  for (const [path, value] of settings) if (isPrivate(path)) yield* textsIn(value);
}

function* textsIn(value: unknown): Generator<Sensitive> {
  if (value instanceof Sensitive) yield value;
  else if (Array.isArray(value)) for (const inner of value) yield* textsIn(inner);
}

/** Returns false for words that anybody may say, or that are meant to be read. */
function isPrivate(path: SettingPath): boolean {
  const { type } = ruleOf(path);
  return !SHOWN.has(path) && type !== 'id' && type !== 'date' && type !== 'document';
}
