import { describe, expect, it } from 'vitest';
import { AuthenticationError, InvalidInputError } from '../../src/model/errors.ts';
import { reveal } from '../../src/model/privacy/sensitive.ts';
import { checkApiKey, checkBaseUrl } from '../../src/telnyx/access.ts';

describe('the API key', () => {
  it('is trimmed', () => {
    expect(reveal(checkApiKey('  KEY01_abc\n'))).toBe('KEY01_abc');
  });

  it.each([
    ['is missing', undefined],
    ['is empty', '   '],
    ['has a line break inside', 'KEYcanary\ncanary'],
    ['has a NUL inside', 'KEYcanary\0canary'],
    ['has a space inside', 'KEYcanary canary'],
    ['has an accent', 'KEYcanaryé'],
    ['is another credential', 'sk-canary'],
    ['is only quoted', '"KEYcanary"'],
    ['has a quote inside', 'KEY"canary'],
    ['has a backslash inside', 'KEY\\canary'],
    ['is hardly more than the word', 'KEY0000'],
  ])('is refused without being shown when it %s', (_, text) => {
    const refusal = catchError(() => checkApiKey(text));
    expect(refusal).toBeInstanceOf(AuthenticationError);
    expect(refusal.message).not.toContain('canary');
  });
});

describe('a slip around the API key', () => {
  it.each([
    ['Bearer KEYcanary', 'Delete that word'],
    ['bearer\tKEYcanary', 'Delete that word'],
    ['"KEYcanary"', 'in quotes'],
    ["'KEYcanary'", 'in quotes'],
  ])('%j is named, and the key is not shown', (text, next) => {
    const { message } = catchError(() => checkApiKey(text));
    expect(message).toContain(next);
    expect(message).not.toContain('canary');
  });
});

describe('what is said of an API key', () => {
  it.each([
    [undefined, 'The API key is missing. Set TELNYX_API_KEY, or add --api-key-file FILE'],
    ['Bearer KEYcanary', 'The API key begins with the word Bearer. Delete that word: a key begins with KEY'],
    [
      '`KEYcanary`',
      'The API key is in quotes. Delete the quotes: a secret or a variable contains the key alone',
    ],
    [
      'KEY canary',
      'The API key contains a space, a line break or another character that keys never have. Copy it again from the Telnyx portal',
    ],
    [
      '"KEYcanary',
      'The API key contains a space, a line break or another character that keys never have. Copy it again from the Telnyx portal',
    ],
    [
      'BearerKEYcanary',
      'The API key does not begin with KEY. Make an API key of version 2 in the Telnyx portal, which shows it once',
    ],
    [
      'KEY1 Bearer KEY2',
      'The API key contains a space, a line break or another character that keys never have. Copy it again from the Telnyx portal',
    ],
    [
      "'KEY'canary",
      'The API key does not begin with KEY. Make an API key of version 2 in the Telnyx portal, which shows it once',
    ],
    ['KEY1234', 'The API key is too short, so it is cut off. Copy it again from the Telnyx portal'],
  ])('is the next step: %j', (text, message) => {
    expect(catchError(() => checkApiKey(text))).toEqual(new AuthenticationError(message));
  });

  it('is the variable that it was looked for in', () => {
    expect(catchError(() => checkApiKey('', 'REGSYNC_KEY_B')).message).toBe(
      'The API key is missing. Set REGSYNC_KEY_B, or add --api-key-file FILE',
    );
  });

  it('is nothing where it may be one', () => {
    for (const key of ['KEY12345', "KEY1'2345'", "KEY!#$%&'()*+,-./:;<=>?@[]^_`{|}~"]) {
      expect(reveal(checkApiKey(key))).toBe(key);
    }
  });
});

describe('the base URL', () => {
  it.each([
    ['https://api.telnyx.com/v2', 'https://api.telnyx.com/v2', 'api.telnyx.com', '/v2'],
    ['https://api.telnyx.com/v2///', 'https://api.telnyx.com/v2', 'api.telnyx.com', '/v2'],
    ['https://api.telnyx.eu', 'https://api.telnyx.eu', 'api.telnyx.eu', ''],
    ['http://localhost:8080/v2/', 'http://localhost:8080/v2', 'localhost:8080', '/v2'],
    ['http://127.1.2.3:8080', 'http://127.1.2.3:8080', '127.1.2.3:8080', ''],
    ['http://127.10.20.30', 'http://127.10.20.30', '127.10.20.30', ''],
    ['http://[::1]:8080/v2', 'http://[::1]:8080/v2', '[::1]:8080', '/v2'],
  ])('%s is kept as %s', (text, href, host, path) => {
    expect(checkBaseUrl(text)).toEqual({ href, origin: new URL(text).origin, host, path });
  });

  it.each([
    ['api.telnyx.com', 'The base URL is not a URL'],
    [
      'http://api.telnyx.com',
      'The base URL must begin with https://, because http:// is for localhost alone',
    ],
    ['http://127.0.0.1000/v2', 'The base URL is not a URL'],
    [
      'http://127.0.0.1.example.com',
      'The base URL must begin with https://, because http:// is for localhost alone',
    ],
    ['https://:canary@api.telnyx.com', 'The base URL must not contain a user name or password'],
    ['https://api.telnyx.com/v2?', 'The base URL must not contain a query or a fragment'],
  ])('%j is told what is wrong with it', (text, message) => {
    const refusal = catchError(() => checkBaseUrl(text));
    expect(refusal).toEqual(new InvalidInputError(message, [], { isAboutAccess: true }));
  });

  it.each([
    ['base_url in regsync.yaml', 'Correct it'],
    ['TELNYX_BASE_URL', 'Unset it, or write https://api.telnyx.com/v2'],
  ])('is told that %s names it, and the next step', (setting, next) => {
    const refusal = catchError(() => checkBaseUrl('api.telnyx.com', setting));
    const message = `${setting} is not a URL. ${next}`;
    expect(refusal).toEqual(new InvalidInputError(message, [], { isAboutAccess: true }));
  });

  it.each([
    'http://api.telnyx.com/v2',
    'http://localhost.example.com/v2',
    'http://127.0.0.1.example.com/v2',
    'ftp://localhost/v2',
    'https://user:canary@api.telnyx.com/v2',
    'https://canary@api.telnyx.com/v2',
    'https://api.telnyx.com/v2?canary=1',
    'https://api.telnyx.com/v2#canary',
    'https://api.telnyx.com/v2?',
    'api.telnyx.com/canary',
    '',
  ])('%j is refused without being repeated', (text) => {
    const refusal = catchError(() => checkBaseUrl(text));
    expect(refusal).toBeInstanceOf(InvalidInputError);
    expect(refusal.message).not.toContain('canary');
  });
});

function catchError(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown');
}
