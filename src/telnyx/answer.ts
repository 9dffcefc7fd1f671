import type { Headers, ReceivedAnswer } from '../http/transport.ts';
import { ApiError, type ApiErrorDetail, AuthenticationError, UnreachableError } from '../model/errors.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import { cut } from '../model/text/cut.ts';
import { readDateMs } from './pacing.ts';

export interface Answer {
  readonly status: number;
  /** The parsed JSON, or null for an empty body. */
  readonly body: unknown;
  /** The server's clock. */
  readonly dateMs: number | null;
  /** Telnyx's id of the request. Absent if the answer has none. */
  readonly requestId?: string;
}

/**
 * The meaning of a status for any request. A `limited` request was not processed; a `failed` one may have
 * been.
 */
export type AnswerVerdict =
  | { readonly kind: 'success' }
  | { readonly kind: 'limited' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'refused'; readonly error: Error };

export interface Asked {
  /** `PATCH /requirement_groups/{id}` */
  readonly request: string;
  readonly host: string;
  readonly redactor: Redactor;
  /** The strings that the request contains, from `stringsOf`. */
  readonly strings: () => Iterable<string>;
}

export function judgeStatus(received: ReceivedAnswer, asked: Asked): AnswerVerdict {
  const { status } = received;
  if (status < 300) return { kind: 'success' };
  if (status < 400) return { kind: 'refused', error: redirectError(asked) };
  if (status === 429) return { kind: 'limited' };
  if (status === 408 || status >= 500) return { kind: 'failed' };
  const error = readApiError(received, asked);
  return { kind: 'refused', error: status === 401 || status === 403 ? authenticationError(error) : error };
}

/** Returns null if the body is not JSON. The content type does not matter. */
export function readAnswer({ status, headers, bytes }: ReceivedAnswer): Answer | null {
  const parsed = parseJson(bytes);
  if (parsed === null) return null;
  const requestId = readRequestId(headers, (text) => text);
  return {
    status,
    body: parsed.body,
    dateMs: readDateMs(headers),
    ...(requestId === null ? {} : { requestId }),
  };
}

/** Parses JSON. Node quotes a piece of the text in its error, so nothing of that error is kept. */
function parseJson(bytes: Buffer): { readonly body: unknown } | null {
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === '') return { body: null };
  try {
    return { body: JSON.parse(text) };
  } catch {
    return null;
  }
}

/**
 * Refuses a redirect: following it would send the key, and with 307 a passport, to another host. The message
 * does not show the redirect's location.
 */
function redirectError({ request, host }: Asked): UnreachableError {
  return new UnreachableError(
    `${host} answered ${request} with a redirect, and regsync does not follow it. Is the base URL right?`,
  );
}

/** Returns an error with the message of the cause. */
export function authenticationError(cause: ApiError): AuthenticationError {
  const requestId = cause.requestId === null ? '' : ` (request id ${cause.requestId})`;
  return new AuthenticationError(`${cause.message}${requestId}`, { cause });
}

function readApiError({ status, headers, bytes }: ReceivedAnswer, asked: Asked): ApiError {
  const body = bytes.length <= ERROR_BODY_BYTES ? parseJson(bytes)?.body : null;
  return new ApiError(
    status,
    asked.request,
    readDetails(body, asked),
    readRequestId(headers, (text) => asked.redactor.cover(text)),
  );
}

/** Error bodies of the API are below 10 KiB. */
const ERROR_BODY_BYTES = 256 * 1024;
const DETAILS = 20;
const TEXT_LENGTH = 500;

/**
 * Reads `{errors:[{code,title,detail,source:{pointer,parameter}}]}`, of which at most `code` and `title` are
 * guaranteed (documented). The address validator writes `description` for `detail` (documented). A gateway
 * may answer HTML or anything else, which has no details.
 */
function readDetails(body: unknown, asked: Asked): ApiErrorDetail[] {
  const errors = asRecord(body).errors;
  if (!Array.isArray(errors)) return [];
  return errors.slice(0, DETAILS).map((entry) => {
    const { code, title, detail, description, source } = asRecord(entry);
    const { pointer, parameter } = asRecord(source);
    return {
      code: readData(code, asked),
      title: readProse(title, asked),
      detail: readProse(detail, asked) ?? readProse(description, asked),
      pointer: readData(pointer, asked) ?? readData(parameter, asked),
    };
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/**
 * Reads a code or a pointer, from which only secrets are removed. A text that does not look like one is
 * redacted as prose, and so is a single word, because a private text may be one.
 */
function readData(value: unknown, asked: Asked): string | null {
  const text = readText(value);
  if (text === null || !LIKE_DATA.test(text) || /^[a-z]+$/.test(text)) return readProse(value, asked);
  return asked.redactor.cover(text);
}

/** `10027`, `/regulatory_requirements/0/field_value`, `filter[status]`. */
const LIKE_DATA =
  /^(?:\d{5}|\/?(?:[a-z_]{1,40}(?:\[[a-z_]{0,40}\]){0,5}|\d{1,3})(?:\/(?:[a-z_]{1,40}|\d{1,3})){0,9})$/;

/** Reads a text for people. It may repeat what was sent, so it is redacted before it is cut. */
function readProse(value: unknown, { redactor, strings }: Asked): string | null {
  const text = readText(value);
  return text === null ? null : cut(redactor.coverError(text, strings()), TEXT_LENGTH) || null;
}

/**
 * Reads a text up to a length. The redaction recognizes a private text that this cuts by its remaining piece.
 */
function readText(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const shown = String(value).slice(0, 8 * TEXT_LENGTH);
  return shown.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim() || null;
}

/** Reads a header that is not documented. Other clients of the API read these two. */
function readRequestId(headers: Headers, cover: (text: string) => string): string | null {
  const text = cover(String(headers['x-request-id'] ?? headers['x-telnyx-request-id'] ?? ''));
  return text.replace(/[^\w.:-]/g, '').slice(0, 128) || null;
}
