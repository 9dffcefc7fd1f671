/**
 * The phone numbers that the sandbox sells, all of them fictional. After the country code come two digits for
 * an area or a type, then `0000`, with which no subscriber's number begins, then any two to six digits.
 * `+49 30 0000 01` and `+49 15 0000 01` are local, and `+46 70 0000 01` is mobile.
 */
export interface FictionalNumber {
  readonly country_code: string;
  readonly phone_number_type: string;
}

/** The rule in words, for refusals. */
export const FICTIONAL_NUMBERS =
  'the code of a country that the sandbox knows, two digits, 0000, and two to six digits, as in +49300000001';

/** The types by the two digits. All other digits are areas of local numbers. */
const TYPES: Readonly<Record<string, string>> = {
  '18': 'shared_cost',
  '70': 'mobile',
  '80': 'toll_free',
  '90': 'national',
};

/** Returns null for a number that may belong to somebody. */
export function fictionalNumber(number: string): FictionalNumber | null {
  const prefix = prefixOf(number);
  const area = number.slice(prefix.length).match(/^(\d\d)0000\d{2,6}$/)?.[1];
  const country_code = COUNTRIES[prefix];
  if (area === undefined || country_code === undefined) return null;
  return { country_code, phone_number_type: TYPES[area] ?? 'local' };
}

export function countryOf(number: string): string | null {
  return COUNTRIES[prefixOf(number)] ?? null;
}

const COUNTRIES: Readonly<Record<string, string>> = {
  '+1': 'US',
  '+31': 'NL',
  '+33': 'FR',
  '+34': 'ES',
  '+351': 'PT',
  '+39': 'IT',
  '+41': 'CH',
  '+43': 'AT',
  '+44': 'GB',
  '+45': 'DK',
  '+46': 'SE',
  '+47': 'NO',
  '+49': 'DE',
  '+61': 'AU',
};

function prefixOf(number: string): string {
  return Object.keys(COUNTRIES).find((candidate) => number.startsWith(candidate)) ?? '';
}
