import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { Fault, faultOf, withRoute } from './fault.ts';
import { type Route, routeTo } from './proxy.ts';

export { Fault };

/**
 * One HTTP exchange over undici: bytes out, bytes in. No retries, no redirects, no meaning.
 * Opened for `read`, it lets nothing but GET pass, whatever the types above it promise.
 */
export interface Wire {
  /** Rejects with a `Fault` when there is no complete answer. */
  exchange(request: WireRequest): Promise<Received>;
  close(): Promise<void>;
}

export interface WireOptions {
  /** `https://api.telnyx.com` */
  readonly origin: string;
  readonly access: 'read' | 'write';
  readonly connections: number;
  readonly connectMs: number;
  /** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up, in either case. */
  readonly env: NodeJS.ProcessEnv;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** One after the other; none: no body. */
  readonly body: readonly Buffer[];
  /** From the moment at which the request begins to be sent to the last byte received. */
  readonly timeoutMs: number;
  /** Of the body, both as it is transferred and after decompression. */
  readonly maxBytes: number;
}

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** Of the body as it was transferred. */
  readonly wireBytes: number;
}

/** @throws InvalidInputError where a variable is to name a proxy and does not. */
export function openWire(options: WireOptions): Wire {
  const route = routeTo(options.origin, options.env);
  const opening = import('./dispatcher.ts').then(({ openDispatcher }) => openDispatcher(options, route));
  // A failure is told by the first exchange.
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
      // A connection that is still being made would keep a gentler end waiting.
      await opening.then((dispatcher) => dispatcher.destroy()).catch(() => {});
    },
  };
}

async function exchangeOver(
  dispatcher: Dispatcher,
  { origin, connectMs }: WireOptions,
  route: Route,
  request: WireRequest,
): Promise<Received> {
  const { method, path, headers, body, maxBytes } = request;
  const answer = await new Promise<Compressed>((resolve, reject) => {
    const exchange = new Exchange(request, route, resolve, reject);
    exchange.awaitConnection(connectMs);
    dispatcher.dispatch(
      // The deadline of the exchange covers both.
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
  return { ...answer, bytes: await decompress(answer, maxBytes), wireBytes: answer.bytes.length };
}

/**
 * An empty body has a length of zero, which some servers ask for. Several parts are not put together, which would copy a
 * document, and undici knows which of them are still to be sent, so that a connection on which the answer overtook them is not
 * used again.
 */
function bodyOf(method: string, parts: readonly Buffer[]): Buffer | Readable | null {
  if (method === 'GET') return null;
  const [only = Buffer.alloc(0), ...others] = parts;
  return others.length === 0 ? only : Readable.from(parts);
}

export function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

type Compressed = Omit<Received, 'wireBytes'>;

/** Collects one answer. Settles once; what comes after that is ignored. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest;
  readonly #route: Route;
  readonly #resolve: (answer: Compressed) => void;
  readonly #reject: (fault: Fault) => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #status = 0;
  #headers: Headers = {};
  #timer: NodeJS.Timeout | undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #isSettled = false;

  constructor(
    request: WireRequest,
    route: Route,
    resolve: (answer: Compressed) => void,
    reject: (fault: Fault) => void,
  ) {
    this.#request = request;
    this.#route = route;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** A proxy takes a connection of its own before that to the server, so that the bound is twice that of one. */
  awaitConnection(connectMs: number): void {
    this.#failAfter(2 * connectMs, 'unsent', withRoute('no connection in time', this.#route));
  }

  /** The connection is there and the request is about to be written: from here on nobody knows that it was not sent. */
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
    this.#fail(new Fault('lost', 'the connection was lost'));
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
    this.#fail(new Fault('oversized', oversized(this.#request.maxBytes)));
  }

  #failAfter(ms: number, kind: Fault['kind'], message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(new Fault(kind, message)), ms);
  }

  #fail(fault: Fault): void {
    if (!this.#settle()) return;
    this.#chunks.length = 0;
    this.#reject(fault);
    this.#controller?.abort(fault);
  }

  /** False where it was settled before. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    return true;
  }
}

/** undici's own interceptor does this too, and prints an ExperimentalWarning for it. */
async function decompress({ headers, bytes }: Compressed, maxBytes: number): Promise<Buffer> {
  const encoding = String(headers['content-encoding'] || 'identity').toLowerCase();
  if (encoding === 'identity' || bytes.length === 0) return bytes;
  if (encoding !== 'gzip') throw new Fault('lost', 'an answer in an encoding that was not asked for');
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    if (isTooLarge) throw new Fault('oversized', oversized(maxBytes));
    throw new Fault('lost', 'an answer that cannot be decompressed');
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
