import type { ObservedGroup } from '../../model/observed.ts';
import type { GroupChange } from '../../model/plan/change.ts';
import type { BoundGroup } from '../../model/resource.ts';
import type { ValueToWrite } from '../../telnyx/types.ts';
import type { Progress } from '../writing/outcome.ts';
import { begin, type Run } from '../writing/run.ts';
import { isMadeFirst, makeValues, writeOrRepair } from '../writing/values.ts';
import { refuseCopyWithoutReference } from './identity/dropped-reference.ts';
import { refuseYounger } from './identity/twins.ts';
import { type Look, lookAgain, lookBeforeDelete, refuseUnseen } from './look.ts';
import { submitAndAttach } from './submit-and-attach.ts';
import { confirmValues, makeGroup, patch, remove } from './write.ts';

/** Does the operations of one group, in order. */
export async function workOnGroup(run: Run, change: GroupChange, progress: Progress): Promise<void> {
  if (change.desired !== null) {
    const group = await writeGroup(run, change, change.desired, progress);
    await submitAndAttach(run, change, group, progress);
  }
  // Deletes are last, and need the success of everything before: until then the old group is the one that
  // works.
  for (const old of change.deletes) {
    begin(run, change, 'delete');
    if (await lookBeforeDelete(run, old)) await remove(run.writer, old.id);
    progress.operations.push('delete');
    if (change.desired === null) progress.status = null;
  }
}

/** @returns the group as it was read last. */
async function writeGroup(
  run: Run,
  change: GroupChange,
  desired: BoundGroup,
  progress: Progress,
): Promise<ObservedGroup> {
  const write = async (values: readonly ValueToWrite[], look: Look): Promise<ObservedGroup> => {
    if (look.group === null) return createGroup(run, change, desired, values, progress);
    if (look.isWritten) return look.group;
    return patchGroup(run, change, { before: look.group, desired }, values, progress);
  };
  const look = await lookAndNote(run, change, desired, progress);
  // There is nothing to write, or nothing any more.
  if (look.isWritten && look.group !== null) return look.group;
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  // Uploads take time, so the group is read again after them.
  let fresh = change.writes.some(isMadeFirst) ? null : look;
  return writeOrRepair(run, change, values, progress, async (written) => {
    const current = fresh ?? (await lookAndNote(run, change, desired, progress));
    fresh = null;
    return write(written, current);
  });
}

async function lookAndNote(
  run: Run,
  change: GroupChange,
  desired: BoundGroup,
  progress: Progress,
): Promise<Look> {
  const look = await lookAgain(run, change, desired);
  if (look.group === null) return look;
  if (progress.id === null) {
    progress.warnings.push(`group ${look.group.id} has this reference already: none was created`);
  }
  progress.id = look.group.id;
  progress.status = look.group.status;
  return look;
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
  const warning = await refuseYounger(run, desired, group);
  // An ambiguous write was reported already, with everything that it may have caused.
  if (warning !== null && made.warning === null) progress.warnings.push(warning);
  return group;
}

async function patchGroup(
  run: Run,
  change: GroupChange,
  { before, desired }: { readonly before: ObservedGroup; readonly desired: BoundGroup },
  values: readonly ValueToWrite[],
  progress: Progress,
): Promise<ObservedGroup> {
  const { id } = before;
  begin(run, change, 'patch');
  await patch(run.writer, id, values, change.writesReference);
  progress.operations.push('patch');
  const group = await confirmValues(run.writer, id, values, change.writesReference);
  progress.status = group.status;
  refuseUnseen(before, group, { values, reference: change.writesReference }, desired);
  return group;
}
