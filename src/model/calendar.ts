import { parseTimestampMs } from './normal-text.ts';

const DAY_MS = 86_400_000;

/** `YYYY-MM-DD`, in UTC. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day, in UTC, of what the API writes, or null. Of a time in a form that is not known, the day that it begins with. */
export function readDate(timestamp: string | null): string | null {
  if (timestamp === null) return null;
  const ms = parseTimestampMs(timestamp) ?? parseTimestampMs(timestamp.slice(0, 10));
  return ms === null ? null : dateOf(ms);
}

/** Whole days from one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Whether the day that a date or timestamp begins with is at most so many days after that of `fromMs`, or before it. */
export function isWithinDays(timestamp: string, fromMs: number, days: number): boolean {
  return Date.parse(timestamp.slice(0, 10)) - fromMs <= days * DAY_MS;
}
