import { catalogueIds, emptyRequirement, newGroup, storeGroup } from '../groups/groups.ts';
import { refusal } from '../server/answer.ts';
import { optionalText, refuseUnknown } from '../server/input.ts';
import { isJsonObject, type JsonObject } from '../server/request.ts';
import type { Group, GroupRequirement, State } from '../state/state.ts';

/** Groups that control writes without any check, to make odd data for tests. */

export function plantGroup(state: State, body: JsonObject): Group {
  const combination = {
    country_code: optionalText(body, 'country_code') ?? 'DE',
    phone_number_type: optionalText(body, 'phone_number_type') ?? 'local',
    action: optionalText(body, 'action') ?? 'ordering',
  };
  const group = newGroup(state, combination, catalogueIds(state, combination) ?? [], null);
  return overwriteGroup(state, { ...group, id: optionalText(body, 'id') ?? group.id }, body);
}

/** Sets the fields that the body names. Requirements are matched by id, and unknown ones are added. */
export function overwriteGroup(state: State, group: Group, body: JsonObject): Group {
  const patches = readPatches(body);
  const written: Group = {
    ...group,
    ...pick(body, GROUP_FIELDS),
    regulatory_requirements: patches.reduce<readonly GroupRequirement[]>(
      overwriteRequirement,
      group.regulatory_requirements,
    ),
  };
  storeGroup(state, written);
  return written;
}

function readPatches({ regulatory_requirements: patches = [] }: JsonObject): readonly JsonObject[] {
  const pointer = '/regulatory_requirements';
  if (!Array.isArray(patches) || !patches.every(isJsonObject)) {
    throw refusal(422, '10026', 'regulatory_requirements must be a list of objects.', { pointer });
  }
  for (const [index, patch] of patches.entries()) {
    refuseUnknown(patch, ['requirement_id', ...REQUIREMENT_FIELDS], `${pointer}/${index}`);
  }
  return patches;
}

const GROUP_FIELDS = [
  'country_code',
  'phone_number_type',
  'action',
  'customer_reference',
  'status',
  'created_at',
  'updated_at',
] as const;

/** The fields that a body may name. */
export const OVERWRITABLE: readonly string[] = [...GROUP_FIELDS, 'regulatory_requirements'];

const REQUIREMENT_FIELDS = [
  'field_type',
  'field_value',
  'status',
  'expires_at',
  'created_at',
  'updated_at',
] as const;

function overwriteRequirement(
  requirements: readonly GroupRequirement[],
  patch: JsonObject,
): readonly GroupRequirement[] {
  const id = optionalText(patch, 'requirement_id') ?? '';
  const index = requirements.findIndex(({ requirement_id }) => requirement_id === id);
  const created_at = requirements[0]?.created_at ?? '2026-01-01T00:00:00.000000Z';
  const known = requirements[index] ?? emptyRequirement(id, 'textual', created_at);
  const written = { ...known, ...pick(patch, REQUIREMENT_FIELDS) };
  return index === -1 ? [...requirements, written] : requirements.with(index, written);
}

/** Picks the fields with values of any type, which planting allows on purpose. */
function pick(body: JsonObject, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
}
