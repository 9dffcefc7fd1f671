import type { Observed } from '../../model/observed.ts';
import { isLostOrder, type ObservedNumberOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { named, quoted, sentence } from '../../model/text/sentence.ts';
import { about } from '../values/about.ts';
import { isDeclined } from '../values/order-review-state.ts';
import { commentAttention } from '../values/reviewers.ts';

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

/** Reports differences, because no request edits these settings (described). */
export function differingSettings(
  order: BoundNumberOrder,
  { id, settings }: ObservedNumberOrder,
): Attention[] {
  return order.settings
    .filter(({ key, value }) => settings[key] !== value)
    .map(({ key, value, source }) => {
      const held =
        settings[key] === null
          ? sentence`has no ${named(key)}`
          : sentence`has the ${named(key)} ${named(`${settings[key]}`)}`;
      const message = sentence`number order ${named(id)} ${held}, not ${named(value)}: it was fixed when the order was placed`;
      return about(order, 'order-differs', message, source);
    });
}

/** Reports the words of reviewers about each part of an order, at the first of its values that was declined. */
export function conversation(
  order: BoundNumberOrder,
  found: ObservedNumberOrder,
  observed: Observed,
): Attention[] {
  return found.subOrders.flatMap((subOrder) => {
    const declined = subOrder.holdings.flat().filter(isDeclined);
    const at = order.values.find(({ requirement }) =>
      declined.some(({ requirementId }) => requirementId === requirement.id),
    );
    return commentAttention(order, observed.comments.get(subOrder.id), {
      code: 'order-comment',
      isRefused: declined.length > 0 || !subOrder.isOpen,
      on: orderInWords(subOrder),
      source: at?.contentSource,
    });
  });
}
