import { describe, expect, it } from 'vitest';
import { type Ending, endingOf } from '../../src/model/ending.ts';
import {
  ApiError,
  AuthenticationError,
  InterruptedError,
  InvalidInputError,
  MalformedAnswerError,
  OutputError,
  RefusedError,
  UnreachableError,
} from '../../src/model/errors.ts';

const PROBLEM = { severity: 'error', code: 'quote-it', message: 'quote it' } as const;

const KEY =
  'If the key was revoked or belongs to another server of Telnyx, make a new one in the portal and set it as TELNYX_API_KEY.';
const URL_HINT = 'Is the base URL right? TELNYX_BASE_URL ends in /v2, such as https://api.telnyx.com/v2.';
const refusalOf = (status: number, request = 'GET /documents') => new ApiError(status, request, [], null);
const about = (cause: unknown) => new AuthenticationError('the key is refused.', { cause });

describe('a run that an error ended', () => {
  it.each<[string, unknown, number, string, Partial<Ending>]>([
    [
      'is invalid',
      new InvalidInputError('wrong', [PROBLEM]),
      3,
      'invalid',
      { message: 'wrong', problems: [PROBLEM] },
    ],
    [
      'is invalid, and the doctor knows why',
      new InvalidInputError('no URL', [], { isAboutAccess: true }),
      3,
      'invalid',
      { message: 'no URL', doctorHelps: true },
    ],
    [
      'is refused',
      new RefusedError('stale', [PROBLEM]),
      5,
      'refused',
      { message: 'stale', problems: [PROBLEM] },
    ],
    [
      'has no key',
      new AuthenticationError('there is none'),
      7,
      'auth',
      { message: 'there is none', doctorHelps: true },
    ],
    [
      'has a key that Telnyx does not know',
      about(refusalOf(401)),
      7,
      'auth',
      { message: `the key is refused. ${KEY}`, doctorHelps: true },
    ],
    [
      'has a key that may not do this',
      about(refusalOf(403)),
      7,
      'auth',
      {
        message:
          'the key is refused. The key or its user lacks the permission for GET /documents. Allow it in the portal, or use a key of another user.',
        doctorHelps: true,
      },
    ],
    [
      'has a token that GitHub refuses, which said why itself',
      about(refusalOf(403, 'GET /repos/{repository}')),
      7,
      'auth',
      { message: 'the key is refused.', doctorHelps: true },
    ],
    [
      'reaches nobody',
      new UnreachableError('nobody'),
      8,
      'unreachable',
      { message: 'nobody', doctorHelps: true },
    ],
    [
      'is told nonsense',
      new MalformedAnswerError('odd'),
      8,
      'unreachable',
      { message: 'odd', doctorHelps: true },
    ],
    [
      'finds nothing where there is always something',
      refusalOf(404),
      8,
      'api',
      { message: `GET /documents answered 404. ${URL_HINT}`, doctorHelps: true },
    ],
    [
      'does not find one object',
      refusalOf(404, 'GET /documents/{id}'),
      8,
      'api',
      { message: 'GET /documents/{id} answered 404', doctorHelps: true },
    ],
    [
      'is refused a reading',
      refusalOf(422),
      8,
      'api',
      { message: 'GET /documents answered 422', doctorHelps: true },
    ],
    ['cannot write its result', new OutputError('full'), 1, 'output', { message: 'full' }],
    ['is interrupted', new InterruptedError('by a signal'), 130, 'interrupted', { message: 'by a signal' }],
  ])('that %s', (_, error, exit, code, rest) => {
    expect(endingOf(error)).toEqual({ exit, code, problems: [], doctorHelps: false, ...rest });
  });

  it.each([
    ['an error', new TypeError('Jo Example is not a function'), 'TypeError'],
    ['an error of the system', Object.assign(new Error('/home/jo'), { code: 'EIO' }), 'Error EIO'],
    ['an error whose code is no word', Object.assign(new Error('Jo'), { code: 7 }), 'Error'],
    ['something that is no error', 'Jo Example', 'Error'],
  ])('that nobody foresaw shows kind and place, and none of its words: %s', (_, error, kind) => {
    const { message, ...rest } = endingOf(error);
    expect(rest).toEqual({ exit: 1, code: 'unexpected', problems: [], doctorHelps: false });
    expect(message.replace(/, at .*?\)(?=\. Please)/, ', at …)')).toBe(
      `this is a fault in regsync (${kind}${error instanceof Error ? ', at …' : ''}). Please report it at https://github.com/regsync/regsync/issues with this line, the output of \`regsync --version\` and \`regsync doctor\`, and the file that \`regsync doctor --record shapes.json\` writes. Never attach a manifest, a document or a key`,
    );
    expect(message).not.toContain('Jo');
  });
});
