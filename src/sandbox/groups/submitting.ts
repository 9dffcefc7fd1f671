import { findSet } from '../requirements/catalogue.ts';
import { apiError, type ErrorBody, type Reply, refusal, refuseIfAny } from '../server/answer.ts';
import type { Exchange } from '../server/request.ts';
import type { Group, GroupRequirement, State } from '../state/state.ts';
import { groupAnswer, isSubmitted, presentGroup, requireGroup, storeGroup, withStatus } from './groups.ts';

export function submitGroup({ state, params }: Exchange): Reply {
  const group = requireGroup(state, params.id);
  refuseUnlessSubmittable(state, group);
  const submitted = withStatus(state, group, 'pending-approval');
  storeGroup(state, submitted);
  return groupAnswer(state, presentGroup(submitted));
}

function refuseUnlessSubmittable(state: State, group: Group): void {
  if (isSubmitted(group)) {
    throw refusal(422, '10027', `The requirement group is ${group.status} already.`);
  }
  if (group.status === 'no-longer-eligible') {
    throw refusal(422, '10027', 'The requirement group is no longer eligible: create a new one.');
  }
  if (findSet(state, group)?.pre_approval === false) {
    throw refusal(422, '10027', `Pre-approval is not supported in ${group.country_code}.`);
  }
  refuseSameAgain(state, group);
  refuseIfAny(
    group.regulatory_requirements.flatMap((requirement, index) =>
      isMissing(state, requirement) ? [missingValue(requirement, index)] : [],
    ),
  );
}

/** Refuses a declined or expired group with unchanged content. A changed value also changes the status. */
function refuseSameAgain(state: State, group: Group): void {
  const { resubmission } = state.quirks;
  if (resubmission === 'accept' || !['declined', 'expired'].includes(group.status)) return;
  if (resubmission === 'after-answer' && (group.status === 'expired' || isAnswered(state, group))) return;
  throw refusal(422, '10027', `The requirement group was ${group.status} with the same content before.`);
}

function isAnswered(state: State, group: Group): boolean {
  return [...state.comments.values()].some(
    ({ comment_record_id, commenter_type, created_at }) =>
      comment_record_id === group.id && commenter_type === 'user' && created_at > group.updated_at,
  );
}

/** Returns true if a requirement lacks a value. No group can fulfil an action (documented). */
export function isMissing({ quirks }: State, { field_type, field_value }: GroupRequirement): boolean {
  return field_value === '' && !(field_type === 'action' && quirks.action_requirements === 'pass');
}

function missingValue({ requirement_id }: GroupRequirement, index: number): ErrorBody {
  const pointer = `/regulatory_requirements/${index}/field_value`;
  return apiError('10027', `The requirement ${requirement_id} has no value.`, { pointer });
}
