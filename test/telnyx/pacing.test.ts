import { describe, expect, it, vi } from 'vitest';
import { UnreachableError } from '../../src/model/errors.ts';
import { ANSWER } from '../../src/telnyx/format.ts';
import { backoffMs, Pacer, readAskedWaitMs, readDateMs, readLimits } from '../../src/telnyx/pacing.ts';
import type { ApiSession } from '../../src/telnyx/session.ts';
import { answered, play, type Replies, useFakeClock } from './scripted-transport.ts';

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
    [429, { 'retry-after': 'Sat, 01 Aug 2026 10:00:07 GMT or so', date: DATE }, null],
    [429, { 'retry-after': 'Sat, 01 Aug 2026 10:00:07 GMT (or so)', date: DATE }, null],
    [429, { 'retry-after': ' Sat, 01 Aug 2026 10:00:07 GMT ', date: DATE }, 7_000],
    [429, { 'retry-after': '  3  ' }, 3_000],
    [429, { 'retry-after-ms': '0', 'retry-after': '3' }, 3_000],
    [500, { 'retry-after-ms': '1500' }, 1_500],
    [429, { 'x-ratelimit-reset': '0.5' }, 500],
    [429, { 'x-ratelimit-reset': '1000000' }, 1_000_000_000],
    [429, { 'x-ratelimit-reset': '100000000000', date: DATE }, 1e14 - DATE_SECONDS * 1_000],
    [429, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '0' }, 1_000],
    [429, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '0, 2' }, 2_000],
    [429, { 'x-ratelimit-remaining': '5' }, null],
    [200, { 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '2' }, null],
  ])('is read from a %d with %j as %j ms', (status, headers, ms) => {
    expect(readAskedWaitMs(status, headers, 1_000)).toBe(ms);
  });

  it.each([
    [{ 'retry-after-ms': '40' }, 0.2],
    [{ 'retry-after': '3' }, 15],
    [{ 'retry-after': 'Sat, 01 Aug 2026 10:00:07 GMT', date: DATE }, 35],
    [{ 'x-ratelimit-reset': '4' }, 20],
    [{ 'x-ratelimit-reset': '0' }, 5],
    [{ 'x-ratelimit-reset': String(DATE_SECONDS + 9), date: DATE }, 45],
  ])('is shorter where a second of the server is: %j', (headers, ms) => {
    expect(readAskedWaitMs(429, headers, 5)).toBeCloseTo(ms);
  });

  it.each([
    ['Sat, 01 Aug 2026 10:00:00 GMT', Date.UTC(2026, 7, 1, 10)],
    ['yesterday', null],
    [undefined, null],
  ])('is compared with the clock of the server, where it tells that: %s', (date, ms) => {
    expect(readDateMs(date === undefined ? {} : { date })).toBe(ms);
  });
});

describe('a date to come again', () => {
  useFakeClock('manual');

  it('is compared with the clock of this machine where the server does not tell its own', () => {
    const at = new Date(Date.now() + 7_000).toUTCString();
    expect(readAskedWaitMs(429, { 'retry-after': at }, 1_000)).toBe(7_000);
  });
});

describe('the wait before another attempt', () => {
  useFakeClock('manual');

  it.each([
    [1, 250],
    [2, 500],
    [4, 2_000],
    [5, 4_000],
    [9, 4_000],
  ])('is any up to a bound that doubles: half of it before attempt %i + 1 is %i ms', (attempt, ms) => {
    expect(backoffMs(attempt, 500, 8_000)).toBe(ms);
    vi.spyOn(Math, 'random').mockReturnValue(0.3333);
    expect(backoffMs(attempt, 500, 8_000)).toBe(Math.round(0.6666 * ms));
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
    [
      { 'x-ratelimit-remaining': '95, 7', 'x-ratelimit-reset': '60' },
      { remaining: 7, resetMs: 60_000 },
    ],
    [
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' },
      { remaining: 0, resetMs: null },
    ],
    [{ 'x-ratelimit-remaining': '-1, 1e999, 3' }, { remaining: 3, resetMs: null }],
  ])('is read from %j as %j', (headers, limits) => {
    expect(readLimits(headers, 1_000)).toEqual(limits);
  });
});

describe('a pacer', () => {
  useFakeClock('manual');

  function pace(connections: number) {
    const holds: (readonly [ms: number, request: string, attempt: number, cause: string])[] = [];
    const events: string[] = [];
    const pacer = new Pacer({
      connections,
      heldCapMs: 60_000,
      secondMs: 1_000,
      onHold: (ms, { request, attempt }, cause) => holds.push([ms, request, attempt, cause]),
    });
    const ask = (request: string, attempt = 1): void => {
      pacer.admit({ request, attempt }).then(
        () => events.push(request),
        ({ message }: Error) => events.push(`not ${request}: ${message}`),
      );
    };
    /** What has started, or was refused, once so much time has passed. */
    const after = async (ms: number): Promise<string> => {
      await vi.advanceTimersByTimeAsync(ms);
      return events.splice(0).join(', ');
    };
    return { pacer, holds, ask, after };
  }

  it('starts as many as there are connections, and those that are repeated first', async () => {
    const { pacer, ask, after, holds } = pace(2);
    for (const [request, attempt] of [
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 2],
      ['e', 3],
    ] as const)
      ask(request, attempt);
    expect(await after(0)).toBe('a, b');
    pacer.release(null);
    expect(await after(0)).toBe('d');
    pacer.release(null);
    pacer.release(null);
    expect(await after(0)).toBe('e, c');
    expect([holds, pacer.waitedMs]).toEqual([[], 0]);
  });

  it('spends no more of a budget than the answers in flight leave of it, and waits until it is renewed', async () => {
    const { pacer, ask, after, holds } = pace(8);
    ask('first');
    expect(await after(0)).toBe('first');
    pacer.release({ remaining: 2, resetMs: 5_000 });
    for (const request of ['a', 'b', 'c', 'd']) ask(request);
    expect(await after(0)).toBe('a, b');
    pacer.release({ remaining: 1, resetMs: 5_000 });
    expect(await after(0)).toBe('');
    pacer.release({ remaining: 0, resetMs: 5_000 });
    expect(await after(4_999)).toBe('');
    expect(holds).toEqual([[5_000, 'c', 1, 'the rate limit is used up']]);
    // One goes first, and its answer opens the gate.
    expect(await after(1)).toBe('c');
    pacer.release({ remaining: 9, resetMs: 5_000 });
    expect(await after(0)).toBe('d');
    expect(pacer.waitedMs).toBe(5_000);
  });

  it('believes the lowest figure of a window, and a higher one only after it', async () => {
    const { pacer, ask, after } = pace(8);
    for (const request of ['a', 'b', 'c']) ask(request);
    await after(0);
    pacer.release({ remaining: 1, resetMs: 1_000 });
    pacer.release({ remaining: 7, resetMs: 9_000 });
    pacer.release({ remaining: 1, resetMs: 9_000 });
    for (const request of ['d', 'e', 'f']) ask(request);
    expect(await after(0)).toBe('d');
    expect(await after(999)).toBe('');
    pacer.release(null);
    expect(await after(0)).toBe('e');
    expect(await after(1)).toBe('');
    pacer.release({ remaining: 7, resetMs: 1_000 });
    expect(await after(0)).toBe('f');
  });

  it.each<[string, number, number | null, string]>([
    ['as low, of a window that would end later', 1, 5_000, 'c'],
    ['higher', 7, 5_000, 'c'],
    ['lower', 0, 5_000, ''],
  ])('believes of a window what is lowest: another that is %s', async (_, remaining, resetMs, started) => {
    const { pacer, ask, after } = pace(8);
    for (const request of ['a', 'b']) ask(request);
    await after(0);
    pacer.release({ remaining: 1, resetMs: 1_000 });
    await after(500);
    pacer.release({ remaining, resetMs });
    for (const request of ['c', 'd']) ask(request);
    expect(await after(0)).toBe(started);
  });

  it('holds what is asked until the end of the window that was told first', async () => {
    const { pacer, ask, after, holds } = pace(8);
    for (const request of ['a', 'b']) ask(request);
    await after(0);
    pacer.release({ remaining: 0, resetMs: 1_000 });
    await after(500);
    pacer.release({ remaining: 0, resetMs: 5_000 });
    ask('c');
    expect(await after(499)).toBe('');
    expect(await after(1)).toBe('c');
    expect(holds).toEqual([[500, 'c', 1, 'the rate limit is used up']]);
  });

  it('believes a higher figure as soon as a window has ended', async () => {
    const { pacer, ask, after } = pace(8);
    for (const request of ['a', 'b']) ask(request);
    await after(0);
    pacer.release({ remaining: 1, resetMs: 1_000 });
    await after(1_000);
    pacer.release({ remaining: 2, resetMs: 5_000 });
    for (const request of ['c', 'd', 'e']) ask(request);
    expect(await after(0)).toBe('c, d');
  });

  it('starts as many as before after a window that was not used up', async () => {
    const { pacer, ask, after } = pace(8);
    ask('a');
    await after(0);
    pacer.release({ remaining: 1, resetMs: 1_000 });
    await after(1_000);
    for (const request of ['b', 'c', 'd']) ask(request);
    expect(await after(0)).toBe('b, c, d');
  });

  it('opens the gate for all by the first answer after a 429 that tells a budget', async () => {
    const { pacer, ask, after } = pace(8);
    ask('a');
    await after(0);
    pacer.release(null, 1_000);
    for (const request of ['b', 'c', 'd', 'e']) ask(request);
    expect(await after(1_000)).toBe('b');
    pacer.release({ remaining: 50, resetMs: 1_000 });
    expect(await after(0)).toBe('c, d, e');
  });

  it('waits for a window, too, that was told of while it waited for a 429', async () => {
    const { pacer, ask, after, holds } = pace(8);
    for (const request of ['a', 'b']) ask(request);
    await after(0);
    pacer.release(null, 1_000);
    pacer.release({ remaining: 0, resetMs: 3_000 });
    ask('c');
    expect(await after(2_999)).toBe('');
    expect(await after(1)).toBe('c');
    expect(holds).toEqual([
      [1_000, 'c', 1, 'answered 429'],
      [2_000, 'c', 1, 'the rate limit is used up'],
    ]);
  });

  it.each([
    ['that says no end lasts for a second', null, 1_000],
    ['of a day is waited for no longer than a minute', 86_400_000, 60_000],
    ['is waited for until its end', 1_500, 1_500],
  ])('that is told of a window: one %s', async (_, resetMs, ms) => {
    const { pacer, ask, after, holds } = pace(8);
    ask('a');
    await after(0);
    pacer.release({ remaining: 0, resetMs });
    ask('b');
    expect(await after(ms - 1)).toBe('');
    expect(await after(1)).toBe('b');
    expect(holds).toEqual([[ms, 'b', 1, 'the rate limit is used up']]);
  });

  it('waits for an answer in flight where the budget is used up', async () => {
    const { pacer, ask, after, holds } = pace(8);
    ask('a');
    ask('b');
    await after(0);
    pacer.release({ remaining: 0, resetMs: 5_000 });
    ask('c');
    expect(await after(100)).toBe('');
    expect(holds).toEqual([]);
    pacer.release(null);
    expect(await after(0)).toBe('');
    expect(holds).toEqual([[4_900, 'c', 1, 'the rate limit is used up']]);
  });

  it('holds everything for as long as a 429 asks, then lets one go first', async () => {
    const { pacer, ask, after, holds } = pace(3);
    for (const request of ['a', 'b', 'c', 'd', 'e', 'f']) ask(request);
    expect(await after(0)).toBe('a, b, c');
    pacer.release(null, 2_000);
    // What was sent before the 429 says nothing about the time after it.
    pacer.release({ remaining: 50, resetMs: 1_000 });
    expect(await after(1_999)).toBe('');
    expect(await after(1)).toBe('');
    pacer.release(null);
    expect(await after(0)).toBe('d, e');
    pacer.release({ remaining: 50, resetMs: 1_000 });
    expect(await after(0)).toBe('f');
    expect(holds).toEqual([[2_000, 'd', 1, 'answered 429']]);
  });

  it('opens by one for each answer that tells no budget, up to the number of connections', async () => {
    const { pacer, ask, after } = pace(3);
    ask('a');
    await after(0);
    pacer.release(null, 1_000);
    for (const request of 'bcdefghi') ask(request);
    expect(await after(1_000)).toBe('b');
    pacer.release(null);
    expect(await after(0)).toBe('c, d');
    pacer.release(null);
    expect(await after(0)).toBe('e, f');
    pacer.release(null);
    expect(await after(0)).toBe('g');
  });

  it('waits for the longest of what several 429s ask, and tells more than half a second more', async () => {
    const { pacer, ask, after, holds } = pace(4);
    for (const request of 'abcde') ask(request);
    await after(0);
    for (const ms of [2_000, 1_000, 2_400, 2_900]) pacer.release(null, ms);
    expect(await after(2_899)).toBe('');
    expect(await after(1)).toBe('e');
    expect(holds).toEqual([
      [2_000, 'e', 1, 'answered 429'],
      [2_900, 'e', 1, 'answered 429'],
    ]);
    expect(pacer.waitedMs).toBe(2_900);
  });

  it('that has ended starts nothing any more, and gives the first reason', async () => {
    const { pacer, ask, after } = pace(1);
    for (const [request, attempt] of [
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ] as const)
      ask(request, attempt);
    await after(0);
    pacer.release(null, 60_000);
    pacer.end(() => new Error('enough'));
    pacer.interrupt();
    ask('d');
    expect(await after(0)).toBe('not c: enough, not b: enough, not d: enough');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that is interrupted says so', async () => {
    const { pacer, ask, after } = pace(1);
    pacer.interrupt();
    ask('a');
    expect(await after(0)).toBe('not a: Interrupted');
  });
});

/** A server that takes 20 ms for each answer, and so many requests in each second of its own. */
function limitTo(limit: number, headers: 'full' | 'only on 429' | 'none') {
  let startedMs = 0;
  let used = 0;
  const limiter = { refused: 0, replies: undefined as unknown as Replies };
  limiter.replies = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (Date.now() >= startedMs + 1_000) {
      startedMs = Date.now();
      used = 0;
    }
    used += 1;
    const refuse = used > limit;
    if (refuse) limiter.refused += 1;
    const told = headers === 'full' || (headers === 'only on 429' && refuse);
    const budget = { 'x-ratelimit-remaining': String(Math.max(0, limit - used)), 'x-ratelimit-reset': '1' };
    return answered(refuse ? 429 : 200, { data: {} }, told ? budget : {});
  };
  return limiter;
}

function ask(session: ApiSession, count: number): Promise<unknown>[] {
  const request = { method: 'GET', template: '/things', repeat: 'safe' } as const;
  return Array.from({ length: count }, () => session.perform(request, ANSWER));
}

describe('a rate limit of ten requests a second', () => {
  useFakeClock('nextTimerAsync');

  it('is kept by eight connections with few refusals, none of which is a failure', async () => {
    const limiter = limitTo(10, 'full');
    const { session, waits } = play(limiter.replies);
    await Promise.all(ask(session, 300));
    const { requests, waitedMs } = session.statistics();
    expect(limiter.refused).toBeLessThan(15);
    expect(requests).toBe(300 + limiter.refused);
    expect(waitedMs).toBeGreaterThan(0);
    expect(new Set(waits.map((wait) => wait.reason))).toEqual(new Set(['rate-limit']));
    expect(waits.length).toBeLessThan(60);
  });

  it('smaller than the number of connections is kept as well', async () => {
    const limiter = limitTo(3, 'full');
    await Promise.all(ask(play(limiter.replies).session, 60));
    expect(limiter.refused).toBeLessThan(15);
  });

  it.each(['full', 'only on 429'] as const)(
    'that eight clients share, of whom none knows of the others, turns nobody away for good: headers %s',
    async (headers) => {
      const limiter = limitTo(10, headers);
      const sessions = Array.from({ length: 8 }, () => play(limiter.replies).session);
      await Promise.all(sessions.flatMap((session) => ask(session, 15)));
      const requests = sessions.reduce((sum, session) => sum + session.statistics().requests, 0);
      expect(limiter.refused).toBeGreaterThan(0);
      expect(requests).toBe(8 * 15 + limiter.refused);
    },
  );

  it('that only a 429 tells of is survived', async () => {
    const limiter = limitTo(10, 'only on 429');
    const { session } = play(limiter.replies);
    await Promise.all(ask(session, 200));
    expect(session.statistics().requests).toBe(200 + limiter.refused);
  });
});

describe('garbage in the headers', () => {
  useFakeClock('nextTimerAsync');

  it.each([
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '-3' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'never' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '99999999999999999999' }],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '86400' }],
    [{ 'x-ratelimit-remaining': '-1', 'x-ratelimit-reset': '86400' }],
    [{ 'x-ratelimit-remaining': '1e999' }],
    [{ 'x-ratelimit-remaining': ',;,' }],
  ])('never holds a request for more than a minute: %j', async (headers) => {
    const { session, seenAtMs } = play(() => answered(200, {}, headers));
    await Promise.all(ask(session, 12));
    expect(session.statistics()).toMatchObject({ requests: 12, retries: 0 });
    const gaps = seenAtMs.slice(1).map((ms, index) => ms - (seenAtMs[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(60_000);
  });

  it('of a 429 is waited for no longer than five minutes', async () => {
    const { session, seenAtMs } = play((_, number) =>
      answered(number === 1 ? 429 : 200, {}, { 'retry-after': '31536000' }),
    );
    await Promise.all(ask(session, 1));
    expect(seenAtMs).toEqual([0, 300_000]);
  });
});

describe('a run that is turned away', () => {
  useFakeClock('nextTimerAsync');

  it('without one success gives up, for all that it still had to ask', async () => {
    const reason = new UnreachableError(
      'api.example.com has turned every request away (429) for 10 minutes. Run this again later, or look for other programs that use the rate limit of this key.',
    );
    const { session, seenAtMs } = play(() => answered(429, {}, { 'retry-after': '300' }), { connections: 2 });
    const ended = await Promise.allSettled(ask(session, 50));
    expect(ended).toEqual(Array(50).fill({ status: 'rejected', reason }));
    expect(await Promise.allSettled(ask(session, 1))).toEqual([{ status: 'rejected', reason }]);
    expect(seenAtMs).toEqual([0, 0, 300_000, 600_000]);
  });
});

describe('a request that others overtake for ever', () => {
  useFakeClock('nextTimerAsync');

  it('is ended, and they are not', async () => {
    const { session } = play(({ path }) =>
      answered(path.endsWith('/starved') ? 429 : 200, {}, { 'retry-after-ms': '1' }),
    );
    let ended: string | null = null;
    void session
      .perform({ method: 'GET', template: '/starved', repeat: 'safe' }, ANSWER)
      .catch(({ message }) => {
        ended = message;
      });
    while (ended === null) await Promise.all(ask(session, 1));
    expect(ended).toMatch(/in 100 attempts: answered 429$/);
  });
});
