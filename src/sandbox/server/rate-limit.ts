export interface RateLimit {
  /** The number of requests in a window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The form of `x-ratelimit-reset`: the seconds to wait, or the epoch second at which the window ends. */
  readonly resetStyle: 'seconds' | 'epoch';
  /** True if a 429 has the header `Retry-After`. */
  readonly retryAfter: boolean;
}

export const GENEROUS: RateLimit = {
  limit: 100_000,
  windowMs: 60_000,
  resetStyle: 'seconds',
  retryAfter: false,
};

/** The current window, on the real clock. */
export interface Bucket {
  startedMs: number;
  used: number;
}

export interface Rate {
  readonly exceeded: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export function countRequest(bucket: Bucket, rateLimit: RateLimit, realMs: number): Rate {
  if (realMs >= bucket.startedMs + rateLimit.windowMs) Object.assign(bucket, { startedMs: realMs, used: 0 });
  bucket.used += 1;
  const exceeded = bucket.used > rateLimit.limit;
  return { exceeded, headers: rateHeaders(bucket, rateLimit, realMs, exceeded) };
}

function rateHeaders(
  bucket: Bucket,
  { limit, windowMs, resetStyle, retryAfter }: RateLimit,
  realMs: number,
  exceeded: boolean,
): Record<string, string> {
  const endMs = bucket.startedMs + windowMs;
  const waitSeconds = String(Math.ceil((endMs - realMs) / 1000));
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(Math.max(0, limit - bucket.used)),
    'x-ratelimit-reset': resetStyle === 'epoch' ? String(Math.ceil(endMs / 1000)) : waitSeconds,
    ...(exceeded && retryAfter ? { 'retry-after': waitSeconds } : {}),
  };
}
