import { ApiError } from '../model/errors.ts';
import type { GroupChange } from '../model/plan.ts';
import type { BoundGroup, ObservedGroup } from '../model/resource.ts';
import type { ValueToWrite } from '../telnyx/types.ts';
import { attachAll } from './attach.ts';
import { refuseCopyWithoutReference } from './dropped-reference.ts';
import { type Progress, SubmitRefusedError } from './outcome.ts';
import { begin, type Run } from './run.ts';
import { makeValues, mendDocuments } from './values.ts';
import { confirmValues, isSubmitted, makeGroup, patch, remove, submit } from './writer.ts';

/** The operations of one group, in order. */
export async function workOnGroup(run: Run, change: GroupChange, progress: Progress): Promise<void> {
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
  refuseCopyWithoutReference(run.observed, desired, values);
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
