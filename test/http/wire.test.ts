import { describe, expect, it } from 'vitest';
import { openWire, type WireOptions, type WireRequest } from '../../src/http/wire.ts';
import { answerJson, serve } from '../telnyx/scripted-server.ts';

async function exchange(access: WireOptions['access'], method: WireRequest['method']) {
  const server = await serve((response) => answerJson(response, {}));
  const wire = openWire({
    origin: new URL(server.baseUrl).origin,
    access,
    connections: 1,
    connectMs: 4000,
    env: {},
  });
  const request = { method, path: '/v2/things', headers: {}, body: [], timeoutMs: 4000, maxBytes: 100 };
  const ended = await wire.exchange(request).then(
    ({ status }) => status,
    (error: Error) => error.message,
  );
  await wire.close();
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
