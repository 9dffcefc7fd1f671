import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { State } from '../state/state.ts';
import { type Reply, refusal } from './answer.ts';

/** A request whose body has arrived. */
export interface IncomingRequest {
  readonly method: string;
  /** The path: for the API without `/v2`, for control the whole. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** The input of a handler. */
export interface Exchange {
  readonly state: State;
  readonly request: IncomingRequest;
  /** The values of the route's `{placeholders}`. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (exchange: Exchange) => Reply | Promise<Reply>;

export type JsonObject = Readonly<Record<string, unknown>>;

/** The limit leaves room for the largest document in Base64. */
const MAX_BODY_BYTES = 64_000_000;

export async function receive(
  message: IncomingMessage,
  path: string,
  query: URLSearchParams,
): Promise<IncomingRequest> {
  const { method = 'GET', headers } = message;
  return { method, path, query, headers, body: await readBody(message) };
}

async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function readJsonObject(request: IncomingRequest): JsonObject {
  if (!mediaType(request).endsWith('json')) {
    throw refusal(415, '10014', 'The Content-Type must be application/json.');
  }
  const value = parseJson(request.body);
  if (isJsonObject(value)) return value;
  throw refusal(400, '10015', 'The body must be a JSON object.');
}

export function mediaType({ headers }: IncomingRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw refusal(400, '10023', 'The body is not valid JSON.');
  }
}
