import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A company's network on loopback: a proxy that takes CONNECT, and servers with certificates of a CA that nobody knows. */

export interface Proxy {
  readonly url: string;
  /** The target and the headers of each CONNECT, in order. */
  readonly asked: { readonly target: string; readonly authorization: string | undefined }[];
  /** All bytes that went through it, from either side. */
  readonly carried: () => Buffer;
}

/**
 * @param rule a status other than 200 refuses; `silent` takes a request and never answers.
 * @param identity it speaks TLS itself.
 */
export async function startProxy(
  rule: (target: string, authorization: string | undefined) => number | 'silent' = () => 200,
  identity: { readonly key: string; readonly cert: string } | null = null,
): Promise<Proxy> {
  const asked: Proxy['asked'][number][] = [];
  const carried: Buffer[] = [];
  const refuse: RequestListener = (_, response) => void response.writeHead(405).end();
  const server = identity === null ? createServer(refuse) : createTlsServer(identity, refuse);
  server.on('connect', (message: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = message.url ?? '';
    const authorization = message.headers['proxy-authorization'];
    asked.push({ target, authorization });
    client.on('error', () => {});
    const status = rule(target, authorization);
    if (status === 'silent') return;
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    // Every name leads to this machine here.
    const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.on('data', (chunk: Buffer) => carried.push(chunk)).pipe(client);
      client.on('data', (chunk: Buffer) => carried.push(chunk)).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
  });
  const scheme = identity === null ? 'http' : 'https';
  return {
    url: `${scheme}://127.0.0.1:${await listen(server)}`,
    asked,
    carried: () => Buffer.concat(carried),
  };
}

/** @param script what it does with the connection of each CONNECT. @returns its URL. */
export async function startRawProxy(script: (client: Duplex) => void): Promise<string> {
  const server = createServer();
  server.on('connect', (_, client: Duplex) => script(client.on('error', () => {})));
  return `http://127.0.0.1:${await listen(server)}`;
}

export interface Certificates {
  /** The file that NODE_EXTRA_CA_CERTS names. */
  readonly caFile: string;
  readonly ca: string;
  /** Signed by the CA, for these names. */
  readonly issue: (options?: {
    readonly names?: string;
    readonly days?: number;
    readonly extra?: string;
  }) => {
    readonly key: string;
    readonly cert: string;
  };
  readonly selfSigned: () => { readonly key: string; readonly cert: string };
}

const NAMES = 'DNS:localhost,DNS:api.example.com,IP:127.0.0.1';

/** A certification authority of this test's own. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'regsync-ca-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-batch'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=Example CA',
  );
  let issued = 0;
  return {
    caFile: join(folder, 'ca.pem'),
    ca: read('ca.pem'),
    issue: ({ names = NAMES, days = 2, extra = '' } = {}) => {
      const name = `server-${issued++}`;
      openssl('req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', '/CN=server');
      writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n${extra}\n`);
      const validity = days > 0 ? ['-days', `${days}`] : ['-days', '-1'];
      const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', `${name}.ext`];
      openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signing, ...validity);
      return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
    },
    selfSigned: () => {
      const subject = ['-subj', '/CN=localhost', '-addext', `subjectAltName=${NAMES}`];
      openssl('req', '-x509', ...newKey, '-keyout', 'own.key', '-out', 'own.pem', '-days', '2', ...subject);
      return { key: read('own.key'), cert: read('own.pem') };
    },
  };
}

/** TLS before a plain server on loopback. @returns the port. */
export async function serveTls(
  identity: { readonly key: string; readonly cert: string },
  origin: string,
): Promise<number> {
  const { hostname, port } = new URL(origin);
  const server = createTlsServer(identity, (message, response) => {
    const { method, url: path } = message;
    // The sandbox answers to its own name only.
    const { host: _, ...headers } = message.headers;
    const upstream = request({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.on('error', () => response.destroy());
    message.pipe(upstream);
  });
  return listen(server);
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
