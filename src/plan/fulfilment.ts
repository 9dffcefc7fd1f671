import type { BoundGroup, ObservedGroup } from '../model/resource.ts';

/** Requirements that have no value, observed and desired together. An action never has one. */
export function unfulfilledRequirements(
  group: BoundGroup,
  observed: ObservedGroup | null,
): BoundGroup['demands'] {
  const held = observed?.requirements.filter((requirement) => !requirement.value.isEmpty) ?? [];
  const filled = new Set([
    ...held.map((requirement) => requirement.requirementId),
    ...group.values.map((value) => value.requirement.id),
  ]);
  return group.demands.filter(
    (definition) => definition.fieldType === 'action' || !filled.has(definition.id),
  );
}
