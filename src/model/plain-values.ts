/** What `--show-values` puts in the place of fingerprints, by `valueKey`. Never part of a Plan: it is not stored. */
export type PlainValues = ReadonlyMap<string, PlainValue>;

export interface PlainValue {
  readonly before: string | null;
  readonly after: string;
}

export function valueKey(group: string, requirementId: string): string {
  return JSON.stringify([group, requirementId]);
}
