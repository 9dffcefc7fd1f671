import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { ConnectionFault, faultOf, withRoute } from './fault.ts';
import { type ProxyRoute, routeTo } from './proxy.ts';

/**
 * One HTTP exchange over undici: bytes out, bytes in. It does not retry, follow redirects or interpret.
 * Opened for `read`, it refuses every method but GET, even if the types above it are bypassed.
 */
export interface Transport {
  /** Rejects with a `Fault` when there is no complete answer. */
  exchange(request: TransportRequest): Promise<ReceivedAnswer>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** `https://api.telnyx.com` */
  readonly origin: string;
  readonly access: 'read' | 'write';
  readonly connections: number;
  readonly connectMs: number;
  /** The environment with `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case. */
  readonly env: NodeJS.ProcessEnv;
}

export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** The path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The parts of the body in order. An empty list means no body. */
  readonly body: readonly Buffer[];
  /** The time from the start of sending to the last byte received. */
  readonly timeoutMs: number;
  /** The limit for the body, both as it is transferred and after decompression. */
  readonly maxBytes: number;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface ReceivedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The length of the body as it was transferred. */
  readonly transferredBytes: number;
}

/** @throws InvalidInputError if a proxy variable is set but does not name a proxy. */
export function openTransport(options: TransportOptions): Transport {
  const route = routeTo(options.origin, options.env);
  const opening = import('./dispatcher.ts').then(({ openDispatcher }) => openDispatcher(options, route));
  // The first exchange reports the failure.
  opening.catch(() => {});
  const inFlight = new Set<Promise<unknown>>();
  return {
    exchange: (request) => {
      if (options.access === 'read' && request.method !== 'GET') {
        return Promise.reject(new Error(`A client opened for reading was asked to ${request.method}`));
      }
      const exchange = opening.then((dispatcher) => exchangeOver(dispatcher, options, route, request));
      const ended = exchange.catch(() => {}).finally(() => inFlight.delete(ended));
      inFlight.add(ended);
      return exchange;
    },
    close: async () => {
      await Promise.all(inFlight);
      // A gentler close would wait for a connection that is still being made.
      await opening.then((dispatcher) => dispatcher.destroy()).catch(() => {});
    },
  };
}

async function exchangeOver(
  dispatcher: Dispatcher,
  { origin, connectMs }: TransportOptions,
  route: ProxyRoute,
  request: TransportRequest,
): Promise<ReceivedAnswer> {
  const { method, path, headers, body, maxBytes } = request;
  const answer = await new Promise<Compressed>((resolve, reject) => {
    const exchange = new Exchange(request, route, resolve, reject);
    exchange.awaitConnection(connectMs);
    dispatcher.dispatch(
      // The exchange has a deadline of its own, which covers headers and body.
      {
        origin,
        method,
        path,
        headers: body.length > 1 ? { ...headers, 'content-length': `${lengthOf(body)}` } : { ...headers },
        body: bodyOf(method, body),
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    );
  });
  return { ...answer, bytes: await decompress(answer, maxBytes), transferredBytes: answer.bytes.length };
}

/**
 * Returns the body for undici. An empty body has a length of zero, which some servers ask for. Several parts
 * are not joined, which would copy a document. As a stream, undici also knows which parts are still to be
 * sent, so it does not reuse a connection on which the answer arrived before they were.
 */
function bodyOf(method: string, parts: readonly Buffer[]): Buffer | Readable | null {
  if (method === 'GET') return null;
  const [only = Buffer.alloc(0), ...others] = parts;
  return others.length === 0 ? only : Readable.from(parts);
}

export function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

type Compressed = Omit<ReceivedAnswer, 'transferredBytes'>;

/** Collects one answer. It settles once and ignores later events. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: TransportRequest;
  readonly #route: ProxyRoute;
  readonly #resolve: (answer: Compressed) => void;
  readonly #reject: (fault: ConnectionFault) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #isSettled = false;

  constructor(
    request: TransportRequest,
    route: ProxyRoute,
    resolve: (answer: Compressed) => void,
    reject: (fault: ConnectionFault) => void,
  ) {
    this.#request = request;
    this.#route = route;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /**
   * Limits the wait for a connection. A proxy takes a connection of its own first, so the limit is twice that
   * of one.
   */
  awaitConnection(connectMs: number): void {
    this.#failAfter(2 * connectMs, 'unsent', withRoute('no connection in time', this.#route));
  }

  /** Starts the deadline of the request. From here on it may have been sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) {
      controller.abort(new Error('nobody waits for this any more'));
      return;
    }
    this.#controller = controller;
    const { timeoutMs } = this.#request;
    this.#failAfter(timeoutMs, 'lost', `timed out after ${formatSeconds(timeoutMs)}`);
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController): void {
    this.#fail(new ConnectionFault('lost', 'the connection was lost'));
    controller.abort(new Error('nobody asked for another protocol'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#request.maxBytes) this.#failOversized();
    else if (!this.#isSettled) this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (!this.#settle()) return;
    this.#resolve({ status: this.#status, headers: this.#headers, bytes: Buffer.concat(this.#chunks) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#fail(faultOf(error, this.#controller !== null, this.#route));
  }

  #failOversized(): void {
    this.#fail(new ConnectionFault('oversized', oversized(this.#request.maxBytes)));
  }

  #failAfter(ms: number, kind: ConnectionFault['kind'], message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new ConnectionFault(kind, message)), ms);
  }

  #fail(fault: ConnectionFault): void {
    if (!this.#settle()) return;
    this.#chunks.length = 0;
    this.#reject(fault);
    this.#controller?.abort(fault);
  }

  /** Returns false if it was settled before. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    return true;
  }
}

/** Decompresses the body. undici's own interceptor does so too, but prints an ExperimentalWarning. */
async function decompress({ headers, bytes }: Compressed, maxBytes: number): Promise<Buffer> {
  const encoding = String(headers['content-encoding'] || 'identity').toLowerCase();
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip')
    throw new ConnectionFault('lost', 'an answer in an encoding that was not asked for');
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new ConnectionFault('oversized', oversized(maxBytes));
    throw new ConnectionFault('lost', 'an answer that cannot be decompressed');
  }
}

const unzip = promisify(gunzip);

const MEBIBYTE = 1024 * 1024;

function oversized(maxBytes: number): string {
  return `an answer of more than ${maxBytes / MEBIBYTE} MiB`;
}

function formatSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
