import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { createGunzip, type Gunzip } from 'node:zlib';

/**
 * One HTTP exchange: bytes out, bytes in. No retries, no redirects, no meaning; the only file that knows Node's
 * client.
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
  /** One after the other; none: no body. */
  readonly body: readonly Buffer[];
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
  /** The request went out to its last byte before the answer ended: nothing reads its body any more. */
  readonly isSentWhole: boolean;
}

/**
 * Why there is no answer. The message is ours, never Node's: some of its errors carry what the server sent.
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

export function openWire(options: WireOptions): Wire {
  const line = openLine(options);
  const inFlight = new Set<Promise<unknown>>();
  return {
    exchange: (request) => {
      if (options.access === 'read' && request.method !== 'GET') {
        return Promise.reject(new Error(`A client opened for reading was asked to ${request.method}`));
      }
      const exchange = line.then((opened) => exchangeOver(opened, request));
      const ended = exchange.catch(() => {}).finally(() => inFlight.delete(ended));
      inFlight.add(ended);
      return exchange;
    },
    close: async () => {
      await Promise.all(inFlight);
      (await line).agent.destroy();
    },
  };
}

/** Where requests go, and the connections that they share. */
interface Line {
  readonly begin: (options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
  readonly connectMs: number;
}

/** TLS is loaded where it is spoken: it takes longer than a small plan against a server on loopback. */
async function openLine({ origin, connections, connectMs }: WireOptions): Promise<Line> {
  const { protocol, hostname, port } = new URL(origin);
  const { Agent, request } = protocol === 'https:' ? await import('node:https') : await import('node:http');
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connections,
    maxFreeSockets: connections,
    timeout: IDLE_MS,
  });
  // An address of IPv6 stands in brackets in a URL, and nowhere else.
  const place = { protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port: port || undefined };
  return { begin: (options) => request({ ...place, ...options, agent }), agent, connectMs };
}

/**
 * Servers close connections that idle, most of them after 5 s (Node, Apache) or more; a request that meets the closing
 * is lost. Ours are closed first.
 */
const IDLE_MS = 4_000;

function exchangeOver(line: Line, request: WireRequest): Promise<Received> {
  const { method, path, headers, body } = request;
  const sized = method === 'GET' ? headers : { ...headers, 'content-length': String(lengthOf(body)) };
  return new Promise((resolve, reject) => {
    const sending = line.begin({ method, path, headers: sized, insecureHTTPParser: false });
    new Reception(request, sending, resolve, reject).listen(line.connectMs);
    for (const part of body) sending.write(part);
    sending.end();
  });
}

export function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Collects one answer. Settles once; what comes after that is ignored. */
class Reception {
  readonly #request: WireRequest;
  readonly #sending: ClientRequest;
  readonly #resolve: (received: Received) => void;
  readonly #reject: (fault: Fault) => void;
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isConnected = false;
  /** All of the answer, which may have to be decompressed yet. */
  #isReceived = false;
  #isSentWhole = false;
  #isSettled = false;
  #gunzip: Gunzip | null = null;
  #wireBytes = 0;
  #bytes = 0;

  constructor(
    request: WireRequest,
    sending: ClientRequest,
    resolve: (received: Received) => void,
    reject: (fault: Fault) => void,
  ) {
    this.#request = request;
    this.#sending = sending;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  listen(connectMs: number): void {
    this.#sending
      .on('socket', (socket) => this.#awaitConnection(socket, connectMs))
      .on('response', (answer) => this.#receive(answer))
      .on('error', (error) => this.#failWith(error))
      // Whatever else may end it, such as an upgrade that nobody asked for.
      .on('close', () => {
        if (!this.#isReceived) this.#fail(this.#lostOrUnsent(), 'the connection was lost');
      });
  }

  #awaitConnection(socket: Socket, connectMs: number): void {
    if (!socket.connecting) {
      this.#start();
      return;
    }
    this.#failAfter(connectMs, 'unsent', 'no connection in time');
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => this.#start());
  }

  /** The connection stands and the request is about to be written: from here on nobody can say that it was not sent. */
  #start(): void {
    if (this.#isSettled) return;
    this.#isConnected = true;
    const { timeoutMs } = this.#request;
    this.#failAfter(timeoutMs, 'lost', `timed out after ${formatSeconds(timeoutMs)}`);
  }

  #receive(answer: IncomingMessage): void {
    answer.on('error', (error) => this.#failWith(error));
    const encoding = (answer.headers['content-encoding'] || 'identity').toLowerCase();
    if (encoding === 'gzip') this.#gunzip = this.#openGunzip(answer);
    else if (encoding !== 'identity') {
      this.#fail('lost', 'an answer in an encoding that was not asked for');
      return;
    }
    answer.on('data', (chunk: Buffer) => this.#take(answer, chunk));
    answer.on('end', () => {
      this.#isReceived = true;
      // Later, the connection may be sending somebody else's.
      this.#isSentWhole = this.#sending.writableFinished;
      if (this.#gunzip === null || this.#wireBytes === 0) this.#finish(answer);
      else this.#gunzip.end();
    });
  }

  #take(answer: IncomingMessage, chunk: Buffer): void {
    this.#wireBytes += chunk.length;
    if (this.#gunzip === null) this.#collect(chunk);
    else if (!this.#gunzip.write(chunk)) {
      answer.pause();
      this.#gunzip.once('drain', () => answer.resume());
    }
  }

  #openGunzip(answer: IncomingMessage): Gunzip {
    return createGunzip()
      .on('data', (chunk: Buffer) => this.#collect(chunk))
      .on('error', () => this.#fail('lost', 'an answer that cannot be decompressed'))
      .on('end', () => this.#finish(answer));
  }

  #collect(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#request.maxBytes) this.#chunks.push(chunk);
    else this.#fail('oversized', `an answer of more than ${this.#request.maxBytes / MEBIBYTE} MiB`);
  }

  #finish({ statusCode = 0, headers }: IncomingMessage): void {
    if (!this.#settle()) return;
    // Answered before all was sent: the rest is wanted by nobody, and the connection would wait for it.
    if (!this.#isSentWhole) this.#sending.destroy();
    const bytes = Buffer.concat(this.#chunks);
    const [wireBytes, isSentWhole] = [this.#wireBytes, this.#isSentWhole];
    this.#resolve({ status: statusCode, headers, bytes, wireBytes, isSentWhole });
  }

  #failWith(error: Error): void {
    this.#fail(this.#lostOrUnsent(), describeCause(error));
  }

  #lostOrUnsent(): 'lost' | 'unsent' {
    return this.#isConnected ? 'lost' : 'unsent';
  }

  #failAfter(ms: number, kind: Fault['kind'], message: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fail(kind, message), ms);
  }

  #fail(kind: Fault['kind'], message: string): void {
    if (!this.#settle()) return;
    this.#chunks.length = 0;
    this.#gunzip?.destroy();
    this.#sending.destroy();
    this.#reject(new Fault(kind, message));
  }

  /** False where it was settled before. */
  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    return true;
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
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  EPROTO: 'TLS failed',
};

/** From the code alone: messages and further fields may hold what the server sent. */
function describeCause(error: Error): string {
  const code = String((error as NodeJS.ErrnoException).code ?? '');
  if (code.startsWith('HPE_')) return 'an answer that is no HTTP';
  const known = CAUSES[code];
  if (known !== undefined) return known;
  return /^[A-Z0-9_]{1,60}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}
