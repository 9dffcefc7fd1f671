import { OperationError } from '../../../model/errors.ts';
import { type ObservedGroup, oldestFirst } from '../../../model/observed.ts';
import { type BoundGroup, combinationKey } from '../../../model/resource.ts';
import { listGroupsByReference } from '../../../telnyx/endpoints/requirement-groups.ts';
import { type Run, waitOutside } from '../../writing/run.ts';
import type { WriterContext } from '../../writing/writer.ts';

/**
 * Groups with one reference and one combination. Nothing at Telnyx prevents two runs from making one each,
 * and lists may show a new group only a moment later. So a run looks before it makes a group, and afterwards
 * until the list shows its own group. That list shows every older group, too, so the run that made the
 * younger one knows.
 */

/**
 * Lists the groups that a manifest could mean, oldest first, except those that a replace has still to delete,
 * and those that cannot be used again.
 */
export async function listTwins(
  context: Pick<WriterContext, 'client' | 'knownIds'>,
  desired: BoundGroup,
): Promise<ObservedGroup[]> {
  const wanted = combinationKey(desired.combination);
  const rows = await listGroupsByReference(context.client, desired.reference);
  return rows
    .filter(({ id, combination }) => !context.knownIds.has(id) && combinationKey(combination) === wanted)
    .filter(({ status }) => status !== 'no-longer-eligible')
    .sort(oldestFirst);
}

/**
 * Waits until the list shows the group that this run has made, for at most five seconds. The older of two
 * stays.
 *
 * @param made the group as it was read back.
 * @returns a warning for a person, or null.
 * @throws OperationError `duplicate-groups` if this run has made the younger one, which is neither submitted
 * nor used.
 */
export async function refuseYounger(
  run: Run,
  desired: BoundGroup,
  made: ObservedGroup,
): Promise<string | null> {
  const found = await awaitListing(run, desired);
  const others = found.filter(({ id }) => id !== made.id);
  const [oldest = made, ...younger] = [made, ...others].sort(oldestFirst);
  if (oldest.id !== made.id) {
    throw new OperationError('duplicate-groups', describeTwins(oldest, younger), desired.source);
  }
  if (others.length > 0) return describeTwins(made, others);
  return found.length > 0 ? null : describeUnlisted(made);
}

/** The waits before each look, because lists may lag behind writes. */
const LIST_WAITS_MS = [0, 500, 1500, 3000] as const;

async function awaitListing(run: Run, desired: BoundGroup): Promise<readonly ObservedGroup[]> {
  for (const waitMs of LIST_WAITS_MS) {
    await waitOutside(run, waitMs);
    const found = await listTwins(run.writer, desired);
    if (found.length > 0) return found;
  }
  return [];
}

export function describeTwins(oldest: ObservedGroup, younger: readonly ObservedGroup[]): string {
  const ids = [oldest, ...younger].map(({ id, status }) => `${id} (${status})`).join(', ');
  return (
    `${younger.length + 1} groups have this reference, oldest first: ${ids}. None is deleted. ` +
    `Write "id: ${oldest.id}" into the manifest to keep the oldest`
  );
}

function describeUnlisted({ id }: ObservedGroup): string {
  return (
    `Telnyx's list does not show group ${id} yet, five seconds after it was made: until it does, another run would make ` +
    `the group a second time. Write "id: ${id}" into the manifest if you run again at once`
  );
}
