import type { AcceptanceCriteria, FieldType, RequirementDefinition } from '../../model/requirements.ts';
import { asParagraph } from '../text/paragraph.ts';
import { given, listSome } from './wording.ts';

export const FIELD_TYPE_WORDS: Readonly<Record<FieldType, string>> = {
  textual: 'text',
  datetime: 'date',
  document: 'document',
  address: 'address',
  action: 'action',
  unknown: 'of a kind that this version does not know',
};

/** Returns the facts about a requirement, each one escaped line. All but the description have a label. */
export function describeRequirement({
  description,
  example,
  criteria,
  fieldType,
}: RequirementDefinition): string[] {
  const facts: readonly Fact[] = [
    ['', description],
    ['Example', example],
    ...describeCriteria(criteria),
    ['Written', fieldType === 'datetime' ? 'YYYY-MM-DD' : ''],
    ['Note', fieldType === 'action' ? ACTION_NOTE : ''],
  ];
  return facts.flatMap(([label, text]) => {
    const line = asParagraph(text);
    return line === '' ? [] : [given(label, line).join(': ')];
  });
}

type Fact = readonly [label: string, text: string];

const ACTION_NOTE = 'done on each order, after it is placed; a group holds no value for it.';

function describeCriteria(criteria: AcceptanceCriteria): Fact[] {
  const { acceptableValues, caseSensitive } = criteria;
  const anyCase = acceptableValues.length > 0 && !caseSensitive ? ' (capitals do not matter)' : '';
  return [
    ['Length', describeLength(criteria)],
    ['Characters', criteria.acceptableCharacters ?? ''],
    ['One of', listSome(acceptableValues, MAX_VALUES, (value) => value, ' and ') + anyCase],
    ['Pattern', describePattern(criteria)],
    ['Time limit', criteria.timeLimit ?? ''],
    ['Locality', criteria.localityLimit ?? ''],
  ];
}

function describeLength({ minLength, maxLength }: AcceptanceCriteria): string {
  if (minLength === null && maxLength === null) return '';
  if (minLength === maxLength) return `exactly ${maxLength} characters`;
  if (minLength === null) return `at most ${maxLength} characters`;
  return maxLength === null ? `at least ${minLength} characters` : `${minLength} to ${maxLength} characters`;
}

const MAX_VALUES = 30;

function describePattern({ regex, caseSensitive }: AcceptanceCriteria): string {
  if (regex === null) return '';
  return caseSensitive === false ? `${regex} (capitals do not matter)` : regex;
}
