import type { ObservedRequirement } from '../model/observed.ts';
import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import type { Problem } from '../model/problem.ts';
import type { FieldType, RequirementDefinition } from '../model/requirements.ts';
import type { DesiredContent, DesiredRequirement } from '../model/resource.ts';
import { normaliseText } from '../model/text/normal-text.ts';
import { type CriteriaFinding, checkText } from './criteria.ts';

/** Checks one value against its requirement, of a group or of an order. */
export function checkContent(
  requirement: DesiredRequirement,
  definition: RequirementDefinition,
  held: Pick<ObservedRequirement, 'value'> | undefined,
): readonly Problem[] {
  const fitting = CONTENT_FOR[definition.fieldType];
  const content = requirement.content;
  if (fitting !== 'any' && !fitting.includes(content.kind)) return [unfitting(requirement, definition)];
  if (content.kind !== 'text') return NO_PROBLEMS;
  const isHeld = held !== undefined && isSameText(content.text, held.value);
  return checkText(content.text, definition).map((finding) => ({
    ...(isHeld ? tolerated(finding) : finding),
    message: `"${definition.name}": ${finding.message}`,
    source: requirement.contentSource,
  }));
}

export const CONTENT_FOR: Readonly<Record<FieldType, readonly DesiredContent['kind'][] | 'any'>> = {
  textual: ['text', 'unread_text'],
  datetime: ['text', 'unread_text'],
  document: ['document', 'document_id'],
  address: ['address', 'unread_address', 'address_id'],
  action: [],
  unknown: 'any',
};

type Key = 'text' | 'document' | 'address';

const KEY_FOR: Readonly<Record<DesiredContent['kind'], Key>> = {
  text: 'text',
  unread_text: 'text',
  document: 'document',
  document_id: 'document',
  address: 'address',
  unread_address: 'address',
  address_id: 'address',
};

/** The hint where a value of another kind belongs. */
export const HOW_TO_WRITE: Readonly<Record<Key, string>> = {
  text: 'Write text: "…".',
  document: 'Write document: { file: PATH }, with a path relative to this manifest.',
  address: 'Write address: NAME, with the name of an Address, or its fields below address:.',
};

const ARTICLES: Readonly<Record<Key, string>> = {
  text: 'a text',
  document: 'a document',
  address: 'an address',
};

const NO_PROBLEMS: readonly Problem[] = [];

function isSameText(a: Sensitive, b: Sensitive): boolean {
  return normaliseText(reveal(a)) === normaliseText(reveal(b));
}

/**
 * Turns the finding into a warning. Criteria may be tightened at any time, and a value that Telnyx has and
 * regsync does not write must not stop a run.
 */
function tolerated(finding: CriteriaFinding): CriteriaFinding {
  const hint =
    'The group already has this value, so regsync writes nothing. A reviewer may still decline it.';
  return { ...finding, severity: 'warning', hint: finding.hint ?? hint };
}

function unfitting(requirement: DesiredRequirement, definition: RequirementDefinition): Problem {
  const source = requirement.contentSource;
  if (definition.fieldType === 'action') {
    return {
      severity: 'error',
      code: 'action-requirement',
      message: `"${definition.name}" is an action, which you fulfil on each order and not in a group`,
      hint: 'Remove it here, and add `partial: true`.',
      source,
    };
  }
  const wanted = KEY_FOR[CONTENT_FOR[definition.fieldType][0] as DesiredContent['kind']];
  const taken = definition.fieldType === 'datetime' ? 'a date as text' : ARTICLES[wanted];
  return {
    severity: 'error',
    code: 'wrong-value-type',
    message: `"${definition.name}" takes ${taken}, not ${ARTICLES[KEY_FOR[requirement.content.kind]]}`,
    hint: HOW_TO_WRITE[wanted],
    source,
  };
}
