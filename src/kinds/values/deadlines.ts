import { isWanted, type ObservedOrder, orderInWords } from '../../model/orders/observed-order.ts';
import type { PlanInput } from '../../model/plan/decisions.ts';
import type { Attention } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { dateOf, daysBetween } from '../../model/text/calendar.ts';
import { plain, type Sentence, sentence } from '../../model/text/sentence.ts';
import { about } from './about.ts';
import { isAction } from './fulfilment.ts';

/**
 * Reports a deadline in time, because an order that still needs values loses its numbers at its deadline
 * (documented). An action tells its deadline itself.
 */
export function deadlineAttention(
  concerned: { readonly name: string; readonly order: ObservedOrder; readonly source: SourcePosition },
  { observed, warnDays }: Pick<PlanInput, 'observed' | 'warnDays'>,
): Attention[] {
  const { order } = concerned;
  const deadlineMs = order.sample?.deadlineMs ?? null;
  const wants = order.holdings.flat().some((own) => isWanted(own.status) && !isAction(own));
  if (!order.isOpen || !wants || deadlineMs === null) return [];
  const [today, date] = [dateOf(observed.readAtMs), dateOf(deadlineMs)];
  const days = daysBetween(today, date);
  if (days > warnDays) return [];
  const message = sentence`${orderInWords(order)}: needs values until ${plain(date)}, ${daysInWords(days)}; without them its numbers are lost`;
  return [about(concerned, 'order-deadline', message)];
}

export function daysInWords(days: number): Sentence {
  if (days === -1) return sentence`which was yesterday`;
  if (days < 0) return sentence`which was ${-days} days ago`;
  if (days === 0) return sentence`which is today`;
  return days === 1 ? sentence`which is tomorrow` : sentence`in ${days} days`;
}
