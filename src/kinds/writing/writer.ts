import type { WriteClient } from '../../telnyx/client.ts';
import type { ByteSemaphore } from './byte-semaphore.ts';

/**
 * The context in which operations become requests. Two rules hold for all of them. A POST whose outcome is
 * unknown is looked up by its reference before it is sent again, because Telnyx accepts duplicates. And no
 * answer is believed: what was written is read back.
 */
export interface WriterContext {
  readonly client: WriteClient;
  readonly scope: string;
  readonly readDocument: ReadDocument;
  /**
   * The objects that were there before the run. None of them is taken for the result of an ambiguous POST.
   */
  readonly knownIds: ReadonlySet<string>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** The memory for documents that are being uploaded. */
  readonly memory: ByteSemaphore;
}

export type ReadDocument = (path: string) => Promise<Buffer>;
