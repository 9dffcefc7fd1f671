const DAY_MS = 86_400_000;

/** `YYYY-MM-DD`, in UTC. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The day in what the API writes, or null: its times come in several forms, all of which begin with the date. */
export function readDate(timestamp: string | null): string | null {
  const date = timestamp?.match(/^\d{4}-\d{2}-\d{2}/)?.[0] ?? null;
  return date === null || Number.isNaN(Date.parse(date)) ? null : date;
}

/** Whole days from one `YYYY-MM-DD` to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Whether the day that a date or timestamp begins with is at most so many days after that of `fromMs`, or before it. */
export function isWithinDays(timestamp: string, fromMs: number, days: number): boolean {
  return Date.parse(timestamp.slice(0, 10)) - fromMs <= days * DAY_MS;
}
