/** A generator whose numbers follow from its seeds alone, so that an input can be made again from its number. */
export class Random {
  #state: number;

  constructor(...seeds: readonly number[]) {
    this.#state = 0x9e3779b9;
    for (const seed of seeds) this.#state = (this.#next() ^ seed) >>> 0;
    // Neighbouring seeds would begin alike.
    this.#state = this.#next();
  }

  /** 0 … `below` - 1 */
  below(below: number): number {
    return Math.floor((this.#next() / 0x1_0000_0000) * below);
  }

  /** `least` … `most` */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  isLucky(chance: number): boolean {
    return this.#next() < chance * 0x1_0000_0000;
  }

  /** Of a list that is not empty. */
  pick<Entry>(entries: readonly Entry[]): Entry {
    return entries[this.below(entries.length)] as Entry;
  }

  /** Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}
