/** A value of a YAML document and its position. An alias resolves to the same node as its anchor. */
export interface YamlNode {
  readonly at: number;
  /**
   * The value as plain data. Mappings have no prototype, so `__proto__` and `constructor` are ordinary keys.
   */
  readonly value: unknown;
  /** Is true if nothing is written, as in `text:`. */
  readonly isEmpty: boolean;
  /** The end of an unquoted scalar, without the blank lines below it. Null for other values. */
  readonly openEnd: number | null;
  readonly entries: ReadonlyMap<string, YamlEntry>;
  readonly items: readonly YamlNode[];
}

export interface YamlEntry {
  readonly keyAt: number;
  readonly node: YamlNode;
}

export const NO_ENTRIES: ReadonlyMap<string, YamlEntry> = new Map();
export const NO_ITEMS: readonly YamlNode[] = [];

/** The most items of a list. A number order has the longest one. Schema errors take quadratic time in it. */
export const MAX_ITEMS = 2_000;
/** The most lexemes of a file. */
export const MAX_LEXEMES = 500_000;
