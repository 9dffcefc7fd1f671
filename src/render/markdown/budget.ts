/** Bytes that are left for whole pieces of text: nothing is ever cut, what does not fit is left out and counted. */
export class Budget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  spend(text: string): void {
    this.#left -= bytesOf(text);
  }

  /** All of the pieces, or null when not all of them fit. */
  fitAll<Item>(items: readonly Item[], render: (item: Item) => string): Map<Item, string> | null {
    const before = this.#left;
    const fitting = this.fit(items, render);
    if (fitting.size === items.length) return fitting;
    this.#left = before;
    return null;
  }

  /** The pieces that fit, each with the newlines around it; a smaller one may fit where a larger one did not. */
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

/** What headings, heads of tables and words about what is left out take, at most. */
export const FRAME = ' '.repeat(2_000);

/** An empty line below a piece, and `> ` or `- ` before it. */
const AROUND = 4;

function bytesOf(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
