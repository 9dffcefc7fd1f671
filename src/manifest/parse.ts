import { hasErrors, type Problem, sortProblems } from '../model/problem.ts';
import { suggest } from '../model/text/suggestion.ts';
import { Fault, type Misplaced } from './fault.ts';
import { type ConfigFields, type Manifest, Origin } from './manifest.ts';
import { explainViolations } from './mistakes/violations.ts';
import { checkWritten } from './mistakes/written.ts';
import { MANIFEST_VALIDATORS, type Validator, validateConfig } from './validators.js';
import { quoted } from './visible.ts';
import { readYaml } from './yaml/read-yaml.ts';
import { SourceText } from './yaml/source.ts';
import { EMPTY } from './yaml/split-documents.ts';
import type { YamlNode } from './yaml/yaml-node.ts';

export type ManifestKind = Manifest['kind'];

export interface ParsedFile {
  readonly manifests: readonly Manifest[];
  /** Names in manifests with a mistake. A reference to one of them is not a second mistake. */
  readonly brokenNames: readonly { readonly kind: ManifestKind; readonly name: string }[];
  /** Is true if some part is so broken that it may declare any name. */
  readonly isUnreadable: boolean;
  readonly problems: readonly Problem[];
}

/** Parses the text of one file into manifests. Never throws, for any text. */
export function parseManifests(file: string, text: string): ParsedFile {
  const source = new SourceText(file, text);
  const { documents, problems: syntaxProblems } = readYaml(source);
  const manifests: Manifest[] = [];
  const brokenNames: { kind: ManifestKind; name: string }[] = [];
  const problems: Problem[] = [...syntaxProblems];
  for (const node of documents) {
    const found = checkDocument(source, node, VALIDATORS);
    for (const problem of found.problems) problems.push(problem);
    if (!hasErrors(found.problems)) {
      manifests.push({ kind: found.kind, fields: node.value, origin: new Origin(source, node) } as Manifest);
    } else {
      const name = node.entries.get('name')?.node.value;
      if (found.kind !== null && typeof name === 'string') brokenNames.push({ kind: found.kind, name });
    }
  }
  const isUnreadable = manifests.length + brokenNames.length < documents.length || syntaxProblems.length > 0;
  return { manifests, brokenNames, isUnreadable, problems: capProblems(problems) };
}

export interface ParsedConfig {
  readonly fields: ConfigFields | null;
  readonly origin: Origin | null;
  readonly problems: readonly Problem[];
}

export function parseConfig(file: string, text: string): ParsedConfig {
  const source = new SourceText(file, text);
  const { documents, problems } = readYaml(source);
  const [node, second] = documents;
  if (documents.length === 0 && problems.every(({ code }) => code === EMPTY)) {
    return { fields: null, origin: null, problems: [NO_CONFIG.atFile(file)] };
  }
  if (problems.length > 0 || node === undefined) {
    return { fields: null, origin: null, problems: capProblems(problems) };
  }
  if (second !== undefined) {
    return { fields: null, origin: null, problems: [source.problem(second.at, ONE_CONFIG)] };
  }
  const found = checkDocument(source, node, CONFIG_VALIDATOR);
  const fields = hasErrors(found.problems) ? null : (node.value as ConfigFields);
  return { fields, origin: new Origin(source, node), problems: capProblems(found.problems) };
}

const NO_CONFIG = new Fault(
  EMPTY,
  'this configuration is empty',
  'Delete it and run `regsync init`, or write "apiVersion: regsync/v1", "kind: Config" and "scope: NAME" into it.',
);
const ONE_CONFIG = new Fault(
  'several-configs',
  'a configuration is a single YAML document',
  'Move manifests into files of their own, such as groups/NAME.yaml.',
);

const VALIDATORS: ReadonlyMap<string, Validator> = new Map(Object.entries(MANIFEST_VALIDATORS));
const CONFIG_VALIDATOR: ReadonlyMap<string, Validator> = new Map([['Config', validateConfig]]);

/** Checks one document. `kind` is null if the document does not state a known one. */
function checkDocument(
  source: SourceText,
  node: YamlNode,
  validators: ReadonlyMap<string, Validator>,
): { kind: ManifestKind | null; problems: readonly Problem[] } {
  const fault = findKindFault(node, validators);
  if (fault !== null) return { kind: null, problems: [source.problem(fault.at, fault.fault)] };
  const kind = (node.value as { readonly kind: ManifestKind }).kind;
  const validate = validators.get(kind);
  const written = checkWritten(node, source);
  if (validate === undefined || validate(node.value)) return { kind, problems: written };
  const violations = explainViolations(validate.errors ?? [], node, source);
  return { kind, problems: written.length === 0 ? violations : sortProblems([...violations, ...written]) };
}

function findKindFault(node: YamlNode, validators: ReadonlyMap<string, Validator>): Misplaced | null {
  if (typeof node.value !== 'object' || node.value === null || Array.isArray(node.value)) {
    return { at: node.at, fault: NOT_A_MAPPING };
  }
  const { kind } = node.value as { readonly kind?: unknown };
  if (typeof kind === 'string' && validators.has(kind)) return null;
  const kinds = [...validators.keys()];
  const entry = node.entries.get('kind');
  if (entry === undefined) {
    return {
      at: node.at,
      fault: new Fault('missing-key', 'this manifest has no "kind"', `Known: ${kinds.join(', ')}.`),
    };
  }
  return { at: entry.node.at, fault: explainKind(kind, kinds) };
}

const NOT_A_MAPPING = new Fault(
  'wrong-type',
  'this is not a mapping of keys to values',
  'A manifest begins with "apiVersion: regsync/v1".',
);

function explainKind(kind: unknown, kinds: readonly string[]): Fault {
  if (typeof kind !== 'string') return new Fault('unknown-kind', `"kind" must be one of ${kinds.join(', ')}`);
  if (kind === 'Config') {
    return new Fault(
      'unknown-kind',
      'this is a Config, and this folder is for manifests',
      'Move it into regsync.yaml.',
    );
  }
  const meant = suggest(kind, kinds);
  return new Fault(
    'unknown-kind',
    `unknown kind ${quoted(kind)}`,
    meant === null ? `Known: ${kinds.join(', ')}.` : `Did you mean "${meant}"?`,
  );
}

const MAX_PROBLEMS = 100;

/** Limits the problems of one file. */
function capProblems(problems: readonly Problem[]): readonly Problem[] {
  const last = problems[MAX_PROBLEMS - 1];
  if (last === undefined || problems.length === MAX_PROBLEMS) return problems;
  const more = `only the first ${MAX_PROBLEMS} problems of this file are listed`;
  const source = last.source === undefined ? {} : { source: last.source };
  return [
    ...problems.slice(0, MAX_PROBLEMS),
    { ...source, severity: 'error', code: 'too-many-problems', message: more },
  ];
}
