import type { Lock, LockedName } from '../model/lock.ts';
import type { ObservedMatch } from '../model/observed.ts';
import type { Catalogue, FieldType, RequirementDefinition } from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';
import { suggest } from '../model/suggestion.ts';
import { CONTENT_FOR } from './check-content.ts';
import { allNamesOf, indexNames, type NameIndex, nameOf } from './names.ts';

/** Gathers what is known of the requirements of one combination, from the catalogue and the lock. */
export function knowledgeOf(key: string, catalogue: Catalogue, lock: Lock | null, guess: Guess): Knowledge {
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

/**
 * Works out, once for all groups that are made alike, what a group must state and what its manifest may name.
 */
export function understand(shared: Knowledge, match: ObservedMatch): Understanding {
  const own = match.group?.requirements ?? [];
  const likeness = own.map(({ requirementId, fieldType }) => `${requirementId} ${fieldType}`).join();
  const known = shared.understood.get(likeness) ?? learn(shared, match);
  shared.understood.set(likeness, known);
  return known;
}

/** What is known of the requirements of one combination, whatever the group. */
export interface Knowledge {
  readonly catalogued: readonly RequirementDefinition[];
  readonly find: NameIndex<RequirementDefinition>;
  readonly findLocked: NameIndex<LockedName>;
  readonly guess: Guess;
  /** By what groups are made of: tens of thousands have the same requirements. */
  readonly understood: Map<string, Understanding>;
}

export function guessSometimes(): Guess {
  let guesses = 0;
  return (written, known) =>
    ++guesses > MOST_GUESSES
      ? null
      : suggest(
          written,
          known.flatMap(({ name, id }) => [name, id]),
        );
}

type Guess = (written: string, known: readonly RequirementDefinition[]) => string | null;

/** Nobody reads further, and comparing tens of thousands of wrong names with hundreds of right ones takes minutes. */
const MOST_GUESSES = 100;

/** What there is to know of the requirements of a group, and of all that are made alike. */
interface Understanding {
  readonly demands: readonly RequirementDefinition[];
  readonly vocabulary: Vocabulary;
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
export interface Vocabulary extends Pick<Knowledge, 'find' | 'findLocked' | 'guess'> {
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
