import { requireGroup } from '../groups/groups.ts';
import { countryOf, fictionalNumber } from '../orders/phone-numbers.ts';
import { dataAnswer, json, notFound, type Reply, refusal } from '../server/answer.ts';
import {
  applyFilters,
  contains,
  equals,
  type Filter,
  type ListRules,
  listAnswer,
  readFilters,
} from '../server/list.ts';
import type { Exchange } from '../server/request.ts';
import type { RequirementSetVersion, RequirementType, State, StoredRequirementSet } from '../state/state.ts';
import {
  activeVersion,
  type CatalogueKey,
  combinationsOf,
  coversAction,
  coversType,
  endOf,
  findSet,
  GROUP_ACTIONS,
  ofPhoneNumberType,
  PHONE_NUMBER_TYPES,
} from './catalogue.ts';

/* ---- /requirements: one row for each combination ---- */

export function listRequirements(exchange: Exchange): Reply {
  const { state } = exchange;
  const version = askedVersion(exchange);
  const rows = [...state.requirementSets.values()].flatMap((set) => {
    const shown = selectVersion(state, set, version);
    return shown === undefined ? [] : [{ set, shown }];
  });
  return listAnswer(exchange, rows, REQUIREMENTS, ({ set, shown }) => presentSet(state, set, shown));
}

export function getRequirement(exchange: Exchange): Reply {
  const { state, params } = exchange;
  const set = state.requirementSets.get(params.id ?? '');
  const shown = set === undefined ? undefined : selectVersion(state, set, askedVersion(exchange));
  if (set === undefined || shown === undefined) throw notFound('requirement');
  return dataAnswer(presentSet(state, set, shown));
}

interface Row {
  readonly set: StoredRequirementSet;
  readonly shown: RequirementSetVersion;
}

const REQUIREMENTS: ListRules<Row> = {
  name: 'requirements',
  filters: {
    country_code: equals(({ set }) => set.country_code),
    phone_number_type: ofPhoneNumberType(
      ({ set }, type) => coversType(set, type),
      ['local', 'national', 'toll_free', 'mobile'],
    ),
    action: {
      matches: ({ set }, values) => values.some((value) => coversAction(set, value)),
      check: (value) => ['branded_calling', 'ordering', 'porting'].includes(value),
    },
  },
  sortBy: {
    created_at: ({ set }) => set.created_at,
    updated_at: ({ set }) => set.updated_at,
    country_code: ({ set }) => set.country_code,
    phone_number_type: ({ set }) => set.phone_number_type,
    // The two keys are from older documents.
    action: ({ set }) => set.action,
    locality: ({ set }) => set.locality,
  },
};

function askedVersion({ request }: Exchange): number | null {
  const text = request.query.get('version');
  if (text === null) return null;
  if (/^\d+$/.test(text)) return Number(text);
  throw refusal(422, '10026', 'version must be an integer.', { parameter: 'version' });
}

/** Selects a version. A future one is shown only to requests for its number. */
function selectVersion(
  state: State,
  set: StoredRequirementSet,
  version: number | null,
): RequirementSetVersion | undefined {
  if (version === null) return activeVersion(state, set);
  return set.versions.find((candidate) => candidate.version === version);
}

function presentSet(state: State, set: StoredRequirementSet, shown: RequirementSetVersion) {
  const { versions: _, pre_approval: __, ...rest } = set;
  return {
    record_type: 'requirement',
    ...rest,
    version: shown.version,
    effective_start_at: shown.effective_start_at,
    effective_end_at: endOf(state, set, shown),
    [state.quirks.requirements_array]: typesOf(state, shown).map((type) => presentType(state, type)),
  };
}

function typesOf(state: State, { requirement_ids }: RequirementSetVersion): RequirementType[] {
  return requirement_ids.flatMap((id) => state.requirementTypes.get(id) ?? []);
}

/* ---- /requirement_types ---- */

export function listRequirementTypes(exchange: Exchange): Reply {
  const { state } = exchange;
  return listAnswer(exchange, state.requirementTypes.values(), TYPES, (type) => presentType(state, type));
}

export function getRequirementType({ state, params }: Exchange): Reply {
  const type = state.requirementTypes.get(params.id ?? '');
  if (type === undefined) throw notFound('requirement type');
  return dataAnswer(presentType(state, type));
}

const TYPES: ListRules<RequirementType> = {
  name: 'requirement_types',
  filters: { 'name.contains': contains((type) => type.name) },
  sortBy: {
    name: (type) => type.name,
    created_at: (type) => type.created_at,
    updated_at: (type) => type.updated_at,
  },
  defaultSort: '-created_at',
};

/** Presents a type without its regex and without `datetime`, which only `/regulatory_requirements` has. */
function presentType({ quirks }: State, { acceptance_criteria, type, ...rest }: RequirementType) {
  const { regex: _, case_sensitive: __, ...criteria } = acceptance_criteria;
  return {
    record_type: 'requirement_type',
    ...rest,
    type: type === 'datetime' ? 'textual' : type,
    acceptance_criteria: quirks.unset_fields === 'null' ? criteria : withoutNulls(criteria),
  };
}

function withoutNulls(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

/* ---- /regulatory_requirements: the same by combination, with criteria as texts ---- */

export function listRegulatoryRequirements(exchange: Exchange): Reply {
  const { state } = exchange;
  const rows = [...state.requirementSets.values()].flatMap((set) =>
    combinationsOf(set).filter((combination) => findSet(state, combination)?.id === set.id),
  );
  const selected = applyFilters(exchange, rows, { filters: combinationFilters(state) });
  return json(200, { data: selected.map((combination) => presentCombination(state, combination)) });
}

function combinationFilters(state: State): Readonly<Record<string, Filter<CatalogueKey>>> {
  return {
    country_code: equals((row) => row.country_code),
    phone_number_type: ofPhoneNumberType((row, type) => row.phone_number_type === type, PHONE_NUMBER_TYPES),
    action: equals((row) => row.action, [...GROUP_ACTIONS, 'action']),
    phone_number: { matches: (row, [number]) => isSameCombination(row, combinationOf(number ?? '')) },
    requirement_group_id: { matches: (row, [id]) => isSameCombination(row, requireGroup(state, id)) },
  };
}

function isSameCombination(a: CatalogueKey, b: CatalogueKey): boolean {
  return (
    a.country_code === b.country_code && a.phone_number_type === b.phone_number_type && a.action === b.action
  );
}

function presentCombination(state: State, { country_code, phone_number_type, action }: CatalogueKey) {
  const set = findSet(state, { country_code, phone_number_type, action });
  const types = set === undefined ? [] : typesOf(state, activeVersion(state, set));
  return {
    country_code,
    phone_number_type,
    action,
    regulatory_requirements: types.map((type) => ({
      id: type.id,
      name: type.name,
      description: type.description,
      example: type.example,
      field_type: type.type,
      acceptance_criteria: criteriaAsTexts(state, type),
    })),
  };
}

function criteriaAsTexts({ quirks }: State, { acceptance_criteria }: RequirementType): object {
  const unset = quirks.unset_fields === 'null' ? null : '';
  const texts = Object.entries(acceptance_criteria).map(([name, value]) => [
    name,
    Array.isArray(value) ? value : value === null ? unset : String(value),
  ]);
  return Object.fromEntries(texts);
}

/* ---- /phone_numbers_regulatory_requirements ---- */

export function listPhoneNumberRequirements(exchange: Exchange): Reply {
  const { state, request } = exchange;
  const numbers = (readFilters(request.query).get('phone_number') ?? []).flatMap((list) => list.split(','));
  return listAnswer(exchange, numbers, PHONE_NUMBERS, (number) => presentPhoneNumber(state, number));
}

const PHONE_NUMBERS: ListRules<string> = {
  name: 'phone_numbers_regulatory_requirements',
  filters: { phone_number: { matches: () => true } },
  sortBy: {},
};

function presentPhoneNumber(state: State, number: string) {
  const combination = combinationOf(number);
  const { country_code, phone_number_type } = combination;
  return {
    record_type: 'phone_number_regulatory_requirements',
    phone_number: number,
    phone_number_type,
    region_information: [{ region_type: 'country_code', region_name: country_code }],
    regulatory_requirements: presentCombination(state, combination).regulatory_requirements.map(
      ({ name, acceptance_criteria: _, ...requirement }) => ({
        record_type: 'regulatory_requirement',
        label: name,
        ...requirement,
        acceptance_criteria: phoneNumberCriteria(state, requirement.id),
      }),
    ),
  };
}

function phoneNumberCriteria(state: State, id: string) {
  const type = state.requirementTypes.get(id);
  return {
    field_type: type?.type ?? '',
    field_value: '',
    locality_limit: type?.acceptance_criteria.locality_limit ?? '',
  };
}

/** Returns the combination of a number. A number that is not fictional counts as local. */
function combinationOf(number: string): CatalogueKey {
  const country_code = countryOf(number);
  if (country_code === null) {
    throw refusal(422, '10027', `The country of "${number}" is not known to the sandbox.`, {
      parameter: 'filter[phone_number]',
    });
  }
  return {
    country_code,
    phone_number_type: fictionalNumber(number)?.phone_number_type ?? 'local',
    action: 'ordering',
  };
}
