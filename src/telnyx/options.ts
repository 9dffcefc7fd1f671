import type { ReceivedAnswer } from '../http/transport.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import type { Sensitive } from '../model/privacy/sensitive.ts';
import type { Request } from './request.ts';

export interface ClientOptions {
  readonly baseUrl: string;
  /** The variable or key that names the base URL, for messages. Absent for the default. */
  readonly baseUrlSetting?: string;
  readonly apiKey: Sensitive;
  /**
   * Redacts outside texts that end up in an error. The client adds the key to it, and the values of each
   * write.
   */
  readonly redactor: Redactor;
  readonly userAgent: string;
  /** The environment with the variables for proxies. No proxy is used without it. */
  readonly env?: NodeJS.ProcessEnv;
  /** The number of connections, 8 by default. */
  readonly connections?: number;
  readonly onWait?: (wait: Wait) => void;
  /** Receives each answer before it is interpreted. */
  readonly onAnswer?: (
    request: Pick<Request, 'method' | 'template' | 'query'>,
    answer: ReceivedAnswer,
  ) => void;
  /** After its abort, requests in flight are finished, waits end, and no request starts. */
  readonly signal?: AbortSignal;
  readonly timing?: Partial<Timing>;
}

export const CONNECTIONS = 8;

/** A wait before a request. With `rate-limit`, the named request is the first of all that wait. */
export interface Wait {
  readonly reason: 'rate-limit' | 'retry';
  readonly ms: number;
  readonly attempt: number;
  readonly request: string;
  readonly cause: string;
}

export interface Timing {
  readonly attempts: number;
  /** The limit for how often a 429 may delay a request. These delays do not count as attempts. */
  readonly turnsAway: number;
  readonly connectMs: number;
  /** The time for one attempt once connected, without the time for files. */
  readonly requestMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** The total wait of a request that the server did not ask for. */
  readonly ownWaitMs: number;
  /** The longest wait that the server may ask for. */
  readonly askedWaitCapMs: number;
  /** The time after which the session gives up, if every request within it was answered 429. */
  readonly turnedAwayMs: number;
  /** The longest hold that no 429 asked for. */
  readonly heldCapMs: number;
  /** The length of a second that the server asks to wait. */
  readonly serverSecondMs: number;
}

export const TIMING: Timing = {
  attempts: 5,
  turnsAway: 100,
  connectMs: 10_000,
  requestMs: 30_000,
  backoffBaseMs: 500,
  backoffCapMs: 8_000,
  ownWaitMs: 45_000,
  askedWaitCapMs: 300_000,
  turnedAwayMs: 600_000,
  heldCapMs: 60_000,
  serverSecondMs: 1_000,
};

/** Multiplies every duration by a factor, for a process whose clocks run faster. */
export function scaleTiming(factor: number): Timing {
  const { attempts, turnsAway, ...durations } = TIMING;
  const scaled = Object.entries(durations).map(([name, ms]) => [name, ms * factor] as const);
  return { attempts, turnsAway, ...(Object.fromEntries(scaled) as Omit<Timing, 'attempts' | 'turnsAway'>) };
}

export interface Statistics {
  readonly requests: number;
  readonly requestsByMethod: ReadonlyMap<string, number>;
  readonly retries: number;
  /** The sum of `heldMs` and `retryMs`. */
  readonly waitedMs: number;
  /** The time that the rate limit cost. */
  readonly heldMs: number;
  /** The time before retries. */
  readonly retryMs: number;
  /** The size of all bodies, including those that did not arrive. */
  readonly bytesSent: number;
  /** The size of all bodies as transferred. */
  readonly bytesReceived: number;
}
