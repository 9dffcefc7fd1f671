import { get, type IncomingMessage } from 'node:http';
import { createGunzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { SANDBOX_KEY } from '../../src/sandbox/server.ts';
import { AMERICAN, type Connection, connect } from './connection.ts';

const HEADERS = { authorization: `Bearer ${SANDBOX_KEY}` };

async function createGroup({ api }: Connection) {
  return api('POST', '/requirement_groups', AMERICAN);
}

async function countGroups({ api }: Connection): Promise<number> {
  return (await api('GET', '/requirement_groups')).body.meta.total_results;
}

async function plant({ control }: Connection, fault: object): Promise<void> {
  const { status } = await control('POST', '/faults', fault);
  expect(status).toBe(200);
}

describe('each kind, seen by a plain client', () => {
  test('drop_before: the connection breaks and nothing was done', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'drop_before' });
    await expect(createGroup(connection)).rejects.toThrow('fetch failed');
    expect(await countGroups(connection)).toBe(0);
  });

  test('drop_after: the connection breaks although it was done', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'drop_after' });
    await expect(createGroup(connection)).rejects.toThrow('fetch failed');
    expect(await countGroups(connection)).toBe(1);
  });

  test('truncate: half the body comes, although it was done', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'truncate' });
    await expect(createGroup(connection)).rejects.toThrow('terminated');
    expect(await countGroups(connection)).toBe(1);
  });

  test('slow: the answer comes late, but whole', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'slow', ms: 20 });
    expect((await createGroup(connection)).body.data.status).toBe('unapproved');
    expect(await countGroups(connection)).toBe(1);
  });

  test.each([
    [undefined, 0],
    [true, 1],
  ])('stall: no answer ever comes (commit: %s)', async (commit, groups) => {
    const connection = await connect();
    await plant(connection, { kind: 'stall', commit });
    const patience = new AbortController();
    const stalled = fetch(`${connection.sandbox.url}/requirement_groups`, {
      method: 'POST',
      headers: { ...HEADERS, 'content-type': 'application/json' },
      body: JSON.stringify(AMERICAN),
      signal: patience.signal,
    });
    await expect
      .poll(async () => (await connection.control('GET', '/requests')).body.data)
      .toMatchObject([{ fault: 'stall', status: 0 }]);
    patience.abort();
    await expect(stalled).rejects.toThrow('aborted');
    expect(await countGroups(connection)).toBe(groups);
  });

  test('noop: the answer is what was asked for, but nothing changed', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'noop' });
    const { status, body } = await createGroup(connection);
    expect([status, body.data.country_code]).toEqual([200, 'US']);
    expect((await connection.api('GET', `/requirement_groups/${body.data.id}`)).status).toBe(404);

    const { data: group } = (await createGroup(connection)).body;
    await plant(connection, { kind: 'noop' });
    const path = `/requirement_groups/${group.id}`;
    const patched = await connection.api('PATCH', path, { customer_reference: 'renamed' });
    expect(patched.body.data.customer_reference).toBe('renamed');
    expect((await connection.api('GET', path)).body.data.customer_reference).toBeNull();
  });

  test('gzip_bomb: a small body swells to very much', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'gzip_bomb' });
    const response = await open(connection);
    expect(response.headers['content-encoding']).toBe('gzip');
    let received = 0;
    response.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    let inflated = 0;
    for await (const chunk of response.pipe(createGunzip()) as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      if (inflated > 50_000_000) break;
    }
    response.destroy();
    expect(received).toBeLessThan(2_000_000);
  });

  test('endless: the body goes on for as long as someone reads', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'endless' });
    let received = 0;
    for await (const chunk of (await open(connection)) as AsyncIterable<Buffer>) {
      received += chunk.length;
      if (received > 5_000_000) break;
    }
    expect(received).toBeGreaterThan(5_000_000);
  });

  test('redirect: points elsewhere, and nothing was done', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'redirect', status: 307, location: 'http://example.com/v2' });
    const { status, headers } = await createGroup(connection);
    expect([status, headers.get('location')]).toEqual([307, 'http://example.com/v2']);
    expect(await countGroups(connection)).toBe(0);
  });
});

describe('status', () => {
  test('answers an error in place of the request', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', status: 429, headers: { 'Retry-After': '2' } });
    const { status, headers, body } = await createGroup(connection);
    expect([status, headers.get('retry-after'), body.errors[0].code]).toEqual([429, '2', '10011']);
    expect(headers.get('x-request-id')).not.toBeNull();
    expect(await countGroups(connection)).toBe(0);
  });

  test('with commit, the request was carried out nonetheless', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', status: 503, commit: true });
    expect((await createGroup(connection)).status).toBe(503);
    expect(await countGroups(connection)).toBe(1);
  });

  test.each([
    ['html', 'text/html', '<h1>502</h1>'],
    ['empty', null, ''],
  ])('the body can be %s', async (style, contentType, content) => {
    const connection = await connect();
    await plant(connection, { kind: 'status', status: 502, body: style });
    const { status, headers, body } = await createGroup(connection);
    expect([status, headers.get('content-type')]).toEqual([502, contentType]);
    expect(body).toContain(content);
  });

  test('an echo holds the body and the headers of the request, key and all', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', status: 400, body: 'echo' });
    const { detail } = (await createGroup(connection)).body.errors[0];
    expect(detail).toContain(SANDBOX_KEY);
    expect(detail).toContain(JSON.stringify(AMERICAN));
    await plant(connection, { kind: 'status', status: 502, body: 'echo_html' });
    expect((await createGroup(connection)).body).toContain(SANDBOX_KEY);
  });
});

describe('aim', () => {
  test('method and path choose the requests, nth the one among them', async () => {
    const connection = await connect();
    await plant(connection, {
      kind: 'status',
      match: { method: 'post', path: '^/requirement_groups$', nth: 2 },
    });
    expect((await createGroup(connection)).status).toBe(200);
    await countGroups(connection);
    expect((await createGroup(connection)).status).toBe(500);
    expect((await createGroup(connection)).status).toBe(200);
  });

  test('without a method and path, nth counts every request: a test can hit each one of a run', async () => {
    for (const nth of [1, 2, 3]) {
      const connection = await connect();
      await plant(connection, { kind: 'status', match: { nth } });
      const statuses: number[] = [];
      for (let n = 1; n <= 3; n += 1) statuses.push((await connection.api('GET', '/documents')).status);
      expect(statuses.indexOf(500)).toBe(nth - 1);
      expect(statuses.filter((status) => status === 500)).toHaveLength(1);
    }
  });

  test('times says how often it strikes', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', times: 2 });
    const statuses: number[] = [];
    for (let n = 1; n <= 3; n += 1) statuses.push((await connection.api('GET', '/documents')).status);
    expect(statuses).toEqual([500, 500, 200]);
  });

  test('of several that are due the first one planted strikes, the others wait', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', status: 502 });
    await plant(connection, { kind: 'status', status: 503 });
    const statuses: number[] = [];
    for (let n = 1; n <= 3; n += 1) statuses.push((await connection.api('GET', '/documents')).status);
    expect(statuses).toEqual([502, 503, 200]);
  });

  test('faults are listed with what they have done, and cleared', async () => {
    const connection = await connect();
    await plant(connection, { kind: 'status', times: 5 });
    await connection.api('GET', '/documents');
    expect((await connection.control('GET', '/faults')).body.data).toMatchObject([{ seen: 1, struck: 1 }]);
    await connection.control('DELETE', '/faults');
    expect((await connection.api('GET', '/documents')).status).toBe(200);
  });

  test.each([
    [{ kind: 'earthquake' }],
    [{ kind: 'status', body: 'poem' }],
    [{ kind: 'drop_before', match: { path: '(' } }],
  ])('%j is no fault', async (fault) => {
    const { control } = await connect();
    expect((await control('POST', '/faults', fault)).status).toBe(422);
  });
});

async function open({ sandbox }: Connection): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${sandbox.url}/documents`, { headers: HEADERS }, resolve).on('error', reject);
  });
}
