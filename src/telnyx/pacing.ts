import type { Headers } from '../http/transport.ts';
import { InterruptedError } from '../model/errors.ts';
import { monotonicMs } from './clock.ts';

/**
 * Decides when requests may start. All requests of a client share one pacer.
 *
 * Telnyx sends the budget with each answer in `x-ratelimit-remaining` and `x-ratelimit-reset` (documented
 * without numbers). That figure does not include requests in flight yet, so only `remaining - in flight` is
 * safe to spend. Below one, new requests are held until the reset instead of running into a 429. A 429 holds
 * all requests for as long as it asks. After either hold, one request goes first and its answer releases the
 * others.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #repeated: Waiting[] = [];
  readonly #fresh: Waiting[] = [];
  #inFlight = 0;
  /** The number of requests that may be in flight. */
  #allowed: number;
  #budget: Budget | null = null;
  #pausedUntilMs = 0;
  #announcedUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The reason why no request starts any more. */
  #end: (() => Error) | null = null;
  #waitedMs = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#allowed = options.connections;
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Resolves when the request may start; `release` must follow. Retries go before first attempts. */
  admit(ticket: Ticket): Promise<void> {
    if (this.#end !== null) return Promise.reject(this.#end());
    return new Promise((start, reject) => {
      const queue = ticket.attempt > 1 ? this.#repeated : this.#fresh;
      queue.push({ ticket, start, reject });
      this.#startNext();
    });
  }

  /**
   * Records that the request has ended.
   *
   * @param refusedForMs the wait that a 429 asked for.
   */
  release(limits: RateLimits | null, refusedForMs: number | null = null): void {
    this.#inFlight -= 1;
    if (refusedForMs !== null) this.#pause(refusedForMs);
    else if (limits !== null) this.#learn(limits);
    else this.#allowed = Math.min(this.#options.connections, this.#allowed + 1);
    this.#startNext();
  }

  interrupt(): void {
    this.end(() => new InterruptedError('Interrupted'));
  }

  /** Rejects all waiting and future requests. Requests in flight continue. */
  end(reason: () => Error): void {
    this.#end ??= reason;
    clearTimeout(this.#timer);
    for (const waiting of [...this.#repeated.splice(0), ...this.#fresh.splice(0)]) {
      waiting.reject(this.#end());
    }
  }

  #pause(ms: number): void {
    this.#allowed = 1;
    this.#budget = null;
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, monotonicMs() + ms);
  }

  /** Updates the budget. Answers overtake each other, so within a window the lowest figure is the newest. */
  #learn({ remaining, resetMs }: RateLimits): void {
    const nowMs = monotonicMs();
    if (nowMs >= this.#pausedUntilMs) this.#allowed = this.#options.connections;
    if (this.#budget !== null && nowMs < this.#budget.endsAtMs && remaining >= this.#budget.remaining) return;
    const heldMs = Math.min(resetMs ?? this.#options.secondMs, this.#options.heldCapMs);
    this.#budget = { remaining, endsAtMs: nowMs + heldMs };
  }

  #startNext(): void {
    clearTimeout(this.#timer);
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const heldMs = this.#heldMs();
      if (heldMs > 0) {
        this.#wakeAfter(Math.ceil(heldMs), next.ticket);
        return;
      }
      if (this.#inFlight >= Math.min(this.#allowed, this.#budget?.remaining ?? this.#allowed)) return;
      (this.#repeated[0] === next ? this.#repeated : this.#fresh).shift();
      this.#inFlight += 1;
      next.start();
    }
  }

  #next(): Waiting | undefined {
    return this.#repeated[0] ?? this.#fresh[0];
  }

  #heldMs(): number {
    const nowMs = monotonicMs();
    if (nowMs < this.#pausedUntilMs) return this.#pausedUntilMs - nowMs;
    if (this.#budget === null) return 0;
    if (nowMs < this.#budget.endsAtMs) {
      return this.#budget.remaining > 0 || this.#inFlight > 0 ? 0 : this.#budget.endsAtMs - nowMs;
    }
    if (this.#budget.remaining <= 0) this.#allowed = 1;
    this.#budget = null;
    return 0;
  }

  #wakeAfter(ms: number, ticket: Ticket): void {
    this.#timer = setTimeout(() => this.#startNext(), ms);
    const nowMs = monotonicMs();
    if (nowMs + ms < this.#announcedUntilMs + this.#options.secondMs / 2) return;
    this.#waitedMs += nowMs + ms - Math.max(nowMs, this.#announcedUntilMs);
    this.#announcedUntilMs = nowMs + ms;
    const cause = nowMs < this.#pausedUntilMs ? 'answered 429' : 'the rate limit is used up';
    this.#options.onHold(ms, ticket, cause);
  }
}

export interface PacerOptions {
  readonly connections: number;
  /** The longest hold that no 429 asked for. */
  readonly heldCapMs: number;
  /** The length of a second of the server: 1000 except in tests. */
  readonly secondMs: number;
  readonly onHold: (ms: number, ticket: Ticket, cause: string) => void;
}

export interface Ticket {
  readonly request: string;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
}

interface Waiting {
  readonly ticket: Ticket;
  readonly start: () => void;
  readonly reject: (error: Error) => void;
}

interface Budget {
  readonly remaining: number;
  readonly endsAtMs: number;
}

export interface RateLimits {
  readonly remaining: number;
  /** The time until the reset. Null if the API does not say, or names a time in the past. */
  readonly resetMs: number | null;
}

/** Reads the budget from an answer, or null. If it lists several limits, the lowest counts. */
export function readLimits(headers: Headers, secondMs: number): RateLimits | null {
  const remaining = readNumbers(headers['x-ratelimit-remaining']);
  if (remaining.length === 0) return null;
  const scarcest = Math.min(...remaining);
  const resets = readNumbers(headers['x-ratelimit-reset']);
  const reset = resets[remaining.indexOf(scarcest)] ?? resets[0];
  return { remaining: scarcest, resetMs: reset === undefined ? null : resetToMs(reset, headers, secondMs) };
}

/**
 * Returns the wait that the server asks for before a retry, or null. Only `x-ratelimit-reset` is documented;
 * the vendor's SDK also honours `retry-after-ms` and `retry-after`.
 */
export function readAskedWaitMs(status: number, headers: Headers, secondMs: number): number | null {
  const [retryMs] = readNumbers(headers['retry-after-ms']);
  if (retryMs !== undefined && retryMs > 0) return (retryMs / 1000) * secondMs;
  const retryAfterMs = readRetryAfterMs(headers, secondMs);
  if (retryAfterMs !== null) return retryAfterMs;
  const resets = readNumbers(headers['x-ratelimit-reset']);
  // Every answer contains it. Only with a 429 is it a request to wait.
  if (status !== 429 || resets.length === 0) return null;
  const limits = readLimits(headers, secondMs);
  return limits?.resetMs ?? resetToMs(Math.max(...resets), headers, secondMs) ?? secondMs;
}

/** Reads seconds or an HTTP date. */
function readRetryAfterMs(headers: Headers, secondMs: number): number | null {
  const text = String(headers['retry-after'] ?? '').trim();
  // `Date.parse` alone finds a date in almost any text.
  const seconds = / GMT$/.test(text) ? (Date.parse(text) - serverTimeMs(headers)) / 1000 : Number(text);
  return seconds > 0 ? seconds * secondMs : null;
}

/**
 * Converts the header, which is documented as seconds until the reset. One guide shows an epoch in seconds.
 */
function resetToMs(reset: number, headers: Headers, secondMs: number): number | null {
  const epochMs = reset > EARLIEST_EPOCH_MS ? reset : reset * 1000;
  const seconds = reset > EARLIEST_EPOCH_SECONDS ? (epochMs - serverTimeMs(headers)) / 1000 : reset;
  return seconds > 0 ? seconds * secondMs : null;
}

const EARLIEST_EPOCH_SECONDS = 1e6;
const EARLIEST_EPOCH_MS = 1e11;

/** Returns the time to compare the server's dates with. */
function serverTimeMs(headers: Headers): number {
  return readDateMs(headers) ?? Date.now();
}

export function readDateMs(headers: Headers): number | null {
  const ms = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(ms) ? null : ms;
}

/** Reads `10, 95;w=60` as 10 and 95. Other texts are ignored. */
function readNumbers(header: string | string[] | undefined): number[] {
  return String(header ?? '')
    .split(',')
    .map((part) => Number.parseFloat(part))
    .filter((number) => Number.isFinite(number) && number >= 0);
}

/** Returns a wait with full jitter: uniform between zero and a limit that doubles. */
export function backoffMs(attempt: number, baseMs: number, capMs: number): number {
  return Math.round(Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
}
