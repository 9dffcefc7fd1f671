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
    isBlank ? hintForBlank(key) : rule.endsWith('a UUID') ? COPY_ID : hintForName(key),
  );
}

/** Returns the hint for an empty value. `regsync new` leaves such placeholders on purpose. */
function hintForBlank(key: string | number | undefined): string {
  switch (key) {
    case 'requirement':
      return 'Write the name or the id of a requirement: `regsync explain` lists them.';
    case 'text':
      return 'Write the value: `regsync explain` describes it.';
    case 'file':
      return 'Write the path of a file, relative to this manifest.';
    case 'business_name':
      return 'Write the name, or give first_name and last_name for a person.';
    case 'postal_code':
      return 'Write the code, or remove this line if addresses there have none.';
    default:
      return 'Write the value.';
  }
}

const WRITE_A_DAY = 'Write year, month and day, such as 2027-01-31.';

export const NO_DAY = new Fault('invalid-value', '"expires" is not a day of the calendar', WRITE_A_DAY);

/** The hint does not repeat the text, which may be the value itself. */
const RENAME_VARIABLE =
  'Rename the variable where you set it, such as TAX_ID to REGSYNC_VAR_TAX_ID. Manifests can read no other variables.';

const COPY_ID =
  'Copy the whole id: 32 hex digits in five parts, such as 00000000-0000-4000-8000-000000000000.';

/** Returns the hint for a name in a wrong form. It does not repeat the text, which may be private. */
function hintForName(key: string | number | undefined): string | undefined {
  switch (key) {
    case 'document':
      return 'To name a file, write document: { file: ../documents/registration.pdf }, with a path relative to this manifest.';
    case 'address':
      return 'To give an address here, write its fields below address:, such as street_address and locality.';
    case 'scope':
    case 'former_scope':
      return 'Write only the name of the scope: acme for groups called regsync/acme/….';
    case 'env':
      return RENAME_VARIABLE;
    case 'key_env':
      return 'Rename the variable where you set it, such as API_KEY_EU to TELNYX_API_KEY_EU.';
    case 'expires':
      return WRITE_A_DAY;
    default:
      return undefined;
  }
}
