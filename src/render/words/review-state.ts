import type { OrderReviewState } from '../../model/report/order-report.ts';
import type { Expiry, ReviewState } from '../../model/report/status.ts';
import type { Colour } from '../text/paint.ts';

interface StateSign {
  readonly sign: string;
  readonly colour: Colour;
  readonly word: string;
}

/** The sign, colour and word of each review state. Colour is never shown alone. */
export const REVIEW_STATE_SIGNS: Readonly<Record<ReviewState, StateSign>> = {
  expired: { sign: '✗', colour: 'red', word: 'expired' },
  'needs-work': { sign: '✗', colour: 'red', word: 'needs work' },
  expiring: { sign: '!', colour: 'yellow', word: 'expiring' },
  unknown: { sign: '?', colour: 'yellow', word: 'unknown status' },
  open: { sign: '·', colour: 'dim', word: 'not submitted' },
  'under-review': { sign: '…', colour: 'cyan', word: 'under review' },
  approved: { sign: '✓', colour: 'green', word: 'approved' },
};

/** The sign, colour and word of each state of an order. */
export const ORDER_REVIEW_STATE_SIGNS: Readonly<Record<OrderReviewState, StateSign>> = {
  failed: { sign: '✗', colour: 'red', word: 'failed' },
  'needs-work': { sign: '✗', colour: 'red', word: 'needs work' },
  unknown: { sign: '?', colour: 'yellow', word: 'unknown status' },
  open: { sign: '·', colour: 'dim', word: 'not started' },
  'under-way': { sign: '…', colour: 'cyan', word: 'under way' },
  done: { sign: '✓', colour: 'green', word: 'done' },
};

/** Returns `in 21 days`, `today` or `3 days ago`. */
export function daysInWords({ days }: Pick<Expiry, 'days'>): string {
  if (days === 0) return 'today';
  if (days < 0) return days === -1 ? 'yesterday' : `${-days} days ago`;
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}
