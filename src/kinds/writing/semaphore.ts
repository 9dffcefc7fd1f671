/**
 * Limits the number of changes that are worked on at once. A change that only waits leaves its place to
 * another.
 */
export class Semaphore {
  #free: number;
  /** Changes that have begun come first, so that they are finished. */
  readonly #comingBack: (() => void)[] = [];
  readonly #coming: (() => void)[] = [];

  constructor(number: number) {
    this.#free = number;
  }

  /** The number of unused places. */
  get free(): number {
    return this.#free;
  }

  async within<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free === 0) await new Promise<void>((come) => this.#coming.push(come));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /**
   * Gives up a place during a wait. No other change may wait for this one: those that do could take all
   * places, and it would never come back.
   */
  async outside(wait: () => Promise<void>): Promise<void> {
    this.#leave();
    try {
      await wait();
    } finally {
      if (this.#free === 0) await new Promise<void>((comeBack) => this.#comingBack.push(comeBack));
      else this.#free -= 1;
    }
  }

  #leave(): void {
    const next = this.#comingBack.shift() ?? this.#coming.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
