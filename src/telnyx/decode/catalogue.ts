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
import type { CriteriaRow, RegulatoryRow, RequirementRow, RequirementSetRow } from '../types.ts';
import { readFieldType } from './common.ts';

/**
 * Decodes a row of `/requirements`. Its array was renamed in 2026 from `requirements_types` to
 * `requirement_types` (documented and measured).
 */
export function decodeRequirementSet(value: unknown): RequirementSetRow {
  const row = asRow(value, 'a requirement');
  const types = row.requirement_types == null ? 'requirements_types' : 'requirement_types';
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: readText(row, 'phone_number_type')?.replaceAll('-', '_') ?? null,
    action: readText(row, 'action') ?? 'both',
    locality: readText(row, 'locality'),
    version: readNumber(row, 'version'),
    effectiveStartAt: readText(row, 'effective_start_at'),
    requirements: readRows(row, types, (type) => decodeRequirement(type, 'type')),
  };
}

export function decodeRegulatory(value: unknown): RegulatoryRow {
  const row = asRow(value, 'a regulatory requirement');
  return {
    countryCode: requireText(row, 'country_code').toUpperCase(),
    phoneNumberType: requireText(row, 'phone_number_type').replaceAll('-', '_'),
    action: requireText(row, 'action'),
    requirements: readRows(row, 'regulatory_requirements', (entry) => decodeRequirement(entry, 'field_type')),
  };
}

function decodeRequirement(row: Row, typeKey: string): RequirementRow {
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
 * Decodes criteria. Numbers and flags may come as texts. One sample has a whole sentence in place of a value
 * (documented), which reads as no criterion.
 */
function decodeCriteria(row: Row): CriteriaRow {
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
