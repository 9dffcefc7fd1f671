import { reveal, Sensitive } from '../privacy/sensitive.ts';
import { normaliseDate, normaliseText } from '../text/normal-text.ts';
import {
  type ObservedSettings,
  PIN_PATH,
  ruleOf,
  type SettingPath,
  type SettingType,
  type SettingValue,
} from './porting.ts';

/** The normal form of porting order settings as stated, as held, and as read back after a write. */

/** Returns the normal form. No value, null, an empty text and an empty list are all the empty form. */
export function settingForm(path: SettingPath, value: SettingValue): Sensitive {
  if (value === null) return NONE;
  if (value instanceof Sensitive) {
    const text = textForm(ruleOf(path).type, reveal(value));
    return text === '' ? NONE : new Sensitive(`text:${text}`);
  }
  if (typeof value !== 'object') return new Sensitive(`${typeof value}:${value}`);
  // Telnyx documents neither that tags keep their order, nor that one can occur twice.
  const texts = [...new Set(value.map((text) => normaliseText(reveal(text))))].sort();
  return texts.length === 0 ? NONE : new Sensitive(`list:${JSON.stringify(texts)}`);
}

const NONE = new Sensitive('');

export function observedSettingForm(path: SettingPath, observed: ObservedSettings): Sensitive {
  return path === 'misc' ? wholeForm(observed) : settingForm(path, observed.get(path) ?? null);
}

/**
 * Compares a stated setting with the one that an order holds. A masked text is equal to every text that it
 * may stand for, because otherwise it would differ for ever.
 */
export function holdsSetting(path: SettingPath, stated: SettingValue, observed: ObservedSettings): boolean {
  const held = observedSettingForm(path, observed);
  const wanted = settingForm(path, stated);
  return held.equals(wanted) || mayStandFor(maskOf(path, observed), wanted);
}

/** Returns true if an order shows a mask in place of the stated text, so that a change would not be seen. */
export function isMasked(path: SettingPath, stated: SettingValue, observed: ObservedSettings): boolean {
  const wanted = settingForm(path, stated);
  return !observedSettingForm(path, observed).equals(wanted) && mayStandFor(maskOf(path, observed), wanted);
}

/** Returns true if an order shows no PIN although one is stated, so that it is not set, or not shown. */
export function isHidden(path: SettingPath, stated: SettingValue, observed: ObservedSettings): boolean {
  return (
    path === PIN_PATH && observedSettingForm(path, observed).isEmpty && !settingForm(path, stated).isEmpty
  );
}

/**
 * Returns the visible parts of a masked text of the end customer: `****` and `•••78` are masks. It is not
 * documented whether Telnyx masks a PIN or an account number, only that its examples do not.
 */
function maskOf(path: SettingPath, observed: ObservedSettings): readonly string[] | null {
  const value = observed.get(path);
  if (!path.startsWith('end_user.admin.') || !(value instanceof Sensitive)) return null;
  const text = normaliseText(reveal(value));
  if (/^[*•●]+$/.test(text)) return ['', ''];
  const parts = text.split(/[*•●]{2,}/);
  return parts.length === 2 ? parts : null;
}

/** Returns true if a text begins and ends with the visible parts of a mask. Its length is not compared. */
function mayStandFor(mask: readonly string[] | null, form: Sensitive): boolean {
  if (mask === null || form.isEmpty) return false;
  const text = reveal(form).slice('text:'.length);
  const [start = '', end = ''] = mask;
  return text.length > start.length + end.length && text.startsWith(start) && text.endsWith(end);
}

const MISC_PATHS = [
  'misc.type',
  'misc.remaining_numbers_action',
  'misc.new_billing_phone_number',
] as const satisfies readonly SettingPath[];

/**
 * Returns the form of the whole `misc`. It is not known whether a cleared `misc` is answered as null or as a
 * full port, which has no other attributes, so both are empty.
 */
function wholeForm(observed: ObservedSettings): Sensitive {
  const [type, ...others] = MISC_PATHS.map((path) => reveal(observedSettingForm(path, observed)));
  const isFull = type === '' || type === 'text:full';
  if (isFull && others.every((form) => form === '')) return NONE;
  return new Sensitive(`mapping:${JSON.stringify([type, ...others])}`);
}

/** Returns the ids of things at Telnyx that settings name, such as an emergency address or a connection. */
export function idsIn(settings: Iterable<readonly [SettingPath, SettingValue]>): string[] {
  return [...settings].flatMap(([path, value]) =>
    ruleOf(path).type === 'id' && value instanceof Sensitive ? [textForm('id', reveal(value))] : [],
  );
}

/** Removes the differences that the API is known or likely to make when it writes a text its own way. */
function textForm(type: SettingType, written: string): string {
  const text = normaliseText(written);
  switch (type) {
    case 'date':
      return normaliseDate(text);
    case 'phone-number':
      // The API describes it without a plus sign and answers with one.
      return /\d{5}/.test(text.replace(/[^\d]/g, '')) ? text.replace(/[^\d]/g, '') : text;
    case 'code':
      return text.toUpperCase();
    case 'id':
      return text.toLowerCase();
    case 'url':
      return URL.canParse(text) ? new URL(text).href : text;
    case 'text':
    case 'flag':
    case 'number':
    case 'list':
    case 'document':
    case 'mapping':
      return text;
    default:
      return type satisfies never;
  }
}
