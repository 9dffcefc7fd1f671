/** A value of a YAML document, and where it stands. Aliases are resolved to the very node that they name. */
export interface YamlNode {
  readonly at: number;
  /** Plain data. Mappings have no prototype, so that a key `__proto__` or `constructor` is a key like any other. */
  readonly value: unknown;
  /** Nothing is written, as in `text:`. */
  readonly isEmpty: boolean;
  /** Where a scalar ends that no quotes close, without the blank lines below it; null for others. */
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

/** Of a list. The longest that means something is a number order's; a schema's findings add up in quadratic time. */
export const MOST_ITEMS = 2_000;
/** Of a file. */
export const MOST_LEXEMES = 500_000;
