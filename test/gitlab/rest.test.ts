import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ForgeClient } from '../../src/forge/client.ts';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { openGitLab } from '../../src/gitlab/rest.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';

const TOKEN = 'glpat-sampleTokenThatNobodyHas';

let server: Server | null = null;
let client: ForgeClient | null = null;
afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((done) => (server === null ? done(null) : server.close(done)));
  [server, client] = [null, null];
});

interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** GitLab's API on loopback: one answer after the other, the last one for good. */
async function scripted(...replies: readonly Reply[]) {
  const asked: string[] = [];
  const waits: number[] = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['private-token'] === TOKEN}`);
    const {
      status = 200,
      headers = {},
      body = '{}',
    } = replies[Math.min(asked.length, replies.length) - 1] ?? {};
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  client = openGitLab({
    apiUrl: `http://127.0.0.1:${port}/api/v4`,
    token: new Sensitive(TOKEN),
    redactor: new Redactor(),
    userAgent: 'regsync/test',
    env: {},
    sleep: async (ms) => void waits.push(ms),
  });
  return { client, asked, waits };
}

const failing = (task: Promise<unknown>): Promise<ForgeError> =>
  task.then(
    () => {
      throw new Error('It went well');
    },
    (error: unknown) => {
      if (error instanceof ForgeError) return error;
      throw error;
    },
  );

describe('A request to GitLab', () => {
  it('carries the token in the header of GitLab, and a branch as one segment', async () => {
    const { client, asked } = await scripted({});
    await client.get('/projects/{project}/repository/branches/{branch}', { project: '42', branch: 'a/b c' });
    expect(asked).toEqual(['GET /api/v4/projects/42/repository/branches/a%2Fb%20c true']);
  });

  it('writes with PUT, and again after an answer that is lost', async () => {
    const { client, asked } = await scripted({ status: 502, body: '<html>' }, { body: '{"id":1}' });
    expect(await client.send('PUT', '/notes/{id}', { id: 1 }, { body: 'text' })).toEqual({ id: 1 });
    expect(asked).toHaveLength(2);
  });

  it('repeats no POST unless it can look for what it made', async () => {
    const { client, asked } = await scripted({ status: 502, body: '<html>' });
    const { isPassing } = await failing(client.send('POST', '/notes', {}, { body: 'text' }));
    expect([isPassing, asked.length]).toEqual([true, 1]);
  });

  it.each<[string, Reply, number]>([
    ['Retry-After', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    [
      'the reset of the limit',
      {
        status: 429,
        headers: { 'ratelimit-reset': '1780000010', date: new Date(1_780_000_000_000).toUTCString() },
      },
      10_000,
    ],
    [
      'Retry-After, at once',
      { status: 429, headers: { 'retry-after': '0', 'ratelimit-reset': '9999999999' } },
      0,
    ],
    ['Retry-After, with 403', { status: 403, headers: { 'retry-after': '3' } }, 3000],
  ])('waits as GitLab asks for by %s', async (_, reply, waitMs) => {
    const { client, waits } = await scripted(reply, {});
    await client.get('/user');
    expect(waits).toEqual([waitMs]);
  });

  it.each<[string, Reply, string]>([
    ['a text', { status: 400, body: '{"message":"is bad"}' }, 'GET /user answered 400: is bad'],
    [
      'mistakes by field',
      { status: 400, body: '{"message":{"note":["is too long"]}}' },
      'GET /user answered 400: {"note":["is too long"]}',
    ],
    [
      'an error of OAuth',
      { status: 400, body: '{"error":"invalid_token"}' },
      'GET /user answered 400: invalid_token',
    ],
    [
      'its description',
      { status: 400, body: '{"error":"a","error_description":"it was revoked"}' },
      'GET /user answered 400: it was revoked',
    ],
    ['nothing', { status: 400, body: '[]' }, 'GET /user answered 400'],
    ['HTML', { status: 400, body: '<html>secret</html>' }, 'GET /user answered 400'],
    ['nothing at all', { status: 400, body: 'null' }, 'GET /user answered 400'],
    ['null', { status: 400, body: '{"message":null,"error":"e"}' }, 'GET /user answered 400: e'],
    [
      'the key that it refuses',
      { status: 401 },
      'GET /user answered 401. The token is not valid: it may have expired. Make a new one, and set the variable again',
    ],
    [
      'a right that it lacks',
      { status: 403 },
      'GET /user answered 403. Give the token the scope api, and the role Reporter or higher in this project',
    ],
    [
      'a project that it does not see',
      { status: 404 },
      'GET /user answered 404. It does not exist, or the token cannot read it: give the token the role Reporter or higher in this project',
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example.com' } },
      'GET /user answered 302',
    ],
    [
      'the token itself',
      { status: 400, body: JSON.stringify({ message: `no ${TOKEN}` }) },
      'GET /user answered 400: no «sensitive»',
    ],
  ])('that is answered by %s says no more than that', async (_, reply, message) => {
    const { client, asked } = await scripted(reply);
    expect((await failing(client.get('/user'))).message).toBe(message);
    expect(asked).toHaveLength(1);
  });
});

describe('A list of GitLab', () => {
  const page = (ids: readonly number[], headers: Readonly<Record<string, string>>): Reply => ({
    body: JSON.stringify(ids),
    headers,
  });
  it.each<[string, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['a header', { 'x-next-page': '2' }, { 'x-next-page': '' }],
    [
      'a link',
      { link: '<https://elsewhere.example.com/>; rel="next"' },
      { link: '<https://x.example.com/>; rel="last"' },
    ],
    ['a link without quotes or blanks', { link: '<https://x.example.com/>;rel=next' }, {}],
    [
      'a link of several',
      { link: '<https://x.example.com/>; rel="prev", <https://x.example.com/>;  rel="next"' },
      {},
    ],
    ['nothing on the last one', { 'x-next-page': '2' }, {}],
  ])('has a next page where %s says so, which is asked by its number', async (_, first, last) => {
    const { client, asked } = await scripted(page([1, 2], first), page([3], last));
    const rows: unknown[] = [];
    for await (const row of client.list('/notes', {}, { sort: 'asc' })) rows.push(row);
    expect(rows).toEqual([1, 2, 3]);
    expect(asked).toEqual(
      [1, 2].map((number) => `GET /api/v4/notes?sort=asc&per_page=30&page=${number} true`),
    );
  });
});
