import type { Filter } from '../server/list.ts';
import { nowMs } from '../state/clock.ts';
import type { RequirementSetVersion, State, StoredCriteria, StoredRequirementSet } from '../state/state.ts';

export const PHONE_NUMBER_TYPES = ['local', 'toll_free', 'mobile', 'national', 'shared_cost'] as const;
export const GROUP_ACTIONS = ['ordering', 'porting'] as const;

/** Returns the type with underscores, as in answers. Older documents write `toll-free` (documented). */
export function asPhoneNumberType(text: string): string {
  return text.replaceAll('-', '_');
}

/** Filters by type in either spelling. */
export function ofPhoneNumberType<Row>(
  matches: (row: Row, type: string) => boolean,
  choices?: readonly string[],
): Filter<Row> {
  return {
    matches: (row, values) => values.some((value) => matches(row, asPhoneNumberType(value))),
    ...(choices === undefined
      ? {}
      : { check: (value: string) => choices.includes(asPhoneNumberType(value)) }),
  };
}

export const NO_CRITERIA: StoredCriteria = {
  min_length: null,
  max_length: null,
  acceptable_characters: null,
  acceptable_values: [],
  regex: null,
  case_sensitive: null,
  time_limit: null,
  locality_limit: null,
};

/** The combination that a group is for. */
export interface CatalogueKey {
  readonly country_code: string;
  readonly phone_number_type: string;
  readonly action: string;
}

/** Returns the set for a combination. A set for this exact type and action overrides one for all of them. */
export function findSet(state: State, combination: CatalogueKey): StoredRequirementSet | undefined {
  const sets = [...state.requirementSets.values()].filter((set) => covers(set, combination));
  return sets.sort((a, b) => generality(a) - generality(b))[0];
}

function covers(
  set: StoredRequirementSet,
  { country_code, phone_number_type, action }: CatalogueKey,
): boolean {
  return set.country_code === country_code && coversType(set, phone_number_type) && coversAction(set, action);
}

export function coversType(set: StoredRequirementSet, phoneNumberType: string): boolean {
  return set.phone_number_type === '' || set.phone_number_type === phoneNumberType;
}

export function coversAction(set: StoredRequirementSet, action: string): boolean {
  return set.action === action || (set.action === 'both' && action !== 'branded_calling');
}

function generality(set: StoredRequirementSet): number {
  return (set.phone_number_type === '' ? 2 : 0) + (set.action === 'both' ? 1 : 0);
}

/** Returns every combination that a set covers. */
export function combinationsOf(set: StoredRequirementSet): CatalogueKey[] {
  const types = PHONE_NUMBER_TYPES.filter((type) => coversType(set, type));
  const actions = GROUP_ACTIONS.filter((action) => coversAction(set, action));
  return types.flatMap((phone_number_type) =>
    actions.map((action) => ({ country_code: set.country_code, phone_number_type, action })),
  );
}

export function activeVersion(state: State, set: StoredRequirementSet): RequirementSetVersion {
  const begun = set.versions.filter((version) => Date.parse(version.effective_start_at) <= nowMs(state));
  const active = begun.at(-1) ?? set.versions[0];
  if (active === undefined) throw new Error(`The requirement set ${set.id} has no version.`);
  return active;
}

/** Returns the end of a version. Null for the active version and for future ones. */
export function endOf(
  state: State,
  set: StoredRequirementSet,
  version: RequirementSetVersion,
): string | null {
  const next = set.versions.find((other) => other.version > version.version);
  return next === undefined || Date.parse(next.effective_start_at) > nowMs(state)
    ? null
    : next.effective_start_at;
}
