import { mediaType, type Received } from './request.ts';

/** One request to the API, in the order of arrival. Keys are not kept. */
export interface LoggedRequest {
  /** From 1. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Null until answered, 0 where the answer was withheld. */
  status: number | null;
  fault: string | null;
  /** Of JSON bodies that are not large; else null. */
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

export function loggableBody(request: Received): unknown {
  if (!mediaType(request).endsWith('json') || request.body.length > MAX_BODY_BYTES) return null;
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return null;
  }
}
