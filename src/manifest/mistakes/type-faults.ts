import { Fault } from '../fault.ts';
import type { Violation } from '../validators.d.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';
import { explainEnum, MAX_CHOICES } from './choice-faults.ts';

/** Explains a value of another type than the schema requires. */
export function explainType({ params, parentSchema }: Violation, label: string, node: YamlNode): Fault {
  if (node.isEmpty) {
    return new Fault('empty-value', `${label} has no value`, 'Write a value, or remove the key.');
  }
  const expected = [params.type].flat().map(String);
  if (
    typeof node.value === 'boolean' &&
    Array.isArray(parentSchema.enum) &&
    parentSchema.enum.length <= MAX_CHOICES
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

const ARTICLES: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['object', 'a mapping'],
  ['array', 'a list'],
  ['boolean', 'true or false'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
]);

function hintForType(expected: readonly string[], value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null && expected.includes('string')) {
    return 'Put the whole value in quotes if "[", "{" or ": " belongs to it.';
  }
  const [firstKey = ''] = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (expected.includes('array') && /^[–—−•－]/.test(firstKey)) {
    return `Write "- " before each entry: "${firstKey.charAt(0)}" is another character.`;
  }
  const isBoolean = expected.includes('boolean');
  const meant = isBoolean ? /^(?:true|false)$/i : expected.includes('integer') ? /^\d+$/ : null;
  if (typeof value === 'string' && meant?.test(value)) return 'Remove the quotes: they make it a string.';
  return isBoolean ? 'Write true or false: YAML 1.2 does not know yes, no, on and off.' : undefined;
}
