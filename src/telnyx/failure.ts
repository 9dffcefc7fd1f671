import type { ConnectionFault } from '../http/fault.ts';
import { AuthenticationError, InterruptedError } from '../model/errors.ts';
import { type BaseUrl, isLoopback } from './access.ts';
import type { Timing } from './options.ts';
import { nameRequest, type Request } from './request.ts';

export type AttemptOutcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: Error }
  | Failure;

/** An attempt whose failure does not predict how the next attempt ends. */
export interface Failure {
  readonly kind: 'failed';
  readonly cause: string;
  readonly status: number | null;
  readonly processed: 'no' | 'perhaps';
  /** The server answered 429. */
  readonly limited: boolean;
  /** Every retry would end the same way. */
  readonly hopeless: boolean;
  /** The server asked for the wait. */
  readonly asked: boolean;
  readonly waitMs: number;
  readonly fault: ConnectionFault | null;
}

/** Describes an attempt that got no answer. */
export function failureOf(fault: ConnectionFault, waitMs: number): Failure {
  return {
    kind: 'failed',
    cause: fault.message,
    status: null,
    processed: fault.kind === 'unsent' || fault.kind === 'unusable' ? 'no' : 'perhaps',
    limited: false,
    hopeless: fault.kind === 'oversized' || fault.kind === 'unusable',
    asked: false,
    waitMs,
    fault,
  };
}

/**
 * Returns true for a 429 that says how long to wait. It does not count as a failure: where several runs share
 * a limit, each of them is refused at times and served later.
 */
export function isTurnedAway({ limited, asked }: Failure): boolean {
  return limited && asked;
}

export function describeFailures(host: string, request: string, failures: readonly Failure[]): string {
  const causes = [...new Set(failures.map((failure) => failure.cause))].join(', then ');
  const attempts = failures.length === 1 ? '1 attempt' : `${failures.length} attempts`;
  return `No usable answer from ${host} to ${request} in ${attempts}: ${causes}`;
}

/**
 * An ambiguous write: the answer was lost, late, cut short, or an error of the server, so the write may or
 * may not have happened.
 */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
  /** `POST /documents` */
  readonly request: string;
  /** The status of the answer. Null if there was none. */
  readonly status: number | null;
  constructor(request: string, cause: string, status: number | null, options?: ErrorOptions) {
    super(`It is not known whether ${request} was processed: ${cause}`, options);
    this.request = request;
    this.status = status;
  }
}

/** Names the settings that may be wrong if the server could not be reached: the base URL, and a proxy. */
export function doubt(
  { fault }: Failure,
  baseUrlSetting: string | undefined,
  { origin }: Pick<BaseUrl, 'origin'>,
): string {
  if (fault?.kind !== 'unsent') return '';
  if (fault.isProxy) return '. Correct the URL of that proxy, or unset the variable';
  const isHere = isLoopback(new URL(origin).hostname);
  const doubts = [
    ...(baseUrlSetting === undefined ? [] : [`Is ${baseUrlSetting} right?`]),
    ...(baseUrlSetting !== undefined && isHere
      ? ['If it names a sandbox, start that with `regsync sandbox`']
      : []),
    ...(fault.mayNeedProxy
      ? ['If this machine reaches the internet only through a proxy, set HTTPS_PROXY']
      : []),
  ];
  return doubts.length === 0 ? '' : `. ${doubts.join(' ')}`;
}

export function describeTurningAway(host: string, { turnedAwayMs, serverSecondMs }: Timing): string {
  const minutes = Math.round(turnedAwayMs / serverSecondMs / 60);
  return `${host} has turned every request away (429) for ${minutes} minutes. Run this again later, or look for other programs that use the rate limit of this key.`;
}

export function unknownOutcome(request: Request, { cause, status, fault }: Failure): UnknownOutcomeError {
  const options = fault === null ? {} : { cause: fault };
  return new UnknownOutcomeError(nameRequest(request), cause, status, options);
}

/**
 * Returns the error to report after an ambiguous write. Neither an interruption nor a refused key hides that
 * the write may have been processed.
 */
export function endingAfter(lost: UnknownOutcomeError, error: unknown): unknown {
  if (error instanceof InterruptedError) return lost;
  if (!(error instanceof AuthenticationError)) return error;
  return new AuthenticationError(`${lost.message}; then: ${error.message}`, { cause: error });
}
