import { type IncomingRequest, mediaType } from './request.ts';

/** One request to the API, in the order of arrival. Its key is not logged. */
export interface LoggedRequest {
  /** The number of the request, from 1. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The status of the answer. Null until it is sent, 0 if it was withheld. */
  status: number | null;
  fault: string | null;
  /** The parsed body. Null if it is not JSON or too large. */
  body: unknown;
}

export interface RequestLog {
  arrived: number;
  entries: LoggedRequest[];
}

const MAX_ENTRIES = 20_000;
const MAX_BODY_BYTES = 100_000;

export function logArrival(log: RequestLog, method: string, path: string, query: string): LoggedRequest {
  log.arrived += 1;
  const entry = { n: log.arrived, method, path, query, status: null, fault: null, body: null };
  log.entries.push(entry);
  if (log.entries.length > MAX_ENTRIES) log.entries.shift();
  return entry;
}

export function clearLog(log: RequestLog): void {
  Object.assign(log, { arrived: 0, entries: [] });
}

export function loggableBody(request: IncomingRequest): unknown {
  if (!mediaType(request).endsWith('json') || request.body.length > MAX_BODY_BYTES) return null;
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return null;
  }
}
