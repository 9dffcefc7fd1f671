import type { RequirementType } from '../state/state.ts';

/** Returns the acceptance criteria that a text breaks, in words. Reviewers judge documents and addresses. */
export function brokenCriteria(
  { type, acceptance_criteria: criteria }: RequirementType,
  value: string,
): string[] {
  if (type === 'datetime') return Number.isNaN(Date.parse(value)) ? ['must be a date and time'] : [];
  if (type !== 'textual') return [];
  const length = [...value].length;
  const { min_length: min, max_length: max, acceptable_characters: characters } = criteria;
  return [
    min !== null && length < min ? `must have at least ${min} characters` : null,
    max !== null && length > max ? `must have at most ${max} characters` : null,
    characters !== null && [...value].some((character) => !characters.includes(character))
      ? `may only contain the characters ${characters}`
      : null,
    isAcceptable(criteria, value) ? null : `must be one of ${criteria.acceptable_values.join(', ')}`,
    matchesRegex(criteria, value) ? null : `must match ${criteria.regex}`,
  ].filter((fault) => fault !== null);
}

type Criteria = RequirementType['acceptance_criteria'];

function isAcceptable({ acceptable_values: values, case_sensitive }: Criteria, value: string): boolean {
  if (values.length === 0) return true;
  if (case_sensitive !== false) return values.includes(value);
  return values.some((acceptable) => acceptable.toLowerCase() === value.toLowerCase());
}

function matchesRegex({ regex, case_sensitive }: Criteria, value: string): boolean {
  if (regex === null) return true;
  return new RegExp(`^(?:${regex})$`, case_sensitive === false ? 'iu' : 'u').test(value);
}
