import { isLostOrder, type ObservedNumberOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { named, quoted, sentence } from '../../model/text/sentence.ts';
import { about } from '../values/about.ts';

const KNOWN: ReadonlySet<string> = new Set(['pending', 'success']);

/** Reports an order that Telnyx gave up. regsync never places it again by itself. */
export function lost(order: BoundNumberOrder, { id, status }: ObservedNumberOrder): Attention {
  const message = sentence`number order ${named(id)}: ${named(status)}; it is not placed again. To order anew, give the manifest another name`;
  return about(order, 'order-failed', message);
}

/** Reports parts of an order that are lost, and a status that regsync does not know. */
export function fate(order: BoundNumberOrder, { id, status, subOrders }: ObservedNumberOrder): Attention[] {
  const parts = subOrders
    .filter((subOrder) => isLostOrder(subOrder.status))
    .map((subOrder) =>
      about(order, 'order-failed', sentence`${orderInWords(subOrder)}: ${named(subOrder.status)}`),
    );
  if (KNOWN.has(status)) return parts;
  const message = sentence`number order ${named(id)} has a status that regsync does not know: ${quoted(status)}`;
  return [...parts, about(order, 'unknown-status', message)];
}
