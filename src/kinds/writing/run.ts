import { type AuthenticationError, InterruptedError } from '../../model/errors.ts';
import type { Change, Operation, Outcome, WritingChange } from '../../model/plan.ts';
import type { Observed, RemoteId } from '../../model/resource.ts';
import type { Answer, Write, WriteClient } from '../../telnyx/client.ts';
import type { Made } from './make-once.ts';
import { Memory } from './memory.ts';
import { NotAttemptedError } from './outcome.ts';
import { Places } from './places.ts';
import type { ReadDocument, WriterContext } from './writer.ts';

export interface ApplyInput {
  readonly changes: readonly Change[];
  readonly observed: Observed;
  readonly client: WriteClient;
  /** The bytes of a document of the repository, read anew. */
  readonly readDocument: ReadDocument;
  readonly parallelism: number;
  /** Aborted: the request in flight is finished, nothing new is begun. */
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onProgress: (progress: { readonly name: string; readonly operation: Operation }) => void;
}

/** What the changes of one apply share. */
export interface Run extends ApplyInput {
  readonly writer: WriterContext;
  /** `parallelism` of them. What no change needs is free: others may upload with it. */
  readonly places: Places;
  /** Each content is made once; whoever comes second waits for the first. */
  readonly uploads: Map<string, Promise<Made>>;
  readonly creations: Map<string, Promise<Made>>;
  /** What this run uploaded and created, for the lists to show before it ends. */
  readonly contents: MadeContent[];
  /** What became of groups, by name: orders come after them. */
  readonly groups: Map<string, Outcome>;
  keyRefused: AuthenticationError | null;
  /** A write was answered, or may have been carried out all the same. */
  hasWritten: boolean;
  /** Groups or orders in a row that failed because the API could not be reached. */
  unreachableInARow: number;
}

export interface MadeContent {
  readonly operation: 'upload' | 'create_address';
  readonly sha256: string;
  readonly id: RemoteId;
  /** Something was said of its making already. */
  readonly isTold: boolean;
  /** Of the change that made it. */
  readonly warnings: string[];
}

/** Eight of 8 MB, and three of the largest that Telnyx takes. */
const MOST_DOCUMENT_BYTES = 64 * 1024 * 1024;

export function startRun(input: ApplyInput): Run {
  const { observed, client, readDocument, wait } = input;
  const knownIds = new Set<string>([...observed.documents.byId.keys(), ...observed.addresses.byId.keys()]);
  for (const { group, superseded } of observed.RequirementGroup.values()) {
    if (group !== null) knownIds.add(group.id);
    for (const old of superseded) knownIds.add(old.id);
  }
  const run: Run = {
    ...input,
    writer: {
      client: { ...client, send: (write) => sendAndNote(run, write) },
      scope: observed.scope,
      readDocument,
      knownIds,
      // A timer of zero milliseconds is one, all the same.
      wait: async (milliseconds) => (milliseconds > 0 ? wait(milliseconds) : undefined),
      memory: new Memory(MOST_DOCUMENT_BYTES),
    },
    places: new Places(input.parallelism),
    uploads: new Map(),
    creations: new Map(),
    contents: [],
    groups: new Map(),
    keyRefused: null,
    hasWritten: false,
    unreachableInARow: 0,
  };
  return run;
}

async function sendAndNote(run: Run, write: Write): Promise<Answer> {
  const note = (): void => {
    run.hasWritten = true;
  };
  const answer = await run.client.send({ ...write, onLoss: note });
  note();
  return answer;
}

/** Many may wait at once, each its own time: no other change waits for one of them. */
export async function waitOutside(run: Run, milliseconds: number): Promise<void> {
  if (milliseconds > 0) await run.places.outside(() => run.writer.wait(milliseconds));
}

/** @throws InterruptedError when nothing new is to be begun. */
export function begin(run: Run, change: WritingChange, operation: Operation): void {
  if (run.signal.aborted) throw new InterruptedError(`interrupted before ${operation}`);
  run.onProgress({ name: change.name, operation });
}

/** @throws where nothing new is to be begun, for a reason that all changes share. */
export function refuseToGoOn(run: Run): void {
  if (run.signal.aborted) throw new InterruptedError('interrupted before this was begun');
  if (run.keyRefused !== null)
    throw new NotAttemptedError('not attempted: Telnyx refused the key for another one');
  if (run.unreachableInARow >= MOST_UNREACHABLE) {
    throw new NotAttemptedError(
      `not attempted: the API could not be reached ${run.unreachableInARow} times in a row`,
    );
  }
}

/** After so many in a row the rest is not tried: each would wait for its own retries to end. */
const MOST_UNREACHABLE = 10;
