/**
 * The values that `--show-values` shows instead of fingerprints, by `valueKey`. They are never in a Plan,
 * which is stored.
 */
export type PlainValues = ReadonlyMap<string, PlainValue>;

export interface PlainValue {
  readonly before: string | null;
  readonly after: string;
}

/** Returns a key with the kind, because a group and an order may have the same name. */
export function valueKey(
  { kind, name }: { readonly kind: string; readonly name: string },
  requirementId: string,
): string {
  return JSON.stringify([kind, name, requirementId]);
}
