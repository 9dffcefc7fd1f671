import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { openWriteClient, type Write } from '../../src/telnyx/client.ts';
import type { Wait } from '../../src/telnyx/options.ts';
import {
  answerJson,
  findClosedPort,
  KEY,
  optionsFor,
  type Seen,
  serve,
  serveTcp,
} from './scripted-server.ts';

/** What must never be seen: the key, an id, a query, a value that is known to be sensitive, and whatever HTML says. */
const SECRETS = [KEY, 'canary-id', 'canary-query', 'canary value', 'canary-html'];

/** Servers that repeat everything they were told, in every way. */
const ECHOES: readonly (readonly [string, (response: ServerResponse, request: Seen) => void])[] = [
  ['details of a 422', (response, request) => answerJson(response, { errors: [echo(request)] }, 422)],
  ['details of a 401', (response, request) => answerJson(response, { errors: [echo(request)] }, 401)],
  ['details of a 403', (response, request) => answerJson(response, { errors: [echo(request)] }, 403)],
  ['HTML of a 400', (response, request) => response.writeHead(400).end(echoHtml(request))],
  ['HTML of a 502', (response, request) => response.writeHead(502).end(echoHtml(request))],
  ['HTML of a 200', (response, request) => response.writeHead(200).end(echoHtml(request))],
  [
    'JSON cut short',
    (response, request) => response.writeHead(200).end(JSON.stringify(echo(request)).slice(0, -9)),
  ],
  [
    'a redirect',
    (response, request) =>
      response.writeHead(307, { location: `https://elsewhere/${echoHtml(request)}` }).end(),
  ],
  ['the status line', (response) => response.socket?.end(`HTTP/1.1 500 ${KEY}\r\ncontent-length: 0\r\n\r\n`)],
  ['what is no HTTP', (response, request) => response.socket?.end(`${echoHtml(request)}\r\n\r\n`)],
  [
    'the request id',
    (response) => answerJson(response, { errors: [{ detail: 'no' }] }, 400, { 'x-request-id': KEY }),
  ],
  ['headers about waiting', (response) => answerJson(response, {}, 429, { 'retry-after': KEY })],
  ['the encoding', (response) => response.writeHead(200, { 'content-encoding': KEY }).end('{}')],
  ['nothing', (response) => response.socket?.destroy()],
];

describe.each(ECHOES)('what a server repeats in %s', (_, script) => {
  it('is in no error and no report of a wait', async () => {
    const server = await serve(script);
    const texts = await failEverything(server.baseUrl);
    for (const secret of SECRETS) for (const text of texts) expect(text).not.toContain(secret);
  });
});

describe('a server that cannot be talked to', () => {
  it.each([
    ['nobody listens', findClosedPort],
    [
      'TLS fails',
      async () => (await serveTcp((socket) => socket.end(KEY))).baseUrl.replace('http:', 'https:'),
    ],
    ['the host does not exist', async () => 'https://regsync.invalid/v2'],
  ])('leads to errors without the key: %s', async (_, findBaseUrl) => {
    const texts = await failEverything(await findBaseUrl());
    for (const secret of SECRETS) for (const text of texts) expect(text).not.toContain(secret);
  });
});

describe('a client', () => {
  it('does not show its key when it is inspected', async () => {
    const client = openWriteClient(optionsFor({ baseUrl: await findClosedPort() }));
    expect(inspect(client, { depth: null, showHidden: true })).not.toContain(KEY);
  });

  it.each(['KEY\nabc', 'KEY\0abc', ''])('does not open with a malformed key', (key) => {
    const options = { ...optionsFor({ baseUrl: 'http://localhost/v2' }), apiKey: new Sensitive(key) };
    expect(() => openWriteClient(options)).toThrow(/API key/);
  });
});

/** Everything that a person or a log could see of requests that fail. */
async function failEverything(baseUrl: string): Promise<string[]> {
  const waits: Wait[] = [];
  const redactor = new Redactor();
  const client = openWriteClient(optionsFor({ baseUrl }, { redactor, onWait: (wait) => waits.push(wait) }));
  const params = { id: 'canary-id' };
  const body: Write['body'] = { kind: 'json', value: { field_value: 'canary value' } };
  const results = await Promise.allSettled([
    client.get('/things/{id}', params, { 'filter[x]': 'canary-query' }),
    client.list('/things', { 'filter[x]': 'canary-query' }),
    client.send({ method: 'PATCH', template: '/things/{id}', params, body, repeat: 'safe' }),
    client.send({ method: 'POST', template: '/things/{id}', params, body, repeat: 'never' }),
  ]);
  const errors = results.map((result) => (result.status === 'rejected' ? (result.reason as Error) : null));
  expect(errors).not.toContain(null);
  return [JSON.stringify(waits), ...errors.flatMap((error) => (error === null ? [] : showEverything(error)))];
}

function showEverything(error: Error): string[] {
  const views = [error.message, String(error), error.stack ?? '', JSON.stringify(error)];
  return [...views, inspect(error, { depth: null, showHidden: true, getters: true })];
}

/** What is redacted: the key, and what the request holds. Ids and queries in a text of the API are not secret as such. */
function echo(request: Seen): Record<string, unknown> {
  const value = request.body.length === 0 ? '' : JSON.parse(request.body.toString()).field_value;
  const told = `You sent ${request.headers.authorization} with ${value}`;
  const encoded = `${encodeURIComponent(told)} ${Buffer.from(KEY).toString('base64')} ${Buffer.from(KEY).toString('hex')}`;
  return { code: KEY, title: told, detail: `${told} ${encoded}`, source: { pointer: `/${value}` } };
}

function echoHtml(request: Seen): string {
  return `canary-html ${request.url.href} ${request.headers.authorization} ${request.body}`.replace(
    /\s/g,
    '-',
  );
}
