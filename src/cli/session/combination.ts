import manifestSchema from '../../../schemas/manifest.schema.json' with { type: 'json' };
import { explainCountry } from '../../manifest/mistakes/countries.ts';
import { InvalidInputError } from '../../model/errors.ts';
import { type Combination, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../../model/resource.ts';
import { suggest } from '../../model/text/suggestion.ts';
import { visible } from '../../model/text/visible.ts';
import { isGroupAction, isPhoneNumberType } from '../../resolve/heads.ts';

export const COUNTRY_CODES: readonly string[] = manifestSchema.$defs.country_code.enum;

/**
 * Reads the three words of a command line, in any case and also with dashes.
 *
 * @throws InvalidInputError for a word that is unknown.
 */
export function readCombination(country: string, type: string, action: string): Combination {
  return { countryCode: readCountry(country), phoneNumberType: readType(type), action: readAction(action) };
}

export function readCountry(written: string): string {
  const code = written.trim().toUpperCase();
  if (COUNTRY_CODES.includes(code)) return code;
  const { message, hint } = explainCountry(written.trim(), COUNTRY_CODES);
  throw new InvalidInputError(hint === undefined ? message : `${message}. ${hint}`);
}

export function readType(written: string): string {
  const type = normalise(written);
  if (isPhoneNumberType(type)) return type;
  throw unknownWord(written, 'a type of phone numbers', PHONE_NUMBER_TYPES);
}

export function readAction(written: string): string {
  const action = normalise(written);
  if (isGroupAction(action)) return action;
  throw unknownWord(written, 'an action', GROUP_ACTIONS);
}

function normalise(written: string): string {
  return written.trim().toLowerCase().replaceAll('-', '_');
}

function unknownWord(written: string, what: string, known: readonly string[]): InvalidInputError {
  const meant = suggest(normalise(written), known);
  const hint = meant === null ? `Use one of ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  return new InvalidInputError(`"${visible(written.slice(0, 60))}" is not ${what}. ${hint}`);
}

/** Returns words such as `DE local ordering`. */
export function describeCombination({ countryCode, phoneNumberType, action }: Combination): string {
  return `${countryCode} ${phoneNumberType} ${action}`;
}
