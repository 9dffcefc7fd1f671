import { once } from 'node:events';
import { get, type IncomingMessage, request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { SANDBOX_KEY, startSandbox } from '../../src/sandbox/server.ts';
import { codesOf, connect, FRENCH } from './connection.ts';

test('listens on loopback, on a port of its own', async () => {
  const { sandbox } = await connect();
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v2$/);
  expect(sandbox.url).toBe(`${sandbox.origin}/v2`);
});

test('a port that is taken is an error', async () => {
  const { sandbox } = await connect();
  const { port } = new URL(sandbox.url);
  await expect(startSandbox({ port: Number(port) })).rejects.toThrow(
    `port ${port} is in use. If a sandbox is there, it still runs: use that one. Otherwise leave --port out`,
  );
});

test('every answer has a request id and the rate limit, errors too', async () => {
  const { api } = await connect();
  for (const path of ['/documents', '/nothing']) {
    const { headers } = await api('GET', path);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    for (const name of ['limit', 'remaining', 'reset']) {
      expect(Number(headers.get(`x-ratelimit-${name}`))).toBeGreaterThan(0);
    }
  }
});

test('latency delays answers without changing them', async () => {
  const { api } = await connect({ latencyMs: 5 });
  expect((await api('GET', '/documents')).status).toBe(200);
});

describe('authentication', () => {
  test.each([
    ['no header', {}],
    ['another scheme', { authorization: `Basic ${SANDBOX_KEY}` }],
    ['no key at all', { authorization: 'Bearer sample' }],
  ])('%s is refused', async (_, headers) => {
    const { sandbox } = await connect();
    const response = await fetch(`${sandbox.url}/documents`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      errors: [
        {
          code: '10009',
          title: 'Authentication failed',
          detail: 'Could not understand the provided credentials.',
          meta: { url: 'https://developers.telnyx.com/docs/overview/errors/10009' },
        },
      ],
    });
  });

  test('anything that looks like a key is one', async () => {
    const { sandbox } = await connect();
    const headers = { authorization: 'Bearer KEY0123_sample-key' };
    expect((await fetch(`${sandbox.url}/documents`, { headers })).status).toBe(200);
  });
});

describe('names', () => {
  /** As a browser would send it that was led here by the name. */
  async function statusFor(origin: string, path: string, host: string): Promise<number | undefined> {
    const asked = get(`${origin}${path}`, {
      headers: { host, authorization: `Bearer ${SANDBOX_KEY}` },
      agent: false,
    });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    return answer.statusCode;
  }
  const PATHS = ['/v2/documents', '/_sandbox/state', '/_sandbox/requests'];

  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '127.0.0.2', '[::1]'])(
    '%s is that of this machine',
    async (name) => {
      const { origin } = (await connect()).sandbox;
      for (const path of PATHS)
        expect(await statusFor(origin, path, `${name}:${new URL(origin).port}`)).toBe(200);
    },
  );

  test.each([
    ['another name', 'example.com:PORT'],
    ['another name, without a port', 'example.com'],
    ['a name that begins like one of ours', 'localhost.example.com:PORT'],
    ['a name that ends like one of ours', 'notlocalhost:PORT'],
    ['another address', '192.0.2.1:PORT'],
    ['an address that begins like one of ours', '127.0.0.1.example.com:PORT'],
    ['another port', '127.0.0.1:1'],
    ['no port', '127.0.0.1'],
    ['a port alone', ':PORT'],
  ])('%s is refused everywhere', async (_, host) => {
    const { origin } = (await connect()).sandbox;
    for (const path of PATHS) {
      expect(await statusFor(origin, path, host.replace('PORT', new URL(origin).port))).toBe(403);
    }
  });

  test('that are refused do nothing, and are told which are not', async () => {
    const connection = await connect();
    const { origin } = connection.sandbox;
    const { port } = new URL(origin);
    const asked = request(`${origin}/_sandbox/keys`, {
      method: 'POST',
      headers: { host: `example.com:${port}`, 'content-type': 'application/json' },
      agent: false,
    });
    asked.end(JSON.stringify({ key: SANDBOX_KEY, state: 'revoked' }));
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    const { errors } = JSON.parse(Buffer.concat(await answer.toArray()).toString('utf8'));
    expect(errors[0].detail).toBe(`The sandbox answers to 127.0.0.1:${port} and localhost:${port} only.`);
    expect((await connection.api('GET', '/documents')).status).toBe(200);
  });
});

describe('requests that make no sense', () => {
  test.each([
    ['an unknown path', 'GET', '/nothing', 404, '10003'],
    ['a method that is not there', 'PUT', '/requirement_groups', 405, '10030'],
    ['an id that is none', 'GET', '/requirement_groups/one', 404, '10005'],
    ['an encoded id that is none', 'GET', '/requirement_groups/%2e%2e%2fdocuments', 404, '10005'],
    ['a broken encoding', 'GET', '/requirement_groups/%', 404, '10005'],
    ['the name of a property', 'GET', '/documents/__proto__', 404, '10005'],
  ])('%s', async (_, method, path, status, code) => {
    const { api } = await connect();
    expect(await codesOf(api(method, path))).toEqual([status, code]);
  });

  test('a method that is not there is told which are', async () => {
    const { sandbox } = await connect();
    const answer = await fetch(`${sandbox.origin}/_sandbox/quirks`, { method: 'POST' });
    const { errors } = (await answer.json()) as { errors: { detail: string }[] };
    expect(errors.map(({ detail }) => detail)).toEqual(['POST is not allowed here. Allowed: GET, PATCH.']);
  });

  test('malformed JSON, JSON that is no object, and another content type', async () => {
    const { sandbox, api } = await connect();
    expect(await codesOf(api('POST', '/requirement_groups', '{"country_code":'))).toEqual([400, '10023']);
    expect(await codesOf(api('POST', '/requirement_groups', '[]'))).toEqual([400, '10015']);
    const response = await fetch(`${sandbox.url}/requirement_groups`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SANDBOX_KEY}`, 'content-type': 'text/plain' },
      body: JSON.stringify(FRENCH),
    });
    expect(response.status).toBe(415);
  });

  test('fields of the wrong type', async () => {
    const { api } = await connect();
    const numbered = { ...FRENCH, customer_reference: 1 };
    expect(await codesOf(api('POST', '/requirement_groups', numbered))).toEqual([422, '10020']);
    const listed = { ...FRENCH, regulatory_requirements: {} };
    expect(await codesOf(api('POST', '/requirement_groups', listed))).toEqual([422, '10026']);
    const strange = { ...FRENCH, regulatory_requirements: ['one'] };
    expect(await codesOf(api('POST', '/requirement_groups', strange))).toEqual([422, '10026']);
  });
});
