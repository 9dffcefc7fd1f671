import type { AcceptanceCriteria, RequirementDefinition } from '../../model/requirements.ts';
import {
  asRow,
  type Row,
  readBoolean,
  readNumber,
  readObject,
  readRows,
  readText,
  readTexts,
  requireId,
  requireText,
  within,
} from '../fields.ts';
import { readFieldType } from './common.ts';

/**
 * Decodes a row of `/requirements`: the requirements of one combination, in one version. Its array was renamed in 2026 from `requirements_types` to
 * `requirement_types` (documented and measured).
 */
export function decodeRequirementSet(value: unknown) {
  const row = asRow(value, 'a requirement');
  const types = row.requirement_types == null ? 'requirements_types' : 'requirement_types';
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    /** The type. Null means all types. */
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    /** `ordering` | `porting` | `both` | … */
    action: readText(row, 'action') ?? 'both',
    /** The place. Null means the whole country. */
    locality: readText(row, 'locality'),
    version: readNumber(row, 'version'),
    /** The time as the API writes it, or null. */
    effectiveStartAt: readText(row, 'effective_start_at'),
    requirements: readRows(row, types, (type) => decodeRequirement(type, 'type')),
  };
}

/**
 * Decodes a row of `/regulatory_requirements`: the same requirements from another endpoint, with `regex` and
 * `case_sensitive`.
 */
export function decodeRegulatory(value: unknown) {
  const row = asRow(value, 'a regulatory requirement');
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
    action: requireText(row, 'action'),
    requirements: readRows(row, 'regulatory_requirements', (entry) => decodeRequirement(entry, 'field_type')),
  };
}

function decodeRequirement(row: Row, typeKey: string): RequirementDefinition {
  return {
    id: requireId(row, 'id').toLowerCase(),
    name: readText(row, 'name') ?? readText(row, 'label') ?? '',
    fieldType: readFieldType(row, typeKey),
    description: readText(row, 'description') ?? '',
    example: readText(row, 'example') ?? '',
    criteria: within('acceptance_criteria', () =>
      decodeCriteria(readObject(row, 'acceptance_criteria') ?? {}),
    ),
  };
}

/**
 * Decodes criteria. Numbers and flags may come as texts. Null, "" and a missing field all mean "no limit". One sample has a whole sentence in place of a value
 * (documented), which reads as no criterion.
 */
function decodeCriteria(row: Row): AcceptanceCriteria {
  return {
    minLength: readNumber(row, 'min_length'),
    maxLength: readNumber(row, 'max_length'),
    acceptableCharacters: readText(row, 'acceptable_characters'),
    acceptableValues: typeof row.acceptable_values === 'string' ? [] : readTexts(row, 'acceptable_values'),
    regex: readText(row, 'regex'),
    caseSensitive: readBoolean(row, 'case_sensitive'),
    timeLimit: readText(row, 'time_limit'),
    localityLimit: readText(row, 'locality_limit'),
  };
}
