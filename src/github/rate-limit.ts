import type { ReceivedAnswer } from '../http/wire.ts';

/**
 * Returns true for a limit. GitHub answers limits with 403 as well as 429, and these headers and words tell
 * them from a missing permission (documented).
 */
export function isRateLimit({ headers }: ReceivedAnswer, why: string): boolean {
  return (
    headers['retry-after'] !== undefined ||
    String(headers['x-ratelimit-remaining'] ?? '') === '0' ||
    SECONDARY_LIMIT.test(why)
  );
}

const SECONDARY_LIMIT = /secondary rate limit/i;

/** The wait for a secondary limit that states none: it lasts at least a minute (documented). */
const SECONDARY_LIMIT_MS = 60_000;

export function readWaitMs({ headers }: ReceivedAnswer, why: string): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  if (seconds >= 0) return seconds * 1000;
  // The header is in seconds since 1970, by GitHub's clock.
  const resetMs = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
  const nowMs = Date.parse(String(headers.date ?? '')) || Date.now();
  const isSpent = String(headers['x-ratelimit-remaining'] ?? '0') === '0';
  if (resetMs > nowMs && isSpent) return resetMs - nowMs;
  return SECONDARY_LIMIT.test(why) ? SECONDARY_LIMIT_MS : null;
}
