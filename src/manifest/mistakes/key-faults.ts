import { suggest } from '../../model/text/suggestion.ts';
import { Fault } from '../fault.ts';
import type { Violation } from '../validators.d.ts';
import { quotedKey } from '../visible.ts';
import { MAX_CHOICES } from './choice-faults.ts';

/** Explains a key that the schema does not know, and suggests a similar known one. */
export function explainUnknownKey(violation: Violation, key: string): Fault {
  const meant = suggestKey(violation);
  const known = Object.keys(violation.parentSchema.properties as object);
  const guard = known.includes('kind') ? GUARDS.get(key) : undefined;
  const hint = guard ?? (meant === null ? `Known keys: ${known.join(', ')}.` : `Did you mean "${meant}"?`);
  return new Fault('unknown-key', `unknown key${quotedKey(key)}`, hint);
}

/** The guards of groups, which a reader might expect on other kinds, too. */
const GUARDS: ReadonlyMap<string, string> = new Map([
  [
    'deletion',
    'Only a RequirementGroup takes "deletion". regsync deletes no order, and `regsync gc` deletes a document or an address only if nothing refers to it. Remove this line.',
  ],
  [
    'manage',
    'Only a RequirementGroup takes "manage". To let regsync write nothing to an order, remove its manifest; a document or an address is only ever created. Remove this line.',
  ],
]);

export function suggestKey({ params, parentSchema }: Violation): string | null {
  const written = String(params.additionalProperty);
  const known = Object.keys(parentSchema.properties as object);
  return suggest(written, known) ?? onlyKeyAround(written, known);
}

/** Returns `requirement_group` for `group`, if no other known key begins or ends with that word. */
function onlyKeyAround(word: string, known: readonly string[]): string | null {
  const found = known.filter((key) => key.startsWith(`${word}_`) || key.endsWith(`_${word}`));
  return found.length === 1 ? (found[0] ?? null) : null;
}

export function hintForMissing({ parentSchema }: Violation, key: string): string {
  const properties = parentSchema.properties as Readonly<Record<string, Schema>> | undefined;
  const { enum: values, const: only } = properties?.[key] ?? {};
  const choices =
    values !== undefined && values.length <= MAX_CHOICES ? values : only === undefined ? ['…'] : [only];
  return `Add ${choices.map((value) => `"${key}: ${value}"`).join(' or ')}.`;
}

interface Schema {
  readonly enum?: readonly string[];
  readonly const?: string;
}

export function requiredKeys(branches: unknown): string[] {
  return (branches as { required: string[] }[]).flatMap((branch) => branch.required);
}

export function explainChoice(label: string, keys: readonly string[], given: readonly string[]): Fault {
  if (given.length === 0)
    return new Fault('no-value', `${label} has no value`, `Give exactly one of ${keys.join(', ')}.`);
  const rest = given.length === 2 ? 'the other' : 'the others';
  return new Fault(
    'several-values',
    `${label} has ${given.join(' and ')}`,
    `Keep one of them, and delete ${rest}.`,
  );
}

export const NOBODY = new Fault(
  'missing-key',
  'this address names neither a business nor a person',
  'Give business_name, or first_name and last_name.',
);
