import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../src/model/errors.ts';
import { openReadClient, openWriteClient, scaleTiming, type Wait } from '../../src/telnyx/client.ts';
import { readAskedWaitMs, readLimits } from '../../src/telnyx/pacing.ts';
import { answerJson, HASTE, optionsFor, type Script, serve } from './scripted-server.ts';

const DATE = 'Sat, 01 Aug 2026 10:00:00 GMT';
const DATE_SECONDS = Date.UTC(2026, 7, 1, 10) / 1000;

describe('the wait that a server asks for', () => {
  it.each([
    [429, { 'retry-after': '3' }, 3_000],
    [503, { 'retry-after': '3' }, 3_000],
    [500, { 'retry-after': '0.5' }, 500],
    [429, { 'retry-after-ms': '40', 'retry-after': '3' }, 40],
    [429, { 'retry-after': 'Sat, 01 Aug 2026 10:00:07 GMT', date: DATE }, 7_000],
    [429, { 'retry-after': 'Sat, 01 Aug 2026 09:00:00 GMT', date: DATE }, null],
    [429, { 'x-ratelimit-reset': '4' }, 4_000],
    [429, { 'x-ratelimit-reset': '1, 60' }, 60_000],
    [429, { 'x-ratelimit-remaining': '0, 95', 'x-ratelimit-reset': '1, 60' }, 1_000],
    [429, { 'x-ratelimit-reset': String(DATE_SECONDS + 9), date: DATE }, 9_000],
    [429, { 'x-ratelimit-reset': String((DATE_SECONDS + 9) * 1000), date: DATE }, 9_000],
    [429, { 'x-ratelimit-reset': String(DATE_SECONDS - 9), date: DATE }, 1_000],
    [429, { 'x-ratelimit-reset': '0' }, 1_000],
    [429, { 'retry-after': '0', 'x-ratelimit-reset': '2' }, 2_000],
    [503, { 'x-ratelimit-reset': '4' }, null],
    [429, {}, null],
    [429, { 'retry-after': 'soon', 'x-ratelimit-reset': 'later' }, null],
    [429, { 'retry-after': '-5', 'retry-after-ms': 'NaN', 'x-ratelimit-reset': '-7' }, null],
    [429, { 'retry-after': 'in the year 2099' }, null],
  ])('is read from a %d with %j as %j ms', (status, headers, ms) => {
    expect(readAskedWaitMs(status, headers, 1_000)).toBe(ms);
  });
});

describe('the budget that an answer tells', () => {
  it.each([
    [{}, null],
    [{ 'x-ratelimit-reset': '5' }, null],
    [{ 'x-ratelimit-remaining': 'plenty' }, null],
    [{ 'x-ratelimit-remaining': '7' }, { remaining: 7, resetMs: null }],
    [
      { 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '2' },
      { remaining: 7, resetMs: 2_000 },
    ],
    [
      { 'x-ratelimit-remaining': '95, 7', 'x-ratelimit-reset': '60, 2' },
      { remaining: 7, resetMs: 2_000 },
    ],
    [
      { 'x-ratelimit-remaining': '10;w=1', 'x-ratelimit-reset': '1;x' },
      { remaining: 10, resetMs: 1_000 },
    ],
  ])('is read from %j as %j', (headers, limits) => {
    expect(readLimits(headers, 1_000)).toEqual(limits);
  });
});

interface Limiter {
  readonly script: Script;
  refused: number;
}

/** A fixed window of `windowMs`, which stands for one second of the server. */
function limitTo(limit: number, windowMs: number, headers: 'full' | 'only on 429' | 'none'): Limiter {
  let startedMs = 0;
  let used = 0;
  const limiter: Limiter = {
    refused: 0,
    script: (response) => {
      const nowMs = performance.now();
      if (nowMs >= startedMs + windowMs) {
        startedMs = nowMs;
        used = 0;
      }
      used += 1;
      const refuse = used > limit;
      if (refuse) limiter.refused += 1;
      const told = headers === 'full' || (headers === 'only on 429' && refuse);
      answerJson(response, { data: {} }, refuse ? 429 : 200, {
        ...(told
          ? { 'x-ratelimit-remaining': String(Math.max(0, limit - used)), 'x-ratelimit-reset': '1' }
          : {}),
      });
    },
  };
  return limiter;
}

describe('a rate limit of ten requests a second', () => {
  const timing = { ...HASTE, serverSecondMs: 60 };
  const send = async (limiter: Limiter, count: number, waits: Wait[] = []) => {
    const server = await serve(limiter.script);
    const client = openReadClient(optionsFor(server, { timing, onWait: (wait) => waits.push(wait) }));
    await Promise.all(Array.from({ length: count }, () => client.get('/things')));
    return client.statistics();
  };

  it('is kept by eight connections with few refusals, none of which is a failure', async () => {
    const limiter = limitTo(10, 60, 'full');
    const waits: Wait[] = [];
    const statistics = await send(limiter, 300, waits);
    expect(limiter.refused).toBeLessThan(15);
    expect(statistics.requests).toBe(300 + limiter.refused);
    expect(statistics.waitedMs).toBeGreaterThan(0);
    expect(new Set(waits.map((wait) => wait.reason))).toEqual(new Set(['rate-limit']));
    expect(waits.length).toBeLessThan(60);
  });

  it('smaller than the number of connections is kept as well', async () => {
    const limiter = limitTo(3, 60, 'full');
    await send(limiter, 60);
    expect(limiter.refused).toBeLessThan(15);
  });

  it.each(['full', 'only on 429'] as const)(
    'that eight clients share, of whom none knows of the others, turns nobody away for good: headers %s',
    async (headers) => {
      const limiter = limitTo(10, 60, headers);
      const server = await serve(limiter.script);
      const clients = Array.from({ length: 8 }, () => openReadClient(optionsFor(server, { timing })));
      await Promise.all(clients.flatMap((client) => Array.from({ length: 40 }, () => client.get('/things'))));
      const requests = clients.reduce((sum, client) => sum + client.statistics().requests, 0);
      expect(limiter.refused).toBeGreaterThan(0);
      expect(requests).toBe(8 * 40 + limiter.refused);
    },
  );

  it('that only a 429 tells of is survived', async () => {
    const statistics = await send(limitTo(10, 60, 'only on 429'), 200);
    expect(statistics.requests).toBeGreaterThanOrEqual(200);
  });
});

describe('garbage in the headers', () => {
  it.each([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '-3' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'never' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999999999999' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '86400' }],
    [{ 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '86400' }],
    [{ 'x-ratelimit-remaining': '1e999' }],
    [{ 'x-ratelimit-remaining': ',;,' }],
  ])('never holds requests for ever: %j', async (headers) => {
    const server = await serve((response) => answerJson(response, {}, 200, headers));
    const client = openReadClient(optionsFor(server, { timing: { ...HASTE, heldCapMs: 20 } }));
    await Promise.all(Array.from({ length: 12 }, () => client.get('/things')));
    expect(client.statistics()).toMatchObject({ requests: 12, retries: 0 });
  });

  it('of a 429 is waited for no longer than a cap', async () => {
    const server = await serve((response, _, number) =>
      answerJson(response, {}, number === 1 ? 429 : 200, { 'retry-after': '31536000' }),
    );
    const client = openReadClient(optionsFor(server, { timing: { ...HASTE, askedWaitCapMs: 20 } }));
    await client.get('/things');
    expect(client.statistics()).toMatchObject({ requests: 2, retries: 1 });
  });
});

describe('a 429', () => {
  it('that asks to come again for ever ends the request all the same', async () => {
    const server = await serve((response) => answerJson(response, {}, 429, { 'retry-after-ms': '0.01' }));
    const client = openReadClient(optionsFor(server, { timing: { ...HASTE, turnsAway: 12 } }));
    await expect(client.get('/things')).rejects.toThrow(/in 12 attempts: answered 429$/);
    expect(server.seen).toHaveLength(12);
  });

  it('holds every other request, and is announced once', async () => {
    let refusing = true;
    const waits: Wait[] = [];
    const server = await serve((response) => {
      if (refusing) answerJson(response, {}, 429, { 'retry-after': '20' });
      else answerJson(response, {});
    });
    const onWait = (wait: Wait): void => {
      waits.push(wait);
      refusing = false;
    };
    const client = openWriteClient(optionsFor(server, { onWait, connections: 1 }));
    await Promise.all([client.get('/a'), client.get('/b'), client.get('/c')]);
    expect(server.seen.map((request) => request.url.pathname)).toEqual(['/v2/a', '/v2/a', '/v2/b', '/v2/c']);
    expect(waits).toEqual([
      expect.objectContaining({ reason: 'rate-limit', ms: 100, cause: 'answered 429' }),
    ]);
  });

  it('without any header is waited for by our own backoff', async () => {
    const server = await serve((response, _, number) => answerJson(response, {}, number < 4 ? 429 : 200));
    const client = openReadClient(optionsFor(server));
    await client.get('/things');
    expect(client.statistics()).toMatchObject({ requests: 4, retries: 3 });
  });
});

describe('a run that is turned away', () => {
  const always: Script = (response) => answerJson(response, {}, 429, { 'retry-after': '60' });
  /** A thousandth of every duration but those of the connection: five minutes are 300 ms, ten are 600 ms. */
  const untold = { ...scaleTiming(1 / 1000), connectMs: 4_000, requestMs: 4_000 };
  /** 300 ms stand for a minute of the server. */
  const timing = { ...HASTE, turnedAwayMs: 500 };

  it('without one success gives up, for all that it still had to ask', async () => {
    const server = await serve(always);
    const client = openReadClient(optionsFor(server, { timing }));
    const asked = Array.from({ length: 200 }, () => client.get('/things'));
    for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(UnreachableError);
      expect(reason.message).toMatch(
        /has turned every request away \(429\) for \d+ minutes\. Run this again later/,
      );
    }
    // Eight at once, and then one after each wait.
    expect(server.seen.length).toBeLessThanOrEqual(8 + 3);
    await expect(client.get('/later')).rejects.toBeInstanceOf(UnreachableError);
  });

  it('goes on as long as something is answered', async () => {
    const server = await serve((response, request, number) =>
      number % 2 === 0 ? answerJson(response, {}) : always(response, request, number),
    );
    const client = openReadClient(optionsFor(server, { timing: { ...HASTE, turnedAwayMs: 301 } }));
    for (let count = 0; count < 4; count += 1) await client.get('/things');
    expect(server.seen).toHaveLength(8);
  });

  it('for days is asked for five minutes at most, and gives up after ten, unless told otherwise', async () => {
    const server = await serve((response) => answerJson(response, {}, 429, { 'retry-after': '604800' }));
    const client = openReadClient(optionsFor(server, { timing: untold }));
    await expect(client.get('/things')).rejects.toThrow('for 10 minutes');
    expect(server.seen.length).toBeGreaterThan(1);
    expect(server.seen.length).toBeLessThanOrEqual(3);
  });

  it('by a request that others overtake for ever ends that request, unless told otherwise', async () => {
    const server = await serve((response, { url }) =>
      answerJson(response, {}, url.pathname.endsWith('/starved') ? 429 : 200, { 'retry-after-ms': '1' }),
    );
    const client = openReadClient(optionsFor(server, { timing: untold }));
    const starved = client.get('/starved').then(
      () => 'answered',
      (error: Error) => error.message,
    );
    let ended: string | null = null;
    void starved.then((how) => (ended = how));
    while (ended === null) await client.get('/things');
    expect(ended).toMatch(/in 100 attempts: answered 429$/);
  });
});
