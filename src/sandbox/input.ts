import { type ApiError, apiError, refusal } from './answer.ts';
import type { JsonObject } from './request.ts';

/** A text or null; undefined where the body does not say. */
export function optionalText(body: JsonObject, field: string): string | null | undefined {
  const value = body[field];
  if (value === undefined || value === null || typeof value === 'string') return value;
  throw refusal(422, '10020', `${field} must be a string.`, { pointer: `/${field}` });
}

export function optionalFlag(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw refusal(422, '10026', `${field} must be true or false.`, { pointer: `/${field}` });
}

export function optionalNumber(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
  throw refusal(422, '10026', `${field} must be a number.`, { pointer: `/${field}` });
}

export function optionalTexts(body: JsonObject, field: string): readonly string[] | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  if (Array.isArray(value) && value.every((text) => typeof text === 'string')) return value;
  throw refusal(422, '10026', `${field} must be a list of strings.`, { pointer: `/${field}` });
}

/** One error for each field that is absent or blank. */
export function missingFields(body: JsonObject, fields: readonly string[]): ApiError[] {
  return fields
    .filter((field) => isBlank(body[field]))
    .map((field) => apiError('10004', `${field} is required.`, { pointer: `/${field}` }));
}

export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

export function wrongChoice(body: JsonObject, field: string, choices: readonly string[]): ApiError[] {
  const value = body[field];
  if (isBlank(value) || choices.includes(value as string)) return [];
  return [apiError('10032', `${field} must be one of ${choices.join(', ')}.`, { pointer: `/${field}` })];
}
