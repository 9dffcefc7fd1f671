/** Of `validators.js`, which `scripts/validators.mjs` generates from `schemas/`. */

export interface Violation {
  /** JSON pointer into the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that holds `keyword`. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (value: unknown): boolean;
  /** Of the last call. */
  readonly errors?: readonly Violation[] | null;
}

export const validateConfig: Validator;
export const validateRequirementGroup: Validator;
export const validateDocument: Validator;
export const validateAddress: Validator;
export const validateNumberOrder: Validator;
export const validatePortingOrder: Validator;
