import type { Headers } from '../http/wire.ts';
import { InterruptedError } from '../model/errors.ts';
import { monotonicMs } from './clock.ts';

/**
 * When requests may start. One pacer is shared by all requests of a client.
 *
 * Telnyx tells the budget with each answer (`x-ratelimit-remaining`, `x-ratelimit-reset`; documented, the numbers are
 * not). The answers of requests in flight are not in that figure yet, so that `remaining - in flight` is what may surely
 * be spent; below one, new requests are held until the reset instead of running into a 429. A 429 holds everything for
 * as long as it asks. After either, one request goes first and its answer opens the gate for the rest.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #repeated: Waiting[] = [];
  readonly #fresh: Waiting[] = [];
  #inFlight = 0;
  /** How many may be in flight. */
  #allowed: number;
  #budget: Budget | null = null;
  #pausedUntilMs = 0;
  #announcedUntilMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Why nothing starts any more. */
  #end: (() => Error) | null = null;
  #waitedMs = 0;

  constructor(options: PacerOptions) {
    this.#options = options;
    this.#allowed = options.connections;
  }

  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** Resolves when the request may start; `release` must follow. Repeated requests go before fresh ones. */
  admit(ticket: Ticket): Promise<void> {
    if (this.#end !== null) return Promise.reject(this.#end());
    return new Promise((start, reject) => {
      const queue = ticket.attempt > 1 ? this.#repeated : this.#fresh;
      queue.push({ ticket, start, reject });
      this.#startNext();
    });
  }

  /** The request has ended. `refusedForMs`: a 429 asks to wait that long. */
  release(limits: Limits | null, refusedForMs: number | null = null): void {
    this.#inFlight -= 1;
    if (refusedForMs !== null) this.#pause(refusedForMs);
    else if (limits !== null) this.#learn(limits);
    else this.#allowed = Math.min(this.#options.connections, this.#allowed + 1);
    this.#startNext();
  }

  interrupt(): void {
    this.end(() => new InterruptedError('Interrupted'));
  }

  /** Rejects whatever waits, and whatever is still to come. What is in flight is left alone. */
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

  /** Answers overtake each other: within a window the lowest figure is the one that has counted the most. */
  #learn({ remaining, resetMs }: Limits): void {
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
  /** How long a second of the server lasts; 1000 but in tests. */
  readonly secondMs: number;
  readonly onHold: (ms: number, ticket: Ticket, cause: string) => void;
}

export interface Ticket {
  readonly request: string;
  /** From 1. */
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

export interface Limits {
  readonly remaining: number;
  /** Null where the API does not say, or says something in the past. */
  readonly resetMs: number | null;
}

/** What an answer says about the budget, or null. Several limits may be listed: the scarcest counts. */
export function readLimits(headers: Headers, secondMs: number): Limits | null {
  const remaining = readNumbers(headers['x-ratelimit-remaining']);
  if (remaining.length === 0) return null;
  const scarcest = Math.min(...remaining);
  const resets = readNumbers(headers['x-ratelimit-reset']);
  const reset = resets[remaining.indexOf(scarcest)] ?? resets[0];
  return { remaining: scarcest, resetMs: reset === undefined ? null : resetToMs(reset, headers, secondMs) };
}

/**
 * How long the server asks to wait before the request is repeated, or null. Documented is `x-ratelimit-reset` alone;
 * the vendor's SDK also honours `retry-after-ms` and `retry-after`.
 */
export function readAskedWaitMs(status: number, headers: Headers, secondMs: number): number | null {
  const [retryMs] = readNumbers(headers['retry-after-ms']);
  if (retryMs !== undefined && retryMs > 0) return (retryMs / 1000) * secondMs;
  const retryAfterMs = readRetryAfterMs(headers, secondMs);
  if (retryAfterMs !== null) return retryAfterMs;
  const resets = readNumbers(headers['x-ratelimit-reset']);
  // Every answer carries it; only with a 429 it is a request to wait.
  if (status !== 429 || resets.length === 0) return null;
  const limits = readLimits(headers, secondMs);
  return limits?.resetMs ?? resetToMs(Math.max(...resets), headers, secondMs) ?? secondMs;
}

/** Seconds, or an HTTP date. */
function readRetryAfterMs(headers: Headers, secondMs: number): number | null {
  const text = String(headers['retry-after'] ?? '').trim();
  // `Date.parse` alone finds a date in almost anything.
  const seconds = / GMT$/.test(text) ? (Date.parse(text) - serverTimeMs(headers)) / 1000 : Number(text);
  return seconds > 0 ? seconds * secondMs : null;
}

/** Documented as seconds until the reset; one guide shows an epoch, in seconds. */
function resetToMs(reset: number, headers: Headers, secondMs: number): number | null {
  const epochMs = reset > EARLIEST_EPOCH_MS ? reset : reset * 1000;
  const seconds = reset > EARLIEST_EPOCH_SECONDS ? (epochMs - serverTimeMs(headers)) / 1000 : reset;
  return seconds > 0 ? seconds * secondMs : null;
}

const EARLIEST_EPOCH_SECONDS = 1e6;
const EARLIEST_EPOCH_MS = 1e11;

/** The clock that the server's dates are to be compared with. */
function serverTimeMs(headers: Headers): number {
  return readDateMs(headers) ?? Date.now();
}

export function readDateMs(headers: Headers): number | null {
  const ms = Date.parse(String(headers.date ?? ''));
  return Number.isNaN(ms) ? null : ms;
}

/** `10, 95;w=60` → 10, 95. Whatever is no number is passed over. */
function readNumbers(header: string | string[] | undefined): number[] {
  return String(header ?? '')
    .split(',')
    .map((part) => Number.parseFloat(part))
    .filter((number) => Number.isFinite(number) && number >= 0);
}

/** Full jitter: uniformly between nothing and a bound that doubles. */
export function backoffMs(attempt: number, baseMs: number, capMs: number): number {
  return Math.round(Math.random() * Math.min(capMs, baseMs * 2 ** (attempt - 1)));
}
