import type { RequirementDefinition } from '../model/requirements.ts';

/** Joins the names of requirements for a message, the first twenty of them. */
export function joinNames(
  definitions: readonly RequirementDefinition[],
  nameOne: (definition: RequirementDefinition) => string,
): string {
  const shown = definitions.slice(0, MAX_NAMES).map(nameOne).join(', ');
  const more = definitions.length - MAX_NAMES;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

const MAX_NAMES = 20;
