import { describe, expect, it } from 'vitest';
import type { Headers } from '../../src/http/transport.ts';
import { ApiError, AuthenticationError, UnreachableError } from '../../src/model/errors.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { judgeStatus, readAnswer } from '../../src/telnyx/answer.ts';

/** What every request names. */
const NAMED = ['Example GmbH', 'regulatory', 'id-1'];

function judge(status: number, body: unknown = '', headers: Headers = {}, named: readonly string[] = NAMED) {
  const redactor = new Redactor();
  redactor.addSecret(new Sensitive('KEY0123456789'));
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return judgeStatus(
    { status, headers, bytes, transferredBytes: 0 },
    { request: 'GET /things', host: 'api.example.com', redactor, strings: () => named },
  );
}

function refusalOf(
  status: number,
  body: unknown,
  headers: Headers = {},
  named: readonly string[] = NAMED,
): ApiError {
  const verdict = judge(status, body, headers, named);
  if (verdict.kind !== 'refused' || !(verdict.error instanceof ApiError)) throw new Error('It is no refusal');
  return verdict.error;
}

describe('a status', () => {
  it.each([
    [200, 'success'],
    [204, 'success'],
    [299, 'success'],
    [429, 'limited'],
    [408, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
    [300, 'refused'],
    [399, 'refused'],
    [499, 'refused'],
    [400, 'refused'],
    [404, 'refused'],
    [409, 'refused'],
    [422, 'refused'],
  ])('of %i is %s', (status, kind) => {
    expect(judge(status).kind).toBe(kind);
  });

  it.each([401, 403])('of %i refuses the key', (status) => {
    expect(judge(status)).toMatchObject({ kind: 'refused', error: expect.any(AuthenticationError) });
  });
});

describe('a redirect', () => {
  it.each([300, 307, 399])('of %i is not followed, nor shown', (status) => {
    expect(judge(status, 'canary', { location: 'https://canary.example.com' })).toEqual({
      kind: 'refused',
      error: new UnreachableError(
        'api.example.com answered GET /things with a redirect, and regsync does not follow it. Is the base URL right?',
      ),
    });
  });
});

describe('a refusal', () => {
  const NOTHING = { code: null, title: null, detail: null, pointer: null };

  it.each<[string, unknown, object[]]>([
    [
      'as documented',
      {
        errors: [{ code: '10005', title: 'Not found', detail: 'No such thing', source: { pointer: '/id' } }],
      },
      [{ code: '10005', title: 'Not found', detail: 'No such thing', pointer: '/id' }],
    ],
    [
      'with a description and a parameter',
      { errors: [{ code: 10005, description: 'Unknown', source: { parameter: 'filter[x]' } }] },
      [{ code: '10005', title: null, detail: 'Unknown', pointer: 'filter[x]' }],
    ],
    [
      'with both of either',
      { errors: [{ detail: 'a', description: 'b', source: { pointer: '/a', parameter: 'b' } }] },
      [{ ...NOTHING, detail: 'a', pointer: '/a' }],
    ],
    [
      'that repeats what was sent',
      { errors: [{ detail: 'Not Example GmbH' }] },
      [{ ...NOTHING, detail: 'Not «sensitive»' }],
    ],
    [
      'whose code and place are data, though they sound like what was sent',
      {
        errors: [{ code: '10015', title: 'regulatory', source: { pointer: '/regulatory/0/field_value' } }],
      },
      [{ ...NOTHING, code: '10015', title: '«sensitive»', pointer: '/regulatory/0/field_value' }],
    ],
    [
      'whose code and place are one word that was sent',
      { errors: [{ code: 'regulatory', source: { parameter: 'regulatory' } }, { code: 'invalid' }] },
      [
        { ...NOTHING, code: '«sensitive»', pointer: '«sensitive»' },
        { ...NOTHING, code: 'invalid' },
      ],
    ],
    [
      'whose code and place are no data',
      { errors: [{ code: 'Example GmbH', source: { pointer: '/Example GmbH' } }] },
      [{ ...NOTHING, code: '«sensitive»', pointer: '/«sensitive»' }],
    ],
    [
      'that repeats the key',
      { errors: [{ code: 'KEY0123456789', detail: 'KEY0123456789' }] },
      [{ ...NOTHING, code: '«sensitive»', detail: '«sensitive»' }],
    ],
    [
      'with control characters',
      { errors: [{ detail: ' a\u001b\u202e[31m\u2028b\u0000 ', title: ' \n ' }] },
      [{ ...NOTHING, detail: 'a [31m b' }],
    ],
    [
      'with odd entries',
      { errors: ['x', null, 7, { code: true, title: {}, source: 'x' }] },
      [NOTHING, NOTHING, NOTHING, NOTHING],
    ],
    ['with no entry', { errors: [] }, []],
    ['with no list', { errors: { detail: 'canary' } }, []],
    ['with a list alone', [{ detail: 'canary' }], []],
    ['of null', 'null', []],
    ['of HTML', '<html>canary</html>', []],
    ['of nothing', '', []],
  ])('is told as far as it can be understood: one %s', (_, body, details) => {
    expect(refusalOf(422, body).details).toEqual(details);
  });

  it.each([
    ['10027', true],
    ['100275', false],
    ['/regulatory_requirements/0/field_value', true],
    ['/regulatory/1234', false],
    ['regulatory[created_at][gt]', true],
    ['/regulatory', true],
    ['regulatory/', false],
    ['Regulatory', false],
    ['regulatory id', false],
    ['regulatory9', false],
  ])('names a place as it is only where that looks like one: %s', (pointer, isData) => {
    // Of what is no data, the word that was sent is taken out.
    const shown = refusalOf(422, { errors: [{ source: { pointer } }] }).details[0]?.pointer;
    expect(shown === pointer).toBe(isData || !/regulatory/i.test(pointer));
  });

  it.each([
    ['10027', true],
    ['1', true],
    ['123', true],
    ['1234', false],
    ['/0/123', true],
    ['/0/1234', false],
    ['100 27', false],
  ])(
    'names a place as it is, though it was sent as well, only where that looks like one: %s',
    (pointer, isData) => {
      const { details } = refusalOf(422, { errors: [{ source: { pointer } }] }, {}, [pointer]);
      expect(details[0]?.pointer === pointer).toBe(isData);
    },
  );

  it('is not looked through for words behind thousands of blanks', () => {
    expect(refusalOf(422, { errors: [{ detail: `${' '.repeat(3_999)}x` }] }).details[0]?.detail).toBe('x');
    expect(refusalOf(422, { errors: [{ detail: `${' '.repeat(4_000)}x` }] }).details[0]?.detail).toBeNull();
  });

  it('is cut: after 20 entries, and each text after 500 characters', () => {
    const texts = ['x'.repeat(500), 'x'.repeat(501), '😀'.repeat(501), 'x'.repeat(5_000)];
    const errors = Array.from({ length: 30 }, (_, index) => ({ detail: texts[index] ?? `${index}` }));
    const { details } = refusalOf(422, { errors });
    expect(details.map(({ detail }) => detail)).toEqual([
      'x'.repeat(500),
      `${'x'.repeat(499)}…`,
      `${'😀'.repeat(499)}…`,
      `${'x'.repeat(499)}…`,
      ...Array.from({ length: 16 }, (_, index) => `${index + 4}`),
    ]);
  });

  it('is redacted before it is cut', () => {
    const detail = `${'x'.repeat(494)} Example GmbH`;
    expect(refusalOf(422, { errors: [{ detail }] }).details[0]?.detail).toBe(`${'x'.repeat(494)} «sen…`);
  });

  it('is not read where it is longer than any real one', () => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify({ errors: [{ title: 'no' }], rest: '' }).length;
      return { errors: [{ title: 'no' }], rest: 'x'.repeat(bytes - empty) };
    };
    expect(refusalOf(422, sized(256 * 1024)).details).toHaveLength(1);
    expect(refusalOf(422, sized(256 * 1024 + 1)).details).toEqual([]);
  });

  it.each<[Headers, string | null]>([
    [{}, null],
    [{ 'x-request-id': 'r-1' }, 'r-1'],
    [{ 'x-telnyx-request-id': 'r-2' }, 'r-2'],
    [{ 'x-request-id': 'r-1', 'x-telnyx-request-id': 'r-2' }, 'r-1'],
    [{ 'x-request-id': 'a.b:c-d_e <f>\t\n' }, 'a.b:c-d_ef'],
    [{ 'x-request-id': '<>' }, null],
    [{ 'x-request-id': 'KEY0123456789' }, 'sensitive'],
    [{ 'x-request-id': 'x'.repeat(200) }, 'x'.repeat(128)],
  ])('has the id of its request, where the headers have one: %j', (headers, requestId) => {
    expect(refusalOf(404, '', headers)).toMatchObject({ status: 404, request: 'GET /things', requestId });
  });

  it.each([
    [{}, ''],
    [{ 'x-request-id': 'r-1' }, ' (request id r-1)'],
  ])('of the key says what the server said: %j', (headers, suffix) => {
    const verdict = judge(401, { errors: [{ code: '10009', detail: 'The key is revoked' }] }, headers);
    const error = (verdict as { error: AuthenticationError }).error;
    expect(error.message).toBe(`GET /things answered 401: 10009 The key is revoked${suffix}`);
    expect(error.cause).toBeInstanceOf(ApiError);
  });
});

describe('an answer', () => {
  it.each<[string, unknown]>([
    ['{"a":1}', { a: 1 }],
    ['\ufeff[]', []],
    ['null', null],
    ['', null],
    [' \n', null],
  ])('is read from %j', (text, body) => {
    const headers = { date: 'Sat, 01 Aug 2026 10:00:00 GMT' };
    expect(readAnswer({ status: 201, headers, bytes: Buffer.from(text), transferredBytes: 0 })).toEqual({
      status: 201,
      body,
      dateMs: Date.UTC(2026, 7, 1, 10),
    });
  });

  it.each(['{"a":', '<html>', 'nothing'])('is none where it is no JSON: %s', (text) => {
    expect(
      readAnswer({ status: 200, headers: {}, bytes: Buffer.from(text), transferredBytes: 0 }),
    ).toBeNull();
  });
});
