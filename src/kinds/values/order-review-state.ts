import type { ObservedOrder, OrderRequirement } from '../../model/orders/observed-order.ts';
import { isLostOrder } from '../../model/orders/observed-order.ts';
import { type OrderReviewState, reviewStateOfPorting } from '../../model/report/order-report.ts';

/** What an order demands of the customer, by requirement. */
export interface Wanting {
  readonly missing: readonly OrderRequirement[];
  readonly declined: readonly OrderRequirement[];
}

/** Returns the requirements of open orders that have no value, or a declined one, each once. */
export function wantingIn(holdings: readonly (readonly OrderRequirement[])[]): Wanting {
  const all = holdings.flat();
  return {
    missing: once(all.filter(({ value }) => value.isEmpty)),
    declined: once(all.filter(({ value, status }) => !value.isEmpty && isDeclined({ status }))),
  };
}

/** Knows the words of number orders and those of porting orders. */
export function isDeclined({ status }: Pick<OrderRequirement, 'status'>): boolean {
  return status === 'declined' || status === 'requirement-info-exception';
}

function once(requirements: readonly OrderRequirement[]): OrderRequirement[] {
  return [...new Map(requirements.map((own) => [own.requirementId, own])).values()];
}

/** Returns how a number order stands by its parts. Its own status decides if no part is known. */
export function reviewStateOfNumberOrder(status: string, parts: readonly ObservedOrder[]): OrderReviewState {
  const statuses = parts.length === 0 ? [status] : parts.map((part) => part.status);
  if (isLostOrder(status) || statuses.some(isLostOrder)) return 'failed';
  if (!statuses.every((one) => one === 'pending' || one === 'success')) return 'unknown';
  if (statuses.every((one) => one === 'success')) return 'done';
  const open = parts.filter(({ isOpen }) => isOpen).flatMap(({ holdings }) => holdings);
  return isWanting(wantingIn(open)) ? 'needs-work' : 'under-way';
}

/** Returns how a porting order stands. A draft is open, whatever it lacks. */
export function reviewStateOfPortingOrder(status: string, wanting: Wanting): OrderReviewState {
  const standing = reviewStateOfPorting(status);
  return status === 'in-process' && isWanting(wanting) ? 'needs-work' : standing;
}

function isWanting({ missing, declined }: Wanting): boolean {
  return missing.length + declined.length > 0;
}
