import type { WriteClient } from '../../telnyx/client.ts';
import type { Memory } from './memory.ts';

/**
 * One operation → requests. Two rules hold for all of them. A POST whose outcome is unknown is looked up by its
 * reference before it is sent again, for nothing at Telnyx keeps two of a kind apart. And no answer is believed: what
 * was written is read back.
 */
export interface WriterContext {
  readonly client: WriteClient;
  readonly scope: string;
  readonly readDocument: ReadDocument;
  /** Objects that were there before the run: never taken for one that a lost POST has made. */
  readonly knownIds: ReadonlySet<string>;
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Of documents that are being uploaded. */
  readonly memory: Memory;
}

export type ReadDocument = (path: string) => Promise<Buffer>;
