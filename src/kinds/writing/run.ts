import { type AuthenticationError, InterruptedError } from '../../model/errors.ts';
import type { Observed } from '../../model/observed.ts';
import type { ActionLink } from '../../model/orders/actions.ts';
import type { Change, WritingChange } from '../../model/plan/change.ts';
import type { Operation, Outcome } from '../../model/plan/outcome.ts';
import type { RemoteId } from '../../model/resource.ts';
import type { Answer } from '../../telnyx/answer.ts';
import type { Write, WriteClient } from '../../telnyx/client.ts';
import { ByteSemaphore } from './byte-semaphore.ts';
import type { Made } from './make-once.ts';
import { notAttempted } from './outcome.ts';
import { Semaphore } from './semaphore.ts';
import type { ReadDocument, WriterContext } from './writer.ts';

export interface ApplyInput {
  readonly changes: readonly Change[];
  readonly observed: Observed;
  readonly client: WriteClient;
  /** Reads the bytes of a document of the repository anew. */
  readonly readDocument: ReadDocument;
  readonly parallelism: number;
  /** An abort lets the request in flight finish, and nothing new is begun. */
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onProgress: (progress: { readonly name: string; readonly operation: Operation }) => void;
  /** Gets the outcome of each change as it ends. */
  readonly onOutcome?: (outcome: Outcome) => void;
  /** Gets the private links of started actions. Absent if the run hands out none. */
  readonly onLink?: (link: ActionLink) => void;
}

/** The state that the changes of one apply share. */
export interface Run extends ApplyInput {
  readonly writer: WriterContext;
  /** The places for `parallelism` changes. Uploads of other changes may use the free ones. */
  readonly places: Semaphore;
  /** The uploads by digest. Each content is made once, and a second change waits for the first. */
  readonly uploads: Map<string, Promise<Made>>;
  readonly creations: Map<string, Promise<Made>>;
  /** The contents that this run made, which lists should show before it ends. */
  readonly contents: MadeContent[];
  /** The outcomes of groups by name. Orders are applied after them. */
  readonly groups: Map<string, Outcome>;
  keyRefused: AuthenticationError | null;
  /** Is true if a write was answered, or may have been carried out without an answer. */
  hasWritten: boolean;
  /** The number of changes in a row that failed because the API could not be reached. */
  unreachableInARow: number;
}

export interface MadeContent {
  readonly operation: 'upload' | 'create_address';
  readonly sha256: string;
  readonly id: RemoteId;
  /** Is true if a warning about its making exists already. */
  readonly isTold: boolean;
  /** The warnings of the change that made it. */
  readonly warnings: string[];
}

/** This fits eight documents of 8 MB, or three of the largest that Telnyx takes. */
const MAX_DOCUMENT_BYTES = 64 * 1024 * 1024;

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
      // A timer of zero milliseconds still takes a while, so none is set.
      wait: async (milliseconds) => (milliseconds > 0 ? wait(milliseconds) : undefined),
      memory: new ByteSemaphore(MAX_DOCUMENT_BYTES),
    },
    places: new Semaphore(input.parallelism),
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

/** Waits without a place, so that many changes may wait at once and no other change waits for them. */
export async function waitOutside(run: Run, milliseconds: number): Promise<void> {
  if (milliseconds > 0) await run.places.outside(() => run.writer.wait(milliseconds));
}

/** @throws InterruptedError if the run was interrupted. */
export function begin(run: Run, change: WritingChange, operation: Operation): void {
  if (run.signal.aborted) throw new InterruptedError(`interrupted before ${operation}`);
  run.onProgress({ name: change.name, operation });
}

/** @throws an error if nothing new is to be begun, for a reason that all changes share. */
export function refuseToGoOn(run: Run): void {
  if (run.signal.aborted) throw new InterruptedError('interrupted before this was begun');
  if (run.keyRefused !== null) throw notAttempted('Telnyx refused the key for another one');
  if (run.unreachableInARow >= MAX_UNREACHABLE) {
    throw notAttempted(`the API could not be reached ${run.unreachableInARow} times in a row`);
  }
}

/**
 * The most failures in a row. The rest is then not tried, because each would wait for its own retries to end.
 */
const MAX_UNREACHABLE = 10;
