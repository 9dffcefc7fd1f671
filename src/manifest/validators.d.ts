import type { KindName } from '../model/kinds.ts';

/** A violation from `validators.js`, which `scripts/validators.mjs` generates from `schemas/`. */

export interface Violation {
  /** The JSON pointer into the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that holds `keyword`. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
}

export interface Validator {
  (value: unknown): boolean;
  /** The violations of the last call. */
  readonly errors?: readonly Violation[] | null;
}

export const validateConfig: Validator;
export const validateRequirementGroup: Validator;
export const validateAddress: Validator;
/** The validators in the order of the schema. */
export const MANIFEST_VALIDATORS: Readonly<Record<KindName, Validator>>;
