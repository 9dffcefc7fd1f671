import { afterEach, beforeEach, vi } from 'vitest';
import { ConnectionFault } from '../../src/http/fault.ts';
import type { ReceivedAnswer, TransportOptions, TransportRequest } from '../../src/http/transport.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { ClientOptions, Wait } from '../../src/telnyx/options.ts';
import { ApiSession } from '../../src/telnyx/session.ts';
import { KEY } from './scripted-server.ts';

/**
 * A session without network, by a clock that goes on to the next moment at which something happens: the durations are those of
 * production, and nobody waits for them. Half of each backoff is waited for.
 */
export interface Scene {
  readonly session: ApiSession;
  readonly redactor: Redactor;
  /** What the wire was opened with. */
  readonly opened: readonly TransportOptions[];
  readonly seen: readonly TransportRequest[];
  /** Milliseconds since the beginning at which each was seen. */
  readonly seenAtMs: readonly number[];
  readonly waits: readonly Wait[];
  readonly closed: () => boolean;
}

/** `number` counts the requests from 1. */
export type Replies = (
  request: TransportRequest,
  number: number,
) => ReceivedAnswer | ConnectionFault | Promise<ReceivedAnswer | ConnectionFault>;

export function play(
  replies: Replies,
  options: Partial<ClientOptions> = {},
  access: 'read' | 'write' = 'write',
): Scene {
  const opened: TransportOptions[] = [];
  const seen: TransportRequest[] = [];
  const seenAtMs: number[] = [];
  const waits: Wait[] = [];
  const redactor = new Redactor();
  const beganMs = Date.now();
  let isClosed = false;
  const open = (transportOptions: TransportOptions) => {
    opened.push(transportOptions);
    return {
      exchange: async (request: TransportRequest) => {
        seen.push(request);
        seenAtMs.push(Date.now() - beganMs);
        const reply = await replies(request, seen.length);
        if (reply instanceof ConnectionFault) throw reply;
        return reply;
      },
      close: async () => {
        isClosed = true;
      },
    };
  };
  const given: ClientOptions = {
    baseUrl: 'https://api.example.com/v2',
    apiKey: new Sensitive(KEY),
    redactor,
    userAgent: 'regsync/test',
    onWait: (wait) => waits.push(wait),
    ...options,
  };
  return {
    session: new ApiSession(given, access, open),
    redactor,
    opened,
    seen,
    seenAtMs,
    waits,
    closed: () => isClosed,
  };
}

/** An answer of JSON, or of a text as it is. */
export function answered(
  status: number,
  body: unknown = { data: {} },
  headers: Readonly<Record<string, string>> = {},
): ReceivedAnswer {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { status, headers, bytes, transferredBytes: bytes.length };
}

/** Each after the other; the last again and again. */
export function inTurn(...replies: readonly (ReceivedAnswer | ConnectionFault)[]): Replies {
  return (_, number) => replies[Math.min(number, replies.length) - 1] ?? answered(200);
}

/** Within the file that calls this. */
export function useFakeClock(mode: 'manual' | 'nextTimerAsync'): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: 0, toFake: ['Date', 'hrtime', 'setTimeout', 'clearTimeout'] });
    // As on any machine, the clock did not begin with this.
    vi.advanceTimersByTime(3_600_000);
    if (mode !== 'manual') vi.setTimerTickMode(mode);
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });
}
