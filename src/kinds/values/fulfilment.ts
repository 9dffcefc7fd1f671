import type { ObservedGroup } from '../../model/observed.ts';
import type { RequirementDefinition } from '../../model/requirements.ts';
import type { BoundGroup } from '../../model/resource.ts';

/**
 * Returns the requirements that have a value neither in the group nor in the manifest. An action never has
 * one.
 */
export function unfulfilledRequirements(
  group: BoundGroup,
  observed: ObservedGroup | null,
): BoundGroup['definitions'] {
  // A group has a handful of them. For tens of thousands of groups, building sets would take longer than
  // looking.
  const isFilled = (id: string): boolean =>
    group.values.some(({ requirement }) => requirement.id === id) ||
    observed?.requirements.some(({ requirementId, value }) => requirementId === id && !value.isEmpty) ===
      true;
  return group.definitions.filter((demand) => isAction(demand) || !isFilled(demand.id));
}

/** Returns true for a requirement that a person fulfils on each order, and no value anywhere. */
export function isAction({ fieldType }: Pick<RequirementDefinition, 'fieldType'>): boolean {
  return fieldType === 'action';
}
