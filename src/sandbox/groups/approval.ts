import { findSet } from '../requirements/catalogue.ts';
import { type ApiError, apiError, refusal, refuseIfAny } from '../server/answer.ts';
import type { Group, GroupRequirement, State } from '../state/state.ts';

/** Judges what a change of values does to the approval of a group. */
export function judgeChange(state: State, before: Group, after: Group): Group {
  const changed = (requirement: GroupRequirement): boolean =>
    !before.regulatory_requirements.includes(requirement);
  if (!after.regulatory_requirements.some(changed)) return before;
  const effect = state.quirks.patch_effect;
  if (effect === 'refuse' && isSubmitted(before)) {
    throw refusal(422, '10027', `A requirement group that is ${before.status} cannot be changed.`);
  }
  if (effect === 'keep' || before.status === 'no-longer-eligible') return after;
  return {
    ...after,
    status: effect === 'requirement-only' ? after.status : 'unapproved',
    regulatory_requirements: after.regulatory_requirements.map((requirement) =>
      changed(requirement) ? { ...requirement, status: 'unapproved', expires_at: null } : requirement,
    ),
  };
}

function isSubmitted({ status }: Group): boolean {
  return status === 'approved' || status === 'pending-approval';
}

/** Refuses to submit a group that is not complete, or not to be approved before. */
export function refuseUnlessSubmittable(state: State, group: Group): void {
  if (isSubmitted(group)) {
    throw refusal(422, '10027', `The requirement group is ${group.status} already.`);
  }
  if (group.status === 'no-longer-eligible') {
    throw refusal(422, '10027', 'The requirement group is no longer eligible: create a new one.');
  }
  if (findSet(state, group)?.pre_approval === false) {
    throw refusal(422, '10027', `Pre-approval is not supported in ${group.country_code}.`);
  }
  refuseIfAny(group.regulatory_requirements.flatMap(missingValue));
}

function missingValue({ requirement_id, field_value }: GroupRequirement, index: number): ApiError[] {
  if (field_value !== '') return [];
  const pointer = `/regulatory_requirements/${index}/field_value`;
  return [apiError('10027', `The requirement ${requirement_id} has no value.`, { pointer })];
}
