import { getEventListeners } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { ConnectionFault } from '../../src/http/fault.ts';
import type { ReceivedAnswer } from '../../src/http/transport.ts';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  MalformedAnswerError,
  UnreachableError,
} from '../../src/model/errors.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import { ANSWER, FILE, PAGE } from '../../src/telnyx/format.ts';
import { scaleTiming, type Timing } from '../../src/telnyx/options.ts';
import type { Request } from '../../src/telnyx/request.ts';
import { KEY } from './scripted-server.ts';
import { answered, inTurn, play, useFakeClock } from './scripted-transport.ts';

useFakeClock('nextTimerAsync');

const READ: Request = { method: 'GET', template: '/things', repeat: 'safe' };
const CREATE: Request = {
  method: 'POST',
  template: '/things',
  repeat: 'never',
  body: { kind: 'json', value: { name: 'Example GmbH' } },
};
const CHANGE: Request = {
  method: 'PATCH',
  template: '/things/{id}',
  params: { id: 'id-1' },
  repeat: 'safe',
  body: { kind: 'json', value: { name: 'Example GmbH' } },
};
const LOST = new ConnectionFault('lost', 'the connection was lost');
const UNSENT = new ConnectionFault('unsent', 'connection refused');
const MIB = 1024 * 1024;

function failureOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error as Error,
  );
}

/** A 429 that asks to come again in so many seconds. */
function turnAway(seconds: number): ReceivedAnswer {
  return answered(429, {}, { 'retry-after': `${seconds}` });
}

describe('a request on its way', () => {
  const headers = {
    authorization: `Bearer ${KEY}`,
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'regsync/test',
  };

  it('that reads has no body, and half a minute', async () => {
    const { session, seen } = play(inTurn(answered(200)));
    await session.perform({ ...READ, query: { version: 2 } }, ANSWER);
    expect(seen).toEqual([
      {
        method: 'GET',
        path: '/v2/things?version=2',
        headers,
        body: [],
        timeoutMs: 30_000,
        maxBytes: 8 * MIB,
      },
    ]);
  });

  it('that writes has more time the longer it is, at a megabit a second', async () => {
    const { session, seen } = play(inTurn(answered(200)));
    const value = { name: 'x'.repeat(1280 - '{"name":""}'.length) };
    await session.write({ ...CHANGE, body: { kind: 'json', value } });
    expect(seen).toEqual([
      {
        method: 'PATCH',
        path: '/v2/things/id-1',
        headers: { ...headers, 'content-type': 'application/json' },
        body: [Buffer.from(JSON.stringify(value))],
        timeoutMs: 30_010,
        maxBytes: 8 * MIB,
      },
    ]);
  });

  it('that asks for a file takes whatever comes, and has the time of the largest', async () => {
    const { session, seen } = play(inTurn(answered(200, '%PDF')));
    expect(await session.perform(READ, FILE)).toEqual(Buffer.from('%PDF'));
    expect(seen).toEqual([
      {
        method: 'GET',
        path: '/v2/things',
        headers: { ...headers, accept: '*/*' },
        body: [],
        timeoutMs: 30_000 + (24 * MIB) / 128,
        maxBytes: 24 * MIB,
      },
    ]);
  });

  it('goes over a wire to the origin, with what was given, and eight connections unless told otherwise', () => {
    const usual = {
      origin: 'https://api.example.com',
      access: 'write',
      connections: 8,
      connectMs: 10_000,
      env: {},
    };
    expect(play(inTurn()).opened).toEqual([usual]);
    const env = { HTTPS_PROXY: 'http://proxy.example.com:3128' };
    expect(play(inTurn(), { connections: 3, env, timing: { connectMs: 5 } }, 'read').opened).toEqual([
      { ...usual, access: 'read', connections: 3, connectMs: 5, env },
    ]);
  });

  it('is shown with its answer before anything is made of that', async () => {
    const shown: unknown[] = [];
    const onAnswer = (
      { method, template, query }: Pick<Request, 'method' | 'template' | 'query'>,
      { status }: ReceivedAnswer,
    ) => shown.push([method, template, query, status]);
    const { session } = play(inTurn(answered(503), answered(404)), { onAnswer });
    await failureOf(session.perform({ ...READ, query: { a: 'b' } }, ANSWER));
    expect(shown).toEqual([
      ['GET', '/things', { a: 'b' }, 503],
      ['GET', '/things', { a: 'b' }, 404],
    ]);
  });
});

describe('an attempt that failed', () => {
  /** What is said of it, whether it may have been processed, and whether another would end the same way. */
  it.each<[string, ReceivedAnswer | ConnectionFault, string, 'perhaps' | 'no', 'hopeless' | null]>([
    ['a 408', answered(408), 'answered 408', 'perhaps', null],
    ['a 500', answered(500), 'answered 500', 'perhaps', null],
    ['a 503', answered(503), 'answered 503', 'perhaps', null],
    ['a 429', answered(429), 'answered 429', 'no', null],
    ['no JSON', answered(200, '<html>'), 'an answer that is not JSON', 'perhaps', null],
    ['a lost connection', LOST, 'the connection was lost', 'perhaps', null],
    ['no connection', UNSENT, 'connection refused', 'no', null],
    ['too long an answer', new ConnectionFault('oversized', 'too long'), 'too long', 'perhaps', 'hopeless'],
    ['a certificate', new ConnectionFault('unusable', 'TLS failed'), 'TLS failed', 'no', 'hopeless'],
  ])('with %s is tried again where that helps and is safe', async (_, reply, cause, processed, hopeless) => {
    const fault = reply instanceof ConnectionFault ? reply : undefined;
    const unreachable = (request: string, attempts: string) =>
      new UnreachableError(
        `No usable answer from api.example.com to ${request} in ${attempts}: ${cause}`,
        fault === undefined ? {} : { cause: fault },
      );
    const attempts = hopeless === null ? '5 attempts' : '1 attempt';
    const waits = hopeless === null ? 4 : 0;

    const always = play(inTurn(reply));
    const failure = await failureOf(always.session.perform(CHANGE, ANSWER));
    expect(failure).toEqual(unreachable('PATCH /things/{id}', attempts));
    expect(failure.cause).toBe(fault);
    expect(always.waits).toHaveLength(waits);
    expect(always.session.statistics().retries).toBe(waits);

    const once = play(inTurn(reply, answered(200, { data: 1 })));
    const ended = once.session.perform(CHANGE, ANSWER);
    if (hopeless === null) expect(await ended).toEqual({ status: 200, body: { data: 1 }, dateMs: null });
    else expect(await failureOf(ended)).toBeInstanceOf(UnreachableError);

    const created = play(inTurn(reply));
    const outcome = await failureOf(created.session.perform(CREATE, ANSWER));
    if (processed === 'no') {
      expect(outcome).toEqual(unreachable('POST /things', attempts));
    } else {
      expect(outcome).toBeInstanceOf(UnknownOutcomeError);
      expect(outcome).toMatchObject({
        message: `It is not known whether POST /things was processed: ${cause}`,
        request: 'POST /things',
        status: reply instanceof ConnectionFault ? null : reply.status,
      });
      expect(outcome.cause).toBe(fault);
      expect(created.seen).toHaveLength(1);
    }
  });

  it('is waited for twice as long each time, and said so', async () => {
    const { session, waits, seenAtMs } = play(inTurn(answered(503)));
    await failureOf(session.perform(CHANGE, ANSWER));
    const wait = { reason: 'retry', request: 'PATCH /things/{id}', cause: 'answered 503' };
    expect(waits).toEqual([
      { ...wait, ms: 250, attempt: 1 },
      { ...wait, ms: 500, attempt: 2 },
      { ...wait, ms: 1_000, attempt: 3 },
      { ...wait, ms: 2_000, attempt: 4 },
    ]);
    expect(seenAtMs).toEqual([0, 250, 750, 1_750, 3_750]);
  });

  it('is waited for as long as the server asks, up to five minutes, which is not counted as its own time', async () => {
    const replies = inTurn(
      answered(503, {}, { 'retry-after': '2' }),
      answered(503, {}, { 'retry-after': '604800' }),
      answered(200),
    );
    const { session, waits } = play(replies, { timing: { ownWaitMs: 0 } });
    await session.perform(READ, ANSWER);
    expect(waits.map(({ reason, ms }) => [reason, ms])).toEqual([
      ['retry', 2_000],
      ['retry', 300_000],
    ]);
  });

  it('is not tried again once the time for waits of its own is used up', async () => {
    const { session, seen } = play(inTurn(answered(500)), { timing: { ownWaitMs: 750 } });
    expect((await failureOf(session.perform(READ, ANSWER))).message).toBe(
      'No usable answer from api.example.com to GET /things in 3 attempts: answered 500',
    );
    expect(seen).toHaveLength(3);
  });

  it('counts the wait after a lost connection as its own, too', async () => {
    const { session, seen } = play(inTurn(LOST), { timing: { ownWaitMs: 750 } });
    await failureOf(session.perform(READ, ANSWER));
    expect(seen).toHaveLength(3);
  });

  it('keeps nobody else waiting, however long it waits itself', async () => {
    const { session, seenAtMs } = play(
      ({ path }, number) =>
        path.endsWith('/slow') && number === 1 ? answered(503, {}, { 'retry-after': '100' }) : answered(200),
      { connections: 1 },
    );
    const templates = ['/slow', '/a', '/b'];
    await Promise.all(templates.map((template) => session.perform({ ...READ, template }, ANSWER)));
    expect(seenAtMs).toEqual([0, 0, 0, 100_000]);
  });

  it('is told of with all the causes that there were, each once', async () => {
    const { session } = play(inTurn(answered(503), LOST, answered(503), UNSENT, answered(502)));
    expect((await failureOf(session.perform(READ, ANSWER))).message).toBe(
      'No usable answer from api.example.com to GET /things in 5 attempts: answered 503, then the connection was lost, then connection refused, then answered 502',
    );
  });

  it.each<[string, ConnectionFault | ReceivedAnswer, string | undefined, string]>([
    ['no connection comes about', UNSENT, 'TELNYX_BASE_URL', '. Is TELNYX_BASE_URL right?'],
    ['nobody has set it', UNSENT, undefined, ''],
    ['a connection was lost', LOST, 'TELNYX_BASE_URL', ''],
    ['it was answered', answered(500), 'TELNYX_BASE_URL', ''],
    [
      'it was the proxy',
      new ConnectionFault('unsent', 'connection refused', true),
      'TELNYX_BASE_URL',
      '. Correct the URL of that proxy, or unset the variable',
    ],
    [
      'a proxy may be missing',
      new ConnectionFault('unsent', 'connection refused', false, true),
      'TELNYX_BASE_URL',
      '. Is TELNYX_BASE_URL right? If this machine reaches the internet only through a proxy, set HTTPS_PROXY',
    ],
  ])(
    'casts doubt on the settings only where they may be wrong: %s',
    async (_, reply, baseUrlSetting, doubt) => {
      const { session } = play(inTurn(reply), baseUrlSetting === undefined ? {} : { baseUrlSetting });
      const { message } = await failureOf(session.perform(READ, ANSWER));
      expect(
        message.replace(/^.*in 5 attempts: (connection refused|the connection was lost|answered 500)/, ''),
      ).toBe(doubt);
    },
  );

  it('of the program itself is passed on', async () => {
    const { session } = play(() => Promise.reject(new TypeError('a mistake')));
    await expect(session.perform(READ, ANSWER)).rejects.toThrow(new TypeError('a mistake'));
  });
});

describe('an answer of success', () => {
  it.each<[string, unknown]>([
    ['an object without data', { things: [] }],
    ['no JSON', '<html>'],
  ])('that is no list where one was asked for is tried again: %s', async (_, body) => {
    const { session } = play(inTurn(answered(200, body)));
    expect((await failureOf(session.perform(READ, PAGE))).message).toBe(
      'No usable answer from api.example.com to GET /things in 5 attempts: an answer that is not a list',
    );
  });

  it('that cannot be believed is not tried again', async () => {
    const { session, seen } = play(inTurn(answered(200, { data: [], meta: { total_results: 'many' } })));
    const failure = await failureOf(session.perform(READ, PAGE));
    expect(failure).toBeInstanceOf(MalformedAnswerError);
    expect(failure.message).toContain(
      'GET /things answered a row whose `meta.total_results` is a text, not a count',
    );
    expect(seen).toHaveLength(1);
  });

  it('lets as many go on as there are connections', async () => {
    const slowly = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return answered(200);
    };
    const { session, seenAtMs } = play(slowly, { connections: 3 });
    await Promise.all(Array.from({ length: 9 }, () => session.perform(READ, ANSWER)));
    expect(seenAtMs).toEqual([0, 0, 0, 20, 20, 20, 40, 40, 40]);
  });

  it('is read as a page', async () => {
    const headers = { date: 'Thu, 01 Jan 2026 00:00:00 GMT' };
    const body = { data: [1], meta: { total_results: '1' } };
    const { session, seen } = play(inTurn(answered(200, body, headers)));
    expect(await session.perform(READ, PAGE)).toEqual({
      rows: [1],
      totalRows: 1,
      totalPages: null,
      dateMs: Date.UTC(2026, 0, 1),
    });
    expect(seen[0]).toMatchObject({ headers: { accept: 'application/json' }, maxBytes: 8 * MIB });
  });
});

describe('a request that is turned away', () => {
  it('is tried again when it was asked to, a hundred times if need be, and no longer', async () => {
    const { session, seen } = play(inTurn(answered(429, {}, { 'retry-after-ms': '1' })));
    expect((await failureOf(session.perform(READ, ANSWER))).message).toBe(
      'No usable answer from api.example.com to GET /things in 100 attempts: answered 429',
    );
    expect(seen).toHaveLength(100);
  });

  it('keeps the attempts that it has for failures', async () => {
    const away = turnAway(1);
    const { session, seen } = play(inTurn(away, away, away, ...Array(4).fill(answered(500)), answered(200)));
    await session.perform(READ, ANSWER);
    expect(seen).toHaveLength(8);
    const failing = play(inTurn(away, away, away, answered(500)));
    expect((await failureOf(failing.session.perform(READ, ANSWER))).message).toBe(
      'No usable answer from api.example.com to GET /things in 8 attempts: answered 429, then answered 500',
    );
  });

  it('has five attempts where it was not asked to come again', async () => {
    const { session, waits } = play(inTurn(answered(429)));
    expect((await failureOf(session.perform(READ, ANSWER))).message).toBe(
      'No usable answer from api.example.com to GET /things in 5 attempts: answered 429',
    );
    expect(waits.map(({ reason }) => reason)).toEqual([
      'rate-limit',
      'rate-limit',
      'rate-limit',
      'rate-limit',
    ]);
  });

  it('holds all others, which is announced once', async () => {
    const { session, seen, seenAtMs, waits } = play(inTurn(turnAway(20), answered(200)), { connections: 1 });
    await Promise.all(['/a', '/b', '/c'].map((template) => session.perform({ ...READ, template }, ANSWER)));
    expect(seen.map(({ path }) => path)).toEqual(['/v2/a', '/v2/a', '/v2/b', '/v2/c']);
    expect(seenAtMs).toEqual([0, 20_000, 20_000, 20_000]);
    expect(waits).toEqual([
      { reason: 'rate-limit', ms: 20_000, request: 'GET /b', attempt: 1, cause: 'answered 429' },
    ]);
  });

  it('for days is asked for five minutes at most', async () => {
    const { session, seenAtMs } = play(inTurn(turnAway(604_800), answered(200)));
    await session.perform(READ, ANSWER);
    expect(seenAtMs).toEqual([0, 300_000]);
  });
});

describe('a run that is turned away', () => {
  const GIVEN_UP =
    'api.example.com has turned every request away (429) for 10 minutes. Run this again later, or look for other programs that use the rate limit of this key.';

  it.each([
    ['was done', answered(200)],
    ['was refused', answered(404)],
  ])('has as long again once something %s', async (_, answer) => {
    const replies = inTurn(turnAway(300), answer, turnAway(300), turnAway(200), answered(200));
    const { session, seenAtMs } = play(replies);
    await session.perform(READ, ANSWER).catch(() => {});
    await session.perform(READ, ANSWER);
    expect(seenAtMs).toEqual([0, 300_000, 300_000, 600_000, 800_000]);
  });

  it('has no longer for failures between', async () => {
    const { session } = play(
      inTurn(turnAway(300), answered(500), turnAway(300), turnAway(300), answered(200)),
    );
    expect(await failureOf(session.perform(READ, ANSWER))).toEqual(new UnreachableError(GIVEN_UP));
  });

  it('is none where the server fails for as long, and says when to come again', async () => {
    const failing = answered(503, {}, { 'retry-after': '300' });
    const { session, seenAtMs } = play(inTurn(failing, failing, failing, failing, answered(200)));
    await session.perform(READ, ANSWER);
    expect(seenAtMs).toEqual([0, 300_000, 600_000, 900_000, 1_200_000]);
  });

  it('says for how many minutes, whatever a second of the server lasts', async () => {
    const timing = { turnedAwayMs: 600, serverSecondMs: 5 };
    const { session } = play(inTurn(turnAway(30)), { timing });
    expect((await failureOf(session.perform(READ, ANSWER))).message).toBe(GIVEN_UP.replace('10', '2'));
  });
});

describe('a write of which an attempt may have been processed', () => {
  const unknown = (cause: string) => `It is not known whether PATCH /things/{id} was processed: ${cause}`;

  it.each<[string, (ReceivedAnswer | ConnectionFault)[], number]>([
    ['done by the next', [answered(503), answered(200)], 1],
    ['refused then', [answered(503), answered(422)], 1],
    ['never answered', [LOST], 5],
    ['only turned away before', [turnAway(1), answered(200)], 0],
    ['not sent before', [UNSENT, answered(200)], 0],
  ])('says so at once: %s', async (_, replies, losses) => {
    let told = 0;
    const { session } = play(inTurn(...replies));
    await session.perform({ ...CHANGE, onLoss: () => (told += 1) }, ANSWER).catch(() => {});
    expect(told).toBe(losses);
  });

  it.each([401, 403])(
    'does not hide the latest of these where the key is refused afterwards: %i',
    async (status) => {
      const { session } = play(inTurn(LOST, answered(502), UNSENT, answered(status, {})));
      const failure = await failureOf(session.perform(CHANGE, ANSWER));
      expect(failure).toBeInstanceOf(AuthenticationError);
      expect(failure.message).toBe(`${unknown('answered 502')}; then: PATCH /things/{id} answered ${status}`);
      expect(failure.cause).toBeInstanceOf(AuthenticationError);
    },
  );

  it.each<[string, (ReceivedAnswer | ConnectionFault)[], Request, string]>([
    ['what reads', [answered(503), answered(401, {})], READ, 'GET /things answered 401'],
    ['what was turned away', [turnAway(1), answered(401, {})], CHANGE, 'PATCH /things/{id} answered 401'],
    ['what was not sent', [UNSENT, answered(403, {})], CREATE, 'POST /things answered 403'],
  ])('is not %s', async (_, replies, request, message) => {
    const failure = await failureOf(play(inTurn(...replies)).session.perform(request, ANSWER));
    expect(failure).toBeInstanceOf(AuthenticationError);
    expect(failure.message).toBe(message);
  });

  it('is refused all the same where the next attempt is', async () => {
    const failure = await failureOf(
      play(inTurn(answered(503), answered(422, {}))).session.perform(CHANGE, ANSWER),
    );
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure.message).toBe('PATCH /things/{id} answered 422');
  });
});

describe('an interruption', () => {
  it('that came first lets nothing start', async () => {
    const { session, seen } = play(inTurn(answered(200)), { signal: AbortSignal.abort() });
    expect(await failureOf(session.perform(READ, ANSWER))).toEqual(new InterruptedError('Interrupted'));
    expect(seen).toEqual([]);
  });

  it('lets what is in flight end, and nothing else begin', async () => {
    const interruption = new AbortController();
    const { session, seen } = play(
      () => {
        interruption.abort();
        return answered(200, { data: 1 });
      },
      { signal: interruption.signal, connections: 1 },
    );
    const asked = await Promise.allSettled([session.perform(CREATE, ANSWER), session.perform(READ, ANSWER)]);
    expect(asked).toEqual([
      { status: 'fulfilled', value: { status: 200, body: { data: 1 }, dateMs: null } },
      { status: 'rejected', reason: new InterruptedError('Interrupted') },
    ]);
    expect(seen).toHaveLength(1);
  });

  it.each<[string, Request, ReceivedAnswer | ConnectionFault, Error]>([
    ['what reads', READ, answered(503), new InterruptedError('Interrupted')],
    ['what reads and is turned away', READ, turnAway(100), new InterruptedError('Interrupted')],
    ['what was turned away', CHANGE, turnAway(100), new InterruptedError('Interrupted')],
    ['what was not sent', CREATE, UNSENT, new InterruptedError('Interrupted')],
    [
      'what may have been processed',
      CHANGE,
      answered(503),
      new UnknownOutcomeError('PATCH /things/{id}', 'answered 503', 503),
    ],
    [
      'what was lost',
      CHANGE,
      LOST,
      new UnknownOutcomeError('PATCH /things/{id}', LOST.message, null, { cause: LOST }),
    ],
  ])('ends the wait for another attempt at once: of %s', async (_, request, reply, ending) => {
    const interruption = new AbortController();
    const { session, seen } = play(inTurn(reply), {
      signal: interruption.signal,
      onWait: () => interruption.abort(),
    });
    expect(await failureOf(session.perform(request, ANSWER))).toEqual(ending);
    expect(seen).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('while it waits ends the wait, too', async () => {
    const interruption = new AbortController();
    const { session, seen } = play(inTurn(answered(503, {}, { 'retry-after': '100' })), {
      signal: interruption.signal,
    });
    const beganMs = Date.now();
    setTimeout(() => interruption.abort(), 50_000);
    expect(await failureOf(session.perform(READ, ANSWER))).toEqual(new InterruptedError('Interrupted'));
    expect([seen.length, Date.now() - beganMs, vi.getTimerCount()]).toEqual([1, 50_000, 0]);
  });

  it('is not listened for any more after it came, nor after the end', async () => {
    const signals = [new AbortController(), new AbortController()] as const;
    const sessions = signals.map(({ signal }) => play(inTurn(answered(200)), { signal }));
    for (const { signal } of signals) expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    signals[0].abort();
    await sessions[1]?.session.close();
    for (const { signal } of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('of hundreds that wait at once is no reason for a warning', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const { session } = play(inTurn(...Array(40).fill(answered(503)), answered(200)), { connections: 40 });
    await Promise.all(Array.from({ length: 40 }, () => session.perform(READ, ANSWER)));
    expect(warnings).not.toHaveBeenCalled();
  });
});

describe('the end of a session', () => {
  it('ends what waits, and the wire', async () => {
    const { session, closed } = play(inTurn(turnAway(100)), { onWait: () => void session.close() });
    expect(closed()).toBe(false);
    expect(await failureOf(session.perform(READ, ANSWER))).toEqual(new InterruptedError('Interrupted'));
    expect(closed()).toBe(true);
    expect(await failureOf(session.perform(READ, ANSWER))).toEqual(new InterruptedError('Interrupted'));
  });
});

describe('what is written', () => {
  const text = 'Unknown: Example GmbH';

  it.each<[string, Request, unknown, string, boolean]>([
    ['belongs to the object that was changed', CHANGE, {}, 'id-1', true],
    ['belongs to the object that was made', CREATE, { data: { id: 'made' } }, 'made', true],
    ['belongs to the object that was made, without an envelope', CREATE, { id: 'made' }, 'made', true],
    ['belongs to no other', CHANGE, { data: { id: 'made' } }, 'id-2', false],
    ['belongs to none whose id is no text', CREATE, { data: { id: 7 } }, '7', false],
  ])('%s: answers about it may repeat that', async (_, request, body, id, isKnown) => {
    const { session, redactor } = play(inTurn(answered(200, body)));
    await session.write(request);
    expect(redactor.coverError(text, [id])).toBe(isKnown ? 'Unknown: «sensitive»' : text);
  });

  it('is nothing where a request has no text of its own: its id stays what it is', async () => {
    const file = {
      field: 'file',
      filename: 'a.pdf',
      contentType: 'application/pdf',
      bytes: Buffer.from('x'),
    };
    const requests: readonly Request[] = [
      { method: 'DELETE', template: '/things/{id}', params: { id: 'canary-id-1' }, repeat: 'safe' },
      { ...CHANGE, params: { id: 'canary-id-1' }, body: { kind: 'multipart', fields: {}, file } },
    ];
    for (const request of requests) {
      const { session, redactor } = play(inTurn(answered(200)));
      const before = redactor.coverError('of canary-id-1', ['canary-id-1']);
      await session.write(request);
      expect([before, redactor.coverError('of canary-id-1', ['canary-id-1'])]).toEqual([
        'of «sensitive»',
        'of «sensitive»',
      ]);
    }
  });

  it('has been done also where the answer is empty', async () => {
    const { session } = play(inTurn(answered(204, '')));
    expect(await session.write(CHANGE)).toEqual({ status: 204, body: null, dateMs: null });
  });

  it('is not repeated where the key is shown: it is redacted from the first request on', async () => {
    const { session } = play(inTurn(answered(422, { errors: [{ detail: `with ${KEY}` }] })));
    expect((await failureOf(session.write(CHANGE))).message).toBe(
      'PATCH /things/{id} answered 422: with «sensitive»',
    );
  });

  it('is redacted from what refuses it', async () => {
    const { session } = play(inTurn(answered(422, { errors: [{ detail: text }] })));
    expect((await failureOf(session.write(CHANGE))).message).toBe(
      'PATCH /things/{id} answered 422: Unknown: «sensitive»',
    );
  });
});

describe('a list that changes while it is read', () => {
  it('is waited for longer each time, and said so', async () => {
    const { session, waits } = play(inTurn());
    for (const attempt of [1, 2, 6]) await session.pause(READ, attempt, 'the list changes');
    const wait = { reason: 'retry', request: 'GET /things', cause: 'the list changes' };
    expect(waits).toEqual([
      { ...wait, ms: 250, attempt: 1 },
      { ...wait, ms: 500, attempt: 2 },
      { ...wait, ms: 4_000, attempt: 6 },
    ]);
    expect(session.statistics()).toMatchObject({ retries: 0, retryMs: 4_750 });
  });
});

describe('a pause before a list is read again', () => {
  it('ends where the run is interrupted', async () => {
    const interruption = new AbortController();
    const { session } = play(inTurn(), {
      signal: interruption.signal,
      onWait: () => interruption.abort(),
    });
    expect(await failureOf(session.pause(READ, 1, 'the list changes'))).toEqual(
      new InterruptedError('Interrupted'),
    );
  });
});

describe('the statistics of a session', () => {
  it('count requests, bytes and waits', async () => {
    const replies = inTurn(
      answered(503, 'x'.repeat(10)),
      turnAway(2),
      answered(200, 'null'),
      LOST,
      answered(200, '{}'),
    );
    const { session } = play(replies);
    await session.perform(READ, ANSWER);
    await session.perform(CHANGE, ANSWER);
    const body = JSON.stringify({ name: 'Example GmbH' }).length;
    expect(session.statistics()).toEqual({
      requests: 5,
      requestsByMethod: new Map([
        ['GET', 3],
        ['PATCH', 2],
      ]),
      retries: 3,
      waitedMs: 2_500,
      heldMs: 2_000,
      retryMs: 500,
      bytesSent: 2 * body,
      bytesReceived: 10 + 2 + 4 + 2,
    });
  });
});

describe('the durations of a session', () => {
  const usual: Timing = {
    attempts: 5,
    turnsAway: 100,
    connectMs: 10_000,
    requestMs: 30_000,
    backoffBaseMs: 500,
    backoffCapMs: 8_000,
    ownWaitMs: 45_000,
    askedWaitCapMs: 300_000,
    turnedAwayMs: 600_000,
    heldCapMs: 60_000,
    serverSecondMs: 1_000,
  };

  it('are scaled, and its counts are not', () => {
    expect(scaleTiming(1)).toEqual(usual);
    const halves = Object.entries(usual).map(([name, ms]) => [name, ms / 2]);
    expect(scaleTiming(0.5)).toEqual({ ...Object.fromEntries(halves), attempts: 5, turnsAway: 100 });
  });
});

it('a session is not opened with a key or an address that is none', () => {
  expect(() => play(inTurn(), { apiKey: new Sensitive('x') })).toThrow(AuthenticationError);
  expect(() => play(inTurn(), { baseUrl: 'http://api.example.com' })).toThrow(/must begin with https/);
});
