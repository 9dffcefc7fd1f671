import type { AcceptanceCriteria, RequirementDefinition } from '../../model/requirements.ts';
import { ApiRow } from '../fields.ts';
import { readFieldType } from './common.ts';

/**
 * Decodes a row of `/requirements`: the requirements of one combination, in one version. Its array was renamed in 2026 from `requirements_types` to
 * `requirement_types` (documented and measured).
 */
export function decodeRequirementSet(value: unknown) {
  const row = ApiRow.of(value, 'a requirement');
  const types = row.raw('requirement_types') == null ? 'requirements_types' : 'requirement_types';
  return {
    countryCode: row.requireText('country_code').toUpperCase(),
    /** The type. Null means all types. */
    phoneNumberType: row.text('phone_number_type')?.replaceAll('-', '_') ?? null,
    /** `ordering` | `porting` | `both` | … */
    action: row.text('action') ?? 'both',
    /** The place. Null means the whole country. */
    locality: row.text('locality'),
    version: row.number('version'),
    /** The time as the API writes it, or null. */
    effectiveStartAt: row.text('effective_start_at'),
    requirements: row.rows(types, (type) => decodeRequirement(type, 'type')),
  };
}

/**
 * Decodes a row of `/regulatory_requirements`: the same requirements from another endpoint, with `regex` and
 * `case_sensitive`.
 */
export function decodeRegulatory(value: unknown) {
  const row = ApiRow.of(value, 'a regulatory requirement');
  return {
    countryCode: row.requireText('country_code').toUpperCase(),
    phoneNumberType: row.requireText('phone_number_type').replaceAll('-', '_'),
    action: row.requireText('action'),
    requirements: row.rows('regulatory_requirements', (entry) => decodeRequirement(entry, 'field_type')),
  };
}

function decodeRequirement(row: ApiRow, typeKey: string): RequirementDefinition {
  return {
    id: row.requireId('id').toLowerCase(),
    name: row.text('name') ?? row.text('label') ?? '',
    fieldType: readFieldType(row, typeKey),
    description: row.text('description') ?? '',
    example: row.text('example') ?? '',
    criteria: decodeCriteria(row.inner('acceptance_criteria')),
  };
}

/**
 * Decodes criteria. Numbers and flags may come as texts. Null, "" and a missing field all mean "no limit". One sample has a whole sentence in place of a value
 * (documented), which reads as no criterion.
 */
function decodeCriteria(row: ApiRow): AcceptanceCriteria {
  return {
    minLength: row.number('min_length'),
    maxLength: row.number('max_length'),
    acceptableCharacters: row.text('acceptable_characters'),
    acceptableValues: typeof row.raw('acceptable_values') === 'string' ? [] : row.texts('acceptable_values'),
    regex: row.text('regex'),
    caseSensitive: row.boolean('case_sensitive'),
    timeLimit: row.text('time_limit'),
    localityLimit: row.text('locality_limit'),
  };
}
