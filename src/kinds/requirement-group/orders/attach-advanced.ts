import { OperationError } from '../../../model/errors.ts';
import type { ObservedGroup } from '../../../model/observed.ts';
import type { NamedOrder } from '../../../model/orders/observed-order.ts';
import type { RemoteId } from '../../../model/resource.ts';
import { attachGroupToAdvancedOrder } from '../../../telnyx/endpoints/advanced-orders.ts';
import { readOrder } from '../../../telnyx/orders.ts';
import { changedSincePlanned, otherStatus } from '../../writing/read-again.ts';
import type { WriterContext } from '../../writing/writer.ts';

/**
 * The waits before each look. Values may come to an order some time after the answer (documented of new
 * orders).
 */
export const READ_BACK_WAITS_MS = [0, 500, 1500, 3000] as const;

/**
 * Gives the group to an advanced order, which says what it carries (documented): it is read right before the
 * write and right after. The request may be repeated, because the same group again changes nothing.
 *
 * @param done reports that Telnyx answered success.
 * @throws OperationError `changed-since-planned` or `attach-without-effect`
 */
export async function attachToAdvancedOrder(
  { client, wait }: WriterContext,
  group: ObservedGroup,
  planned: NamedOrder,
  done: () => void,
): Promise<void> {
  const current = await readOrder(client, planned.kind, planned.id);
  const wasCarried = planned.groupId === group.id;
  if (current.groupId === group.id && !wasCarried) return;
  const differences = differencesOf(planned, current);
  if (differences.length > 0) throw changedSincePlanned('the order', differences);
  await attachGroupToAdvancedOrder(client, planned.id, group.id);
  done();
  for (const waitMs of READ_BACK_WAITS_MS) {
    await wait(waitMs);
    if ((await readOrder(client, planned.kind, planned.id)).groupId === group.id) return;
  }
  throw new OperationError(
    'attach-without-effect',
    'Telnyx answered success, but reading the order back shows another group',
  );
}

function differencesOf(
  planned: NamedOrder,
  current: Pick<NamedOrder, 'status' | 'groupId' | 'isOpen'>,
): string[] {
  return [
    ...otherStatus(current.status, planned.status),
    ...(current.groupId === planned.groupId ? [] : [`it carries ${inWords(current.groupId ?? null)} by now`]),
  ];
}

function inWords(groupId: RemoteId | null): string {
  return groupId === null ? 'no group' : `group ${groupId}`;
}
