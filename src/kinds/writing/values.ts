import { ApiError, InterruptedError, OperationError } from '../../model/errors.ts';
import type { ValueWrite, WritableValue, WritingChange } from '../../model/plan/change.ts';
import { reveal, Sensitive } from '../../model/privacy/sensitive.ts';
import { asRemoteId, type RemoteId } from '../../model/resource.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import { makeAddress } from '../address/create.ts';
import { inspectDocument, upload } from '../document/upload.ts';
import type { Made } from './make-once.ts';
import type { Progress } from './outcome.ts';
import { begin, type Run } from './run.ts';

/** Writes, and once more with repaired documents if Telnyx refused the write because of them. */
export async function writeOrRepair<Result>(
  run: Run,
  change: WritingChange,
  values: readonly ValueToWrite[],
  progress: Progress,
  write: (values: readonly ValueToWrite[]) => Promise<Result>,
): Promise<Result> {
  const { length } = progress.operations;
  try {
    return await write(values);
  } catch (error) {
    // The write itself was refused, and not the read-back of a write that was done.
    if (progress.operations.length > length || !(error instanceof ApiError)) throw error;
    const repaired = await repairDocuments(run, change, values, progress);
    if (repaired === null) throw error;
    return write(repaired);
  }
}

/**
 * Repairs the documents of a refused write: one that vanished is uploaded again, and one that was not scanned
 * yet is waited for. Null if the documents are not the reason.
 */
export async function repairDocuments(
  run: Run,
  change: WritingChange,
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<readonly ValueToWrite[] | null> {
  let repaired = false;
  const renewed: ValueToWrite[] = [];
  for (const [index, write] of change.writes.entries()) {
    const value = values[index];
    if (value === undefined) continue;
    if (write.value.kind !== 'document') {
      renewed.push(value);
      continue;
    }
    const id = asRemoteId(reveal(value.value));
    const state = await inspectDocument(run.writer, id);
    if (state === 'rejected') {
      throw new OperationError(
        'document-rejected',
        `Telnyx rejected the document for ${write.requirementName}`,
        write.source,
      );
    }
    repaired ||= state !== 'ready';
    const gone = { ...write, value: write.value, id };
    renewed.push(state === 'gone' ? await uploadAgain(run, change, gone, progress) : value);
  }
  return repaired ? renewed : null;
}

interface GoneDocument extends ValueWrite {
  readonly value: Extract<WritableValue, { readonly kind: 'document' }>;
  readonly id: RemoteId;
}

/** Uploads a document once for all changes that hold the id that is gone. */
async function uploadAgain(
  run: Run,
  change: WritingChange,
  gone: GoneDocument,
  progress: Progress,
): Promise<ValueToWrite> {
  const { value, requirementId } = gone;
  progress.source = gone.source;
  await forgetUpload(run, value.document.sha256, gone.id);
  const renewed = await makeValue(run, change, { ...gone, value: { ...value, reuse: null } }, progress);
  progress.warnings.push(
    `${value.document.path} had vanished at Telnyx since the plan was made and was uploaded again`,
  );
  return { requirementId, value: renewed };
}

/** Forgets an upload, unless another change has already begun a new one. */
async function forgetUpload({ uploads }: Run, sha256: string, gone: RemoteId): Promise<void> {
  const begun = uploads.get(sha256);
  if ((await begun)?.id === gone && uploads.get(sha256) === begun) uploads.delete(sha256);
}

/**
 * Makes contents right before the write that links them, because Telnyx deletes uploads that stay unlinked
 * for 30 minutes.
 */
export async function makeValues(
  run: Run,
  change: WritingChange,
  progress: Progress,
): Promise<ValueToWrite[]> {
  await uploadSideBySide(run, change, progress);
  const values: ValueToWrite[] = [];
  for (const write of change.writes) {
    progress.source = write.source;
    values.push({ requirementId: write.requirementId, value: await makeValue(run, change, write, progress) });
  }
  return values;
}

/** Returns true for a document to upload, or an address to create. */
export function isMadeFirst({ value }: ValueWrite): boolean {
  return (value.kind === 'document' || value.kind === 'address') && value.reuse === null;
}

/** Uploads in parallel as far as places are free. After the first failure, no upload is begun. */
async function uploadSideBySide(run: Run, change: WritingChange, progress: Progress): Promise<void> {
  const uploads = change.writes.filter(({ value }) => value.kind === 'document' && value.reuse === null);
  const failures = new Map<ValueWrite, unknown>();
  let next = 0;
  const worker = async () => {
    for (let write = uploads[next++]; write !== undefined && failures.size === 0; write = uploads[next++]) {
      await makeValue(run, change, write, progress).catch((error) => failures.set(write, error));
    }
  };
  const helpers = Array.from({ length: Math.min(run.places.free, uploads.length - 1) }, () =>
    run.places.within(worker),
  );
  await Promise.all([worker(), ...helpers]);
  const allFailed = uploads.filter((write) => failures.has(write));
  // An upload that an interruption kept back does not hide another one that may have been carried out.
  const isTold = (write: ValueWrite) => !(failures.get(write) instanceof InterruptedError);
  const failed = allFailed.find(isTold) ?? allFailed[0];
  if (failed === undefined) return;
  progress.source = failed.source;
  throw failures.get(failed);
}

async function makeValue(
  run: Run,
  change: WritingChange,
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

/**
 * Makes a content in the first change that needs it, which lists the operation. After a failure, the next
 * change tries.
 */
async function shared(
  run: Run,
  change: WritingChange,
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
  const { id, warning } = made;
  run.contents.push({ operation, sha256, id, isTold: warning !== null, warnings: progress.warnings });
  return made.id;
}
