import { randomUUID } from 'node:crypto';
import { linkDocuments, unlinkDocuments } from '../documents/links.ts';
import {
  activeVersion,
  asPhoneNumberType,
  type Combination,
  findSet,
  GROUP_ACTIONS,
  ofPhoneNumberType,
  PHONE_NUMBER_TYPES,
} from '../requirements/catalogue.ts';
import { readReference } from '../requirements/references.ts';
import {
  type EntryList,
  entryFaults,
  readEntries,
  storedValue,
  type ValueEntry,
} from '../requirements/values.ts';
import {
  type Answer,
  dataAnswer,
  emptyAnswer,
  json,
  notFound,
  refusal,
  refuseIfAny,
} from '../server/answer.ts';
import { missingFields, optionalText, wrongChoice } from '../server/input.ts';
import { equals, type Filter, type Listing, selectPage } from '../server/list.ts';
import { type Exchange, type JsonObject, readJsonObject } from '../server/request.ts';
import { stamp } from '../state/clock.ts';
import type { Group, GroupRequirement, State } from '../state/state.ts';
import { judgeChange, refuseUnlessSubmittable } from './approval.ts';

/* ---- The endpoints ---- */

export function listGroups(exchange: Exchange): Answer {
  const { rows, meta } = selectPage(exchange, exchange.state.groups, listing(exchange.state));
  const groups = rows.map(presentGroup);
  if (exchange.state.quirks.groups_list_envelope === 'bare') return json(200, groups);
  return json(200, meta === null ? { data: groups } : { data: groups, meta });
}

export function createGroup({ state, request }: Exchange): Answer {
  const body = readJsonObject(request);
  const combination = readCombination(body);
  const empty = newGroup(
    state,
    combination,
    requiredIds(state, combination),
    readReference(state, body) ?? null,
  );
  const group = fill(state, empty, readEntries(body, GROUP_ENTRIES));
  storeGroup(state, group);
  const presented = presentGroup(group);
  return groupAnswer(
    state,
    state.quirks.groups_post_answer === 'bare' ? { ...presented, regulatory_requirements: [] } : presented,
  );
}

export function getGroup({ state, params }: Exchange): Answer {
  return groupAnswer(state, presentGroup(requireGroup(state, params.id)));
}

/** Changes values one by one; country, type and action are what they were, whatever the body says. */
export function updateGroup({ state, request, params }: Exchange): Answer {
  const body = readJsonObject(request);
  const group = requireGroup(state, params.id);
  const reference = readReference(state, body);
  const filled = judgeChange(state, group, fill(state, group, readEntries(body, GROUP_ENTRIES)));
  const customer_reference = reference === undefined ? group.customer_reference : reference;
  if (filled === group && customer_reference === group.customer_reference) {
    return groupAnswer(state, presentGroup(group));
  }
  const updated = { ...filled, customer_reference, updated_at: stamp(state) };
  storeGroup(state, updated);
  return groupAnswer(state, presentGroup(updated));
}

export function deleteGroup({ state, params }: Exchange): Answer {
  const group = requireGroup(state, params.id);
  unlinkDocuments(state, group.id);
  state.groups.delete(group.id);
  return state.quirks.delete_answer === 204 ? emptyAnswer(204) : groupAnswer(state, presentGroup(group));
}

export function submitGroup({ state, params }: Exchange): Answer {
  const group = requireGroup(state, params.id);
  refuseUnlessSubmittable(state, group);
  const submitted = withStatus(state, group, 'pending-approval');
  storeGroup(state, submitted);
  return groupAnswer(state, presentGroup(submitted));
}

/* ---- What others need of groups ---- */

/** One fictional user owns everything. */
export const USER_ID = 'c142e29a-3f38-40a0-9538-7a7f0f744088';

export function presentGroup({ born_ms: _, ...group }: Group) {
  return { record_type: 'requirement_group', user_id: USER_ID, ...group };
}

export function requireGroup(state: State, id: string | undefined): Group {
  const group = state.groups.get(id ?? '');
  if (group === undefined) throw notFound('requirement group');
  return group;
}

export function storeGroup(state: State, group: Group): void {
  const { id, regulatory_requirements } = group;
  state.groups.set(id, group);
  linkDocuments(state, { id, recordType: 'requirement_group' }, regulatory_requirements);
}

/** What the catalogue demands today; null for a combination that it does not know. */
export function catalogueIds(state: State, combination: Combination): readonly string[] | null {
  const set = findSet(state, combination);
  return set === undefined ? null : activeVersion(state, set).requirement_ids;
}

export function newGroup(
  state: State,
  combination: Combination,
  requirementIds: readonly string[],
  customer_reference: string | null,
): Group {
  const created_at = stamp(state);
  const typeOf = (id: string): string => state.requirementTypes.get(id)?.type ?? 'textual';
  return {
    id: randomUUID(),
    ...combination,
    customer_reference,
    status: 'unapproved',
    regulatory_requirements: requirementIds.map((id) => emptyRequirement(id, typeOf(id), created_at)),
    created_at,
    updated_at: created_at,
    born_ms: Date.now(),
  };
}

export function emptyRequirement(id: string, fieldType: string, created_at: string): GroupRequirement {
  return {
    requirement_id: id,
    field_type: fieldType,
    field_value: '',
    status: 'unapproved',
    expires_at: null,
    created_at,
    updated_at: created_at,
  };
}

/** The group and all of its requirements in one status. */
export function withStatus(state: State, group: Group, status: string): Group {
  const updated_at = stamp(state);
  return {
    ...group,
    status,
    updated_at,
    regulatory_requirements: group.regulatory_requirements.map((requirement) => ({
      ...requirement,
      status,
      updated_at,
    })),
  };
}

/* ---- Lists ---- */

const GROUP_STATUSES = [
  'approved',
  'unapproved',
  'pending-approval',
  'declined',
  'expired',
  'no-longer-eligible',
] as const;

function listing({ quirks }: State): Listing<Group> {
  return {
    name: 'requirement_groups',
    filters: {
      country_code: equals((group) => group.country_code),
      phone_number_type: ofPhoneNumberType(
        (group, type) => group.phone_number_type === type,
        PHONE_NUMBER_TYPES,
      ),
      action: equals((group) => group.action, [...GROUP_ACTIONS, 'action']),
      status: equals((group) => group.status, GROUP_STATUSES),
      customer_reference: referenceFilter(quirks.groups_reference_filter),
    },
    sortBy: { created_at: (group) => group.created_at, updated_at: (group) => group.updated_at },
    defaultSort: '-created_at',
    pageSize: 25,
  };
}

function referenceFilter(style: State['quirks']['groups_reference_filter']): Filter<Group> {
  const exact = equals<Group>((group) => group.customer_reference);
  if (style === 'exact') return exact;
  return { matches: (group, values) => values.some((value) => group.customer_reference?.includes(value)) };
}

function groupAnswer(state: State, group: unknown): Answer {
  return state.quirks.groups_list_envelope === 'bare' ? json(200, group) : dataAnswer(group);
}

/* ---- Reading bodies ---- */

const COMBINATION_FIELDS = ['country_code', 'phone_number_type', 'action'] as const;

function readCombination(body: JsonObject): Combination {
  const { phone_number_type: type } = body;
  const phone_number_type = typeof type === 'string' ? asPhoneNumberType(type) : type;
  refuseIfAny([
    ...missingFields(body, COMBINATION_FIELDS),
    ...wrongChoice({ phone_number_type }, 'phone_number_type', PHONE_NUMBER_TYPES),
    ...wrongChoice(body, 'action', GROUP_ACTIONS),
  ]);
  return {
    country_code: optionalText(body, 'country_code') ?? '',
    phone_number_type: optionalText({ phone_number_type }, 'phone_number_type') ?? '',
    action: optionalText(body, 'action') ?? '',
  };
}

function requiredIds(state: State, combination: Combination): readonly string[] {
  const ids = catalogueIds(state, combination);
  if (ids !== null) return ids;
  throw refusal(422, '10027', `No requirements are known for ${Object.values(combination).join(' ')}.`);
}

const GROUP_ENTRIES: EntryList = {
  field: 'regulatory_requirements',
  idField: 'requirement_id',
  owner: 'group',
};

/* ---- Filling ---- */

/** The group with the values set, unjudged. Of two values for one requirement the last one counts. */
function fill(state: State, group: Group, entries: readonly ValueEntry[]): Group {
  refuseIfAny(entryFaults(state, group.regulatory_requirements, entries, GROUP_ENTRIES));
  const values = new Map(entries.map((entry) => [entry.requirement_id, storedValue(state, entry)]));
  return {
    ...group,
    regulatory_requirements: group.regulatory_requirements.map((requirement) => {
      const value = values.get(requirement.requirement_id);
      return value === undefined || value === requirement.field_value
        ? requirement
        : { ...requirement, field_value: value, updated_at: stamp(state) };
    }),
  };
}
