import { isMissing } from '../groups/submitting.ts';
import type { CatalogueKey } from '../requirements/catalogue.ts';
import { type ErrorSource, refusal } from '../server/answer.ts';
import { optionalText } from '../server/input.ts';
import type { JsonObject } from '../server/request.ts';
import type { Group, State } from '../state/state.ts';

const POINTER = { pointer: '/requirement_group_id' };

/**
 * Returns the group that the body of an order names. Refuses one that an order of this combination may not
 * use.
 */
export function readGroup(state: State, body: JsonObject, combination: CatalogueKey): Group {
  const id = optionalText(body, 'requirement_group_id') ?? '';
  if (id === '') throw refusal(422, '10004', 'requirement_group_id is required.', POINTER);
  return attachableGroup(state, id, combination, POINTER);
}

/**
 * Returns a group that an order may use. A group is for one country, type and action; it has to be fulfilled
 * but not approved; and it must still be eligible (all documented). The codes are inferred.
 */
export function attachableGroup(
  state: State,
  id: string,
  combination: CatalogueKey,
  source: ErrorSource,
): Group {
  const group = state.groups.get(id.toLowerCase());
  if (group === undefined) throw refusal(422, '10017', `There is no requirement group ${id}.`, source);
  const [suits, wanted] = [describe(group), describe(combination)];
  if (suits !== wanted) {
    throw refusal(422, '10015', `The requirement group is for ${suits}, not ${wanted}.`, source);
  }
  if (group.status === 'no-longer-eligible') {
    throw refusal(422, '10015', 'The requirement group is no longer eligible: create a new one.', source);
  }
  if (group.regulatory_requirements.some((requirement) => isMissing(state, requirement))) {
    throw refusal(422, '10015', 'The requirement group is not fulfilled: a value is missing.', source);
  }
  return group;
}

function describe({ country_code, phone_number_type, action }: CatalogueKey): string {
  return `${country_code} ${phone_number_type} ${action}`;
}

/** The countries where orders need a fulfilled group (documented). */
export const GROUP_COUNTRIES: readonly string[] = ['CH', 'DK', 'IT', 'NO', 'PT', 'SE'];
