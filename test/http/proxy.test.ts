import { describe, expect, it } from 'vitest';
import { routeTo } from '../../src/http/proxy.ts';

const SERVER = 'https://api.example.com';
const proxied = (given: object = {}) => ({
  kind: 'proxy',
  variable: 'HTTPS_PROXY',
  origin: 'http://proxy.example.com:3128',
  authorization: null,
  ...given,
});
const URL_OF_PROXY = 'http://proxy.example.com:3128';

describe('the way to a server', () => {
  it.each([
    [{}, { kind: 'direct', because: 'unset' }],
    [
      { HTTPS_PROXY: ' ', http_proxy: '' },
      { kind: 'direct', because: 'unset' },
    ],
    [{ ALL_PROXY: URL_OF_PROXY }, { kind: 'direct', because: 'unset' }],
    [{ HTTPS_PROXY: URL_OF_PROXY }, proxied()],
    [{ HTTP_PROXY: URL_OF_PROXY }, proxied({ variable: 'HTTP_PROXY' })],
    [{ http_proxy: URL_OF_PROXY, HTTP_PROXY: 'x' }, proxied({ variable: 'http_proxy' })],
    [{ https_proxy: URL_OF_PROXY, HTTPS_PROXY: 'x' }, proxied({ variable: 'https_proxy' })],
    [{ https_proxy: '', HTTPS_PROXY: URL_OF_PROXY }, proxied()],
    [{ HTTPS_PROXY: URL_OF_PROXY, http_proxy: 'x' }, proxied()],
    [
      { HTTPS_PROXY: 'x', NO_PROXY: 'example.com' },
      { kind: 'direct', because: 'excepted' },
    ],
  ])('by %j', (env, route) => {
    expect(routeTo(SERVER, env)).toEqual(route);
  });

  it('without TLS is direct, whatever is set', () => {
    const env = { HTTPS_PROXY: 'x', HTTP_PROXY: 'x' };
    expect(routeTo('http://127.0.0.1:8080', env)).toEqual({ kind: 'direct', because: 'no-tls' });
  });
});

describe('a proxy', () => {
  it.each([
    [` ${URL_OF_PROXY}/ `, URL_OF_PROXY, null],
    ['HTTP://PROXY.example.com:3128', URL_OF_PROXY, null],
    ['http://proxy.example.com', 'http://proxy.example.com', null],
    ['https://proxy.example.com', 'https://proxy.example.com', null],
    ['http://[::1]:3128', 'http://[::1]:3128', null],
    ['http://name:pass%20word%40@proxy.example.com:3128', URL_OF_PROXY, 'name:pass word@'],
    ['http://name:p\u00e4ss@word@proxy.example.com:3128', URL_OF_PROXY, 'name:p\u00e4ss@word'],
    ['http://token@proxy.example.com:3128', URL_OF_PROXY, 'token:'],
    ['http://:token@proxy.example.com:3128', URL_OF_PROXY, ':token'],
  ])('is read from %s', (HTTPS_PROXY, origin, credentials) => {
    const authorization =
      credentials === null ? null : `Basic ${Buffer.from(credentials).toString('base64')}`;
    expect(routeTo(SERVER, { HTTPS_PROXY })).toEqual(proxied({ origin, authorization }));
  });

  const NO_URL =
    'HTTPS_PROXY is not a URL such as http://proxy.example.com:3128 (in a name or password, write %2F for /, %3F for ?, %23 for # and %25 for %)';
  const SOCKS =
    'HTTPS_PROXY names a SOCKS proxy, which regsync cannot use. Write the URL of an HTTP proxy, such as http://proxy.example.com:3128';
  const PERCENT = 'HTTPS_PROXY has a % in its name or password that begins no code: write it as %25';

  it.each([
    ['proxy.example.com:3128', NO_URL],
    ['//proxy.example.com:3128', NO_URL],
    ['ftp://proxy.example.com', NO_URL],
    ['http://', NO_URL],
    ['http://proxy.example.com:99999', NO_URL],
    ['"http://proxy.example.com"', NO_URL],
    // The password would become a port and a path, and its rest go unsaid.
    ['http://name:1/canary@proxy.example.com:3128', NO_URL],
    ['http://name:1#canary@proxy.example.com:3128', NO_URL],
    ['http://name:1?canary@proxy.example.com:3128', NO_URL],
    ['socks5://proxy.example.com', SOCKS],
    ['SOCKS5h://name:canary@proxy.example.com', SOCKS],
    ['http://name:canary%zz@proxy.example.com:3128', PERCENT],
    ['http://canary%@proxy.example.com:3128', PERCENT],
  ])('is not read from %s, and the value is not shown', (HTTPS_PROXY, message) => {
    expect(() => routeTo(SERVER, { HTTPS_PROXY })).toThrow(
      expect.objectContaining({ name: 'InvalidInputError', message, isAboutAccess: true }),
    );
  });
});

describe('NO_PROXY', () => {
  const isExcepted = (origin: string, env: NodeJS.ProcessEnv) =>
    routeTo(origin, { HTTPS_PROXY: URL_OF_PROXY, ...env }).kind === 'direct';

  it.each([
    ['*', SERVER],
    [' * ', SERVER],
    ['localhost, *', SERVER],
    ['api.example.com', SERVER],
    ['API.Example.COM', SERVER],
    ['example.com', SERVER],
    ['.example.com', SERVER],
    ['*.example.com', SERVER],
    ['example.com.', SERVER],
    ['localhost,example.com', SERVER],
    ['localhost example.com', SERVER],
    ['localhost,\n example.com ', SERVER],
    ['example.com:443', SERVER],
    ['example.com:8443', 'https://api.example.com:8443'],
    ['127.0.0.1', 'https://127.0.0.1:8443'],
    ['127.0.0.1:8443', 'https://127.0.0.1:8443'],
    ['10.0.0.0/8', 'https://10.1.2.3'],
    ['::1', 'https://[::1]:8443'],
    ['[::1]', 'https://[::1]:8443'],
    ['[::1]:8443', 'https://[::1]:8443'],
    ['fd00::/8', 'https://[fd00::1]'],
  ])('%j excepts %s', (NO_PROXY, origin) => {
    expect(isExcepted(origin, { NO_PROXY })).toBe(true);
  });

  it.each([
    ['', SERVER],
    [' , ', SERVER],
    ['.', SERVER],
    ['ample.com', SERVER],
    ['www.api.example.com', SERVER],
    ['example.com:80', SERVER],
    ['example.com:443', 'https://api.example.com:8443'],
    ['https://api.example.com', SERVER],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/33', 'https://10.1.2.3'],
    ['10.0.0.0/x', 'https://10.1.2.3'],
    ['10.0.0.0/8', SERVER],
    ['fd00::/8', 'https://10.1.2.3'],
    ['fd00::/129', 'https://[fd00::1]'],
    ['example.com/8', SERVER],
  ])('%j does not except %s', (NO_PROXY, origin) => {
    expect(isExcepted(origin, { NO_PROXY })).toBe(false);
  });

  it('in lower case goes first, unless it is empty', () => {
    expect(isExcepted(SERVER, { no_proxy: 'example.com', NO_PROXY: 'example.org' })).toBe(true);
    expect(isExcepted(SERVER, { no_proxy: 'example.org', NO_PROXY: 'example.com' })).toBe(false);
    expect(isExcepted(SERVER, { no_proxy: ' ', NO_PROXY: 'example.com' })).toBe(true);
  });
});
