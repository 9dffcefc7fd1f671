import type { PortingOrderChange } from '../../model/plan/change.ts';
import type { RemoteId } from '../../model/resource.ts';
import { unlessGone } from '../../telnyx/absence.ts';
import { initiatePortingAction, listPortingActions } from '../../telnyx/endpoints/actions.ts';
import { getPortingOrder } from '../../telnyx/endpoints/porting-orders.ts';
import { isOpenPortingOrder } from '../../telnyx/orders.ts';
import { portingAction } from '../reading/actions.ts';
import type { Progress } from '../writing/outcome.ts';
import type { Run } from '../writing/run.ts';
import { type ActionRequests, startAction } from '../writing/start-actions.ts';

/** Initiates the actions of a porting order, one after the other, after everything is written. */
export async function startPortingActions(
  run: Run,
  change: PortingOrderChange,
  progress: Progress,
): Promise<void> {
  for (const start of change.starts ?? []) {
    const { observed } = start;
    if (observed === null) continue;
    const requests = requestsOf(run, change.observed.id, observed.id);
    await startAction(run, change, { start, planned: observed }, requests, progress);
  }
}

function requestsOf({ writer: { client } }: Run, orderId: RemoteId, actionId: RemoteId): ActionRequests {
  return {
    read: async () => {
      const order = await unlessGone(() => getPortingOrder(client, orderId));
      if (order === null || !isOpenPortingOrder(order)) return null;
      const row = (await listPortingActions(client, orderId)).find(({ id }) => id === actionId);
      return row === undefined ? null : portingAction(orderId, row);
    },
    send: (names) => initiatePortingAction(client, orderId, actionId, names),
  };
}
