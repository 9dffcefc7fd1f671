import type { NumberOrderChange } from '../../model/change.ts';
import { asRemoteId, type RemoteId } from '../../model/resource.ts';
import { NotAttemptedError, type Progress } from '../writing/outcome.ts';
import type { Run } from '../writing/run.ts';
import { isMadeFirst, makeValues } from '../writing/values.ts';
import { confirmUnchanged, editNumberOrder } from './edit.ts';
import { placeOnce } from './place.ts';

/**
 * The operations of one number order. Placing it spends money, nothing at Telnyx keeps two orders apart, and nothing takes
 * one back. So it is looked for before, by its reference and by its numbers: a run that was killed a moment ago may have placed
 * it, and lists may lag. A request to place it is sent once in a run, whatever becomes of its answer. And it is looked for
 * after: another run may have placed it at the same time.
 */
export async function workOnNumberOrder(
  run: Run,
  change: NumberOrderChange,
  progress: Progress,
): Promise<void> {
  const groupId = groupToOrderWith(run, change);
  const { observed } = change;
  if (observed !== null && change.writes.some(isMadeFirst)) await confirmUnchanged(run, change, observed, []);
  // Before the order: a document that cannot be uploaded costs nothing yet.
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  const id = observed?.id ?? (await placeOnce(run, change, groupId, progress));
  progress.id = id;
  if (change.writesReference === null && values.length === 0) return;
  const before = observed === null ? [] : await confirmUnchanged(run, change, observed, values);
  await editNumberOrder(run, change, { id, values, before }, progress);
}

/** Its group's change is done, or else nothing is ordered with it. */
function groupToOrderWith(run: Run, { desired, ordersWith }: NumberOrderChange): RemoteId | null {
  const name = desired.group?.name;
  if (name === undefined) return null;
  const outcome = run.groups.get(name);
  if (outcome !== undefined && outcome.status !== 'applied') {
    throw new NotAttemptedError(`not attempted: the change of its group "${name}" was not finished`);
  }
  if (ordersWith === null) return null;
  const id = outcome?.id ?? run.observed.RequirementGroup.get(name)?.group?.id;
  if (id == null) throw new NotAttemptedError(`not attempted: its group "${name}" does not exist`);
  return asRemoteId(id);
}
