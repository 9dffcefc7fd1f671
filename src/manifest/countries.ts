import { Fault } from './fault.ts';

/** What people write for another code: former, reserved, internet and language codes, and alpha-3. */
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

/** Two letters are too few for a likeness: only known confusions are suggested. Repeats nothing but what looks like a code. */
export function explainCountry(written: string, countries: readonly string[]): Fault {
  const upper = written.toUpperCase();
  const meant = MEANT.get(upper) ?? (countries.includes(upper) ? upper : undefined);
  const shown = /^[A-Za-z]{2,3}$/.test(written) ? `"${written}"` : 'this';
  const hint = meant === undefined ? undefined : `Did you mean "${meant}"?`;
  return new Fault('unknown-country', `${shown} is no country code of ISO 3166-1 alpha-2`, hint);
}
