import { Fault } from '../fault.ts';
import type { Path } from '../manifest.ts';
import type { Violation } from '../validators.d.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';

/** Explains a text that does not match the schema's pattern. */
export function explainPattern(
  { parentSchema }: Violation,
  path: Path,
  label: string,
  node: YamlNode,
): Fault {
  const key = path.at(-1);
  const written = String(node.value);
  if (key === 'expires' && /^\d{4}-\d{2}-\d{2}$/.test(written)) return NO_DAY;
  const isBlank = parentSchema.pattern === '\\S';
  const rule = String(parentSchema.patternErrorMessage);
  return new Fault(
    isBlank ? 'empty-value' : 'invalid-value',
    `${label} ${rule}`,
    isBlank
      ? (HINTS_FOR_BLANK.get(key) ?? 'Write the value.')
      : rule.endsWith('a UUID')
        ? COPY_ID
        : HINTS.get(key),
  );
}

/** The hints for empty values, by key. `regsync new` leaves such placeholders on purpose. */
const HINTS_FOR_BLANK: ReadonlyMap<string | number | undefined, string> = new Map([
  ['requirement', 'Write the name or the id of a requirement: `regsync explain` lists them.'],
  ['text', 'Write the value: `regsync explain` describes it.'],
  ['file', 'Write the path of a file, relative to this manifest.'],
  ['business_name', 'Write the name, or give first_name and last_name for a person.'],
  ['postal_code', 'Write the code, or remove this line if addresses there have none.'],
]);

const WRITE_A_DAY = 'Write year, month and day, such as 2027-01-31.';

export const NO_DAY = new Fault('invalid-value', '"expires" is not a day of the calendar', WRITE_A_DAY);

const WRITE_SCOPE = 'Write only the name of the scope: acme for groups called regsync/acme/….';

const COPY_ID =
  'Copy the whole id: 32 hex digits in five parts, such as 00000000-0000-4000-8000-000000000000.';

/** The hints for texts in a wrong form, by key. They do not repeat the text, which may be private. */
const HINTS: ReadonlyMap<string | number | undefined, string> = new Map([
  [
    'document',
    'To name a file, write document: { file: ../documents/registration.pdf }, with a path relative to this manifest.',
  ],
  [
    'address',
    'To give an address here, write its fields below address:, such as street_address and locality.',
  ],
  ['scope', WRITE_SCOPE],
  ['former_scope', WRITE_SCOPE],
  [
    'env',
    'Rename the variable where you set it, such as TAX_ID to REGSYNC_VAR_TAX_ID. Manifests can read no other variables.',
  ],
  ['key_env', 'Rename the variable where you set it, such as API_KEY_EU to TELNYX_API_KEY_EU.'],
  ['expires', WRITE_A_DAY],
]);
