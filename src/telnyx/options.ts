import type { Received } from '../http/wire.ts';
import type { Mask } from '../model/mask.ts';
import type { Sensitive } from '../model/sensitive.ts';
import type { Request } from './request.ts';

export interface ClientOptions {
  readonly baseUrl: string;
  /** For messages: the variable or key that names it; absent where it is the default. */
  readonly baseUrlSetting?: string;
  readonly apiKey: Sensitive;
  /** Redacts texts from outside that end up in an error. The key is added to it, and what each write gives an object. */
  readonly mask: Mask;
  readonly userAgent: string;
  /** Where variables for proxies are looked up; none unless told. */
  readonly env?: NodeJS.ProcessEnv;
  /** 8 unless told. */
  readonly connections?: number;
  readonly onWait?: (wait: Wait) => void;
  /** Sees each answer as it came, before anything is made of it. */
  readonly onAnswer?: (request: Pick<Request, 'method' | 'template' | 'query'>, answer: Received) => void;
  /** Aborted: requests in flight are finished, nothing is started, waits end. */
  readonly signal?: AbortSignal;
  readonly timing?: Partial<Timing>;
}

export const CONNECTIONS = 8;

/** With `rate-limit`, the first of the requests that wait stands for all of them. */
export interface Wait {
  readonly reason: 'rate-limit' | 'retry';
  readonly ms: number;
  readonly attempt: number;
  readonly request: string;
  readonly cause: string;
}

export interface Timing {
  readonly attempts: number;
  /** How often a 429 may ask a request to come again; these are no attempts. */
  readonly turnsAway: number;
  readonly connectMs: number;
  /** Of one attempt once connected, the time for files not counted. */
  readonly requestMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** Of a request in all, for waits that the server did not ask for. */
  readonly ownWaitMs: number;
  /** Of one wait that the server asks for. */
  readonly askedWaitCapMs: number;
  /** How long all requests may be turned away, none being answered, before the session gives up. */
  readonly turnedAwayMs: number;
  /** Of one hold that no 429 asks for. */
  readonly heldCapMs: number;
  /** How long a second lasts that the server asks to wait. */
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

/** Every duration times a factor; for a process whose clocks run faster. */
export function scaleTiming(factor: number): Timing {
  const { attempts, turnsAway, ...durations } = TIMING;
  const scaled = Object.entries(durations).map(([name, ms]) => [name, ms * factor] as const);
  return { attempts, turnsAway, ...(Object.fromEntries(scaled) as Omit<Timing, 'attempts' | 'turnsAway'>) };
}

export interface Statistics {
  readonly requests: number;
  readonly requestsByMethod: ReadonlyMap<string, number>;
  readonly retries: number;
  /** The sum of the next two. */
  readonly waitedMs: number;
  /** For the rate limit. */
  readonly heldMs: number;
  /** Before repeating a request. */
  readonly retryMs: number;
  /** Of bodies; what did not arrive is counted, too. */
  readonly bytesSent: number;
  /** Of bodies, as transferred. */
  readonly bytesReceived: number;
}
