import type { Lock, LockedName } from '../model/lock.ts';
import { normaliseText } from '../model/normal-text.ts';
import type { Problem, SourcePosition } from '../model/problem.ts';
import {
  type BoundGroup,
  type BoundValue,
  type Catalogue,
  type Combination,
  combinationKey,
  type DesiredContent,
  type DesiredGroup,
  type DesiredRequirement,
  type FieldType,
  type ObservedMatch,
  type ObservedRequirement,
  type RequirementDefinition,
} from '../model/resource.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import { suggest } from '../model/suggestion.ts';
import { visible } from '../model/visible.ts';
import { type CriteriaFinding, checkText } from './criteria.ts';
import { allNamesOf, indexNames, type NameIndex, nameOf } from './names.ts';

/**
 * Names and ids in the manifests → requirements of the catalogue, each value checked against what it must be.
 * A group that exists keeps the requirements it was created with: a changed regulation alone never makes it invalid.
 * A name that the lock knows means the requirement that it meant when it was locked, whatever the catalogue calls it today.
 */
export function bindRequirements(
  groups: readonly DesiredGroup[],
  catalogue: Catalogue,
  matches: ReadonlyMap<string, ObservedMatch>,
  lock: Lock | null = null,
): { readonly groups: readonly BoundGroup[]; readonly problems: readonly Problem[] } {
  const guess = guessSometimes();
  const setOf = remember((key) => knowledgeOf(key, catalogue, lock, guess));
  const results = groups.map((group) =>
    bindGroup(group, setOf(combinationKey(group.combination)), matches.get(group.name) ?? NO_MATCH),
  );
  return {
    groups: results.map((result) => result.group),
    problems: results.flatMap((result) => result.problems),
  };
}

const NO_MATCH: ObservedMatch = { group: null, superseded: [] };

function remember<Value>(make: (key: string) => Value): (key: string) => Value {
  const made = new Map<string, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** What is known of the requirements of one combination, whatever the group. */
interface Knowledge {
  readonly catalogued: readonly RequirementDefinition[];
  readonly find: NameIndex<RequirementDefinition>;
  readonly findLocked: NameIndex<LockedName>;
  readonly guess: Guess;
  /** By what groups are made of: tens of thousands have the same requirements. */
  readonly understood: Map<string, Understanding>;
}

/** Nobody reads further, and comparing tens of thousands of wrong names with hundreds of right ones takes minutes. */
const MOST_GUESSES = 100;

type Guess = (written: string, known: readonly RequirementDefinition[]) => string | null;

function guessSometimes(): Guess {
  let guesses = 0;
  return (written, known) =>
    ++guesses > MOST_GUESSES
      ? null
      : suggest(
          written,
          known.flatMap(({ name, id }) => [name, id]),
        );
}

function knowledgeOf(key: string, catalogue: Catalogue, lock: Lock | null, guess: Guess): Knowledge {
  const catalogued = catalogue.get(key)?.requirements ?? [];
  const set = lock?.sets.find(({ combination }) => combinationKey(combination) === key);
  return {
    catalogued,
    guess,
    understood: new Map(),
    find: indexNames(catalogued, nameOf),
    findLocked: indexNames<LockedName>([...(set?.requirements ?? []), ...(set?.former ?? [])], allNamesOf),
  };
}

function bindGroup(
  group: DesiredGroup,
  shared: Knowledge,
  match: ObservedMatch,
): { group: BoundGroup; problems: Problem[] } {
  const { demands, vocabulary } = understand(shared, match);
  const held = match.group?.requirements ?? [];
  const problems: Problem[] = [];
  const values: BoundValue[] = [];
  /** Also those whose text is not read. */
  const stated: Stated[] = [];
  for (const requirement of group.requirements) {
    const definition = findDefinition(requirement, group.combination, vocabulary, problems);
    if (definition === null) continue;
    const earlier = stated.find(({ id }) => id === definition.id);
    if (earlier !== undefined) {
      problems.push(repeatedRequirement(requirement, definition, earlier.source));
      continue;
    }
    stated.push({ id: definition.id, source: requirement.source });
    problems.push(
      ...checkContent(
        requirement,
        definition,
        held.findLast((own) => own.requirementId === definition.id),
      ),
    );
    if (requirement.content.kind !== 'unread_text') {
      values.push({
        requirement: definition,
        content: requirement.content,
        source: requirement.source,
        contentSource: requirement.contentSource,
      });
    }
  }
  problems.push(...missingValues(group, demands, stated, problems));
  const { requirements: _, ...rest } = group;
  return { group: { ...rest, values, demands }, problems };
}

/** Which requirement a manifest states, and where. */
interface Stated {
  readonly id: string;
  readonly source: SourcePosition;
}

/** What there is to know of the requirements of a group, and of all that are made alike. */
interface Understanding {
  readonly demands: readonly RequirementDefinition[];
  readonly vocabulary: Vocabulary;
}

function understand(shared: Knowledge, match: ObservedMatch): Understanding {
  const own = match.group?.requirements ?? [];
  const likeness = own.map(({ requirementId, fieldType }) => `${requirementId} ${fieldType}`).join();
  const known = shared.understood.get(likeness) ?? learn(shared, match);
  shared.understood.set(likeness, known);
  return known;
}

function learn(shared: Knowledge, match: ObservedMatch): Understanding {
  const demands = demandsOf(shared, match);
  return { demands, vocabulary: vocabularyOf(shared, demands) };
}

/**
 * The group's own requirements where it exists, of the types that they had when it was created, described by the catalogue
 * as far as that knows them.
 */
function demandsOf(
  { catalogued, findLocked }: Knowledge,
  match: ObservedMatch,
): readonly RequirementDefinition[] {
  const own = match.group?.requirements ?? [];
  if (own.length === 0) return catalogued;
  const byId = new Map(catalogued.map((definition) => [definition.id, definition]));
  return own.map((requirement) => {
    const { requirementId, fieldType } = requirement;
    const definition = byId.get(requirementId);
    if (definition === undefined) {
      const name = findLocked(requirementId).find(({ id }) => id === requirementId)?.name;
      return undescribed(requirementId, fieldType, name);
    }
    return takesTheSame(fieldType, definition.fieldType) ? definition : { ...definition, fieldType };
  });
}

/** A group calls its dates textual, too (documented). What it does not say is what the catalogue says. */
function takesTheSame(own: FieldType, catalogued: FieldType): boolean {
  return own === 'unknown' || CONTENT_FOR[own][0] === CONTENT_FOR[catalogued][0];
}

/** Of which nothing is known but this. */
export function undescribed(id: string, fieldType: FieldType, name = id): RequirementDefinition {
  const criteria = {
    minLength: null,
    maxLength: null,
    acceptableCharacters: null,
    acceptableValues: [],
    regex: null,
    caseSensitive: null,
    timeLimit: null,
    localityLimit: null,
  };
  return { id, name, fieldType, description: '', example: '', criteria };
}

/** What the manifest of a group may name: what is demanded today, and what the group itself has. */
interface Vocabulary extends Pick<Knowledge, 'find' | 'findLocked' | 'guess'> {
  readonly known: readonly RequirementDefinition[];
}

function vocabularyOf(
  { catalogued, find, findLocked, guess }: Knowledge,
  demands: readonly RequirementDefinition[],
): Vocabulary {
  if (demands === catalogued) return { find, findLocked, guess, known: catalogued };
  const byId = new Map([...catalogued, ...demands].map((definition) => [definition.id, definition]));
  const known = [...byId.values()];
  return { findLocked, guess, known, find: indexNames(known, nameOf) };
}

function findDefinition(
  requirement: DesiredRequirement,
  combination: Combination,
  vocabulary: Vocabulary,
  problems: Problem[],
): RequirementDefinition | null {
  const named = vocabulary.findLocked(requirement.requirement);
  const found =
    named.length > 0
      ? named.flatMap(({ id }) => vocabulary.find(id))
      : vocabulary.find(requirement.requirement);
  const several = named.length > 1 ? named : found;
  const [only] = found;
  if (only !== undefined && several.length === 1) return only;
  problems.push(
    several.length > 1
      ? ambiguousRequirement(requirement, several, vocabulary)
      : unknownRequirement(requirement, combination, vocabulary, named[0]),
  );
  return null;
}

function unknownRequirement(
  requirement: DesiredRequirement,
  combination: Combination,
  { known, guess }: Vocabulary,
  gone: LockedName | undefined,
): Problem {
  if (gone !== undefined) return goneRequirement(requirement, gone, combination);
  const nearest = guess(requirement.requirement, known);
  const all = listNames(known, ({ name }) => `"${name}"`);
  return {
    severity: 'error',
    code: 'unknown-requirement',
    message: `${describe(combination)} has no requirement ${JSON.stringify(requirement.requirement)}`,
    hint:
      nearest !== null
        ? `Did you mean ${JSON.stringify(nearest)}?`
        : all === ''
          ? 'Telnyx names no requirements for this combination.'
          : `It has: ${all}.`,
    source: requirement.source,
  };
}

function goneRequirement(
  requirement: DesiredRequirement,
  { id }: LockedName,
  combination: Combination,
): Problem {
  return {
    severity: 'error',
    code: 'requirement-gone',
    message: `${describe(combination)} no longer demands ${JSON.stringify(requirement.requirement)} (${id}), which the lock names`,
    hint: 'A group that is created now cannot have it: remove it here.',
    source: requirement.source,
  };
}

function ambiguousRequirement(
  requirement: DesiredRequirement,
  found: readonly { readonly id: string }[],
  { find }: Vocabulary,
): Problem {
  const candidates = found.map(({ id }) => {
    const [definition] = find(id);
    return definition === undefined ? id : `${id} (${tellApart(definition)})`;
  });
  return {
    severity: 'error',
    code: 'ambiguous-requirement',
    message: `${JSON.stringify(requirement.requirement)} is the name of ${found.length} requirements`,
    hint: `Write the id instead: ${candidates.join(' or ')}.`,
    source: requirement.source,
  };
}

/** What people who know the names alone need to choose. */
function tellApart({ fieldType, description }: RequirementDefinition): string {
  const words = visible(description.replace(/\s+/g, ' ').trim());
  const shown = words.length > LONGEST_DESCRIPTION ? `${words.slice(0, LONGEST_DESCRIPTION)}…` : words;
  return shown === '' ? fieldType : `${fieldType}: ${shown}`;
}

const LONGEST_DESCRIPTION = 80;

function repeatedRequirement(
  requirement: DesiredRequirement,
  definition: RequirementDefinition,
  earlier: SourcePosition,
): Problem {
  return {
    severity: 'error',
    code: 'repeated-requirement',
    message: `requirement "${definition.name}" (${definition.id}) already has a value in line ${earlier.line}`,
    hint: 'Keep one of the two.',
    source: requirement.source,
  };
}

const CONTENT_FOR: Readonly<Record<FieldType, readonly DesiredContent['kind'][] | 'any'>> = {
  textual: ['text', 'unread_text'],
  datetime: ['text', 'unread_text'],
  document: ['document', 'document_id'],
  address: ['address', 'address_id'],
  action: [],
  unknown: 'any',
};

type Key = 'text' | 'document' | 'address';

const KEY_FOR: Readonly<Record<DesiredContent['kind'], Key>> = {
  text: 'text',
  unread_text: 'text',
  document: 'document',
  document_id: 'document',
  address: 'address',
  address_id: 'address',
};

const ARTICLES: Readonly<Record<Key, string>> = {
  text: 'a text',
  document: 'a document',
  address: 'an address',
};

/** What a value must be, whoever demands it. */
export function checkContent(
  requirement: DesiredRequirement,
  definition: RequirementDefinition,
  held: Pick<ObservedRequirement, 'value'> | undefined,
): readonly Problem[] {
  const fitting = CONTENT_FOR[definition.fieldType];
  const content = requirement.content;
  if (fitting !== 'any' && !fitting.includes(content.kind)) return [unfitting(requirement, definition)];
  if (content.kind !== 'text') return NO_PROBLEMS;
  const isHeld = held !== undefined && isSameText(content.text, held.value);
  return checkText(content.text, definition).map((finding) => ({
    ...(isHeld ? tolerated(finding) : finding),
    message: `"${definition.name}": ${finding.message}`,
    source: requirement.contentSource,
  }));
}

const NO_PROBLEMS: readonly Problem[] = [];

function isSameText(a: Sensitive, b: Sensitive): boolean {
  return normaliseText(reveal(a)) === normaliseText(reveal(b));
}

/** Criteria may be tightened at any time: what Telnyx took before, and nobody writes again, stops no run. */
function tolerated(finding: CriteriaFinding): CriteriaFinding {
  const hint = 'The group has this value already, so nothing is written; a review may still decline it.';
  return { ...finding, severity: 'warning', hint: finding.hint ?? hint };
}

function unfitting(requirement: DesiredRequirement, definition: RequirementDefinition): Problem {
  const source = requirement.contentSource;
  if (definition.fieldType === 'action') {
    return {
      severity: 'error',
      code: 'action-requirement',
      message: `"${definition.name}" is an action: it is fulfilled on each order and cannot have a value in a group`,
      hint: 'Remove it here and set `partial: true`.',
      source,
    };
  }
  const wanted = KEY_FOR[CONTENT_FOR[definition.fieldType][0] as DesiredContent['kind']];
  const taken = definition.fieldType === 'datetime' ? 'a date as text' : ARTICLES[wanted];
  return {
    severity: 'error',
    code: 'wrong-value-type',
    message: `"${definition.name}" takes ${taken}, not ${ARTICLES[KEY_FOR[requirement.content.kind]]}`,
    hint: `Use \`${wanted}:\`.`,
    source,
  };
}

/** Only where every requirement was recognised: else the missing one is likely the one with the typing error. */
function missingValues(
  group: DesiredGroup,
  demands: readonly RequirementDefinition[],
  stated: readonly Stated[],
  problems: readonly Problem[],
): Problem[] {
  if (group.partial || problems.some((problem) => problem.severity === 'error')) return [];
  const missing = demands.filter(
    (demand) => demand.fieldType !== 'action' && !stated.some(({ id }) => id === demand.id),
  );
  if (missing.length === 0) return [];
  return [
    {
      severity: 'error',
      code: 'missing-requirement',
      message: `group "${group.name}" leaves ${missing.length === 1 ? 'a requirement' : `${missing.length} requirements`} without a value: ${listNames(missing, ({ name, id }) => `"${name}" (${id})`)}`,
      hint: 'Add the value, or set `partial: true` if that is intended.',
      source: group.source,
    },
  ];
}

const MOST_NAMES = 20;

function listNames(
  definitions: readonly RequirementDefinition[],
  nameOne: (definition: RequirementDefinition) => string,
): string {
  const shown = definitions.slice(0, MOST_NAMES).map(nameOne).join(', ');
  const more = definitions.length - MOST_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function describe(combination: Combination): string {
  return `${combination.countryCode} ${combination.phoneNumberType} ${combination.action}`;
}
