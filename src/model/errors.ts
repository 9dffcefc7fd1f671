import type { Problem, SourcePosition } from './problem.ts';

/**
 * The error classes. They are few, the two shells catch them once, and the class decides how the run ends.
 */

/** Configuration, command line or manifests are wrong. Nothing was done. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly problems: readonly Problem[];
  /**
   * Is true if the mistake is about access to Telnyx, such as the base URL, a proxy or the key, and not about
   * the repository.
   */
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

/** The key is missing, malformed, not accepted by Telnyx (401) or not permitted to do this (403). */
export class AuthenticationError extends Error {
  override readonly name = 'AuthenticationError';
}

/** The API cannot be reached or answers nonsense, after retries. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The API answered success with something that cannot be believed. */
export class MalformedAnswerError extends UnreachableError {}

/**
 * Returns true if the next request is likely to fail as well. A malformed answer concerns only its own
 * request.
 */
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

/** One entry of an error body, with every text redacted. */
export interface ApiErrorDetail {
  readonly code: string | null;
  readonly title: string | null;
  readonly detail: string | null;
  /** A JSON pointer or a query parameter. */
  readonly pointer: string | null;
}

/** The API refused a request. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** A template such as `PATCH /requirement_groups/{id}`, so that no id or query can leak. */
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

/**
 * A write that the read-back contradicts although the API answered success, or an object that cannot be used.
 */
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
