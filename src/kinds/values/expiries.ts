import type { Attention } from '../../model/plan/plan.ts';
import type { SourcePosition } from '../../model/problem.ts';
import type { BoundValue } from '../../model/resource.ts';
import { daysBetween } from '../../model/text/calendar.ts';
import { named, plain, type Sentence, sentence } from '../../model/text/sentence.ts';
import { about } from './about.ts';

/** Reports a value that has expired, or will within the days of which the configuration warns. */
export function expiryAttention(
  manifest: { readonly name: string; readonly source: SourcePosition },
  {
    name,
    date,
    source,
  }: { readonly name: string; readonly date: string | null; readonly source: SourcePosition },
  { today, warnDays }: { readonly today: string; readonly warnDays: number },
): Attention[] {
  if (date === null || daysBetween(today, date) > warnDays) return [];
  const days = daysBetween(today, date);
  const message = sentence`${named(name)} ${expiryInWords(date, days)}`;
  return [{ ...about(manifest, days < 0 ? 'expired' : 'expiring', message, source), expires: date }];
}

/** Returns the expiry of the document that the manifest states, or null. */
export function statedExpiry(value: BoundValue | undefined): string | null {
  return value?.content.kind === 'document' ? value.content.document.expires : null;
}

export function expiryInWords(date: string, days: number): Sentence {
  const day = plain(date);
  if (days === -1) return sentence`expired on ${day}, yesterday`;
  if (days < 0) return sentence`expired on ${day}, ${-days} days ago`;
  if (days === 0) return sentence`expires today (${day})`;
  return days === 1 ? sentence`expires tomorrow (${day})` : sentence`expires in ${days} days (${day})`;
}
