import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { InvalidInputError } from '../model/errors.ts';
import { controlRoutes } from './control/control.ts';
import { expireByClock } from './control/review.ts';
import { deleteUnlinked, downloadDocument, finishScans } from './documents/documents.ts';
import { signedDocument } from './documents/presigned.ts';
import { fillOrders, missDeadlines } from './orders/order-life.ts';
import { errorAnswer, Refusal, type Reply, refusal } from './server/answer.ts';
import { authenticate } from './server/authentication.ts';
import { type Scene, sendDue, strike } from './server/fault-injection.ts';
import { type InjectedFault, takeFault } from './server/faults.ts';
import { type Bucket, countRequest, type Rate } from './server/rate-limit.ts';
import { type IncomingRequest, receive } from './server/request.ts';
import { type LoggedRequest, logArrival, loggableBody, type RequestLog } from './server/request-log.ts';
import { API_ROUTES, type Endpoint, matchRoute } from './server/routes.ts';
import { nowMs, setClock } from './state/clock.ts';
import type { State } from './state/state.ts';
import { copyState, openStore, type Store } from './state/store.ts';

/** A sample key. The sandbox also accepts any other text that looks like a key. */
export const SANDBOX_KEY = 'KEY_sandbox_sample_key';

export interface SandboxOptions {
  /** The port. 0 by default, which means any free port. */
  readonly port?: number;
  /**
   * The file from which the state is loaded if it exists, and to which every write is saved. Without it
   * nothing is kept.
   */
  readonly stateFile?: string;
  /** `write` by default. With `read` the state file need not be writable. */
  readonly access?: 'read' | 'write';
  /** The wait before each answer. */
  readonly latencyMs?: number;
  /** Called for each request to the API. Its `status` is 0 if the answer was withheld. */
  readonly onRequest?: (line: RequestLine) => void;
  /** The start time of the sandbox's clock. By default the real time, or the time in the state file. */
  readonly startAtMs?: number;
}

interface RequestLine {
  readonly method: string;
  /** The path without `/v2`. */
  readonly path: string;
  readonly query: string;
  readonly status: number;
  readonly fault: string | null;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT/v2` */
  readonly url: string;
  readonly origin: string;
  /** @throws OutputError if a change is not in the state file. */
  close(): Promise<void>;
}

/** @throws InvalidInputError if the state file cannot be used or the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  try {
    return await start(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? portTaken(options.port) : message;
    throw new InvalidInputError(`the sandbox cannot start: ${why}`);
  }
}

function portTaken(port = 0): string {
  return `port ${port} is in use. If a sandbox is there, it still runs: use that one. Otherwise leave --port out to get a free port`;
}

async function start(options: SandboxOptions): Promise<Sandbox> {
  const store = await openStore(options.stateFile ?? null, options.access ?? 'write');
  if (options.startAtMs !== undefined) setClock(store.state, options.startAtMs);
  const log: RequestLog = { arrived: 0, entries: [] };
  const bucket: Bucket = { startedMs: 0, used: 0 };
  const house: House = {
    store,
    log,
    latencyMs: options.latencyMs ?? 0,
    onRequest: options.onRequest ?? (() => {}),
    bucket,
    controls: controlRoutes(log, bucket),
  };
  const server = createServer((message, response) => void serve(house, message, response));
  const origin = await listen(server, options.port ?? 0);
  return { url: `${origin}/v2`, origin, close: () => close(server, store) };
}

/** The objects that all requests share. */
interface House {
  readonly store: Store;
  readonly log: RequestLog;
  readonly latencyMs: number;
  readonly onRequest: (line: RequestLine) => void;
  readonly bucket: Bucket;
  readonly controls: readonly Endpoint[];
}

async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server, store: Store): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
  await store.settle();
}

async function serve(house: House, message: IncomingMessage, response: ServerResponse): Promise<void> {
  response.sendDate = false;
  response.setHeader('date', new Date(nowMs(house.store.state)).toUTCString());
  response.setHeader('x-request-id', randomUUID());
  try {
    refuseForeignNames(message);
    const url = new URL(`http://127.0.0.1${message.url}`);
    if (url.pathname.startsWith('/v2/')) await serveApi(house, url, message, response);
    else send(response, await answerBesideApi(house, url, message));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else send(response, error instanceof Refusal ? errorAnswer(error) : failure(error));
  }
}

/**
 * Refuses requests that name another host. A web page elsewhere can let its own name resolve to this machine,
 * so that a browser sends the page's requests here. They still contain that name.
 */
function refuseForeignNames({ headers, socket }: IncomingMessage): void {
  const port = `:${socket.localPort}`;
  const { host = '' } = headers;
  const name = host.endsWith(port) ? host.slice(0, -port.length) : host;
  const hasPort = name !== host || socket.localPort === 80;
  if (hasPort && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(name)) return;
  throw refusal(403, '10010', `The sandbox answers to 127.0.0.1${port} and localhost${port} only.`);
}

/* ---- The API ---- */

/** Serves a request to the API. It is counted for the log and for faults on arrival, before any wait. */
async function serveApi(
  house: House,
  url: URL,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { state } = house.store;
  const path = url.pathname.slice('/v2'.length);
  const entry = logArrival(house.log, message.method ?? 'GET', path, url.search.slice(1));
  const fault = takeFault(state, entry.method, path);
  const rate = countRequest(house.bucket, state.rateLimit, Date.now());
  for (const [name, value] of Object.entries(rate.headers)) response.setHeader(name, value);

  const request = await receive(message, path, url.searchParams);
  entry.body = loggableBody(request);
  const answer = await carryOut(house.store, request, fault, rate);
  if (house.latencyMs > 0) await delay(house.latencyMs, undefined, { ref: false });
  const scene: Scene = { request, answer, response, send: (due) => send(response, due) };
  const status = fault === null ? sendDue(scene) : await strike(fault.effect, scene);
  report(house, entry, fault, status);
}

/**
 * Answers a request, or returns null if its fault prevents that. A `noop` runs on a copy of the state, which
 * is thrown away. An answer whose change could not be saved is never sent: a client that checks the result of
 * a failed write would take it as done.
 */
async function carryOut(
  store: Store,
  request: IncomingRequest,
  fault: InjectedFault | null,
  rate: Rate,
): Promise<Reply | null> {
  await store.catchUp();
  const isNoop = fault?.effect.kind === 'noop';
  const isDone = fault === null || fault.commit || isNoop;
  const answer = isDone
    ? await answerApi(isNoop ? copyState(store.state) : store.state, request, rate)
    : null;
  const countsFaults = store.state.faults.length > 0;
  if (request.method !== 'GET' || countsFaults) await store.save();
  return answer;
}

function answerApi(state: State, request: IncomingRequest, rate: Rate): Promise<Reply> {
  return answerOrError(async () => {
    passTime(state);
    if (rate.exceeded) throw refusal(429, '10011', 'You have exceeded the rate limit.');
    authenticate(state, request.headers);
    const { handler, params, cost } = matchRoute(API_ROUTES, request.method, request.path);
    const answer = await handler({ state, request, params });
    return cost === null ? answer : withHeader(answer, 'x-endpoint-cost', cost);
  });
}

function withHeader(answer: Reply, name: string, value: string): Reply {
  return { ...answer, headers: { ...answer.headers, [name]: value } };
}

/** Applies the effects of time. Runs before each request. */
function passTime(state: State): void {
  deleteUnlinked(state);
  finishScans(state);
  expireByClock(state);
  fillOrders(state);
  missDeadlines(state);
}

function report(
  { onRequest }: House,
  entry: LoggedRequest,
  fault: InjectedFault | null,
  status: number,
): void {
  entry.status = status;
  entry.fault = fault?.effect.kind ?? null;
  const { method, path, query } = entry;
  onRequest({ method, path, query, status, fault: entry.fault });
}

/* ---- Outside the API: control, and downloads by signed link ---- */

async function answerBesideApi(
  { store, controls }: House,
  url: URL,
  message: IncomingMessage,
): Promise<Reply> {
  const { state } = store;
  const request = await receive(message, url.pathname, url.searchParams);
  await store.catchUp();
  const documentId = signedDocument(url.pathname, url.searchParams);
  const answer = await answerOrError(() => {
    passTime(state);
    if (documentId !== null) return downloadDocument({ state, request, params: { id: documentId } });
    refuseStrangers(request);
    const { handler, params } = matchRoute(controls, request.method, request.path);
    return handler({ state, request, params });
  });
  if (request.method !== 'GET') await store.save();
  return answer;
}

/**
 * Refuses requests of browsers. A web page elsewhere can make a browser send requests here, and must not use
 * control.
 */
function refuseStrangers({ headers }: IncomingRequest): void {
  if (headers.origin !== undefined) {
    throw refusal(403, '10010', 'Control is for programs on this machine.');
  }
}

/* ---- Answers ---- */

async function answerOrError(handle: () => Reply | Promise<Reply>): Promise<Reply> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof Refusal) return errorAnswer(error);
    return failure(error);
  }
}

function failure(error: unknown): Reply {
  return errorAnswer(refusal(500, '10007', `The sandbox failed: ${String(error)}`));
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, body.length === 0 ? headers : { ...headers, 'content-length': body.length });
  response.end(body);
}
