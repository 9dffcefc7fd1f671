/** What `--show-values` puts in the place of fingerprints, by `valueKey`. Never part of a Plan: it is not stored. */
export type PlainValues = ReadonlyMap<string, PlainValue>;

export interface PlainValue {
  readonly before: string | null;
  readonly after: string;
}

/** A group and an order may have the same name. */
export function valueKey(
  { kind, name }: { readonly kind: string; readonly name: string },
  requirementId: string,
): string {
  return JSON.stringify([kind, name, requirementId]);
}
