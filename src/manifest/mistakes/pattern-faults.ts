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
      return 'Fill it in: a requirement is called by its name or its id; `regsync explain` lists them.';
    case 'text':
      return 'Fill it in; `regsync explain` says what is wanted.';
    case 'file':
      return 'Fill it in: the path of a file, as seen from this one.';
    case 'business_name':
      return 'Fill it in; of a person, give first_name and last_name instead.';
    case 'postal_code':
      return 'Fill it in, or remove this line where addresses have none.';
    default:
      return 'Fill it in.';
  }
}

export const NO_DAY = new Fault(
  'invalid-value',
  '"expires" is a day that no calendar has',
  'Write the day as YYYY-MM-DD.',
);

/** The hint does not repeat the text, which may be the value itself. */
const RENAME_VARIABLE =
  'Give the variable such a name where it is set: TAX_ID becomes REGSYNC_VAR_TAX_ID. Manifests can read no other ones.';

const COPY_ID =
  'Copy the whole id: 32 hex digits in five parts, such as 00000000-0000-4000-8000-000000000000.';

/** Returns the hint for a name in a wrong form. It does not repeat the text, which may be private. */
function hintForName(key: string | number | undefined): string | undefined {
  switch (key) {
    case 'document':
      return 'To name a file, write document: { file: ../documents/registration.pdf }, with its path as seen from this manifest.';
    case 'address':
      return 'To give an address here, write its fields below address:, such as street_address and locality.';
    case 'scope':
    case 'former_scope':
      return 'Write only the name of the scope: acme for groups called regsync/acme/….';
    case 'env':
      return RENAME_VARIABLE;
    default:
      return undefined;
  }
}
