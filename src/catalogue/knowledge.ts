import type { Lock, LockedName } from '../model/lock.ts';
import type { ObservedMatch } from '../model/observed.ts';
import {
  type Catalogue,
  type FieldType,
  NO_CRITERIA,
  type RequirementDefinition,
} from '../model/requirements.ts';
import { combinationKey } from '../model/resource.ts';
import { suggest } from '../model/text/suggestion.ts';
import { CONTENT_FOR } from './check-content.ts';
import { allNamesOf, indexNames, type NameIndex, nameOf } from './names.ts';

/** Gathers the known requirements of one combination from the catalogue and the lock. */
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
 * Returns which requirements a group has and which its manifest may name. Computes this once for all groups
 * with the same requirements.
 */
export function understand(shared: Knowledge, match: ObservedMatch): Understanding {
  const own = match.group?.requirements ?? [];
  const likeness = own.map(({ requirementId, fieldType }) => `${requirementId} ${fieldType}`).join();
  const known = shared.understood.get(likeness);
  if (known !== undefined) return known;
  const definitions = definitionsOf(shared, match);
  const understanding = { definitions, vocabulary: vocabularyOf(shared, definitions) };
  shared.understood.set(likeness, understanding);
  return understanding;
}

/** The known requirements of one combination, for any group. */
export interface Knowledge {
  readonly catalogued: readonly RequirementDefinition[];
  readonly find: NameIndex<RequirementDefinition>;
  readonly findLocked: NameIndex<LockedName>;
  readonly guess: Guess;
  /** The results by the groups' own requirements, which tens of thousands of groups share. */
  readonly understood: Map<string, Understanding>;
}

export function guessSometimes(): Guess {
  let guesses = 0;
  return (written, known) =>
    ++guesses > MAX_GUESSES
      ? null
      : suggest(
          written,
          known.flatMap(({ name, id }) => [name, id]),
        );
}

type Guess = (written: string, known: readonly RequirementDefinition[]) => string | null;

/** The limit exists because comparing tens of thousands of wrong names with the right ones takes minutes. */
const MAX_GUESSES = 100;

/** The requirements of a group and the names for them, shared by all groups with the same requirements. */
interface Understanding {
  readonly definitions: readonly RequirementDefinition[];
  readonly vocabulary: Vocabulary;
}

/**
 * Returns the requirements of an existing group as it states them, with the types from its creation and the
 * catalogue's descriptions where there are any. A new group has those of the catalogue.
 */
function definitionsOf(
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

/**
 * Compares two types by the content they take. A group may state a date as textual (documented), and an
 * unknown type is the catalogue's.
 */
function takesTheSame(own: FieldType, catalogued: FieldType): boolean {
  return own === 'unknown' || CONTENT_FOR[own][0] === CONTENT_FOR[catalogued][0];
}

/** Returns a requirement of which only this is known. */
export function undescribed(id: string, fieldType: FieldType, name = id): RequirementDefinition {
  return { id, name, fieldType, description: '', example: '', criteria: NO_CRITERIA };
}

/** The requirements that a group's manifest may name: the current ones, and those of the group itself. */
export interface Vocabulary extends Pick<Knowledge, 'find' | 'findLocked' | 'guess'> {
  readonly known: readonly RequirementDefinition[];
}

function vocabularyOf(
  { catalogued, find, findLocked, guess }: Knowledge,
  definitions: readonly RequirementDefinition[],
): Vocabulary {
  if (definitions === catalogued) return { find, findLocked, guess, known: catalogued };
  const byId = new Map([...catalogued, ...definitions].map((definition) => [definition.id, definition]));
  const known = [...byId.values()];
  return { findLocked, guess, known, find: indexNames(known, nameOf) };
}
