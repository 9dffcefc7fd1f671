import { given } from '../words/wording.ts';

/**
 * The bytes that are left for whole pieces of text. A piece is never cut: the caller counts those that do not
 * fit.
 */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  spend(text: string): void {
    this.#left -= bytesOf(text);
  }

  /** Returns all pieces, or null if not all of them fit. */
  fitAll<Item>(items: readonly Item[], render: (item: Item) => string): Map<Item, string> | null {
    const before = this.#left;
    const fitting = this.fit(items, render);
    if (fitting.size === items.length) return fitting;
    this.#left = before;
    return null;
  }

  /**
   * Returns the pieces that fit with the newlines around each. A smaller one may fit after a larger one did
   * not.
   */
  fit<Item>(items: readonly Item[], render: (item: Item) => string): Map<Item, string> {
    const fitting = new Map<Item, string>();
    for (const item of items) {
      if (this.#left <= 0) break;
      const text = render(item);
      const bytes = bytesOf(text) + AROUND;
      if (bytes > this.#left) continue;
      this.#left -= bytes;
      fitting.set(item, text);
    }
    return fitting;
  }
}

/** Returns the entries of a list that fit into an eighth of the limit, and counts the others. */
export function fittingEntries<Item>(
  items: readonly Item[],
  limit: number,
  render: (item: Item) => string,
  most = Number.POSITIVE_INFINITY,
): string[] {
  const fitting = new Budget(limit / 8).fit(items.slice(0, most), (item) => `- ${render(item)}`);
  const more = items.length - fitting.size;
  return given(...fitting.values(), more > 0 && `- and ${more} more`);
}

/** The room for headings, heads of tables and words about omitted pieces. */
export const FRAME = ' '.repeat(2_000);

/** The bytes around a piece: an empty line below it, and `> ` or `- ` before it. */
const AROUND = 4;

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
