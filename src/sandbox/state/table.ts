/**
 * Records by id, with derived values that are cached until the next change. An account with fifty thousand
 * groups is read in two hundred pages, and before each the records are searched for what is due.
 */
export class Table<Row> extends Map<string, Row> {
  #changes = 0;
  #kept = new Map<string, unknown>();
  #keptSince = 0;

  constructor(rows: Iterable<readonly [string, Row]> = []) {
    super();
    for (const [id, row] of rows) this.set(id, row);
  }

  override set(id: string, row: Row): this {
    this.#changes += 1;
    return super.set(id, row);
  }

  override delete(id: string): boolean {
    this.#changes += 1;
    return super.delete(id);
  }

  override clear(): void {
    this.#changes += 1;
    super.clear();
  }

  /** Returns the result of `workOut` for the current records, cached by name. */
  remember<Result>(name: string, workOut: () => Result): Result {
    if (this.#keptSince !== this.#changes) {
      this.#kept = new Map();
      this.#keptSince = this.#changes;
    }
    if (!this.#kept.has(name)) this.#kept.set(name, workOut());
    return this.#kept.get(name) as Result;
  }

  /** Returns the smallest value that `read` returns for a record. Null if there is none. */
  least(name: string, read: (row: Row) => number | null): number | null {
    return this.remember(name, () => {
      let least: number | null = null;
      for (const row of this.values()) {
        const number = read(row);
        if (number !== null && (least === null || number < least)) least = number;
      }
      return least;
    });
  }
}
