import { setImmediate as breathe } from 'node:timers/promises';
import type { RepositoryPath } from './paths.ts';
import { type Readable, type Readings, readEach } from './read-each.ts';
import type { ReadingThread } from './read-thread.ts';

/** Fewer are read before a thread has started. */
const MANY_FILES = 500;

/** Reading waits for each file. Now and then, what waits for something else gets its turn: answers that came meanwhile. */
const FILES_AT_ONCE = 50;

/** For a thread: what is asked of it and answered is worth the asking, and what waits to be used takes little room. */
const FILES_OF_A_THREAD = 200;

/**
 * Reads the files of a repository, in order. Where there are very many, a thread of its own opens, reads and hashes them while
 * this one parses what was read before, and what Telnyx answered. The reading is the same (`read-each.ts`), and so are its
 * faults.
 */
export class FileReader {
  readonly #root: string;
  readonly #start: () => Promise<ReadingThread | null>;
  #thread: ReadingThread | null = null;

  /** @param start null where there can be no thread: it was not built in, or may not be started. */
  constructor(root: string, start: () => Promise<ReadingThread | null> = startThread) {
    this.#root = root;
    this.#start = start;
  }

  async *read<What extends Readable>(
    what: What,
    paths: readonly RepositoryPath[],
  ): AsyncIterable<readonly Readings[What][]> {
    if (paths.length >= MANY_FILES) this.#thread ??= await this.#start();
    if (this.#thread === null) yield* this.#readHere(what, paths);
    else yield* this.#readThere(this.#thread, what, paths);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
    this.#thread = null;
  }

  async *#readHere<What extends Readable>(
    what: What,
    paths: readonly RepositoryPath[],
  ): AsyncIterable<readonly Readings[What][]> {
    for (const batch of inBatches(paths, FILES_AT_ONCE)) {
      yield readEach(what, this.#root, batch);
      if (batch.length === FILES_AT_ONCE) await breathe();
    }
  }

  /**
   * Files are read here until the thread runs. From then on, one batch is read ahead of the one that is used. What a thread
   * fails to do is done here.
   */
  async *#readThere<What extends Readable>(
    thread: ReadingThread,
    what: What,
    paths: readonly RepositoryPath[],
  ): AsyncIterable<readonly Readings[What][]> {
    let first = 0;
    for (; !thread.isRunning && first < paths.length; first += FILES_AT_ONCE) {
      yield readEach(what, this.#root, paths.slice(first, first + FILES_AT_ONCE));
      await breathe();
    }
    const ask = (batch: readonly RepositoryPath[] = []) =>
      thread.read(what, this.#root, batch).catch(() => readEach(what, this.#root, batch));
    const batches = inBatches(paths.slice(first), FILES_OF_A_THREAD);
    let [current, next] = [ask(batches[0]), ask(batches[1])];
    for (const index of batches.keys()) {
      yield await current;
      current = next;
      next = ask(batches[index + 2]);
    }
  }
}

async function startThread(): Promise<ReadingThread | null> {
  // Loaded for the few repositories that are so large.
  const { ReadingThread } = await import('./read-thread.ts');
  return ReadingThread.start();
}

function inBatches<Each>(all: readonly Each[], size: number): Each[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) =>
    all.slice(index * size, (index + 1) * size),
  );
}
