import { setFlagsFromString } from 'node:v8';
import { createGunzip, type Gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import Pool from 'undici/lib/dispatcher/pool.js';

/**
 * One HTTP exchange: bytes out, bytes in. No retries, no redirects, no meaning; the only file that knows undici.
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
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  /** Of the body after decompression. */
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

/**
 * Why there is no answer. The message is ours, never undici's: some of its errors carry what the server sent.
 * - `unsent`: not a byte of the request went out.
 * - `lost`: the server may or may not have acted on it.
 * - `oversized`: the answer was longer than allowed; asking again would not help.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: 'unsent' | 'lost' | 'oversized';
  constructor(kind: Fault['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * Undici's parser is WebAssembly. V8 would spend more processor time on optimising it than a small plan takes as a whole, for
 * a parser that sees headers and lengths and hands bodies on as they are.
 */
const ONE_COMPILER = '--liftoff-only';

export function openWire(options: WireOptions): Wire {
  setFlagsFromString(ONE_COMPILER);
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.connectMs },
    // `WireRequest.timeoutMs` bounds the exchange as a whole.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    exchange: (request) => {
      if (options.access === 'read' && request.method !== 'GET') {
        return Promise.reject(new Error(`A client opened for reading was asked to ${request.method}`));
      }
      return new Promise((resolve, reject) => {
        const { method, path, headers, body } = request;
        pool.dispatch({ method, path, headers, body }, new Reception(request, resolve, reject));
      });
    },
    close: () => pool.close(),
  };
}

/** Collects one answer. Settles once; what comes after that is ignored. */
class Reception implements Dispatcher.DispatchHandler {
  readonly #request: WireRequest;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (fault: Fault) => void;
  readonly #chunks: Buffer[] = [];
  #controller: Dispatcher.DispatchController | null = null;
  #timer: NodeJS.Timeout | undefined;
  #status = 0;
  #headers: Headers = {};
  #gunzip: Gunzip | null = null;
  #wireBytes = 0;
  #bytes = 0;

  constructor(request: WireRequest, resolve: (received: Received) => void, reject: (fault: Fault) => void) {
    this.#request = request;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** The connection stands and the request is about to be written: from here on nobody can say that it was not sent. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Undici writes a request again if its connection is torn down in certain ways. Repeating is not its decision.
    if (this.#controller !== null) {
      controller.abort(new Fault('lost', 'the connection was lost'));
      return;
    }
    this.#controller = controller;
    const { timeoutMs } = this.#request;
    const cause = `timed out after ${formatSeconds(timeoutMs)}`;
    this.#timer = setTimeout(() => this.#fail('lost', cause), timeoutMs);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    const encoding = String(headers['content-encoding'] || 'identity').toLowerCase();
    if (encoding === 'gzip') this.#gunzip = this.#openGunzip();
    else if (encoding !== 'identity') this.#fail('lost', 'an answer in an encoding that was not asked for');
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#wireBytes += chunk.length;
    if (this.#gunzip === null) this.#collect(chunk);
    else if (!this.#gunzip.write(chunk)) {
      controller.pause();
      this.#gunzip.once('drain', () => controller.resume());
    }
  }

  onResponseEnd(): void {
    if (this.#gunzip === null || this.#wireBytes === 0) this.#finish();
    else this.#gunzip.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof Fault) this.#fail(error.kind, error.message);
    else this.#fail(this.#controller === null ? 'unsent' : 'lost', describeCause(error));
  }

  #openGunzip(): Gunzip {
    return createGunzip()
      .on('data', (chunk: Buffer) => this.#collect(chunk))
      .on('error', () => this.#fail('lost', 'an answer that cannot be decompressed'))
      .on('end', () => this.#finish());
  }

  #collect(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#request.maxBytes) this.#chunks.push(chunk);
    else this.#fail('oversized', `an answer of more than ${this.#request.maxBytes / MEBIBYTE} MiB`);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    const bytes = Buffer.concat(this.#chunks);
    this.#resolve({ status: this.#status, headers: this.#headers, bytes, wireBytes: this.#wireBytes });
  }

  #fail(kind: Fault['kind'], message: string): void {
    clearTimeout(this.#timer);
    this.#chunks.length = 0;
    this.#gunzip?.destroy();
    const fault = new Fault(kind, message);
    this.#reject(fault);
    if (this.#controller?.aborted === false) this.#controller.abort(fault);
  }
}

const MEBIBYTE = 1024 * 1024;

function formatSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host name could not be resolved',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  UND_ERR_SOCKET: 'the connection was lost',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut short',
};

/** From the code alone: messages and further fields may hold what the server sent. */
function describeCause(error: Error): string {
  if (error.name === 'HTTPParserError') return 'an answer that is no HTTP';
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  const known = CAUSES[code];
  if (known !== undefined) return known;
  return /^[A-Z0-9_]{1,60}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}
