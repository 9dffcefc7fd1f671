import type { LockedName } from '../model/lock.ts';
import type { Problem } from '../model/problem.ts';
import type { RequirementDefinition } from '../model/requirements.ts';
import type { Combination, DesiredRequirement } from '../model/resource.ts';
import { visible } from '../model/text/visible.ts';
import type { Vocabulary } from './knowledge.ts';

/**
 * Finds the requirement that a manifest means by a name or an id. Returns null, and adds a problem, if it
 * matches none or several.
 */
export function findDefinition(
  requirement: DesiredRequirement,
  combination: Combination,
  vocabulary: Vocabulary,
  problems: Problem[],
): RequirementDefinition | null {
  const named = vocabulary.findLocked(requirement.requirement);
  const found =
    named.length > 0
      ? named.flatMap(({ id }) => vocabulary.find(id))
      : vocabulary.find(requirement.requirement);
  const several = named.length > 1 ? named : found;
  const [only] = found;
  if (only !== undefined && several.length === 1) return only;
  problems.push(
    several.length > 1
      ? ambiguousRequirement(requirement, several, vocabulary)
      : unknownRequirement(requirement, combination, vocabulary, named[0]),
  );
  return null;
}

function unknownRequirement(
  requirement: DesiredRequirement,
  combination: Combination,
  { known, guess }: Vocabulary,
  gone: LockedName | undefined,
): Problem {
  if (gone !== undefined) return goneRequirement(requirement, gone, combination);
  const nearest = guess(requirement.requirement, known);
  const all = joinNames(known, ({ name }) => `"${name}"`);
  return {
    severity: 'error',
    code: 'unknown-requirement',
    message: `${describe(combination)} has no requirement ${JSON.stringify(requirement.requirement)}`,
    hint:
      nearest !== null
        ? `Did you mean ${JSON.stringify(nearest)}?`
        : all === ''
          ? 'Telnyx demands nothing for this combination: remove the entry, or correct country_code, phone_number_type or action.'
          : `Write one of ${all}.`,
    source: requirement.source,
  };
}

function goneRequirement(
  requirement: DesiredRequirement,
  { id }: LockedName,
  combination: Combination,
): Problem {
  return {
    severity: 'error',
    code: 'requirement-gone',
    message: `${describe(combination)} no longer demands ${JSON.stringify(requirement.requirement)} (${id}), which the lock names`,
    hint: 'Remove it here, then run `regsync lock`. A new group cannot have it any more.',
    source: requirement.source,
  };
}

function ambiguousRequirement(
  requirement: DesiredRequirement,
  found: readonly { readonly id: string }[],
  { find }: Vocabulary,
): Problem {
  const candidates = found.map(({ id }) => {
    const [definition] = find(id);
    return definition === undefined ? id : `${id} (${tellApart(definition)})`;
  });
  return {
    severity: 'error',
    code: 'ambiguous-requirement',
    message: `${JSON.stringify(requirement.requirement)} is the name of ${found.length} requirements`,
    hint: `Write the id instead: ${candidates.join(' or ')}.`,
    source: requirement.source,
  };
}

/** Describes a requirement for users who must choose between equal names. */
function tellApart({ fieldType, description }: RequirementDefinition): string {
  const words = visible(description.replace(/\s+/g, ' ').trim());
  const shown = words.length > MAX_DESCRIPTION ? `${words.slice(0, MAX_DESCRIPTION)}…` : words;
  return shown === '' ? fieldType : `${fieldType}: ${shown}`;
}

const MAX_DESCRIPTION = 80;

function describe(combination: Combination): string {
  return `${combination.countryCode} ${combination.phoneNumberType} ${combination.action}`;
}

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
