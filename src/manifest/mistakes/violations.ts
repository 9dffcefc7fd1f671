import type { Problem } from '../../model/problem.ts';
import { Fault, type Misplaced } from '../fault.ts';
import { type Located, locate, nameEntry, type Path } from '../manifest.ts';
import type { Violation } from '../validators.d.ts';
import type { SourceText } from '../yaml/source.ts';
import type { YamlNode } from '../yaml/yaml-node.ts';
import { explainBaseUrl, explainEnum } from './choice-faults.ts';
import { explainCountry } from './countries.ts';
import {
  explainChoice,
  explainUnknownKey,
  hintForMissing,
  NOBODY,
  requiredKeys,
  suggestKey,
} from './key-faults.ts';
import { explainPattern } from './pattern-faults.ts';
import { explainType } from './type-faults.ts';

/**
 * Turns the schema's violations into one problem per mistake. Drops the noise of unions, and violations that
 * follow from a misspelt key.
 */
export function explainViolations(
  violations: readonly Violation[],
  document: YamlNode,
  source: SourceText,
): Problem[] {
  const problems: Problem[] = [];
  const explained = new Set<string>();
  const mistakes = violations.filter(isMistake).slice(0, MAX_MISTAKES).sort(typesFirst);
  const misspelt = findMisspeltKeys(mistakes);
  for (const violation of mistakes) {
    if (explained.has(violation.instancePath)) continue;
    const path = parsePointer(violation.instancePath, document);
    const place = locate(document, path);
    const found = explain(violation, path, place, misspelt);
    if (found === null) continue;
    if (violation.keyword === 'type') explained.add(violation.instancePath);
    const isBehindHash =
      place.node.isEmpty && HASH_BEHIND_KEY.test(source.text.slice(place.keyAt, place.keyAt + MAX_KEY));
    const fault = isBehindHash ? new Fault(found.fault.code, found.fault.message, QUOTE_HASH) : found.fault;
    problems.push(source.problem(found.at, nameEntry(fault, path, { node: document, source })));
  }
  return problems;
}

/** The most violations to explain, since each suggestion takes time and nobody reads more. */
const MAX_MISTAKES = 1000;

/** Matches a key whose value begins with "#", and so is a comment to YAML. */
const HASH_BEHIND_KEY = /^[^\n#]*:[ \t]+#[^ \t]/;
const MAX_KEY = 100;
const QUOTE_HASH = '"#" begins a comment here: put the value in quotes.';

/** Returns false for failed branches of a union, because the union itself reports the mistake. */
function isMistake({ keyword, schemaPath }: Violation): boolean {
  return keyword !== 'if' && !/\/anyOf\/\d/.test(schemaPath);
}

/** Sorts wrong types first: such a value breaks other rules too, and only its type is reported. */
function typesFirst(a: Violation, b: Violation): number {
  return Number(b.keyword === 'type') - Number(a.keyword === 'type');
}

/** Returns, for each mapping, the known keys that its unknown keys probably mean. */
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
): Misplaced | null {
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
    default: {
      const rule = RULES[violation.keyword]?.(String(params.limit)) ?? 'does not match the schema';
      return { at, fault: new Fault('invalid-value', `${label} ${rule}`) };
    }
  }
}

const RULES: Readonly<Record<string, (limit: string) => string>> = {
  maxItems: (limit) => `must hold no more than ${limit} entries`,
  minimum: (limit) => `must be ${limit} or more`,
  maximum: (limit) => `must be ${limit} or less`,
};

/** Returns the name of the value at `path` for a message. */
function nameOf(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'this manifest';
  if (typeof last === 'string') return `"${last}"`;
  return path.at(-2) === 'requirements' ? 'this requirement' : 'this entry';
}
