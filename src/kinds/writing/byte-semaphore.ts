/**
 * Limits the bytes of documents that are in memory at once. Work waits for its turn, and a document that is
 * larger than the limit is let in alone.
 */
export class ByteSemaphore {
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
