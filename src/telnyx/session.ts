import { setMaxListeners } from 'node:events';
import { Fault, lengthOf, openWire, type Received, type Wire, type WireRequest } from '../http/wire.ts';
import { AuthenticationError, InterruptedError, UnreachableError } from '../model/errors.ts';
import type { Mask } from '../model/mask.ts';
import { reveal, type Sensitive } from '../model/sensitive.ts';
import { type BaseUrl, checkApiKey, checkBaseUrl } from './access.ts';
import { type Answer, judgeStatus, readAnswer } from './answer.ts';
import { monotonicMs, sleep } from './clock.ts';
import { believe } from './fields.ts';
import { backoffMs, type Limits, Pacer, readAskedWaitMs, readLimits } from './pacing.ts';
import { type Page, readPage } from './paging.ts';
import { buildPath, encodeBody, nameRequest, type Request, stringsOf } from './request.ts';

/** Requests with their repetitions: what is tried again, when, and how it ends. */
export class Session {
  readonly #options: ClientOptions;
  readonly #timing: Timing;
  readonly #baseUrl: BaseUrl;
  readonly #authorization: string;
  readonly #wire: Wire;
  readonly #pacer: Pacer;
  readonly #interruption = new AbortController();
  /** When the first 429 came since something was answered otherwise. */
  #turnedAwaySinceMs: number | null = null;
  readonly #requestsByMethod = new Map<Request['method'], number>();
  #retries = 0;
  #retryMs = 0;
  #bytesSent = 0;
  #bytesReceived = 0;

  /** @param open how the wire is opened. */
  constructor(options: ClientOptions, access: 'read' | 'write', open = openWire) {
    const timing = { ...TIMING, ...options.timing };
    const connections = options.connections ?? CONNECTIONS;
    this.#options = options;
    this.#timing = timing;
    this.#baseUrl = checkBaseUrl(options.baseUrl);
    this.#authorization = `Bearer ${reveal(checkApiKey(reveal(options.apiKey)))}`;
    this.#wire = open({
      origin: this.#baseUrl.origin,
      access,
      connections,
      connectMs: timing.connectMs,
      env: options.env ?? {},
    });
    this.#pacer = new Pacer({
      connections,
      secondMs: timing.serverSecondMs,
      heldCapMs: timing.heldCapMs,
      onHold: (ms, ticket, cause) => options.onWait?.({ reason: 'rate-limit', ms, ...ticket, cause }),
    });
    options.mask.addSecret(options.apiKey);
    // Hundreds of requests may wait at once.
    setMaxListeners(0, this.#interruption.signal);
    if (options.signal?.aborted) this.#interrupt();
    options.signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** @throws InterruptedError where nothing was sent, or nothing that changes anything. */
  async perform<T>(request: Request, format: Format<T>): Promise<T> {
    const failures: Failure[] = [];
    try {
      return await this.#tryUntilDone(request, format, failures);
    } catch (error) {
      const lost = failures.findLast(({ processed }) => processed === 'perhaps');
      if (request.method === 'GET' || lost === undefined) throw error;
      throw endingAfter(unknownOutcome(request, lost), error);
    }
  }

  /** What is written belongs to its object from here on: answers to later requests about it may repeat it. */
  async write(request: Request): Promise<Answer> {
    const answer = await this.perform(request, ANSWER);
    const made = idOf(answer.body);
    const ids = [...Object.values(request.params ?? {}), ...(made === null ? [] : [made])];
    if (request.body?.kind === 'json') for (const id of ids) this.#options.mask.know(id, stringsOf(request));
    return answer;
  }

  /** @param failures where those are noted that it got over, or did not. */
  async #tryUntilDone<T>(request: Request, format: Format<T>, failures: Failure[]): Promise<T> {
    const wireRequest = this.#encode(request, format);
    for (let attempt = 1; ; attempt += 1) {
      await this.#pacer.admit({ request: nameRequest(request), attempt });
      const outcome = await this.#attempt(request, wireRequest, format, attempt);
      if (outcome.kind === 'done') {
        return outcome.value;
      }
      if (outcome.kind === 'refused') throw outcome.error;
      failures.push(outcome);
      if (outcome.processed === 'perhaps') request.onLoss?.();
      this.#checkRepeatable(request, outcome, failures);
      await this.#wait(request, outcome, attempt);
      this.#retries += 1;
    }
  }

  /** Before something is asked once more whose answers were all right, but not of use. */
  async pause(request: Request, attempt: number, cause: string): Promise<void> {
    const ms = this.#backoffMs(attempt);
    await this.#sleep({ reason: 'retry', ms, attempt, request: nameRequest(request), cause });
  }

  statistics(): Statistics {
    const requestsByMethod = new Map(this.#requestsByMethod);
    const [heldMs, retryMs] = [this.#pacer.waitedMs, this.#retryMs];
    return {
      requests: [...requestsByMethod.values()].reduce((sum, number) => sum + number, 0),
      requestsByMethod,
      retries: this.#retries,
      waitedMs: Math.round(retryMs + heldMs),
      heldMs,
      retryMs,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
    };
  }

  /** What is in flight is finished first. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    await this.#wire.close();
  }

  readonly #interrupt = (): void => {
    this.#interruption.abort();
    this.#pacer.interrupt();
  };

  #encode(request: Request, format: Format<unknown>): WireRequest {
    const body = request.body === undefined ? null : encodeBody(request.body);
    const fileMs = (lengthOf(body?.parts ?? []) + format.fileBytes) / FILE_BYTES_PER_MS;
    return {
      method: request.method,
      path: this.#baseUrl.path + buildPath(request),
      headers: {
        authorization: this.#authorization,
        accept: format.accept,
        'accept-encoding': 'gzip',
        'user-agent': this.#options.userAgent,
        ...(body === null ? {} : { 'content-type': body.contentType }),
      },
      body: body?.parts ?? [],
      timeoutMs: this.#timing.requestMs + fileMs,
      maxBytes: Math.max(MOST_JSON_BYTES, format.fileBytes),
    };
  }

  async #attempt<T>(
    request: Request,
    wireRequest: WireRequest,
    format: Format<T>,
    attempt: number,
  ): Promise<Outcome<T>> {
    let limits: Limits | null = null;
    let pausedForMs: number | null = null;
    this.#requestsByMethod.set(request.method, (this.#requestsByMethod.get(request.method) ?? 0) + 1);
    this.#bytesSent += lengthOf(wireRequest.body);
    try {
      const received = await this.#wire.exchange(wireRequest);
      this.#bytesReceived += received.wireBytes;
      this.#options.onAnswer?.(request, received);
      limits = readLimits(received.headers, this.#timing.serverSecondMs);
      const outcome = this.#judge(request, received, format, attempt);
      if (outcome.kind === 'failed' && outcome.limited) pausedForMs = outcome.waitMs;
      this.#noteTurn(outcome);
      return outcome;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#judgeFault(error, attempt);
    } finally {
      this.#pacer.release(limits, pausedForMs);
    }
  }

  #judge<T>(request: Request, received: Received, format: Format<T>, attempt: number): Outcome<T> {
    const { status, headers } = received;
    const { mask } = this.#options;
    const verdict = judgeStatus(received, {
      request: nameRequest(request),
      host: this.#baseUrl.host,
      mask,
      strings: () => stringsOf(request),
    });
    if (verdict.kind === 'refused') return verdict;
    const isSuccess = verdict.kind === 'success';
    const value = isSuccess ? believe(nameRequest(request), () => format.read(received)) : null;
    if (value !== null) return { kind: 'done', value };
    const askedMs = readAskedWaitMs(status, headers, this.#timing.serverSecondMs);
    return {
      kind: 'failed',
      cause: isSuccess ? `an answer that is no ${format.noun}` : `answered ${status}`,
      status,
      processed: verdict.kind === 'limited' ? 'no' : 'perhaps',
      limited: verdict.kind === 'limited',
      hopeless: false,
      asked: askedMs !== null,
      waitMs: askedMs === null ? this.#backoffMs(attempt) : Math.min(askedMs, this.#timing.askedWaitCapMs),
      fault: null,
    };
  }

  /**
   * Where every request has been turned away for so long, the next will be, too: each of hundreds would wait for its own turn to
   * hear it.
   */
  #noteTurn(outcome: Outcome<unknown>): void {
    if (outcome.kind !== 'failed') this.#turnedAwaySinceMs = null;
    else if (outcome.limited) {
      const nowMs = monotonicMs();
      this.#turnedAwaySinceMs ??= nowMs;
      if (nowMs - this.#turnedAwaySinceMs >= this.#timing.turnedAwayMs) {
        this.#pacer.end(() => new UnreachableError(this.#describeTurningAway()));
      }
    }
  }

  #describeTurningAway(): string {
    const { turnedAwayMs, serverSecondMs } = this.#timing;
    const minutes = Math.round(turnedAwayMs / serverSecondMs / 60);
    return `${this.#baseUrl.host} has turned every request away (429) for ${minutes} minutes. Run this again later, or find out what else uses the rate limit of this key.`;
  }

  #judgeFault(fault: Fault, attempt: number): Failure {
    return {
      kind: 'failed',
      cause: fault.message,
      status: null,
      processed: fault.kind === 'unsent' || fault.kind === 'unusable' ? 'no' : 'perhaps',
      limited: false,
      hopeless: fault.kind === 'oversized' || fault.kind === 'unusable',
      asked: false,
      waitMs: this.#backoffMs(attempt),
      fault,
    };
  }

  #backoffMs(attempt: number): number {
    return backoffMs(attempt, this.#timing.backoffBaseMs, this.#timing.backoffCapMs);
  }

  /** Throws where the request must not be tried again, or has been often enough. */
  #checkRepeatable(request: Request, last: Failure, failures: readonly Failure[]): void {
    const options = last.fault === null ? {} : { cause: last.fault };
    if (request.repeat === 'never' && last.processed === 'perhaps') throw unknownOutcome(request, last);
    const ownWaitMs = failures.reduce((sum, failure) => sum + (failure.asked ? 0 : failure.waitMs), 0);
    const { attempts, turnsAway, ownWaitMs: mostOwnWaitMs } = this.#timing;
    const turnedAway = failures.filter(isTurnedAway).length;
    if (
      last.hopeless ||
      failures.length - turnedAway >= attempts ||
      turnedAway >= turnsAway ||
      ownWaitMs > mostOwnWaitMs
    ) {
      throw new UnreachableError(
        describeFailures(this.#baseUrl.host, nameRequest(request), failures) + this.#doubt(last),
        options,
      );
    }
  }

  /** A name that leads nowhere is most likely wrong where somebody set it. */
  #doubt({ fault }: Failure): string {
    const { baseUrlSetting } = this.#options;
    if (baseUrlSetting === undefined || fault?.kind !== 'unsent' || fault.isProxy) return '';
    return `. Is ${baseUrlSetting} right?`;
  }

  /** After a 429 it is the pacer that waits, for all requests alike. */
  async #wait(request: Request, { limited, waitMs, cause }: Failure, attempt: number): Promise<void> {
    if (!limited)
      await this.#sleep({ reason: 'retry', ms: waitMs, attempt, request: nameRequest(request), cause });
  }

  async #sleep(wait: Wait): Promise<void> {
    this.#options.onWait?.(wait);
    this.#retryMs += wait.ms;
    await sleep(wait.ms, this.#interruption.signal).catch(() => {
      throw new InterruptedError('Interrupted');
    });
  }
}

/** With or without an envelope (documented either way). */
function idOf(body: unknown): string | null {
  const { data, id } = Object(body);
  const found: unknown = Object(data).id ?? id;
  return typeof found === 'string' ? found : null;
}

/**
 * A 429 that says when to come again is no failure: where several runs share a limit, somebody is always turned away, and in the
 * end everybody has a turn.
 */
function isTurnedAway({ limited, asked }: Failure): boolean {
  return limited && asked;
}

function describeFailures(host: string, request: string, failures: readonly Failure[]): string {
  const causes = [...new Set(failures.map((failure) => failure.cause))].join(', then ');
  const attempts = failures.length === 1 ? '1 attempt' : `${failures.length} attempts`;
  return `No usable answer from ${host} to ${request} in ${attempts}: ${causes}`;
}

function unknownOutcome(request: Request, { cause, status, fault }: Failure): UnknownOutcomeError {
  const options = fault === null ? {} : { cause: fault };
  return new UnknownOutcomeError(nameRequest(request), cause, status, options);
}

/** Neither an interruption nor a refused key hides that an attempt before it may have been processed. */
function endingAfter(lost: UnknownOutcomeError, error: unknown): unknown {
  if (error instanceof InterruptedError) return lost;
  if (!(error instanceof AuthenticationError)) return error;
  return new AuthenticationError(`${lost.message}; then: ${error.message}`, { cause: error });
}

/** A write that may or may not have happened: the answer was lost, late, cut short, or a failure of the server. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
  /** `POST /documents` */
  readonly request: string;
  /** Of the answer, if there was one. */
  readonly status: number | null;
  constructor(request: string, cause: string, status: number | null, options?: ErrorOptions) {
    super(`It is not known whether ${request} was processed: ${cause}`, options);
    this.request = request;
    this.status = status;
  }
}

type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: Error }
  | Failure;

/** An attempt that says nothing about how the next would end. */
interface Failure {
  readonly kind: 'failed';
  readonly cause: string;
  readonly status: number | null;
  readonly processed: 'no' | 'perhaps';
  /** A 429. */
  readonly limited: boolean;
  /** It would end the same way each time. */
  readonly hopeless: boolean;
  /** The server asks for the wait. */
  readonly asked: boolean;
  readonly waitMs: number;
  readonly fault: Fault | null;
}

/** What a successful answer must hold. */
export interface Format<T> {
  readonly accept: string;
  /** For messages: `an answer that is no list`. */
  readonly noun: string;
  /** Of the largest file that may come; 0 where none does. */
  readonly fileBytes: number;
  /** Null where the answer is something else. */
  readonly read: (received: Received) => T | null;
}

/** A page of 250 groups, the largest answer there is, stays below 1 MiB. */
const MOST_JSON_BYTES = 8 * 1024 * 1024;
/** Telnyx stores files of up to 20 MB (documented). */
const MOST_FILE_BYTES = 24 * 1024 * 1024;
/** 1 Mbit/s: the slowest line on which a file is still transferred in time. */
const FILE_BYTES_PER_MS = 128;

export const ANSWER: Format<Answer> = {
  accept: 'application/json',
  noun: 'JSON',
  fileBytes: 0,
  read: readAnswer,
};

export const PAGE: Format<Page> = {
  accept: 'application/json',
  noun: 'list',
  fileBytes: 0,
  read: (received) => {
    const answer = readAnswer(received);
    return answer === null ? null : readPage(answer);
  },
};

export const FILE: Format<Buffer> = {
  accept: '*/*',
  noun: 'file',
  fileBytes: MOST_FILE_BYTES,
  read: (received) => received.bytes,
};

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

const TIMING: Timing = {
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
