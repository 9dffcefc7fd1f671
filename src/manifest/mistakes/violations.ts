import type { Problem } from '../../model/problem.ts';
import { suggest } from '../../model/suggestion.ts';
import { Fault } from '../fault.ts';
import { locate, nameEntry, type Path } from '../manifest.ts';
import type { Violation } from '../validators.d.ts';
import { quoted, quotedKey } from '../visible.ts';
import type { SourceText } from '../yaml/source.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';
import { explainCountry } from './countries.ts';

/** More of them are looked at by nobody, and looking for what was meant takes time. */
const MOST_MISTAKES = 1000;

/** What the schema found, one problem a mistake: the noise of unions is dropped, and what follows from a misspelt key. */
export function explainViolations(
  violations: readonly Violation[],
  document: YamlNode,
  source: SourceText,
): Problem[] {
  const problems: Problem[] = [];
  const explained = new Set<string>();
  const mistakes = violations.filter(isMistake).slice(0, MOST_MISTAKES).sort(typesFirst);
  const misspelt = findMisspeltKeys(mistakes);
  for (const violation of mistakes) {
    if (explained.has(violation.instancePath)) continue;
    const path = parsePointer(violation.instancePath, document);
    const place = locate(document, path);
    const found = explain(violation, path, place, misspelt);
    if (found === null) continue;
    if (violation.keyword === 'type') explained.add(violation.instancePath);
    const isBehindHash =
      place.node.isEmpty && HASH_BEHIND_KEY.test(source.text.slice(place.keyAt, place.keyAt + LONGEST_KEY));
    const fault = isBehindHash ? new Fault(found.fault.code, found.fault.message, QUOTE_HASH) : found.fault;
    problems.push(source.problem(found.at, nameEntry(fault, path, { node: document, source })));
  }
  return problems;
}

/** What was meant as a value, and is none to YAML. */
const HASH_BEHIND_KEY = /^[^\n#]*:[ \t]+#[^ \t]/;
const LONGEST_KEY = 100;
const QUOTE_HASH = '“#” begins a comment here: put the value in quotes.';

interface Explanation {
  readonly at: number;
  readonly fault: Fault;
}

interface Located {
  readonly at: number;
  readonly keyAt: number;
  readonly node: YamlNode;
}

/** Branches of a union that do not hold are no mistakes: the union itself says what is wrong. */
function isMistake({ keyword, schemaPath }: Violation): boolean {
  return keyword !== 'if' && !/\/anyOf\/\d/.test(schemaPath);
}

/** A value of the wrong type breaks other rules too: only the type is worth a word. */
function typesFirst(a: Violation, b: Violation): number {
  return Number(b.keyword === 'type') - Number(a.keyword === 'type');
}

/** By mapping: the known keys that an unknown key was probably meant to be. */
function findMisspeltKeys(violations: readonly Violation[]): ReadonlyMap<string, ReadonlySet<string>> {
  const misspelt = new Map<string, Set<string>>();
  for (const violation of violations) {
    const meant = violation.keyword === 'additionalProperties' ? suggestKey(violation) : null;
    if (meant === null) continue;
    const meants = misspelt.get(violation.instancePath) ?? new Set();
    misspelt.set(violation.instancePath, meants.add(meant));
  }
  return misspelt;
}

function suggestKey({ params, parentSchema }: Violation): string | null {
  return suggest(String(params.additionalProperty), Object.keys(parentSchema.properties as object));
}

function parsePointer(pointer: string, document: YamlNode): Path {
  const path: (string | number)[] = [];
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(locate(document, path).node.entries.has(key) ? key : Number(key));
  }
  return path;
}

function explain(
  violation: Violation,
  path: Path,
  { at, keyAt, node }: Located,
  misspelt: ReadonlyMap<string, ReadonlySet<string>>,
): Explanation | null {
  const { instancePath, params, parentSchema } = violation;
  const label = nameOf(path);
  const isMisspelt = (key: string): boolean => misspelt.get(instancePath)?.has(key) ?? false;
  switch (violation.keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      return { at: node.entries.get(key)?.keyAt ?? at, fault: explainUnknownKey(violation, key) };
    }
    case 'required': {
      const key = String(params.missingProperty);
      if (isMisspelt(key)) return null;
      return {
        at,
        fault: new Fault('missing-key', `${label} has no "${key}"`, hintForMissing(violation, key)),
      };
    }
    case 'type':
      return { at: node.isEmpty ? keyAt : at, fault: explainType(violation, label, node) };
    case 'exactlyOneOf': {
      const keys = parentSchema.exactlyOneOf as string[];
      const given = keys.filter((key) => node.entries.has(key));
      if (given.length === 0 && keys.some(isMisspelt)) return null;
      const second = node.entries.get(given[1] ?? '')?.keyAt ?? at;
      return { at: second, fault: explainChoice(label, keys, given) };
    }
    case 'anyOf':
      if (requiredKeys(parentSchema.anyOf).some(isMisspelt)) return null;
      return { at, fault: NOBODY };
    case 'not':
      return { at, fault: new Fault('misplaced-key', String(parentSchema.errorMessage)) };
    case 'const':
    case 'enum':
      if (path.at(-1) === 'base_url') return { at, fault: explainBaseUrl(params.allowedValues as string[]) };
      if (path.at(-1) === 'country_code') {
        return { at, fault: explainCountry(String(node.value), params.allowedValues as string[]) };
      }
      return { at, fault: explainEnum(violation, label, node) };
    case 'pattern':
      return { at, fault: explainPattern(violation, path, label, node) };
    case 'minItems':
      return { at, fault: new Fault('empty-value', `${label} must not be empty`) };
    case 'maxItems':
      return {
        at,
        fault: new Fault('invalid-value', `${label} must hold no more than ${String(params.limit)} entries`),
      };
    case 'minimum':
      return { at, fault: new Fault('invalid-value', `${label} must be ${String(params.limit)} or more`) };
    case 'maximum':
      return { at, fault: new Fault('invalid-value', `${label} must be ${String(params.limit)} or less`) };
    default:
      return { at, fault: new Fault('invalid-value', `${label} is not valid`) };
  }
}

/** What a message calls the value at `path`. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'this manifest';
  if (typeof last === 'string') return `"${last}"`;
  return path.at(-2) === 'requirements' ? 'this requirement' : 'this entry';
}

function explainUnknownKey(violation: Violation, key: string): Fault {
  const meant = suggestKey(violation);
  const known = Object.keys(violation.parentSchema.properties as object);
  const hint = meant === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`;
  return new Fault('unknown-key', `unknown key${quotedKey(key)}`, hint);
}

const MOST_CHOICES = 5;

function hintForMissing({ parentSchema }: Violation, key: string): string {
  const properties = parentSchema.properties as Readonly<Record<string, Schema>> | undefined;
  const { enum: values, const: only } = properties?.[key] ?? {};
  const choices =
    values !== undefined && values.length <= MOST_CHOICES ? values : only === undefined ? ['…'] : [only];
  return `Add ${choices.map((value) => `“${key}: ${value}”`).join(' or ')}.`;
}

interface Schema {
  readonly enum?: readonly string[];
  readonly const?: string;
}

const ARTICLES: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['object', 'a mapping'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
]);

function explainType({ params, parentSchema }: Violation, label: string, node: YamlNode): Fault {
  if (node.isEmpty) {
    return new Fault('empty-value', `${label} has no value`, 'Give it one, or leave the key out.');
  }
  const expected = [params.type].flat().map(String);
  if (
    typeof node.value === 'boolean' &&
    Array.isArray(parentSchema.enum) &&
    parentSchema.enum.length <= MOST_CHOICES
  ) {
    return explainEnum({ parentSchema, params: { allowedValues: parentSchema.enum } }, label, node);
  }
  if (expected.includes('string') && (typeof node.value !== 'object' || node.value === null)) {
    const hint = label.startsWith('"') ? `Write ${label.slice(1, -1)}: "…".` : 'Write "…".';
    const kind = typeof node.value === 'number' ? 'a number' : node.value === null ? 'null' : 'true or false';
    return new Fault('quote-it', `${label} must be a string, but YAML reads ${kind} here: quote it`, hint);
  }
  const { errorMessage } = parentSchema;
  if (typeof errorMessage === 'string') return new Fault('wrong-type', `${label} ${errorMessage}`);
  const articles = expected.filter((type) => type !== 'null').map((type) => ARTICLES.get(type) ?? type);
  return new Fault(
    'wrong-type',
    `${label} must be ${articles.join(' or ')}`,
    hintForType(expected, node.value),
  );
}

function hintForType(expected: readonly string[], value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && expected.includes('string')) {
    return 'Put the whole value in quotes if “[”, “{” or “: ” belongs to it.';
  }
  const [firstKey = ''] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (expected.includes('array') && /^[–—−•－]/.test(firstKey)) {
    return `Write “- ” before each entry: “${firstKey.charAt(0)}” is another character.`;
  }
  const isBoolean = expected.includes('boolean');
  const meant = isBoolean ? /^(?:true|false)$/i : expected.includes('integer') ? /^\d+$/ : null;
  if (typeof value === 'string' && meant?.test(value)) return 'Remove the quotes: they make it a string.';
  return isBoolean ? 'YAML 1.2 knows neither yes and no nor on and off.' : undefined;
}

function requiredKeys(branches: unknown): string[] {
  return (branches as { required: string[] }[]).flatMap((branch) => branch.required);
}

function explainChoice(label: string, keys: readonly string[], given: readonly string[]): Fault {
  const choice = `Give exactly one of ${keys.join(', ')}.`;
  if (given.length === 0) return new Fault('no-value', `${label} has no value`, choice);
  return new Fault('several-values', `${label} has ${given.join(' and ')}`, choice);
}

const NOBODY = new Fault(
  'missing-key',
  'this address names neither a business nor a person',
  'Give business_name, or first_name and last_name.',
);

function explainEnum(
  { params, parentSchema }: Pick<Violation, 'params' | 'parentSchema'>,
  label: string,
  node: YamlNode,
): Fault {
  const allowed = [params.allowedValues ?? params.allowedValue].flat().map(String);
  const written = String(node.value);
  const meant =
    MEANT.get(written.toLowerCase())?.find((value) => allowed.includes(value)) ?? suggest(written, allowed);
  const quotedAllowed = allowed.map((value) => `"${value}"`).join(', ');
  const isLaterVersion = allowed.includes('regsync/v1') && /^regsync\/v[1-9]\d{0,3}$/.test(written);
  const hint = isLaterVersion
    ? 'The file is written for a later version: update regsync, or write “apiVersion: regsync/v1”.'
    : meant !== null && allowed.length > 1
      ? `Did you mean "${meant}"?`
      : undefined;
  const rule =
    parentSchema.const === undefined ? `must be one of ${quotedAllowed}` : `must be ${quotedAllowed}`;
  // No key with a list of allowed values is one for private ones.
  return new Fault('unknown-value', `${label} ${rule}, not ${quoted(String(node.value))}`, hint);
}

/** What people write for a word of ours, as other programs have it. */
const MEANT: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    no: ['none'],
    off: ['none'],
    false: ['none'],
    never: ['none'],
    manual: ['none'],
    yes: ['submit'],
    on: ['submit'],
    true: ['submit'],
    auto: ['submit'],
    order: ['ordering'],
    port: ['porting'],
    geographic: ['local'],
    landline: ['local'],
    freephone: ['toll_free'],
    tollfree: ['toll_free'],
  }),
);

/** The text is not repeated: it may hold a password. */
function explainBaseUrl(allowed: readonly string[]): Fault {
  return new Fault(
    'unknown-value',
    `"base_url" must be one of ${allowed.map((url) => `"${url}"`).join(', ')}`,
    'A configuration sends keys to no other server; the environment’s TELNYX_BASE_URL may name one.',
  );
}

function explainPattern({ parentSchema }: Violation, path: Path, label: string, node: YamlNode): Fault {
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

/** `regsync new` leaves such blanks on purpose. */
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

/** What is written is not repeated: it may be the value itself. */
const RENAME_VARIABLE =
  'Give the variable such a name where it is set: TAX_ID becomes REGSYNC_VAR_TAX_ID. Manifests can read no other ones.';

const COPY_ID =
  'Copy the whole id: 32 hex digits in five parts, such as 00000000-0000-4000-8000-000000000000.';

/** The text that is there is not repeated: it may be private. */
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
