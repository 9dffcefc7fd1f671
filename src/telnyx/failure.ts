import type { Fault } from '../http/wire.ts';
import { AuthenticationError, InterruptedError } from '../model/errors.ts';
import type { Timing } from './options.ts';
import { nameRequest, type Request } from './request.ts';

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'refused'; readonly error: Error }
  | Failure;

/** An attempt that says nothing about how the next would end. */
export interface Failure {
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

/** Of an attempt to which no answer came. */
export function failureOf(fault: Fault, waitMs: number): Failure {
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
 * A 429 that says when to come again is no failure: where several runs share a limit, somebody is always turned away, and in the
 * end everybody has a turn.
 */
export function isTurnedAway({ limited, asked }: Failure): boolean {
  return limited && asked;
}

export function describeFailures(host: string, request: string, failures: readonly Failure[]): string {
  const causes = [...new Set(failures.map((failure) => failure.cause))].join(', then ');
  const attempts = failures.length === 1 ? '1 attempt' : `${failures.length} attempts`;
  return `No usable answer from ${host} to ${request} in ${attempts}: ${causes}`;
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

/** A name that leads nowhere is most likely wrong where somebody set it. */
export function doubt({ fault }: Failure, baseUrlSetting: string | undefined): string {
  if (baseUrlSetting === undefined || fault?.kind !== 'unsent' || fault.isProxy) return '';
  return `. Is ${baseUrlSetting} right?`;
}

export function describeTurningAway(host: string, { turnedAwayMs, serverSecondMs }: Timing): string {
  const minutes = Math.round(turnedAwayMs / serverSecondMs / 60);
  return `${host} has turned every request away (429) for ${minutes} minutes. Run this again later, or find out what else uses the rate limit of this key.`;
}

export function unknownOutcome(request: Request, { cause, status, fault }: Failure): UnknownOutcomeError {
  const options = fault === null ? {} : { cause: fault };
  return new UnknownOutcomeError(nameRequest(request), cause, status, options);
}

/** Neither an interruption nor a refused key hides that an attempt before it may have been processed. */
export function endingAfter(lost: UnknownOutcomeError, error: unknown): unknown {
  if (error instanceof InterruptedError) return lost;
  if (!(error instanceof AuthenticationError)) return error;
  return new AuthenticationError(`${lost.message}; then: ${error.message}`, { cause: error });
}
