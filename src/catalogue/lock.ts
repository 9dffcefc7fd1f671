import type {
  Lock,
  LockedName,
  LockedRequirement,
  LockedSet,
  NamedRequirement,
  ScheduledVersion,
} from '../model/lock.ts';
import type { Catalogue, RequirementDefinition } from '../model/requirements.ts';
import { type Combination, combinationKey } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import type { Schedule } from './schedule.ts';

/**
 * Builds a lock of the current requirements, in a normal form, so that equal requirements give an equal text.
 * The previous lock supplies the former names and requirements.
 *
 * @param given.added the combinations that were added with `--add`.
 */
export function makeLock(
  live: Catalogue,
  schedule: Schedule,
  given: { readonly previous: Lock | null; readonly added: ReadonlySet<string>; readonly isSample: boolean },
): Lock {
  const previous = new Map(given.previous?.sets.map((set) => [combinationKey(set.combination), set]));
  const sets = [...live].map(([key, { combination, version, requirements }]): LockedSet => {
    const { requirements: last = [], former = [] } = previous.get(key) ?? {};
    const known = new Map<string, LockedName>([...former, ...last].map((name) => [name.id, name]));
    const demanded = new Set(requirements.map(({ id }) => id));
    return {
      combination,
      added: given.added.has(key),
      version,
      next: normaliseNext(schedule.get(key) ?? null),
      requirements: requirements
        .map((requirement) => normaliseRequirement(requirement, known.get(requirement.id)))
        .sort(byId),
      former: [...known.values()]
        .filter(({ id }) => !demanded.has(id))
        .map(({ id, name, formerNames }) => ({ id, name, formerNames }))
        .sort(byId),
    };
  });
  return { isSample: given.isSample, sets: sets.sort(byCombination) };
}

/** Returns the requirements in the lock as a catalogue, for checks offline. */
export function lockedCatalogue(lock: Lock): Catalogue {
  return new Map(lock.sets.map((set) => [combinationKey(set.combination), set]));
}

/** Returns the combinations that were added with `--add`. */
export function addedCombinations(lock: Lock | null): Combination[] {
  return (lock?.sets ?? []).filter((set) => set.added).map((set) => set.combination);
}

/* ---- Normal form ---- */

function normaliseRequirement(
  requirement: RequirementDefinition,
  former: LockedName | undefined,
): LockedRequirement {
  const { id, fieldType, criteria } = requirement;
  const name = normaliseWords(requirement.name) || id;
  const names = new Set([...(former?.formerNames ?? []), ...(former === undefined ? [] : [former.name])]);
  names.delete(name);
  return {
    id,
    name,
    formerNames: [...names].sort(compareText),
    fieldType,
    description: normaliseWords(requirement.description),
    example: normaliseWords(requirement.example),
    criteria: {
      ...criteria,
      minLength: normaliseNumber(criteria.minLength),
      maxLength: normaliseNumber(criteria.maxLength),
      acceptableCharacters: criteria.acceptableCharacters?.toWellFormed() ?? null,
      acceptableValues: [...new Set(criteria.acceptableValues.map((value) => value.toWellFormed()))].sort(
        compareText,
      ),
      regex: criteria.regex?.toWellFormed() ?? null,
      timeLimit: normaliseWords(criteria.timeLimit ?? '') || null,
      localityLimit: normaliseWords(criteria.localityLimit ?? '') || null,
    },
  };
}

/** Normalises prose: line ends and surrounding whitespace have no meaning. */
function normaliseWords(text: string): string {
  return text.toWellFormed().replace(/\r\n?/g, '\n').trim();
}

/** Turns -0 into 0, since JSON can contain -0 and the lock cannot. */
function normaliseNumber(number: number | null): number | null {
  return number === null ? null : number + 0;
}

function normaliseNext(next: ScheduledVersion | null): ScheduledVersion | null {
  if (next === null) return null;
  const normalise = (names: readonly NamedRequirement[]): NamedRequirement[] =>
    names.map(({ id, name }) => ({ id, name: normaliseWords(name) || id })).sort(byId);
  const { version, effectiveAt, adds, removes } = next;
  return {
    version,
    effectiveAt: effectiveAt?.toWellFormed() ?? null,
    adds: normalise(adds),
    removes: normalise(removes),
  };
}

function byId(a: NamedRequirement, b: NamedRequirement): number {
  return compareText(a.id, b.id);
}

function byCombination(a: LockedSet, b: LockedSet): number {
  return compareText(combinationKey(a.combination), combinationKey(b.combination));
}
