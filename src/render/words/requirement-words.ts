import type { AcceptanceCriteria, FieldType, RequirementDefinition } from '../../model/requirements.ts';
import { asParagraph } from '../text/paragraph.ts';

/**
 * A fact about a requirement with its label, which is empty for the description. The text is one escaped
 * line.
 */
export interface RequirementFact {
  readonly label: string;
  readonly text: string;
}

export const FIELD_TYPE_WORDS: Readonly<Record<FieldType, string>> = {
  textual: 'text',
  datetime: 'date',
  document: 'document',
  address: 'address',
  action: 'action',
  unknown: 'of a kind that this version does not know',
};

export function describeRequirement(definition: RequirementDefinition): RequirementFact[] {
  const facts = [
    { label: '', text: definition.description },
    { label: 'Example', text: definition.example },
    ...describeCriteria(definition.criteria),
    ...(definition.fieldType === 'datetime' ? [{ label: 'Written', text: 'YYYY-MM-DD' }] : []),
    ...(definition.fieldType === 'action' ? [{ label: 'Note', text: ACTION_NOTE }] : []),
  ];
  return facts
    .map(({ label, text }) => ({ label, text: asParagraph(text) }))
    .filter(({ text }) => text !== '');
}

const ACTION_NOTE = 'done on each order, after it is placed; a group holds no value for it.';

function describeCriteria(criteria: AcceptanceCriteria): RequirementFact[] {
  const { acceptableValues, caseSensitive } = criteria;
  const anyCase = acceptableValues.length > 0 && !caseSensitive ? ' (capitals do not matter)' : '';
  return [
    { label: 'Length', text: describeLength(criteria) },
    { label: 'Characters', text: criteria.acceptableCharacters ?? '' },
    { label: 'One of', text: listValues(acceptableValues) + anyCase },
    { label: 'Pattern', text: describePattern(criteria) },
    { label: 'Time limit', text: criteria.timeLimit ?? '' },
    { label: 'Locality', text: criteria.localityLimit ?? '' },
  ];
}

function describeLength({ minLength, maxLength }: AcceptanceCriteria): string {
  if (minLength === null && maxLength === null) return '';
  if (minLength === maxLength) return `exactly ${maxLength} characters`;
  if (minLength === null) return `at most ${maxLength} characters`;
  return maxLength === null ? `at least ${minLength} characters` : `${minLength} to ${maxLength} characters`;
}

const MAX_VALUES = 30;

function listValues(values: readonly string[]): string {
  const shown = values.slice(0, MAX_VALUES).join(', ');
  const others = values.length - MAX_VALUES;
  return others > 0 ? `${shown} and ${others} more` : shown;
}

function describePattern({ regex, caseSensitive }: AcceptanceCriteria): string {
  if (regex === null) return '';
  return caseSensitive === false ? `${regex} (capitals do not matter)` : regex;
}
