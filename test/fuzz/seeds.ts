import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from './random.ts';

/** What inputs are made from: a file of manifests with a canary in place of every private value. */
export interface Seed {
  readonly file: string;
  readonly text: string;
  readonly canaries: readonly Canary[];
}

/** A value that nobody may be shown. */
export interface Canary {
  /** Nothing else looks like it: where it is found, enough of the value is. */
  readonly core: string;
  /** What stands before the core, from the value's key on. Where it still does, not in a comment, the core is private. */
  readonly before: RegExp;
}

const FOLDERS = ['groups', 'examples', 'test/fixtures/manifest'];

export function readSeeds(root: string): readonly Seed[] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.ya?ml$/.test(file))
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`),
  );
  return files.sort().map((file, index) => ({
    file,
    ...plantCanaries(readFileSync(join(root, file), 'utf8'), 100 * index),
  }));
}

const PRIVATE_KEYS = [
  'text',
  'business_name|first_name|last_name|street_address|extended_address|locality|administrative_area|postal_code',
  'entity_name|auth_person_name|account_number|tax_identifier|pin_passcode|business_identifier',
  'billing_phone_number|new_billing_phone_number|webhook_url|user_comment',
].join('|');
const PRIVATE_VALUE = new RegExp(
  `(?<=^|[\\s{,])(${PRIVATE_KEYS}): +("[^"\\n]*"|'[^'\\n]*'|[^\\s|>&*!#,}][^#,}\\n]*)`,
  'g',
);

/** @param first the number of the first canary: no two are to be the same. */
export function plantCanaries(text: string, first: number): Omit<Seed, 'file'> {
  const canaries: Canary[] = [];
  const planted = text.replace(PRIVATE_VALUE, (_, key: string, _value: string, at: number) => {
    const lineSoFar = text.slice(text.lastIndexOf('\n', at) + 1, at);
    const number = first + canaries.length;
    const written = writeCanary(number, lineSoFar);
    const core = CORE.exec(written)?.[0] ?? '';
    const before = `${key}: ${written.slice(0, written.indexOf(core))}`;
    canaries.push({ core, before: new RegExp(`(?:^|\\n)(?:[^\\n#]*[\\s{,])?${asPattern(before)}$`) });
    return `${key}: ${written}`;
  });
  return { text: planted, canaries };
}

const CORE = /zQ[0-9]{5}zQ|49300[0-9]{5}77/;

/** In the ways in which people write values: with and without quotes, over several lines, and without the quotes needed. */
function writeCanary(number: number, lineSoFar: string): string {
  const core = `zQ${String(number).padStart(5, '0')}zQ`;
  const digits = `49300${String(number).padStart(5, '0')}77`;
  const within = `\n${' '.repeat((/^[ -]*/.exec(lineSoFar)?.[0].length ?? 0) + 2)}`;
  const inLine = [
    core,
    `Canary ${core} value`,
    `"Canary ${core}: value"`,
    `'Canary, it''s ${core} # value'`,
    `"${digits}"`,
    `'+${digits}'`,
    `" ${core}"`,
    `+${digits}`,
  ];
  const overLines = [
    `|${within}Canary ${core}${within}value`,
    `>-${within}key: ${core}`,
    `Canary${within}${core} value`,
    `"Canary${within}${core}: value"`,
  ];
  return new Random(number).pick(lineSoFar.includes('{') ? inLine : [...inLine, ...overLines]);
}

function asPattern(text: string): string {
  const escaped = text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return escaped.replace(/\s+/g, '\\s+');
}
