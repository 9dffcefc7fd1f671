import type { Socket } from 'node:net';
import { brotliCompressSync, createGzip, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ApiError, AuthenticationError, InterruptedError, UnreachableError } from '../../src/model/errors.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { openReadClient, openWriteClient, type Write, type WriteClient } from '../../src/telnyx/client.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import type { Wait } from '../../src/telnyx/options.ts';
import {
  answerJson,
  findClosedPort,
  HASTE,
  KEY,
  optionsFor,
  type Script,
  serve,
  serveTcp,
} from './scripted-server.ts';

const CREATE: Write = {
  method: 'POST',
  template: '/things',
  body: { kind: 'json', value: {} },
  repeat: 'never',
};
const CHANGE: Write = {
  method: 'PATCH',
  template: '/things/{id}',
  params: { id: 'a' },
  body: { kind: 'json', value: { name: 'new' } },
  repeat: 'safe',
};

describe('a client that is closed', () => {
  it('sends nothing any more', async () => {
    const server = await serve((response) => answerJson(response, { data: {} }));
    const client = openReadClient(optionsFor(server));
    await client.close();
    await expect(client.get('/things')).rejects.toThrow(InterruptedError);
    expect(server.seen).toEqual([]);
  });
});

describe('a request', () => {
  it('carries the key, the agent and the path under the base URL', async () => {
    const server = await serve((response) => answerJson(response, { data: {} }));
    await openReadClient(optionsFor(server)).get('/things');
    const [request] = server.seen;
    expect(request?.url.pathname).toBe('/v2/things');
    expect(request?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'user-agent': 'regsync/test',
      accept: 'application/json',
    });
  });

  it('encodes ids and queries', async () => {
    const server = await serve((response) => answerJson(response, {}));
    await openReadClient(optionsFor(server)).get(
      '/things/{id}/parts',
      { id: 'a/../b?c#d é' },
      { 'filter[name]': 'x&y=z ü', 'filter[reference][in][]': ['a b', 'c'], 'page[size]': 3 },
    );
    const url = server.seen[0]?.url;
    expect(url?.pathname).toBe('/v2/things/a%2F..%2Fb%3Fc%23d%20%C3%A9/parts');
    expect([...(url?.searchParams ?? [])]).toEqual([
      ['filter[name]', 'x&y=z ü'],
      ['filter[reference][in][]', 'a b'],
      ['filter[reference][in][]', 'c'],
      ['page[size]', '3'],
    ]);
  });

  it.each([undefined, '', '.', '..'])('is not sent with %j for an id', async (id) => {
    const server = await serve((response) => answerJson(response, {}));
    const sent = openReadClient(optionsFor(server)).get('/things/{id}', id === undefined ? {} : { id });
    await expect(sent).rejects.toThrow('GET /things/{id}: {id} is missing or cannot stand in a path');
    expect(server.seen).toEqual([]);
  });

  it('sends JSON', async () => {
    const server = await serve((response) => answerJson(response, { data: { id: 'a' } }));
    const answer = await openWriteClient(optionsFor(server)).send(CHANGE);
    expect(server.seen[0]?.headers['content-type']).toBe('application/json');
    expect(server.seen[0]?.body.toString()).toBe('{"name":"new"}');
    expect(answer.body).toEqual({ data: { id: 'a' } });
  });

  it('sends files byte for byte, and names that cannot break out of their quotes', async () => {
    const server = await serve((response) => answerJson(response, {}));
    const bytes = Buffer.from([0, 13, 10, 45, 45, 255]);
    const file = { field: 'file', filename: 'a"\r\nb.pdf', contentType: 'application/pdf', bytes };
    const fields = { customer_reference: 'regsync/é' };
    await openWriteClient(optionsFor(server)).send({ ...CREATE, body: { kind: 'multipart', fields, file } });
    const { body, headers } = server.seen[0] ?? {};
    const form = await new Response(new Uint8Array(body ?? []), {
      headers: { 'content-type': String(headers?.['content-type']) },
    }).formData();
    const received = form.get('file') as File;
    expect(form.get('customer_reference')).toBe('regsync/é');
    expect(received.type).toBe('application/pdf');
    expect(received.name).toBe(file.filename);
    expect(body?.toString('latin1')).toContain('filename="a%22%0D%0Ab.pdf"');
    expect(Buffer.from(await received.arrayBuffer())).toEqual(bytes);
  });

  it('uses no more connections than allowed and keeps them', async () => {
    const sockets = new Set<Socket | null>();
    const server = await serve((response) => {
      sockets.add(response.socket);
      answerJson(response, {});
    });
    const client = openReadClient(optionsFor(server, { connections: 3 }));
    await Promise.all(Array.from({ length: 60 }, () => client.get('/things')));
    expect(sockets.size).toBeLessThanOrEqual(3);
    expect(client.statistics()).toMatchObject({ requests: 60, retries: 0, waitedMs: 0, bytesReceived: 120 });
  });
});

describe('a connection', () => {
  it('that an answer came over before all was sent is not used again, and keeps nobody waiting', async () => {
    const server = await serveTcp((socket, number) => {
      socket.once('data', () => {
        if (number > 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}');
        else socket.pause().write('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
      });
    });
    const client = openWriteClient(optionsFor(server, { connections: 1 }));
    const file = { field: 'file', filename: 'a.pdf', contentType: 'application/pdf', bytes: LARGE };
    const refused = client.send({ ...CREATE, body: { kind: 'multipart', fields: {}, file } });
    expect(await failureOf(refused)).toMatchObject({ status: 413 });
    await expect(client.get('/things')).resolves.toMatchObject({ status: 200 });
    expect(client.statistics()).toMatchObject({ requests: 2, retries: 0 });
  });

  it('that becomes something else is lost', async () => {
    const server = await serveTcp((socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      );
    });
    const failure = await failureOf(openWriteClient(optionsFor(server)).send(CREATE));
    expect(failure).toBeInstanceOf(UnknownOutcomeError);
    expect(failure.message).toContain('the connection was lost');
  });
});

const LARGE = Buffer.alloc(16 * 1024 * 1024);

describe('a client opened for reading', () => {
  it.each(['POST', 'PATCH', 'DELETE'] as const)('cannot %s, even by a cast', async (method) => {
    const server = await serve((response) => answerJson(response, {}));
    const client = openReadClient(optionsFor(server)) as WriteClient;
    await expect(client.send({ method, template: '/things', repeat: 'safe' })).rejects.toThrow(
      `A client opened for reading was asked to ${method}`,
    );
    expect(server.seen).toEqual([]);
    await expect(client.get('/things')).resolves.toMatchObject({ status: 200 });
  });
});

describe('an answer', () => {
  it('comes with status, body and the server’s clock', async () => {
    const headers = { date: 'Sat, 01 Aug 2026 10:00:00 GMT' };
    const server = await serve((response) => answerJson(response, { data: [1] }, 201, headers));
    await expect(openReadClient(optionsFor(server)).get('/things')).resolves.toEqual({
      status: 201,
      body: { data: [1] },
      dateMs: Date.UTC(2026, 7, 1, 10),
    });
  });

  it('may be empty', async () => {
    const server = await serve((response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end());
    const answer = await openReadClient(optionsFor(server)).get('/things');
    expect(answer).toMatchObject({ status: 204, body: null });
  });

  it('is read whatever its content type says', async () => {
    const server = await serve((response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('{"a":1}'),
    );
    expect((await openReadClient(optionsFor(server)).get('/things')).body).toEqual({ a: 1 });
  });

  it('is decompressed', async () => {
    const text = JSON.stringify({ data: 'x'.repeat(100_000) });
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
    });
    const client = openReadClient(optionsFor(server));
    expect((await client.get('/things')).body).toEqual(JSON.parse(text));
    expect(server.seen[0]?.headers['accept-encoding']).toBe('gzip');
    expect(client.statistics().bytesReceived).toBeLessThan(1_000);
  });

  it('cannot change what all objects inherit', async () => {
    const server = await serve((response) => response.end('{"__proto__":{"polluted":true}}'));
    const { body } = await openReadClient(optionsFor(server)).get('/things');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(Object.keys(body as object)).toEqual(['__proto__']);
  });

  it('may be a file', async () => {
    const bytes = Buffer.from('%PDF-1.7 \u0000\u00ff', 'latin1');
    const server = await serve((response) => response.writeHead(200).end(bytes));
    await expect(
      openReadClient(optionsFor(server)).download('/documents/{id}/download', { id: 'a' }),
    ).resolves.toEqual(bytes);
  });
});

describe('an answer that is too large', () => {
  it('stops a compressed 24 MiB at 8 MiB', async () => {
    const server = await serve((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      for (let mebibyte = 0; mebibyte < 24; mebibyte += 1) gzip.write(Buffer.alloc(1024 * 1024, ' '));
      gzip.end();
    });
    const failure = await failureOf(
      openReadClient(optionsFor(server, { timing: { requestMs: 20_000 } })).get('/things'),
    );
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure.message).toContain('an answer of more than 8 MiB');
    expect(server.seen.length).toBe(1);
  });

  it('stops an endless one, and for a POST does not know what happened', async () => {
    const server = await serve((response) => {
      const send = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(256 * 1024, '1')));
      };
      response.on('drain', send).writeHead(200);
      send();
    });
    const failure = await failureOf(
      openWriteClient(optionsFor(server, { timing: { requestMs: 20_000 } })).send(CREATE),
    );
    expect(failure).toBeInstanceOf(UnknownOutcomeError);
    expect(failure.message).toContain('an answer of more than 8 MiB');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('of status %d is not followed', async (status) => {
    const elsewhere = await serve((response) => answerJson(response, {}));
    const server = await serve((response) => {
      response
        .writeHead(status, { location: `${elsewhere.baseUrl}/canary` })
        .end('<a href="canary">Moved</a>');
    });
    const client = openWriteClient(optionsFor(server));
    for (const failure of [await failureOf(client.get('/things')), await failureOf(client.send(CREATE))]) {
      expect(failure).toBeInstanceOf(UnreachableError);
      expect(failure.message).toContain('with a redirect');
      expect(failure.message).not.toContain('canary');
    }
    expect(server.seen.length).toBe(2);
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('a refusal', () => {
  it('becomes an ApiError that names the template, never the id', async () => {
    const errors = [
      { code: 10005, title: 'Not found', detail: 'No such thing', source: { pointer: '/id' } },
      { title: 'Bad', description: 'Street unknown', source: { parameter: 'filter[x]' } },
      'nonsense',
      { code: ' ', title: null, source: 'x' },
    ];
    const server = await serve((response) =>
      answerJson(response, { errors }, 404, { 'x-telnyx-request-id': 'r-<b>\t1' }),
    );
    const failure = await failureOf(openReadClient(optionsFor(server)).get('/things/{id}', { id: 'canary' }));
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 404,
      request: 'GET /things/{id}',
      requestId: 'r-b1',
      details: [
        { code: '10005', title: 'Not found', detail: 'No such thing', pointer: '/id' },
        { code: null, title: 'Bad', detail: 'Street unknown', pointer: 'filter[x]' },
        { code: null, title: null, detail: null, pointer: null },
        { code: null, title: null, detail: null, pointer: null },
      ],
    });
    expect(failure.message).not.toContain('canary');
    expect(server.seen.length).toBe(1);
  });

  it.each([400, 404, 409, 413, 422])('of status %d is final, also for a POST', async (status) => {
    const server = await serve((response) => answerJson(response, { errors: [] }, status));
    expect(await failureOf(openWriteClient(optionsFor(server)).send(CREATE))).toBeInstanceOf(ApiError);
    expect(server.seen.length).toBe(1);
  });

  it.each([401, 403])(
    'of status %d becomes an AuthenticationError that says what Telnyx said',
    async (status) => {
      const errors = [{ code: '10009', title: 'Authentication failed', detail: 'The key is revoked' }];
      const server = await serve((response) =>
        answerJson(response, { errors }, status, { 'x-request-id': 'r-2' }),
      );
      const failure = await failureOf(openReadClient(optionsFor(server)).get('/things'));
      expect(failure).toBeInstanceOf(AuthenticationError);
      expect(failure.message).toBe(
        `GET /things answered ${status}: 10009 The key is revoked (request id r-2)`,
      );
      expect(failure.cause).toBeInstanceOf(ApiError);
      expect(server.seen.length).toBe(1);
    },
  );

  it('shows what the object holds redacted, control characters as spaces, and at most 500 characters', async () => {
    const redactor = new Redactor();
    redactor.know('thing-1', [new Sensitive('Erika\nMustermann')]);
    const detail = `${'x'.repeat(480)} Erika\nMustermann \u001b[31m\u202e${'y'.repeat(200)}`;
    const server = await serve((response) =>
      answerJson(response, { errors: [{ detail, source: { pointer: '/erika%0Amustermann' } }] }, 422),
    );
    const client = openReadClient(optionsFor(server, { redactor }));
    const failure = await failureOf(client.get('/things/{id}', { id: 'thing-1' }));
    const [entry] = (failure as ApiError).details;
    expect(entry?.detail).toHaveLength(500);
    expect(entry?.detail).toBe(`${'x'.repeat(480)} «sensitive»  [31m …`);
    expect(entry?.pointer).toBe('«sensitive»');
    expect(failure.message).not.toMatch(/Erika|Muster/i);
  });

  it.each([
    ['HTML', '<html>canary</html>'],
    ['a list', '["canary"]'],
    ['errors that are no list', '{"errors":{"canary":1}}'],
    ['nothing', ''],
    ['half a JSON text', '{"errors":[{"detail":"canary'],
  ])('whose body is %s has no details', async (_, body) => {
    const server = await serve((response) => response.writeHead(422).end(body));
    const failure = await failureOf(openReadClient(optionsFor(server)).get('/things'));
    expect(failure).toMatchObject({ details: [], message: 'GET /things answered 422' });
  });
});

/** What may be over after another try: how the server answers, and what we call it. */
const PASSING: readonly (readonly [string, Script, string])[] = [
  ['a 408', (response) => response.writeHead(408).end(), 'answered 408'],
  ['a 500', (response) => response.writeHead(500).end('<html>canary</html>'), 'answered 500'],
  ['a 502 in HTML', (response) => response.writeHead(502).end('<html>canary</html>'), 'answered 502'],
  ['a 503', (response) => answerJson(response, { errors: [] }, 503), 'answered 503'],
  ['silence', () => {}, 'timed out after 0.1 s'],
  ['a body that stops', (response) => response.writeHead(200).write('{"a":'), 'timed out after 0.1 s'],
  [
    'a connection dropped before the answer',
    (response) => response.socket?.destroy(),
    'the connection was lost',
  ],
  [
    'a connection dropped within the answer',
    (response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"canary":');
      setTimeout(() => response.socket?.destroy(), 5);
    },
    'the connection was lost',
  ],
  ['truncated JSON', (response) => response.writeHead(200).end('{"canary":'), 'an answer that is not JSON'],
  [
    'HTML for success',
    (response) => response.writeHead(200).end('<html>canary'),
    'an answer that is not JSON',
  ],
  [
    'truncated gzip',
    (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"canary":1}').subarray(0, 20)),
    'an answer that cannot be decompressed',
  ],
  [
    'what is said to be gzip',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"canary":1}'),
    'an answer that cannot be decompressed',
  ],
  [
    'an encoding that was not asked for',
    (response) =>
      response.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync('{"canary":1}')),
    'an answer in an encoding that was not asked for',
  ],
  [
    'what is no HTTP',
    (response) => response.socket?.end('canary canary\r\n\r\n'),
    'an answer that is not HTTP',
  ],
];

describe('an answer that is of no use', () => {
  it.each(PASSING)('leaves the outcome of a POST unknown, at once: %s', async (_, script, cause) => {
    const server = await serve(script);
    const timing = cause.startsWith('timed out') ? { ...HASTE, requestMs: 100 } : HASTE;
    const failure = await failureOf(openWriteClient(optionsFor(server, { timing })).send(CREATE));
    expect(failure).toBeInstanceOf(UnknownOutcomeError);
    expect(failure).toMatchObject({ request: 'POST /things' });
    expect(failure.message).toBe(`It is not known whether POST /things was processed: ${cause}`);
  });

  it('is over after another try', async () => {
    const server = await serve((response, _, number) =>
      number <= 2 ? response.socket?.destroy() : answerJson(response, { data: 1 }),
    );
    const client = openWriteClient(optionsFor(server));
    expect((await client.send(CHANGE)).body).toEqual({ data: 1 });
    expect(server.seen.map((request) => request.body.toString())).toEqual(Array(3).fill('{"name":"new"}'));
    expect(client.statistics()).toMatchObject({ requests: 3, retries: 2 });
  });

  it('makes the API unreachable after five attempts', async () => {
    const server = await serve((response) => response.writeHead(502).end('<html>canary</html>'));
    const failure = await failureOf(openReadClient(optionsFor(server)).get('/things/{id}', { id: 'canary' }));
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure.message).toBe(
      `No usable answer from ${new URL(server.baseUrl).host} to GET /things/{id} in 5 attempts: answered 502`,
    );
    expect(server.seen.length).toBe(5);
  });
});

describe('a request that certainly was not processed', () => {
  it('is repeated even if it is a POST: connection refused', async () => {
    const waits: Wait[] = [];
    const client = openWriteClient(
      optionsFor({ baseUrl: await findClosedPort() }, { onWait: (wait) => waits.push(wait) }),
    );
    const failure = await failureOf(client.send(CREATE));
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure.message).toMatch(
      /^No usable answer from 127\.0\.0\.1:\d+ to POST \/things in 5 attempts: connection refused$/,
    );
    expect(waits.length).toBe(4);
  });

  it('is repeated even if it is a POST: TLS fails', async () => {
    const server = await serveTcp((socket) => socket.end('this is no TLS\r\n\r\n'));
    const client = openWriteClient(optionsFor({ baseUrl: server.baseUrl.replace('http:', 'https:') }));
    const failure = await failureOf(client.send(CREATE));
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure.message).toMatch(/in 5 attempts: TLS failed: the server does not speak TLS there$/);
  });

  it('is repeated even if it is a POST: TLS does not come about', async () => {
    const server = await serveTcp(() => {});
    const client = openWriteClient(
      optionsFor(
        { baseUrl: server.baseUrl.replace('http:', 'https:') },
        { timing: { ...HASTE, connectMs: 20, attempts: 2 } },
      ),
    );
    const failure = await failureOf(client.send(CREATE));
    expect(failure).toBeInstanceOf(UnreachableError);
    expect(failure.message).toMatch(/in 2 attempts: no connection in time$/);
  });

  it('is repeated even if it is a POST: 429', async () => {
    const server = await serve((response, _, number) =>
      number <= 2 ? answerJson(response, {}, 429, { 'retry-after': '1' }) : answerJson(response, { data: 1 }),
    );
    const client = openWriteClient(optionsFor(server));
    expect((await client.send(CREATE)).body).toEqual({ data: 1 });
    expect(client.statistics()).toMatchObject({ requests: 3, retries: 2 });
  });
});

describe('an interruption', () => {
  it('lets the request in flight end and starts nothing more', async () => {
    const interruption = new AbortController();
    const server = await serve((response) => {
      interruption.abort();
      answerJson(response, { data: 1 });
    });
    const client = openWriteClient(optionsFor(server, { signal: interruption.signal, connections: 1 }));
    const [first, second, third] = await Promise.allSettled([
      client.send(CREATE),
      client.send(CREATE),
      client.get('/a'),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { body: { data: 1 } } });
    for (const later of [second, third]) {
      expect(later).toMatchObject({ status: 'rejected', reason: expect.any(InterruptedError) });
    }
    expect(await failureOf(client.get('/b'))).toBeInstanceOf(InterruptedError);
    expect(server.seen.length).toBe(1);
  });

  it('does not hide that the outcome of a POST is unknown', async () => {
    const interruption = new AbortController();
    const server = await serve((response) => {
      interruption.abort();
      response.socket?.destroy();
    });
    const client = openWriteClient(optionsFor(server, { signal: interruption.signal }));
    expect(await failureOf(client.send(CREATE))).toBeInstanceOf(UnknownOutcomeError);
  });
});

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error as Error,
  );
}
