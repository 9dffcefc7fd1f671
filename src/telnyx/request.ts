import type { TransportRequest } from '../http/transport.ts';
import { type EncodedBody, encodeMultipart, type MultipartBody } from './multipart.ts';

/** A request before it is encoded. */
export interface Request {
  readonly method: TransportRequest['method'];
  /** `/requirement_groups/{id}` */
  readonly template: string;
  readonly params?: Params | undefined;
  readonly query?: Query | undefined;
  readonly body?: RequestBody | undefined;
  /**
   * `never` retries only if the request certainly was not processed. Telnyx has no idempotency keys on these
   * endpoints (documented).
   */
  readonly repeat: 'safe' | 'never';
  /** Called after each attempt without a usable answer that may have been processed. */
  readonly onLoss?: (() => void) | undefined;
}

export type Params = Readonly<Record<string, string>>;
/** `{'filter[country_code]': 'DE', 'filter[customer_reference][in][]': ['a', 'b']}` */
export type Query = Readonly<Record<string, string | number | readonly string[]>>;

export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | ({ readonly kind: 'multipart' } & MultipartBody);

export function json(value: unknown): RequestBody {
  return { kind: 'json', value };
}

/**
 * Returns the name of a request in messages, which contains no id and no query:
 * `PATCH /requirement_groups/{id}`
 */
export function nameRequest({ method, template }: Request): string {
  return `${method} ${template}`;
}

export function buildPath(request: Request): string {
  const path = request.template.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(request, name));
  const query = Object.entries(request.query ?? {}).flatMap(([key, value]) =>
    [value].flat().map((text) => `${encode(key)}=${encode(String(text))}`),
  );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

/**
 * Encodes an id in a path. Refuses an empty one, with which the DELETE of one thing would address all of
 * them, and `..`.
 */
function encodeSegment(request: Request, name: string): string {
  const text = request.params?.[name] ?? '';
  if (/^\.{0,2}$/.test(text)) {
    throw new Error(`${nameRequest(request)}: {${name}} is missing or cannot stand in a path`);
  }
  return encode(text);
}

/**
 * Returns the private strings of a request, which an answer may repeat: the ids in its path and all values of
 * its body except those of public keys.
 */
export function stringsOf({ params = {}, body }: Pick<Request, 'params' | 'body'>): string[] {
  return [...Object.values(params), ...(body?.kind === 'json' ? leavesOf(body.value) : [])];
}

/**
 * The keys whose values plans show: references, codes and ids of requirements. Any other key counts as
 * private.
 */
const PUBLIC_KEYS: ReadonlySet<string> = new Set([
  'action',
  'comment_record_type',
  'country_code',
  'customer_reference',
  'phone_number_type',
  'requirement_id',
  'requirement_type_id',
]);

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (PUBLIC_KEYS.has(key) ? [] : leavesOf(inner)));
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

export function encodeBody(body: RequestBody): EncodedBody {
  if (body.kind === 'multipart') return encodeMultipart(body);
  return { contentType: 'application/json', parts: [Buffer.from(JSON.stringify(body.value))] };
}
