import type { Problem, SourcePosition } from './problem.ts';

/** Few classes, thrown rarely and caught once, in the two shells; each says by its class how the run ends. */

/** Configuration, command line or manifests are wrong: nothing was done. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly problems: readonly Problem[];
  /** It is about the way to Telnyx, such as the base URL, a proxy or the key, and not about what a repository says. */
  readonly isAboutAccess: boolean;
  constructor(
    message: string,
    problems: readonly Problem[] = [],
    { isAboutAccess = false }: { readonly isAboutAccess?: boolean } = {},
  ) {
    super(message);
    this.problems = problems;
    this.isAboutAccess = isAboutAccess;
  }
}

/** A gate is closed, a limit is exceeded, or the plan is stale. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly problems: readonly Problem[];
  constructor(message: string, problems: readonly Problem[] = []) {
    super(message);
    this.problems = problems;
  }
}

/** No key, a malformed key, or one that Telnyx does not accept (401) or does not permit this (403). */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
}

/** The API cannot be reached or answers nonsense, after retries. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The API answered success with something that cannot be believed. */
export class MalformedAnswerError extends UnreachableError {}

/** Whether the next request is likely to wait in vain as well. A malformed answer came at once and concerns its request alone. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof UnreachableError && !(error instanceof MalformedAnswerError);
}

/** The result cannot be written: a full disk, a closed device. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
}

export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** One entry of an error body, every text masked. */
export interface ApiErrorDetail {
  readonly code: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  /** JSON pointer or query parameter. */
  readonly pointer: string | null;
}

/** The API refused a request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** `PATCH /requirement_groups/{id}`: a template, so that no id or query can leak. */
  readonly request: string;
  readonly details: readonly ApiErrorDetail[];
  readonly requestId: string | null;
  constructor(status: number, request: string, details: readonly ApiErrorDetail[], requestId: string | null) {
    super(`${request} answered ${status}${describeDetails(details)}`);
    this.status = status;
    this.request = request;
    this.details = details;
    this.requestId = requestId;
  }
}

function describeDetails(details: readonly ApiErrorDetail[]): string {
  if (details.length === 0) return '';
  const texts = details.map((entry) => [entry.code, entry.detail ?? entry.title].filter(Boolean).join(' '));
  return `: ${texts.join('; ')}`;
}

/** A write whose answer was success and whose read-back says otherwise, or an object that cannot be used. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: string;
  readonly source: SourcePosition | null;
  constructor(code: string, message: string, source: SourcePosition | null = null, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.source = source;
  }
}
