import type { NumberOrderChange } from '../../model/plan/change.ts';
import { asRemoteId, type RemoteId } from '../../model/resource.ts';
import { notAttempted, type Progress } from '../writing/outcome.ts';
import type { Run } from '../writing/run.ts';
import { isMadeFirst, makeValues } from '../writing/values.ts';
import { confirmUnchanged, editNumberOrder } from './edit.ts';
import { placeOnce } from './place.ts';
import { awaitRequirements, startActions } from './start.ts';

/**
 * Applies the change of one number order. Placing it spends money, Telnyx does not prevent a second one, and
 * regsync cannot take one back. So regsync looks for it before, by its reference and by its numbers, because
 * a run that was just killed may have placed it and lists may lag. It sends the request once in a run, even
 * after an ambiguous write. And it looks again afterwards, because another run may have placed the order at
 * the same time.
 */
export async function workOnNumberOrder(
  run: Run,
  change: NumberOrderChange,
  progress: Progress,
): Promise<void> {
  const groupId = groupToOrderWith(run, change);
  const { observed } = change;
  if (observed !== null && change.writes.some(isMadeFirst)) await confirmUnchanged(run, change, observed, []);
  // The uploads come first, because a failed one then costs nothing.
  const values = await makeValues(run, change, progress);
  progress.source = change.source;
  const id = observed?.id ?? (await placeOnce(run, change, groupId, progress));
  progress.id = id;
  if (change.writesReference !== null || values.length > 0) {
    // Telnyx refuses a value for which a new order does not ask yet.
    if (observed === null) await awaitRequirements(run, id);
    const before = observed === null ? [] : await confirmUnchanged(run, change, observed, values);
    await editNumberOrder(run, change, { id, values, before }, progress);
  }
  await startActions(run, change, id, progress);
}

/** Returns the group to order with, or null. Throws if the change of the group is not finished. */
function groupToOrderWith(run: Run, { desired, ordersWith }: NumberOrderChange): RemoteId | null {
  const name = desired.group?.name;
  if (name === undefined) return null;
  const outcome = run.groups.get(name);
  if (outcome !== undefined && outcome.status !== 'applied') {
    throw notAttempted(`the change of its group "${name}" was not finished`);
  }
  if (ordersWith === null) return null;
  const id = outcome?.id ?? run.observed.RequirementGroup.get(name)?.group?.id;
  if (id == null) throw notAttempted(`its group "${name}" does not exist`);
  return asRemoteId(id);
}
