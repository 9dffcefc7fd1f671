import { parentPort } from 'node:worker_threads';
import type { RepositoryPath } from './paths.ts';
import { type Readable, readEach } from './read-each.ts';

/** Runs in a thread of its own, and does what `read-thread.ts` asks for. The build makes one text of it. */
interface Question {
  readonly what: Readable;
  readonly root: string;
  readonly paths: readonly RepositoryPath[];
}

parentPort?.on('message', ({ what, root, paths }: Question) => {
  parentPort?.postMessage(readEach(what, root, paths));
});
