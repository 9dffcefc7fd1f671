import { ApiError } from '../../model/errors.ts';
import type { ObservedGroup, ReviewComment } from '../../model/observed.ts';
import type { AttachmentChange, GroupChange } from '../../model/plan/change.ts';
import { isResubmitted } from '../../model/plan/resubmission.ts';
import { listGroupComments } from '../../telnyx/endpoints/comments.ts';
import { AttachError, type Progress, submitRefused } from '../writing/outcome.ts';
import { changedSincePlanned } from '../writing/read-again.ts';
import { begin, type Run } from '../writing/run.ts';
import { decideApproval } from './approval.ts';
import { attachAll } from './orders/attach.ts';
import { isSubmitted, submit } from './write.ts';

/**
 * Submits the group and attaches it to its orders. It has to be fulfilled for that, but not yet approved.
 *
 * An advanced order that carries the group already copies its new values when it is attached again, and never
 * shows whether it was. So it comes before the submission: if it fails, the group is not submitted, and the
 * next plan shows both again.
 */
export async function submitAndAttach(
  run: Run,
  change: GroupChange,
  group: ObservedGroup,
  progress: Progress,
): Promise<void> {
  const submits = change.actions.includes('submit');
  const first = change.attaches.filter(({ order }) => order.groupId === group.id);
  const rest = change.attaches.filter((attach) => !first.includes(attach));
  const failed = await attachUnlessRefused(run, { change, attaches: first }, group, progress);
  if (submits && (failed === null || !isPlannedAgain(group))) await submitOnce(run, change, group, progress);
  const alsoFailed = await attachUnlessRefused(run, { change, attaches: rest }, group, progress);
  if (failed !== null && alsoFailed !== null) {
    throw failed.with([...failed.others, alsoFailed.with([]), ...alsoFailed.others]);
  }
  const error = failed ?? alsoFailed;
  if (error !== null) throw error;
}

/** Returns true if the next plan submits a group of this status, although its values are right. */
function isPlannedAgain({ status }: ObservedGroup): boolean {
  return decideApproval(status, false).submit;
}

/** @returns the error of the orders that failed, or null. */
async function attachUnlessRefused(
  run: Run,
  { change, attaches }: { readonly change: GroupChange; readonly attaches: readonly AttachmentChange[] },
  group: ObservedGroup,
  progress: Progress,
): Promise<AttachError | null> {
  try {
    await attachAll(run.writer, group, attaches, {
      begin: () => begin(run, change, 'attach'),
      done: () => progress.operations.push('attach'),
    });
    return null;
  } catch (error) {
    if (error instanceof AttachError && !error.stopsAll) return error;
    throw error;
  }
}

async function submitOnce(
  run: Run,
  change: GroupChange,
  group: ObservedGroup,
  progress: Progress,
): Promise<void> {
  // Somebody was faster, or Telnyx resumed the review by itself after a PATCH, or left the approval as it
  // was.
  if (isSubmitted(group)) return;
  if (isResubmitted({ group: change.observed ?? undefined, actions: change.actions }))
    await refuseUnheard(run, change, group);
  begin(run, change, 'submit');
  try {
    const { status } = await submit(run.writer, group.id);
    progress.status = status;
  } catch (error) {
    if (error instanceof ApiError) throw submitRefused(error);
    throw error;
  }
  progress.operations.push('submit');
}

/** Looks for words of reviewers that came after the plan, before the same content goes to them again. */
async function refuseUnheard(
  { writer: { client }, observed }: Run,
  { source }: GroupChange,
  { id }: ObservedGroup,
): Promise<void> {
  const count = (comments: readonly ReviewComment[]) =>
    comments.filter(({ byReviewer }) => byReviewer).length;
  const now = await listGroupComments(client, id);
  if (count(now) <= count(observed.comments.get(id) ?? [])) return;
  throw changedSincePlanned(
    `group ${id}`,
    ['a reviewer wrote a comment'],
    source ?? { file: '', line: 0, column: 0 },
  );
}
