import { suggest } from '../../model/text/suggestion.ts';
import { Fault } from '../fault.ts';

/** The codes that people write by mistake: former, reserved, internet and language codes, and alpha-3. */
const MEANT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    UK: 'GB',
    EL: 'GR',
    EN: 'GB',
    SU: 'RU',
    YU: 'RS',
    DA: 'DK',
    JA: 'JP',
    CS: 'CZ',
    USA: 'US',
    GBR: 'GB',
    DEU: 'DE',
    GER: 'DE',
    FRA: 'FR',
    ITA: 'IT',
    ESP: 'ES',
    NLD: 'NL',
    CHE: 'CH',
    AUT: 'AT',
  }),
);

/** Names that `Intl.DisplayNames` does not return. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'united states of america': 'US',
  america: 'US',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  holland: 'NL',
  'czech republic': 'CZ',
  'republic of ireland': 'IE',
  turkey: 'TR',
  'south korea': 'KR',
  korea: 'KR',
  macedonia: 'MK',
};

/**
 * Explains an unknown country code. Two letters are too few to compare, so it suggests known confusions and
 * country names only. It repeats a text only if it looks like a code or names a country, since any other may
 * be private.
 */
export function explainCountry(written: string, countries: readonly string[]): Fault {
  const upper = written.toUpperCase();
  const meant = MEANT.get(upper) ?? (countries.includes(upper) ? upper : undefined);
  if (/^[A-Za-z]{2,3}$/.test(written)) {
    const hint = meant === undefined ? undefined : `Did you mean "${meant}"?`;
    return notACode(`"${written}"`, hint);
  }
  const codes = codesByName(countries);
  const code = codes.get(fold(written));
  if (code !== undefined) return notACode(`"${written.trim()}"`, `Write "${code}".`);
  const near = written.length > MAX_NAME ? null : suggest(fold(written), nearNames(codes, written));
  const hint =
    near === null
      ? 'Write the two letters of the country, such as DE for Germany.'
      : `Did you mean "${codes.get(near)}"?`;
  return notACode('this', hint);
}

function notACode(what: string, hint: string | undefined): Fault {
  return new Fault('unknown-country', `${what} is not a country code (ISO 3166-1 alpha-2)`, hint);
}

const MAX_NAME = 60;

/** Limits the comparisons to names with the same first letter, which is seldom mistyped. */
function nearNames(codes: ReadonlyMap<string, string>, written: string): string[] {
  const first = fold(written).charAt(0);
  return [...codes.keys()].filter((name) => name.startsWith(first));
}

/**
 * Maps names of countries, in the languages in which people may write manifests, to codes. Includes all
 * countries if none are given.
 */
function codesByName(countries: readonly string[]): ReadonlyMap<string, string> {
  const codes = new Map<string, string>(Object.entries(OTHER_NAMES));
  const known = countries.length > 0 ? countries : ALL_PAIRS.filter(isCurrent);
  for (const language of LANGUAGES) {
    const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const code of known) {
      const name = names.of(code);
      if (name !== undefined && !codes.has(fold(name))) codes.set(fold(name), code);
    }
  }
  return codes;
}

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl', 'da', 'sv', 'nb', 'fi', 'cs'];
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const ALL_PAIRS = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));

/** Returns false for a withdrawn code, such as DD, which has the same name as the code that replaced it. */
function isCurrent(code: string): boolean {
  return new Intl.Locale(`und-${code}`).region === code;
}

/** Removes case, marks and signs: `Osterreich` equals `Österreich`, and `oesterreich` does not. */
function fold(name: string): string {
  const letters = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return letters.replace(/[^\p{L}]+/gu, ' ').trim();
}
