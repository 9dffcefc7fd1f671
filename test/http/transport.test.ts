import { describe, expect, it } from 'vitest';
import { openTransport, type TransportOptions, type TransportRequest } from '../../src/http/transport.ts';
import { answerJson, serve } from '../telnyx/scripted-server.ts';

async function exchange(access: TransportOptions['access'], method: TransportRequest['method']) {
  const server = await serve((response) => answerJson(response, {}));
  const transport = openTransport({
    origin: new URL(server.baseUrl).origin,
    access,
    connections: 1,
    connectMs: 4000,
    env: {},
  });
  const request = { method, path: '/v2/things', headers: {}, body: [], timeoutMs: 4000, maxBytes: 100 };
  const ended = await transport.exchange(request).then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
  await transport.close();
  return { ended, seen: server.seen.map((seen) => seen.method) };
}

describe('a wire opened for reading', () => {
  it.each(['POST', 'PATCH', 'DELETE'] as const)('lets no %s pass', async (method) => {
    expect(await exchange('read', method)).toEqual({
      ended: `A client opened for reading was asked to ${method}`,
      seen: [],
    });
  });

  it('lets GET pass', async () => {
    expect(await exchange('read', 'GET')).toEqual({ ended: 200, seen: ['GET'] });
  });
});

describe('a wire opened for writing', () => {
  it.each(['GET', 'POST', 'PATCH', 'DELETE'] as const)('lets %s pass', async (method) => {
    expect(await exchange('write', method)).toEqual({ ended: 200, seen: [method] });
  });
});

describe('a body', () => {
  async function send(method: TransportRequest['method'], body: readonly Buffer[]) {
    const server = await serve((response) => answerJson(response, {}));
    const { origin } = new URL(server.baseUrl);
    const transport = openTransport({ origin, access: 'write', connections: 1, connectMs: 4000, env: {} });
    await transport.exchange({
      method,
      path: '/v2/things',
      headers: { a: 'b' },
      body,
      timeoutMs: 4000,
      maxBytes: 100,
    });
    await transport.close();
    const [request] = server.seen;
    const { a, 'content-length': length, 'transfer-encoding': encoding } = request?.headers ?? {};
    return { a, length, encoding, body: request?.body.toString() };
  }

  it.each<[string, TransportRequest['method'], string[], string | undefined]>([
    ['of one part', 'POST', ['{}'], '2'],
    ['of several parts', 'POST', ['one', '', 'two'], '6'],
    ['of no part', 'POST', [], '0'],
    ['of no part', 'PATCH', [], '0'],
    ['that a GET does not have', 'GET', [], undefined],
  ])('%s is sent as a whole that says how long it is: %s', async (_, method, parts, length) => {
    const body = parts.map((part) => Buffer.from(part));
    expect(await send(method, body)).toEqual({ a: 'b', length, encoding: undefined, body: parts.join('') });
  });
});
