import { setMaxListeners } from 'node:events';
import { ConnectionFault } from '../http/fault.ts';
import {
  lengthOf,
  openTransport,
  type ReceivedAnswer,
  type Transport,
  type TransportRequest,
} from '../http/transport.ts';
import { InterruptedError, UnreachableError } from '../model/errors.ts';
import { reveal } from '../model/privacy/sensitive.ts';
import { type BaseUrl, checkApiKey, checkBaseUrl } from './access.ts';
import { type Answer, judgeStatus } from './answer.ts';
import { monotonicMs, sleep } from './clock.ts';
import {
  type AttemptOutcome,
  describeFailures,
  describeTurningAway,
  doubt,
  endingAfter,
  type Failure,
  failureOf,
  isTurnedAway,
  unknownOutcome,
} from './failure.ts';
import { believe } from './fields.ts';
import { ANSWER, FILE_BYTES_PER_MS, type Format, idOf, MAX_JSON_BYTES } from './format.ts';
import {
  type ClientOptions,
  CONNECTIONS,
  type Statistics,
  TIMING,
  type Timing,
  type Wait,
} from './options.ts';
import { backoffMs, Pacer, type RateLimits, readAskedWaitMs, readLimits } from './pacing.ts';
import { buildPath, encodeBody, nameRequest, type Request, stringsOf } from './request.ts';

/** Sends requests and retries them. */
export class ApiSession {
  readonly #options: ClientOptions;
  readonly #timing: Timing;
  readonly #baseUrl: BaseUrl;
  readonly #authorization: string;
  readonly #transport: Transport;
  readonly #pacer: Pacer;
  readonly #interruption = new AbortController();
  /** The time of the first 429 since the last other answer. */
  #turnedAwaySinceMs: number | null = null;
  readonly #requestsByMethod = new Map<Request['method'], number>();
  #retries = 0;
  #retryMs = 0;
  #bytesSent = 0;
  #bytesReceived = 0;

  /** @param open opens the wire. */
  constructor(options: ClientOptions, access: 'read' | 'write', open = openTransport) {
    const timing = { ...TIMING, ...options.timing };
    const connections = options.connections ?? CONNECTIONS;
    this.#options = options;
    this.#timing = timing;
    this.#baseUrl = checkBaseUrl(options.baseUrl);
    this.#authorization = `Bearer ${reveal(checkApiKey(reveal(options.apiKey)))}`;
    this.#transport = open({
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
    options.redactor.addSecret(options.apiKey);
    // Hundreds of requests may wait in parallel.
    setMaxListeners(0, this.#interruption.signal);
    if (options.signal?.aborted) this.#interrupt();
    options.signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** @throws InterruptedError if nothing was sent, or nothing that changes anything. */
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

  /**
   * Sends a write and adds its values to the texts to redact, since answers to later requests about the same
   * object may repeat them.
   */
  async write(request: Request): Promise<Answer> {
    const answer = await this.perform(request, ANSWER);
    const made = idOf(answer.body);
    const ids = [...Object.values(request.params ?? {}), ...(made === null ? [] : [made])];
    if (request.body?.kind === 'json')
      for (const id of ids) this.#options.redactor.know(id, stringsOf(request));
    return answer;
  }

  /** @param failures the list to which every failed attempt is added. */
  async #tryUntilDone<T>(request: Request, format: Format<T>, failures: Failure[]): Promise<T> {
    const transportRequest = this.#encode(request, format);
    for (let attempt = 1; ; attempt += 1) {
      await this.#pacer.admit({ request: nameRequest(request), attempt });
      const outcome = await this.#attempt(request, transportRequest, format, attempt);
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

  /** Waits before a request is sent again whose answers were valid but not usable. */
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

  /** Closes the session after requests in flight have finished. */
  async close(): Promise<void> {
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
    this.#interrupt();
    await this.#transport.close();
  }

  readonly #interrupt = (): void => {
    this.#interruption.abort();
    this.#pacer.interrupt();
  };

  #encode(request: Request, format: Format<unknown>): TransportRequest {
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
      maxBytes: Math.max(MAX_JSON_BYTES, format.fileBytes),
    };
  }

  async #attempt<T>(
    request: Request,
    transportRequest: TransportRequest,
    format: Format<T>,
    attempt: number,
  ): Promise<AttemptOutcome<T>> {
    let limits: RateLimits | null = null;
    let pausedForMs: number | null = null;
    this.#requestsByMethod.set(request.method, (this.#requestsByMethod.get(request.method) ?? 0) + 1);
    this.#bytesSent += lengthOf(transportRequest.body);
    try {
      const received = await this.#transport.exchange(transportRequest);
      this.#bytesReceived += received.transferredBytes;
      this.#options.onAnswer?.(request, received);
      limits = readLimits(received.headers, this.#timing.serverSecondMs);
      const outcome = this.#judge(request, received, format, attempt);
      if (outcome.kind === 'failed' && outcome.limited) pausedForMs = outcome.waitMs;
      this.#noteTurn(outcome);
      return outcome;
    } catch (error) {
      if (!(error instanceof ConnectionFault)) throw error;
      return failureOf(error, this.#backoffMs(attempt));
    } finally {
      this.#pacer.release(limits, pausedForMs);
    }
  }

  #judge<T>(
    request: Request,
    received: ReceivedAnswer,
    format: Format<T>,
    attempt: number,
  ): AttemptOutcome<T> {
    const { status, headers } = received;
    const { redactor } = this.#options;
    const verdict = judgeStatus(received, {
      request: nameRequest(request),
      host: this.#baseUrl.host,
      redactor,
      strings: () => stringsOf(request),
    });
    if (verdict.kind === 'refused') return verdict;
    const isSuccess = verdict.kind === 'success';
    const value = isSuccess ? believe(nameRequest(request), () => format.read(received)) : null;
    if (value !== null) return { kind: 'done', value };
    const askedMs = readAskedWaitMs(status, headers, this.#timing.serverSecondMs);
    return {
      kind: 'failed',
      cause: isSuccess ? `an answer that is not ${format.noun}` : `answered ${status}`,
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
   * Ends all requests if each has been answered 429 for too long. Otherwise each of hundreds would wait only
   * to fail the same way.
   */
  #noteTurn(outcome: AttemptOutcome<unknown>): void {
    if (outcome.kind !== 'failed') this.#turnedAwaySinceMs = null;
    else if (outcome.limited) {
      const nowMs = monotonicMs();
      this.#turnedAwaySinceMs ??= nowMs;
      if (nowMs - this.#turnedAwaySinceMs >= this.#timing.turnedAwayMs) {
        this.#pacer.end(() => new UnreachableError(describeTurningAway(this.#baseUrl.host, this.#timing)));
      }
    }
  }

  #backoffMs(attempt: number): number {
    return backoffMs(attempt, this.#timing.backoffBaseMs, this.#timing.backoffCapMs);
  }

  /** Throws if the request must not be retried, or was retried often enough. */
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
        describeFailures(this.#baseUrl.host, nameRequest(request), failures) +
          doubt(last, this.#options.baseUrlSetting, this.#baseUrl),
        options,
      );
    }
  }

  /** Waits before a retry. After a 429 the pacer waits instead, for all requests. */
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
