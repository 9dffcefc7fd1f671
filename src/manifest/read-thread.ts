import { Worker } from 'node:worker_threads';
import { Fault } from './fault.ts';
import type { RepositoryPath } from './paths.ts';
import type { Readable, Readings } from './read-each.ts';

/** What the build writes in: `read-thread-entry.ts` and all that it imports. Tests that run the sources have none of it. */
declare const REGSYNC_READ_THREAD: string | undefined;

/** The other side of `read-thread-entry.ts`. */
export class ReadingThread {
  readonly #worker: Worker;
  /** Of what was asked and not yet answered; answers come in the order of the questions. */
  readonly #waiting: { resolve: (readings: unknown[]) => void; reject: (error: Error) => void }[] = [];
  #failure: Error | null = null;
  #isRunning = false;

  /** Null where there is nothing to start, or it may not be started. */
  static start(
    source = typeof REGSYNC_READ_THREAD === 'string' ? REGSYNC_READ_THREAD : null,
  ): ReadingThread | null {
    if (source === null) return null;
    try {
      return new ReadingThread(source);
    } catch {
      return null;
    }
  }

  /** It has nothing of the environment, where keys are, and no flags that are meant for this thread. */
  private constructor(source: string) {
    this.#worker = new Worker(source, {
      eval: true,
      env: {},
      argv: [],
      execArgv: [],
      // What it reads is handed over at once.
      resourceLimits: { maxYoungGenerationSizeMb: 4 },
    });
    this.#worker.on('online', () => {
      this.#isRunning = true;
    });
    this.#worker.on('message', (readings: unknown[]) => this.#waiting.shift()?.resolve(readings));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('the thread that reads files has ended')));
  }

  /** It takes a while to start, in which whoever waited for it would do nothing. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Rejects when the thread cannot read them, whatever they hold: a file that cannot be read is a Fault. */
  async read<What extends Readable>(
    what: What,
    root: string,
    paths: readonly RepositoryPath[],
  ): Promise<Readings[What][]> {
    if (paths.length === 0) return [];
    if (this.#failure !== null) throw this.#failure;
    const readings = await new Promise<unknown[]>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ what, root, paths });
    });
    return readings.map((reading) => revive(reading as Readings[What]));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Between threads, a Fault goes as the fields that it has. */
function revive<Reading>(reading: Reading | Fault): Reading | Fault {
  if (typeof reading !== 'object' || reading === null || !('code' in reading)) return reading;
  return new Fault(reading.code, reading.message, reading.hint);
}
