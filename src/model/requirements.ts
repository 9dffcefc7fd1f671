import type { Combination } from './resource.ts';

/** ---- Catalogue: the requirements of a country ---- */

/** The types of values. `action` requirements are fulfilled on orders, never in a group. */
export type FieldType = 'textual' | 'datetime' | 'document' | 'address' | 'action' | 'unknown';

export interface RequirementDefinition {
  readonly id: string;
  readonly name: string;
  readonly fieldType: FieldType;
  readonly description: string;
  readonly example: string;
  readonly criteria: AcceptanceCriteria;
}

/**
 * A criterion that is absent is null or empty: the API says "no limit" in several ways. Lengths count code
 * points.
 */
export interface AcceptanceCriteria {
  readonly minLength: number | null;
  readonly maxLength: number | null;
  readonly acceptableCharacters: string | null;
  readonly acceptableValues: readonly string[];
  readonly regex: string | null;
  /**
   * The API's rule, or null if it states none. Listed values are then compared without regard to case, a
   * pattern as written.
   */
  readonly caseSensitive: boolean | null;
  readonly timeLimit: string | null;
  readonly localityLimit: string | null;
}

/** The criteria of a requirement of which none is known. */
export const NO_CRITERIA: AcceptanceCriteria = {
  minLength: null,
  maxLength: null,
  acceptableCharacters: null,
  acceptableValues: [],
  regex: null,
  caseSensitive: null,
  timeLimit: null,
  localityLimit: null,
};

export interface RequirementSet {
  readonly combination: Combination;
  readonly version: number | null;
  readonly requirements: readonly RequirementDefinition[];
}

/** The requirements by `combinationKey`. */
export type Catalogue = ReadonlyMap<string, RequirementSet>;
