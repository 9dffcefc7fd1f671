/** The whole answer of a handler, before faults and headers of the connection. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ErrorBody {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly source?: ErrorSource;
  readonly meta: { readonly url: string };
}

export type ErrorSource = { readonly pointer: string } | { readonly parameter: string };

/** A refused request. Handlers throw it, and the server turns it into an error body. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly ErrorBody[];

  constructor(status: number, errors: readonly ErrorBody[]) {
    super(errors.map((error) => error.detail).join(' '));
    this.status = status;
    this.errors = errors;
  }
}

export function refusal(status: number, code: string, detail: string, source?: ErrorSource): Refusal {
  return new Refusal(status, [apiError(code, detail, source)]);
}

export function notFound(what: string): Refusal {
  return refusal(404, '10005', `The requested ${what} could not be found.`);
}

/** Throws all errors together. Returns if there are none. */
export function refuseIfAny(errors: readonly ErrorBody[]): void {
  if (errors.length > 0) throw new Refusal(422, errors);
}

export function apiError(code: string, detail: string, source?: ErrorSource): ErrorBody {
  return {
    code,
    title: TITLES[code] ?? 'Unexpected error',
    detail,
    ...(source === undefined ? {} : { source }),
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
  };
}

export function json(status: number, body: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(body), 'utf8'),
  };
}

export function dataAnswer(data: unknown): Reply {
  return json(200, { data });
}

export function errorAnswer({ status, errors }: Refusal): Reply {
  return json(status, { errors });
}

export function emptyAnswer(status: number): Reply {
  return { status, headers: {}, body: Buffer.alloc(0) };
}

/** The vendor's error codes that the sandbox uses. */
const TITLES: Readonly<Record<string, string>> = {
  '10003': 'Invalid URL',
  '10004': 'Missing required parameter',
  '10005': 'Resource not found',
  '10007': 'Unexpected error',
  '10008': 'Request timeout',
  '10009': 'Authentication failed',
  '10010': 'Authorization failed',
  '10011': 'Too many requests',
  '10012': 'Duplicate resource',
  '10014': 'Unsupported media type',
  '10015': 'Bad request',
  '10017': 'Associated resource does not exist',
  '10020': 'Value must be a string',
  '10021': 'Resource in use',
  '10023': 'Invalid JSON',
  '10025': 'Invalid string length',
  '10026': 'Invalid type',
  '10027': 'Unprocessable entity',
  '10030': 'Method not allowed',
  '10031': 'Invalid filter',
  '10032': 'Invalid enumeration value',
  '10033': 'Value out of range',
  '10036': 'Resource is being processed',
  '10037': 'Service unavailable',
  '20002': 'API key revoked',
  '20200': 'Invalid address',
  '20201': 'Invalid country code',
  '20202': 'Invalid locality',
  '20203': 'Invalid neighborhood',
  '20204': 'Invalid administrative area',
  '20205': 'Invalid postal code',
  '20206': 'Invalid borough',
  '20207': 'Invalid street address',
  '20208': 'Invalid house number',
  '20209': 'Invalid extended address',
  '85000': 'Phone number must be searched first',
  '85001': 'Phone number is no longer available',
  '85002': 'Order cannot be changed',
  '85003': 'Regulatory requirements already satisfied',
};
