import type { Observed } from '../../model/observed.ts';
import { type ObservedNumberOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { BoundNumberOrder } from '../../model/resource.ts';
import { isDeclined } from '../requirement-group/orders/order-comparison.ts';
import { commentAttention } from '../values/reviewers.ts';

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
