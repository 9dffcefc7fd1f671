import type { BoundGroup, ObservedGroup } from '../../model/resource.ts';

/** Requirements that have no value, observed and desired together. An action never has one. */
export function unfulfilledRequirements(
  group: BoundGroup,
  observed: ObservedGroup | null,
): BoundGroup['demands'] {
  // A group has a handful of them: sets of them, for each of tens of thousands of groups, take longer than looking.
  const isFilled = (id: string): boolean =>
    group.values.some(({ requirement }) => requirement.id === id) ||
    observed?.requirements.some(({ requirementId, value }) => requirementId === id && !value.isEmpty) ===
      true;
  return group.demands.filter(({ fieldType, id }) => fieldType === 'action' || !isFilled(id));
}
