/**
 * How much of documents may be in memory at once, however many and large they are. Whoever comes takes turns; a document
 * that is larger than the whole is let in alone.
 */
export class Memory {
  readonly #mostBytes: number;
  readonly #waiting: (() => void)[] = [];
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  async within<Result>(bytes: number, work: () => Promise<Result>): Promise<Result> {
    while (this.#bytes > 0 && this.#bytes + bytes > this.#mostBytes) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#bytes += bytes;
    try {
      return await work();
    } finally {
      this.#bytes -= bytes;
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }
}
