import { describe, expect, it } from 'vitest';
import { openDispatcher, proxyVariableOf } from '../../src/http/dispatcher.ts';
import { InvalidInputError } from '../../src/model/errors.ts';

const PROXY = 'http://proxy.example.com:3128';

describe('the variable that names a proxy', () => {
  it.each<[NodeJS.ProcessEnv, string | null]>([
    [{}, null],
    [{ HTTPS_PROXY: '', http_proxy: ' ' }, null],
    [{ HTTP_PROXY: PROXY }, 'HTTP_PROXY'],
    [{ HTTP_PROXY: PROXY, http_proxy: PROXY }, 'http_proxy'],
    [{ http_proxy: PROXY, HTTPS_PROXY: ` ${PROXY}\n` }, 'HTTPS_PROXY'],
    [{ HTTPS_PROXY: PROXY, https_proxy: 'https://proxy.example.com' }, 'https_proxy'],
    [{ https_proxy: ' ', HTTP_PROXY: PROXY }, 'HTTP_PROXY'],
    [{ NO_PROXY: PROXY, ALL_PROXY: PROXY }, null],
  ])('is, of %j, %s', (env, variable) => {
    expect(proxyVariableOf(env)).toBe(variable);
  });

  it.each(['proxy.example.com:3128', 'socks5://canary@proxy.example.com', 'http://', 'xhttp://canary'])(
    'has to hold a URL, which is not repeated: %s',
    (value) => {
      expect(() => proxyVariableOf({ HTTP_PROXY: value })).toThrow(
        expect.objectContaining({
          name: 'InvalidInputError',
          message: 'HTTP_PROXY is not a URL such as http://proxy.example.com:3128',
          problems: [],
          isAboutAccess: true,
        }),
      );
    },
  );

  it('has to hold one even where the server is on this machine', () => {
    const options = { origin: 'http://127.0.0.1:1', access: 'read', connections: 1, connectMs: 1 } as const;
    expect(() => openDispatcher({ ...options, env: { http_proxy: 'canary' } })).toThrow(InvalidInputError);
  });
});
