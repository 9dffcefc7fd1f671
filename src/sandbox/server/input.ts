import { apiError, type ErrorBody, refusal, refuseIfAny } from './answer.ts';
import { type IncomingRequest, type JsonObject, readJsonObject } from './request.ts';

/** Returns a text or null. Undefined if the body leaves it out. */
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

/**
 * Refuses unknown fields of a request to control, since a misspelt field would change its meaning. The API
 * itself ignores unknown fields.
 */
export function refuseUnknown(body: JsonObject, known: readonly string[], pointer = ''): void {
  refuseIfAny(
    Object.keys(body)
      .filter((field) => !known.includes(field))
      .map((field) => {
        const fields = known.length === 0 ? 'none' : known.join(', ');
        return apiError('10027', `There is no field "${field}" here. Known: ${fields}.`, {
          pointer: `${pointer}/${field}`,
        });
      }),
  );
}

/** Reads the body of a request to control, which may be left out. */
export function readControl(request: IncomingRequest, known: readonly string[]): JsonObject {
  const body = request.body.length === 0 ? {} : readJsonObject(request);
  refuseUnknown(body, known);
  return body;
}

export function optionalChoice<Choice extends string>(
  body: JsonObject,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = body[field];
  const known = choices.find((choice) => choice === value);
  if (value === undefined || known !== undefined) return known;
  throw refusal(422, '10032', `${field} must be one of ${choices.join(', ')}.`, { pointer: `/${field}` });
}

/** Returns a number from 0. */
export function optionalAmount(body: JsonObject, field: string): number | undefined {
  const amount = optionalNumber(body, field);
  if (amount === undefined || amount >= 0) return amount;
  throw refusal(422, '10033', `${field} must not be negative.`, { pointer: `/${field}` });
}

/** Returns one error for each field that is absent or blank. */
export function missingFields(body: JsonObject, fields: readonly string[]): ErrorBody[] {
  return fields
    .filter((field) => isBlank(body[field]))
    .map((field) => apiError('10004', `${field} is required.`, { pointer: `/${field}` }));
}

export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

export function wrongChoice(body: JsonObject, field: string, choices: readonly string[]): ErrorBody[] {
  const value = body[field];
  if (isBlank(value) || choices.includes(value as string)) return [];
  return [apiError('10032', `${field} must be one of ${choices.join(', ')}.`, { pointer: `/${field}` })];
}
