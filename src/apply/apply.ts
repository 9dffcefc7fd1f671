import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  OperationError,
  UnreachableError,
} from '../model/errors.ts';
import type { Change, GroupChange, Operation, Outcome, ValueWrite } from '../model/plan.ts';
import {
  asRemoteId,
  type BoundGroup,
  type Observed,
  type ObservedGroup,
  type RemoteId,
} from '../model/resource.ts';
import { reveal, Sensitive } from '../model/sensitive.ts';
import { UnknownOutcomeError, type WriteClient } from '../telnyx/client.ts';
import type { ValueToWrite } from '../telnyx/types.ts';
import { attachAll } from './attach.ts';
import { Memory } from './memory.ts';
import {
  AttachError,
  describeError,
  NotAttemptedError,
  outcomeOf,
  type Progress,
  SubmitRefusedError,
} from './outcome.ts';
import {
  confirmValues,
  inspectDocument,
  isSubmitted,
  type Made,
  makeAddress,
  makeGroup,
  patch,
  remove,
  submit,
  upload,
  type WriterContext,
} from './writer.ts';

export interface ApplyInput {
  readonly changes: readonly Change[];
  readonly observed: Observed;
  readonly client: WriteClient;
  /** The bytes of a document of the repository, read anew. */
  readonly readDocument: (path: string) => Promise<Buffer>;
  readonly parallelism: number;
  /** Aborted: the request in flight is finished, nothing new is begun. */
  readonly signal: AbortSignal;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onProgress: (progress: { readonly name: string; readonly operation: Operation }) => void;
}

/**
 * Walks the changes: groups side by side, the operations of one group in order. Whatever happens to one group, the
 * others go on; what happened is data.
 *
 * @throws AuthenticationError if the key was refused before anything was written.
 */
export async function applyChanges(input: ApplyInput): Promise<Outcome[]> {
  const run = startRun(input);
  const groups = input.changes.filter((change) => change.kind === 'RequirementGroup');
  const outcomes: Outcome[] = new Array(groups.length);
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < groups.length; index = next++) {
      const change = groups[index];
      if (change !== undefined) outcomes[index] = await applyGroup(run, change);
    }
    run.idle++;
  };
  const workers = Math.min(input.parallelism, groups.length);
  run.idle = input.parallelism - workers;
  await Promise.all(Array.from({ length: workers }, worker));
  if (run.keyRefused !== null && !run.hasWritten) throw run.keyRefused;
  return outcomes;
}

interface Run extends ApplyInput {
  readonly writer: WriterContext;
  /** Of `parallelism`, what no group needs: others may upload with it. */
  idle: number;
  /** Each content is made once; whoever comes second waits for the first. */
  readonly uploads: Map<string, Promise<Made>>;
  readonly creations: Map<string, Promise<Made>>;
  keyRefused: AuthenticationError | null;
  /** A write was answered, or may have been carried out all the same. */
  hasWritten: boolean;
  /** Groups in a row that failed because the API could not be reached. */
  unreachableInARow: number;
}

/** After so many in a row the rest is not tried: each would wait for its own retries to end. */
const MOST_UNREACHABLE = 10;

/** Eight of 8 MB, and three of the largest that Telnyx takes. */
const MOST_DOCUMENT_BYTES = 64 * 1024 * 1024;

function startRun(input: ApplyInput): Run {
  const { observed, client, readDocument, wait } = input;
  const knownIds = new Set<string>([...observed.documents.byId.keys(), ...observed.addresses.byId.keys()]);
  for (const { group, superseded } of observed.matches.values()) {
    if (group !== null) knownIds.add(group.id);
    for (const old of superseded) knownIds.add(old.id);
  }
  const run: Run = {
    ...input,
    writer: {
      client: { ...client, send: (write) => notingWrites(run, client.send(write)) },
      scope: observed.scope,
      readDocument,
      knownIds,
      wait,
      memory: new Memory(MOST_DOCUMENT_BYTES),
    },
    idle: 0,
    uploads: new Map(),
    creations: new Map(),
    keyRefused: null,
    hasWritten: false,
    unreachableInARow: 0,
  };
  return run;
}

async function notingWrites<Answer>(run: Run, sending: Promise<Answer>): Promise<Answer> {
  try {
    const answer = await sending;
    run.hasWritten = true;
    return answer;
  } catch (error) {
    if (error instanceof UnknownOutcomeError) run.hasWritten = true;
    throw error;
  }
}

async function applyGroup(run: Run, change: GroupChange): Promise<Outcome> {
  const progress: Progress = {
    id: change.observed?.id ?? null,
    status: change.observed?.status ?? null,
    operations: [],
    warnings: [],
    source: change.source,
  };
  try {
    refuseToStart(run);
    await work(run, change, progress);
    run.unreachableInARow = 0;
    return outcomeOf(change, progress, 'applied', null);
  } catch (error) {
    if (error instanceof AuthenticationError) run.keyRefused ??= error;
    if (error instanceof UnreachableError) run.unreachableInARow++;
    if (error instanceof AttachError) progress.warnings.push(...error.others.map(alsoFailed));
    const untouched = progress.operations.length === 0;
    const interrupted = error instanceof InterruptedError || error instanceof NotAttemptedError;
    const status = untouched && interrupted ? 'skipped' : 'failed';
    return outcomeOf(change, progress, status, describeError(error, change, progress));
  }
}

function alsoFailed({ message, order: { source } }: AttachError): string {
  return `${message}  ${source.file}:${source.line}`;
}

function refuseToStart(run: Run): void {
  if (run.signal.aborted) throw new InterruptedError('interrupted before this group was begun');
  if (run.keyRefused !== null)
    throw new NotAttemptedError('not attempted: Telnyx refused the key for another group');
  if (run.unreachableInARow >= MOST_UNREACHABLE) {
    throw new NotAttemptedError(
      `not attempted: the API could not be reached for ${run.unreachableInARow} groups in a row`,
    );
  }
}

async function work(run: Run, change: GroupChange, progress: Progress): Promise<void> {
  const group = await writeGroup(run, change, progress);
  if (change.actions.includes('submit')) await submitOnce(run, change, group, progress);
  await attachOrders(run, change, group, progress);
  // Last, and only when everything before it held: until then the old group is the one that works.
  for (const old of change.deletes) {
    begin(run, change, 'delete');
    await remove(run.writer, old.id);
    progress.operations.push('delete');
    if (change.desired === null) progress.status = null;
  }
}

/** @returns the group as read back, or null where nothing is written. */
async function writeGroup(run: Run, change: GroupChange, progress: Progress): Promise<ObservedGroup | null> {
  const { desired } = change;
  const creates = change.actions.includes('create');
  if (
    desired === null ||
    !(creates || change.actions.includes('update') || change.actions.includes('adopt'))
  ) {
    return null;
  }
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  const write = (those: readonly ValueToWrite[]) =>
    creates ? createGroup(run, change, desired, those, progress) : patchGroup(run, change, those, progress);
  try {
    return await write(values);
  } catch (error) {
    // Refused was the write itself, not the reading back of one that was done.
    const isDone = progress.operations.includes(creates ? 'create' : 'patch');
    if (isDone || !(error instanceof ApiError)) throw error;
    const mended = await mendDocuments(run, change, values, progress);
    if (mended === null) throw error;
    return await write(mended);
  }
}

async function createGroup(
  run: Run,
  change: GroupChange,
  desired: BoundGroup,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<ObservedGroup> {
  begin(run, change, 'create');
  const made = await makeGroup(run.writer, desired, values);
  progress.operations.push('create');
  if (made.warning !== null) progress.warnings.push(made.warning);
  progress.id = made.id;
  const group = await confirmValues(run.writer, made.id, values, desired.reference);
  progress.status = group.status;
  return group;
}

async function patchGroup(
  run: Run,
  change: GroupChange,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<ObservedGroup> {
  const id = change.observed?.id;
  if (id === undefined) throw new Error(`"${change.name}" is to be updated but was not observed`);
  begin(run, change, 'patch');
  await patch(run.writer, id, values, change.writesReference);
  progress.operations.push('patch');
  const group = await confirmValues(run.writer, id, values, change.writesReference);
  progress.status = group.status;
  return group;
}

/**
 * A write was refused. If that may be because of its documents, makes them usable: one that vanished since it was found
 * is uploaded again, one that was not scanned yet is waited for. Null where the documents are not the reason.
 */
async function mendDocuments(
  run: Run,
  change: GroupChange,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<readonly ValueToWrite[] | null> {
  let mended = false;
  const renewed: ValueToWrite[] = [];
  for (const [index, write] of change.writes.entries()) {
    const value = values[index];
    if (value === undefined) continue;
    const id = write.value.kind === 'document' ? asRemoteId(reveal(value.value)) : null;
    const state = id === null ? 'ready' : await inspectDocument(run.writer, id);
    if (state === 'rejected') {
      throw new OperationError(
        'document-rejected',
        `Telnyx rejected the document for ${write.requirementName}`,
        write.source,
      );
    }
    mended ||= state !== 'ready';
    renewed.push(state === 'gone' ? await uploadAgain(run, change, write, progress) : value);
  }
  return mended ? renewed : null;
}

async function uploadAgain(
  run: Run,
  change: GroupChange,
  write: ValueWrite,
  progress: Progress,
): Promise<ValueToWrite> {
  const { value, requirementId } = write;
  if (value.kind !== 'document') throw new Error('only documents vanish');
  progress.source = write.source;
  progress.warnings.push(
    `${value.document.path} had vanished at Telnyx since the plan was made and was uploaded again`,
  );
  return {
    requirementId,
    value: await makeValue(run, change, { ...write, value: { ...value, reuse: null } }, progress),
  };
}

/** Uploads and addresses right before the write that links them: Telnyx deletes what stays unlinked for 30 minutes. */
async function makeValues(run: Run, change: GroupChange, progress: Progress): Promise<ValueToWrite[]> {
  await uploadSideBySide(run, change, progress);
  const values: ValueToWrite[] = [];
  for (const write of change.writes) {
    progress.source = write.source;
    values.push({ requirementId: write.requirementId, value: await makeValue(run, change, write, progress) });
  }
  return values;
}

/** As far as others leave room; each for itself, so that the first one that fails is also the last one begun. */
async function uploadSideBySide(run: Run, change: GroupChange, progress: Progress): Promise<void> {
  const uploads = change.writes.filter(({ value }) => value.kind === 'document' && value.reuse === null);
  const failures = new Map<ValueWrite, unknown>();
  let next = 0;
  const worker = async () => {
    for (let write = uploads[next++]; write !== undefined && failures.size === 0; write = uploads[next++]) {
      await makeValue(run, change, write, progress).catch((error) => failures.set(write, error));
    }
  };
  const helper = async () => {
    run.idle--;
    await worker();
    run.idle++;
  };
  const helpers = Array.from({ length: Math.min(run.idle, uploads.length - 1) }, helper);
  await Promise.all([worker(), ...helpers]);
  const failed = uploads.find((write) => failures.has(write));
  if (failed === undefined) return;
  progress.source = failed.source;
  throw failures.get(failed);
}

async function makeValue(
  run: Run,
  change: GroupChange,
  { value }: ValueWrite,
  progress: Progress,
): Promise<Sensitive> {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'remote':
      return new Sensitive(value.id);
    case 'document': {
      if (value.reuse !== null) return new Sensitive(value.reuse);
      const made = await shared(run, change, progress, 'upload', value.document.sha256, () =>
        upload(run.writer, value.document),
      );
      return new Sensitive(made);
    }
    case 'address': {
      if (value.reuse !== null) return new Sensitive(value.reuse);
      const made = await shared(run, change, progress, 'create_address', value.address.sha256, () =>
        makeAddress(run.writer, value.address),
      );
      return new Sensitive(made);
    }
    default:
      return value satisfies never;
  }
}

/** The first group that needs a content makes it, and says so among its operations; after a failure the next one tries. */
async function shared(
  run: Run,
  change: GroupChange,
  progress: Progress,
  operation: 'upload' | 'create_address',
  sha256: string,
  make: () => Promise<Made>,
): Promise<RemoteId> {
  const contents = operation === 'upload' ? run.uploads : run.creations;
  const begun = contents.get(sha256);
  if (begun !== undefined) return (await begun).id;
  begin(run, change, operation);
  const making = make();
  contents.set(sha256, making);
  making.catch(() => contents.delete(sha256));
  const made = await making;
  progress.operations.push(operation);
  if (made.warning !== null) progress.warnings.push(made.warning);
  return made.id;
}

async function submitOnce(
  run: Run,
  change: GroupChange,
  written: ObservedGroup | null,
  progress: Progress,
): Promise<void> {
  const { id } = progress;
  if (id === null) throw new Error(`"${change.name}" is to be submitted but has no id`);
  // Telnyx may have resumed the review by itself after a PATCH, or left the approval as it was.
  if (written !== null && isSubmitted(written)) return;
  begin(run, change, 'submit');
  try {
    const group = await submit(run.writer, id);
    progress.status = group.status;
  } catch (error) {
    if (error instanceof ApiError) throw new SubmitRefusedError(error);
    throw error;
  }
  progress.operations.push('submit');
}

/** Fulfilled is all that a group has to be: its review goes on meanwhile. */
async function attachOrders(
  run: Run,
  change: GroupChange,
  written: ObservedGroup | null,
  progress: Progress,
): Promise<void> {
  if (change.attaches.length === 0) return;
  const group = written ?? change.observed;
  if (group === null) throw new Error(`"${change.name}" is to be attached but does not exist`);
  await attachAll(run.writer, group, change.attaches, {
    begin: () => begin(run, change, 'attach'),
    done: () => progress.operations.push('attach'),
  });
}

function begin(run: Run, change: GroupChange, operation: Operation): void {
  if (run.signal.aborted) throw new InterruptedError(`interrupted before ${operation}`);
  run.onProgress({ name: change.name, operation });
}
