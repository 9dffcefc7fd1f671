import { parseTimestampMs } from './normal-text.ts';

const DAY_MS = 86_400_000;

/** Returns `YYYY-MM-DD`, in UTC. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/**
 * Returns the day of a timestamp of the API, in UTC, or null. A time in an unknown form counts by the day
 * that it begins with.
 */
export function readDate(timestamp: string | null): string | null {
  if (timestamp === null) return null;
  const ms = parseTimestampMs(timestamp) ?? parseTimestampMs(timestamp.slice(0, 10));
  return ms === null ? null : dateOf(ms);
}

/** Returns the whole days from one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Returns true if the timestamp's day is at most `days` days after the day of `fromMs`, or earlier. */
export function isWithinDays(timestamp: string, fromMs: number, days: number): boolean {
  return Date.parse(timestamp.slice(0, 10)) - fromMs <= days * DAY_MS;
}
