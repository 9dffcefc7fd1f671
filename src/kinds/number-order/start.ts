import type { ActionStart } from '../../model/orders/actions.ts';
import type { ObservedOrder } from '../../model/orders/observed-order.ts';
import type { NumberOrderChange } from '../../model/plan/change.ts';
import type { RemoteId } from '../../model/resource.ts';
import { startSubOrderAction } from '../../telnyx/endpoints/actions.ts';
import { getNumberOrder } from '../../telnyx/endpoints/number-orders.ts';
import { readOrder } from '../../telnyx/orders.ts';
import { readSubOrderAction } from '../reading/actions.ts';
import { readAllSubOrders } from '../requirement-group/orders/orders.ts';
import type { Progress } from '../writing/outcome.ts';
import { type Run, waitOutside } from '../writing/run.ts';
import { type ActionRequests, partsThatAsk, startAction } from '../writing/start-actions.ts';
import { READ_BACK_WAITS_MS } from './edit.ts';

/** Starts the actions of an order, one after the other, after its values are written. */
export async function startActions(
  run: Run,
  change: NumberOrderChange,
  id: RemoteId,
  progress: Progress,
): Promise<void> {
  const { starts = [] } = change;
  if (starts.length === 0) return;
  const parts = change.observed === null ? await awaitRequirements(run, id) : [];
  for (const start of starts) {
    const { observed } = start;
    if (observed !== null) {
      const requests = requestsOf(run, observed.id, start);
      await startAction(run, change, { start, planned: observed }, requests, progress);
      continue;
    }
    const asking = partsThatAsk(parts, start);
    for (const part of asking) {
      const requests = requestsOf(run, part.id, start);
      await startAction(run, change, { start, planned: null }, requests, progress);
    }
    if (asking.length === 0) progress.warnings.push(notAsked(start));
  }
}

function notAsked({ requirementName }: ActionStart): string {
  return `the order does not ask for "${requirementName}" yet: nothing was started, and a later plan shows it`;
}

/** Reads the parts of a new order until they say what they demand, which comes some time after it (documented). */
export async function awaitRequirements(run: Run, id: RemoteId): Promise<readonly ObservedOrder[]> {
  const { client } = run.writer;
  let parts: readonly ObservedOrder[] = [];
  for (const waitMs of READ_BACK_WAITS_MS) {
    await waitOutside(run, waitMs);
    parts = await readAllSubOrders(client, await getNumberOrder(client, id));
    if (parts.length > 0 && parts.every(({ holdings }) => holdings.flat().length > 0)) break;
  }
  return parts;
}

function requestsOf({ writer: { client } }: Run, subOrderId: RemoteId, start: ActionStart): ActionRequests {
  const { requirementId } = start;
  return {
    read: async () => {
      const part = await readOrder(client, 'sub_number_order', subOrderId);
      const asks = partsThatAsk([part], start).length > 0;
      return asks ? readSubOrderAction(client, part, requirementId) : null;
    },
    send: (names) => startSubOrderAction(client, requirementId, subOrderId, names),
  };
}
