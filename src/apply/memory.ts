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

/**
 * Buffers that are used again: each new one of a megabyte brings the next collection of garbage nearer, and its pages have to be
 * made. Whoever takes back says that nothing reads the bytes any more; who cannot say so keeps them, and they are garbage.
 */
export class Buffers {
  readonly #mostIdleBytes: number;
  readonly #lent = new WeakSet<ArrayBufferLike>();
  readonly #idle: Buffer[] = [];
  #idleBytes = 0;

  constructor(mostIdleBytes: number) {
    this.#mostIdleBytes = mostIdleBytes;
  }

  /** Of at least so many bytes, and of a quarter more at most. What is in it is to be written over. */
  lend(bytes: number): Buffer {
    const fitting = this.#idle.findIndex(({ length }) => length >= bytes && length <= bytes * 1.25);
    const buffer = fitting < 0 ? Buffer.allocUnsafeSlow(bytes) : this.#remove(fitting);
    this.#lent.add(buffer.buffer);
    return buffer;
  }

  /** A lent one, or a part of it; anything else is left alone. */
  takeBack(part: Buffer): void {
    if (!this.#lent.delete(part.buffer)) return;
    const buffer = Buffer.from(part.buffer);
    this.#idle.push(buffer);
    this.#idleBytes += buffer.length;
    while (this.#idleBytes > this.#mostIdleBytes) this.#remove(0);
  }

  #remove(index: number): Buffer {
    const [buffer] = this.#idle.splice(index, 1);
    if (buffer === undefined) throw new Error(`no buffer ${index} is idle`);
    this.#idleBytes -= buffer.length;
    return buffer;
  }
}
