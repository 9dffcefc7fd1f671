import { describe, expect, it } from 'vitest';
import {
  judgeCertificates,
  judgeClock,
  judgeConnection,
  judgeOrderPermission,
  judgePermission,
  judgeProxy,
  judgeRate,
} from '../../src/doctor/connection.ts';
import { judgeGit, judgeLock, judgeNode, judgePlanKey } from '../../src/doctor/setup.ts';
import type { Verdict } from '../../src/model/report/doctor.ts';

function short({ status, exit, message }: Verdict): [string, number, string] {
  return [status, exit ?? 0, message];
}

const answered = (status: number, isJson = true) =>
  judgeConnection({ kind: 'answered', answer: { status, headers: {}, body: {}, isJson, failure: null } });

describe('the connection', () => {
  it.each([
    [401, true, 'expected', 0],
    [401, false, 'handled', 0],
    [429, true, 'handled', 0],
    [200, true, 'handled', 0],
    [200, false, 'unhandled', 8],
    [302, false, 'unhandled', 8],
    [404, true, 'unhandled', 8],
    [503, true, 'unhandled', 8],
  ] as const)('that answers %s, with JSON: %s, is %s', (answer, isJson, status, exit) => {
    expect(short(answered(answer, isJson)).slice(0, 2)).toEqual([status, exit]);
  });

  it.each([
    [
      'where a setting names the place',
      'TELNYX_BASE_URL',
      false,
      'host not found. Is TELNYX_BASE_URL right?',
    ],
    [
      'where no variable names a proxy',
      null,
      true,
      'host not found. Is this machine online? If its network wants a proxy, set HTTPS_PROXY',
    ],
    ['nowhere else', null, false, 'host not found'],
  ])('that fails has a next step %s', (_, doubt, mayWantProxy, says) => {
    const verdict = judgeConnection({ kind: 'fault', message: 'host not found', doubt, mayWantProxy });
    expect(short(verdict)).toEqual(['unhandled', 8, says]);
  });
});

describe('the proxy', () => {
  it.each([
    ['no-tls', '', true, ['expected', 0, 'none: a server on this machine is reached directly']],
    ['broken', 'HTTPS_PROXY is not a URL', false, ['unhandled', 3, 'HTTPS_PROXY is not a URL']],
    ['excepted', '', true, ['expected', 0, 'none: NO_PROXY names the host']],
    ['unset', '', false, ['expected', 0, 'none: neither HTTPS_PROXY nor HTTP_PROXY is set']],
    [
      'unset',
      '',
      true,
      ['handled', 0, 'none: ALL_PROXY is set, which regsync does not read; if it is needed, set HTTPS_PROXY'],
    ],
    ['proxy', 'https_proxy', true, ['expected', 0, 'through the one that https_proxy names']],
  ] as const)('%s %s, with ALL_PROXY: %s', (kind, text, hasOther, says) => {
    expect(short(judgeProxy({ kind, text, hasOther }))).toEqual(says);
  });
});

describe('the clock', () => {
  it.each([
    [30_000, 'expected', 'within a minute of that of the server'],
    [-90_000, 'handled', '2 minutes ahead of that of the server'],
    [2 * 3600_000, 'handled', '2 hours behind that of the server'],
    [-30 * 86_400_000, 'handled', '30 days ahead of that of the server'],
    [null, 'handled', 'answers have no Date'],
  ])('%s ms off', (skewMs, status, says) => {
    const [found, exit, message] = short(judgeClock(skewMs));
    expect([found, exit]).toEqual([status, 0]);
    expect(message).toContain(says);
  });
});

describe('the rate limit', () => {
  it.each([
    [
      { limit: '100', remaining: '90', reset: '60' },
      'expected',
      '90 of 100 requests left (x-ratelimit-reset: 60)',
    ],
    [{ limit: '100', remaining: '3', reset: '60' }, 'handled', '3 of 100 requests left'],
    [
      { limit: '10, 100;w=60', remaining: '9' },
      'expected',
      '9 of 10, 100;w=60 requests left (x-ratelimit-reset: not said)',
    ],
    [{}, 'handled', 'answers say nothing of it'],
    [{ limit: 'Jane Example', remaining: 'x' }, 'handled', 'answers say nothing of it'],
  ])('%o', (given, status, says) => {
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [`x-ratelimit-${name}`, value]),
    );
    const verdict = judgeRate(headers);
    expect([verdict.status, verdict.message]).toEqual([status, expect.stringContaining(says)]);
  });
});

describe('permission', () => {
  it('names what the key may not read, and only orders may be forbidden', () => {
    const statuses = new Map([
      ['requirement_groups', 200],
      ['documents', 403],
      ['addresses', 403],
    ]);
    expect(short(judgePermission(statuses))).toEqual([
      'unhandled',
      7,
      expect.stringContaining('/documents and /addresses (403)'),
    ]);
    expect(short(judgeOrderPermission(new Map([['porting_orders', 403]])))).toEqual([
      'handled',
      0,
      expect.stringContaining('/porting_orders (403)'),
    ]);
    expect(short(judgePermission(new Map([['requirement_groups', 401]])))).toEqual([
      'unhandled',
      7,
      expect.stringContaining('does not accept the key (401)'),
    ]);
  });
});

describe('this machine', () => {
  it.each<[what: string, verdict: Verdict, standing: string, exit: number]>([
    ['Node 20.18', judgeNode('20.18.0'), 'unhandled', 3],
    ['Node 20.19', judgeNode('20.19.0'), 'expected', 0],
    ['Node 23', judgeNode('23.1.0'), 'handled', 0],
    ['a plan key of 31', judgePlanKey(31), 'unhandled', 3],
    ['a plan key of 32', judgePlanKey(32), 'expected', 0],
    ['no plan key', judgePlanKey(null), 'expected', 0],
    [
      'unchecked certificates',
      judgeCertificates({ extra: { kind: 'unset' }, isUnchecked: true }),
      'handled',
      0,
    ],
    ['no git', judgeGit({ kind: 'no-git' }), 'handled', 0],
    [
      'an old lock',
      judgeLock({
        kind: 'found',
        combinations: 2,
        isSample: false,
        asksSimulator: false,
        ageMs: 91 * 86_400_000,
      }),
      'handled',
      0,
    ],
    [
      'a sample lock',
      judgeLock({ kind: 'found', combinations: 2, isSample: true, asksSimulator: false, ageMs: 0 }),
      'handled',
      0,
    ],
    [
      'a sample lock at the sandbox',
      judgeLock({ kind: 'found', combinations: 2, isSample: true, asksSimulator: true, ageMs: 0 }),
      'expected',
      0,
    ],
  ])('%s', (_, verdict, status, exit) => {
    expect(short(verdict).slice(0, 2)).toEqual([status, exit]);
  });
});
