import {
  type AcceptanceCriteria,
  type Catalogue,
  NO_CRITERIA,
  type RequirementDefinition,
  type RequirementSet,
} from '../model/requirements.ts';
import { type Combination, combinationKey, GROUP_ACTIONS, PHONE_NUMBER_TYPES } from '../model/resource.ts';
import { compareText } from '../model/text/compare-text.ts';
import { unlessRefused } from '../telnyx/absence.ts';
import type { ReadClient } from '../telnyx/client.ts';
import { getRegulatoryRequirements, listRequirementSets } from '../telnyx/endpoints/catalogue.ts';
import type { RegulatoryRow, RequirementSetRow } from '../telnyx/types.ts';

/**
 * Reads the current requirements of each combination. Two endpoints each know a half:
 * `/regulatory_requirements` the list of requirements, with `regex` and `case_sensitive`, and `/requirements`
 * the other criteria and the version.
 */
export async function readCatalogue(
  client: ReadClient,
  combinations: readonly Combination[],
): Promise<Catalogue> {
  const wanted = new Map(combinations.map((combination) => [combinationKey(combination), combination]));
  const countries = [...new Set([...wanted.values()].map((combination) => combination.countryCode))];
  const asked = new Map(countries.map((country) => [country, listRequirementSets(client, country)]));
  const sets = await Promise.all(
    [...wanted].map(async ([key, combination]) => {
      const [setRows, regulatory] = await Promise.all([
        asked.get(combination.countryCode) ?? [],
        // Telnyx may refuse a combination that it does not offer. Then the other endpoint, and the write, decide.
        unlessRefused(() => getRegulatoryRequirements(client, combination)),
      ]);
      return [key, mergeSet(combination, setRows, regulatory ?? [])] as const;
    }),
  );
  return new Map(sets);
}

/**
 * Reads every combination that Telnyx lists for a country, in one request. The regular expressions of values
 * are missing, because only the other endpoint knows them.
 */
export async function readCountry(
  client: ReadClient,
  countryCode: string,
): Promise<readonly RequirementSet[]> {
  const rows = await listRequirementSets(client, countryCode);
  const types = new Set(rows.flatMap(({ phoneNumberType }) => phoneNumberType ?? []));
  const combinations = [...(types.size === 0 ? PHONE_NUMBER_TYPES : types)].flatMap((phoneNumberType) =>
    GROUP_ACTIONS.map((action) => ({ countryCode, phoneNumberType, action })),
  );
  return combinations
    .filter((combination) => selectSets(combination, rows).length > 0)
    .map((combination) => mergeSet(combination, rows, []))
    .sort((a, b) => compareText(combinationKey(a.combination), combinationKey(b.combination)));
}

export function mergeSet(
  combination: Combination,
  setRows: readonly RequirementSetRow[],
  regulatoryRows: readonly RegulatoryRow[],
): RequirementSet {
  const sets = selectSets(combination, setRows);
  const details = new Map(sets.flatMap((set) => set.requirements).map((row) => [row.id, row]));
  const demanded = new Map(
    regulatoryRows
      .filter((row) => combinationKey(row) === combinationKey(combination))
      .flatMap((row) => row.requirements)
      .map((row) => [row.id, row]),
  );
  const ids = demanded.size > 0 ? [...demanded.keys()] : [...details.keys()];
  return {
    combination,
    version: sets.find((set) => set.version !== null)?.version ?? null,
    requirements: ids.map((id) => mergeRequirement(id, demanded.get(id), details.get(id))),
  };
}

/**
 * Selects the rows for this combination: those of its own type before those for all types, and those for the
 * whole country before those of localities.
 */
export function selectSets(
  combination: Combination,
  rows: readonly RequirementSetRow[],
): RequirementSetRow[] {
  const fitting = rows.filter(
    (row) =>
      (row.phoneNumberType === combination.phoneNumberType || row.phoneNumberType === null) &&
      (row.action === combination.action || row.action === 'both'),
  );
  const own = fitting.filter((row) => row.phoneNumberType !== null);
  const nearest = own.length > 0 ? own : fitting;
  const countrywide = nearest.filter((row) => row.locality === null);
  return countrywide.length > 0 ? countrywide : nearest;
}

function mergeRequirement(
  id: string,
  demanded: RequirementDefinition | undefined,
  detail: RequirementDefinition | undefined,
): RequirementDefinition {
  const knownType = (row: RequirementDefinition | undefined) =>
    row?.fieldType === 'unknown' ? undefined : row?.fieldType;
  return {
    id,
    name: demanded?.name || detail?.name || id,
    fieldType: knownType(demanded) ?? knownType(detail) ?? 'unknown',
    description: detail?.description || demanded?.description || '',
    example: detail?.example || demanded?.example || '',
    criteria: mergeCriteria(demanded?.criteria ?? NO_CRITERIA, detail?.criteria ?? NO_CRITERIA),
  };
}

function mergeCriteria(a: AcceptanceCriteria, b: AcceptanceCriteria): AcceptanceCriteria {
  const stated = Object.entries(a).filter(([, rule]) => rule !== null);
  const acceptableValues = a.acceptableValues.length > 0 ? a.acceptableValues : b.acceptableValues;
  return { ...b, ...Object.fromEntries(stated), acceptableValues };
}
