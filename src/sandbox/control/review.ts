import { addComment } from '../groups/comments.ts';
import { storeGroup, withStatus } from '../groups/groups.ts';
import { nowMs, stamp, timeText } from '../state/clock.ts';
import type { Group, GroupRequirement, State } from '../state/state.ts';

/**
 * The effects of Telnyx's reviewers, and of time, on groups. Each function stores the group and returns it.
 */

const DAY_MS = 24 * 60 * 60 * 1000;

export function approve(state: State, group: Group, expiresInDays: number | null): Group {
  const expires_at = expiresInDays === null ? null : timeText(nowMs(state) + expiresInDays * DAY_MS);
  const approved = mapRequirements(withStatus(state, group, 'approved'), (requirement) => ({
    ...requirement,
    expires_at: requirement.field_type === 'document' ? expires_at : null,
  }));
  for (const { field_value } of approved.regulatory_requirements) verifyDocument(state, field_value);
  return stored(state, approved);
}

/** Declines the named requirements, or all of them, and approves the others. */
export function decline(
  state: State,
  group: Group,
  requirementIds: readonly string[] | null,
  comment: string | null,
): Group {
  const declined = mapRequirements(withStatus(state, group, 'approved'), (requirement) => ({
    ...requirement,
    status: concerns(requirementIds, requirement) ? 'declined' : 'approved',
  }));
  if (comment !== null) addComment(state, { type: 'requirement_group', id: group.id }, comment, 'admin');
  return stored(state, { ...declined, status: 'declined' });
}

/** Ends the validity of the named requirements, or of all documents. */
export function expire(state: State, group: Group, requirementIds: readonly string[] | null): Group {
  const now = stamp(state);
  const documents = group.regulatory_requirements.filter(({ field_type }) => field_type === 'document');
  const ended = requirementIds ?? documents.map(({ requirement_id }) => requirement_id);
  const expired = mapRequirements(group, (requirement) =>
    concerns(ended, requirement)
      ? { ...requirement, status: 'expired', expires_at: now, updated_at: now }
      : requirement,
  );
  return stored(state, { ...expired, status: 'expired', updated_at: now });
}

export function retire(state: State, group: Group): Group {
  return stored(state, { ...group, status: 'no-longer-eligible', updated_at: stamp(state) });
}

/** Expires approved groups together with the first of their requirements. */
export function expireByClock(state: State): void {
  const first = state.groups.least('expires first', firstExpiryMs);
  if (first === null || first > nowMs(state)) return;
  for (const group of state.groups.values()) {
    if (group.status !== 'approved') continue;
    const ended = group.regulatory_requirements.filter((requirement) => hasEnded(state, requirement));
    if (ended.length > 0) stored(state, expiredByClock(state, group, ended));
  }
}

function firstExpiryMs({ status, regulatory_requirements }: Group): number | null {
  if (status !== 'approved') return null;
  const ends = regulatory_requirements.flatMap(({ expires_at }) =>
    expires_at === null ? [] : [Date.parse(expires_at)],
  );
  return ends.length === 0 ? null : Math.min(...ends);
}

function expiredByClock(state: State, group: Group, ended: readonly GroupRequirement[]): Group {
  const updated_at = stamp(state);
  const expired = mapRequirements(group, (requirement) =>
    ended.includes(requirement) ? { ...requirement, status: 'expired', updated_at } : requirement,
  );
  return { ...expired, status: 'expired', updated_at };
}

function hasEnded(state: State, { expires_at }: GroupRequirement): boolean {
  return expires_at !== null && Date.parse(expires_at) <= nowMs(state);
}

export function verifyDocument(state: State, id: string): void {
  const document = state.documents.get(id);
  if (document?.status === 'pending') state.documents.set(id, { ...document, status: 'verified' });
}

function concerns(requirementIds: readonly string[] | null, { requirement_id }: GroupRequirement): boolean {
  return requirementIds === null || requirementIds.includes(requirement_id);
}

function mapRequirements(group: Group, change: (requirement: GroupRequirement) => GroupRequirement): Group {
  return { ...group, regulatory_requirements: group.regulatory_requirements.map(change) };
}

function stored(state: State, group: Group): Group {
  storeGroup(state, group);
  return group;
}
