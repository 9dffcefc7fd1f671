/** So many changes are worked on at once. One that only waits leaves its place to another meanwhile. */
export class Places {
  #free: number;
  /** Those that have begun before those that have not: what is begun comes to its end. */
  readonly #comingBack: (() => void)[] = [];
  readonly #coming: (() => void)[] = [];

  constructor(number: number) {
    this.#free = number;
  }

  /** What nobody has, nor waits for. */
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
   * For one that has a place. Nobody else may wait for it then, or those who do could have all the places, and it would never
   * come back.
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
