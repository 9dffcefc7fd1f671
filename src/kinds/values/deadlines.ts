import { dateOf, daysBetween } from '../../model/calendar.ts';
import type { PlanInput } from '../../model/decisions.ts';
import { isWanted, nameOrder, type ObservedOrder } from '../../model/observed-order.ts';
import type { Attention } from '../../model/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import { isAction } from './fulfilment.ts';

/**
 * Reports a deadline in time, because an order that still needs values loses its numbers at its deadline
 * (documented). An action tells its deadline itself.
 */
export function deadlineAttention(
  concerned: { readonly name: string; readonly order: ObservedOrder; readonly source: SourcePosition },
  { observed, warnDays }: Pick<PlanInput, 'observed' | 'warnDays'>,
): Attention[] {
  const { name, order, source } = concerned;
  const deadlineMs = order.sample?.deadlineMs ?? null;
  const wants = order.holdings.flat().some((own) => isWanted(own.status) && !isAction(own));
  if (!order.isOpen || !wants || deadlineMs === null) return [];
  const [today, date] = [dateOf(observed.readAtMs), dateOf(deadlineMs)];
  const days = daysBetween(today, date);
  if (days > warnDays) return [];
  const message = `${nameOrder(order)}: needs values until ${date}, ${daysInWords(days)}; without them its numbers are lost`;
  return [{ code: 'order-deadline', name, message, source: { file: source.file, line: source.line } }];
}

export function daysInWords(days: number): string {
  if (days < 0) return days === -1 ? 'which was yesterday' : `which was ${-days} days ago`;
  if (days === 0) return 'which is today';
  return days === 1 ? 'which is tomorrow' : `in ${days} days`;
}
