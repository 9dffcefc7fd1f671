import { randomUUID } from 'node:crypto';
import { activeVersion, type CatalogueKey, findSet, NO_CRITERIA } from '../requirements/catalogue.ts';
import { refusal } from '../server/answer.ts';
import {
  optionalChoice,
  optionalFlag,
  optionalNumber,
  optionalText,
  optionalTexts,
  refuseUnknown,
} from '../server/input.ts';
import { isJsonObject, type JsonObject } from '../server/request.ts';
import { nowMs, stamp, timeText } from '../state/clock.ts';
import type {
  RequirementSetVersion,
  RequirementType,
  State,
  StoredCriteria,
  StoredFieldType,
  StoredRequirementSet,
} from '../state/state.ts';

export const CATALOGUE_FIELDS = [
  'add',
  'remove',
  'replace',
  'pre_approval',
  'bump',
  'effective_at',
  'effective_in_seconds',
] as const;

/**
 * Changes the requirements of a combination, now or later, as a regulator does. Existing groups keep their
 * requirements. A change makes a new version, unless `bump` is false. A future version replaces any other
 * future version.
 */
export function changeCatalogue(
  state: State,
  combination: CatalogueKey,
  body: JsonObject,
): StoredRequirementSet {
  const set = findSet(state, combination) ?? newSet(state, combination);
  const active = activeVersion(state, set);
  const requirement_ids = changedIds(state, active.requirement_ids, body);
  const changed: StoredRequirementSet = {
    ...set,
    pre_approval: optionalFlag(body, 'pre_approval') ?? set.pre_approval,
    versions:
      optionalFlag(body, 'bump') === false && active.version > 0
        ? set.versions.map((version) => (version === active ? { ...version, requirement_ids } : version))
        : withNewVersion(state, set, { startMs: readStartMs(state, body), requirement_ids }),
    updated_at: stamp(state),
  };
  state.requirementSets.set(changed.id, changed);
  return changed;
}

function newSet(
  state: State,
  { country_code, phone_number_type, action }: CatalogueKey,
): StoredRequirementSet {
  if (action !== 'ordering' && action !== 'porting') {
    throw refusal(422, '10032', 'The action must be ordering or porting.');
  }
  const created_at = stamp(state);
  return {
    id: randomUUID(),
    country_code,
    phone_number_type,
    action,
    locality: '',
    pre_approval: true,
    versions: [{ version: 0, effective_start_at: created_at, requirement_ids: [] }],
    created_at,
    updated_at: created_at,
  };
}

function changedIds(state: State, ids: readonly string[], body: JsonObject): readonly string[] {
  const kept = body.replace === undefined ? ids : storeTypes(state, body.replace);
  const removed = optionalTexts(body, 'remove') ?? [];
  const added = storeTypes(state, body.add ?? []);
  return [...new Set([...kept.filter((id) => !removed.includes(id)), ...added])];
}

function withNewVersion(
  state: State,
  { versions }: StoredRequirementSet,
  { startMs, requirement_ids }: { readonly startMs: number; readonly requirement_ids: readonly string[] },
): readonly RequirementSetVersion[] {
  const begun = versions.filter(
    ({ version, effective_start_at }) => version > 0 && Date.parse(effective_start_at) <= nowMs(state),
  );
  const version = (begun.at(-1)?.version ?? 0) + 1;
  return [...begun, { version, effective_start_at: timeText(startMs), requirement_ids }];
}

function readStartMs(state: State, body: JsonObject): number {
  const at = optionalText(body, 'effective_at');
  if (at !== undefined && at !== null) {
    const atMs = Date.parse(at);
    if (!Number.isNaN(atMs)) return atMs;
    throw refusal(422, '10026', 'effective_at must be an ISO time.', { pointer: '/effective_at' });
  }
  return nowMs(state) + (optionalNumber(body, 'effective_in_seconds') ?? 0) * 1000;
}

/** Returns the ids of known requirements, and stores the definitions of new or changed ones. */
function storeTypes(state: State, value: unknown): string[] {
  if (!Array.isArray(value)) throw refusal(422, '10026', 'add and replace must be lists.');
  return value.map((wanted) => {
    if (typeof wanted === 'string' && state.requirementTypes.has(wanted)) return wanted;
    if (!isJsonObject(wanted)) throw refusal(422, '10017', `There is no requirement ${String(wanted)}.`);
    const type = readType(state, wanted);
    state.requirementTypes.set(type.id, type);
    return type.id;
  });
}

const TYPE_FIELDS = ['id', 'name', 'type', 'description', 'example', 'acceptance_criteria'] as const;
const FIELD_TYPES = [
  'textual',
  'datetime',
  'document',
  'address',
  'action',
] as const satisfies StoredFieldType[];

function readType(state: State, definition: JsonObject): RequirementType {
  refuseUnknown(definition, TYPE_FIELDS);
  const criteria = definition.acceptance_criteria ?? {};
  if (!isJsonObject(criteria)) throw refusal(422, '10026', 'acceptance_criteria must be an object.');
  refuseUnknown(criteria, Object.keys(NO_CRITERIA), '/acceptance_criteria');
  const id = optionalText(definition, 'id') ?? randomUUID();
  const known = state.requirementTypes.get(id);
  const updated_at = stamp(state);
  return {
    id,
    name: optionalText(definition, 'name') ?? known?.name ?? 'Sample Requirement',
    type: optionalChoice(definition, 'type', FIELD_TYPES) ?? known?.type ?? 'textual',
    description: optionalText(definition, 'description') ?? known?.description ?? '',
    example: optionalText(definition, 'example') ?? known?.example ?? '',
    acceptance_criteria: {
      ...(known?.acceptance_criteria ?? NO_CRITERIA),
      ...(criteria as Partial<StoredCriteria>),
    },
    created_at: known?.created_at ?? updated_at,
    updated_at,
  };
}
