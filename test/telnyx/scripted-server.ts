import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { ClientOptions, Timing } from '../../src/telnyx/options.ts';

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Scripted {
  readonly baseUrl: string;
  /** Every request, complete with its body, in order. */
  readonly seen: Seen[];
}

/** `number` counts the requests from 1. */
export type Script = (response: ServerResponse, request: Seen, number: number) => void;

/** A server on loopback that answers by a script, until the test ends. */
export async function serve(script: Script): Promise<Scripted> {
  const seen: Seen[] = [];
  const listener: RequestListener = async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers } = incoming;
    const request = { method, url: new URL(url, 'http://server'), headers, body: Buffer.concat(chunks) };
    seen.push(request);
    script(response, request, seen.length);
  };
  return { baseUrl: await listen(createServer(listener)), seen };
}

/** The same below HTTP; the script gets each new connection. */
export async function serveTcp(
  script: (socket: Socket, number: number) => void,
): Promise<{ baseUrl: string }> {
  let connections = 0;
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    connections += 1;
    script(socket, connections);
  });
  return { baseUrl: await listen(server) };
}

/** An address where nothing listens. */
export async function findClosedPort(): Promise<string> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/v2`;
}

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
}

export function answerJson(
  response: ServerResponse,
  body: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const KEY = 'KEY0123456789ABCDEF_canaryCanaryCanary42';

/** Waits of a few milliseconds; 5 ms stand for a second of the server. */
export const HASTE: Partial<Timing> = {
  backoffBaseMs: 1,
  backoffCapMs: 2,
  requestMs: 4_000,
  serverSecondMs: 5,
};

export function optionsFor(
  { baseUrl }: { baseUrl: string },
  changes: Partial<ClientOptions> = {},
): ClientOptions {
  return {
    baseUrl,
    apiKey: new Sensitive(KEY),
    redactor: new Redactor(),
    userAgent: 'regsync/test',
    timing: HASTE,
    ...changes,
  };
}
