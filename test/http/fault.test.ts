import { describe, expect, it } from 'vitest';
import { ConnectionFault, faultOf, ProxyError } from '../../src/http/fault.ts';

const DIRECT = { kind: 'direct', because: 'unset' } as const;

function errorWith(code: string | undefined, message = 'canary'): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

const ofCa =
  'if your company inspects TLS or has a CA of its own, set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA';
const untrusted = (what: string): string => `TLS failed: its certificate is ${what}`;

describe('why there is no answer', () => {
  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'host not found'],
    ['EAI_AGAIN', 'host name could not be resolved'],
    ['ECONNRESET', 'the connection was lost'],
    ['EPIPE', 'the connection was lost'],
    ['EPROTO', 'TLS failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'TLS failed: the server does not speak TLS there'],
    ['ETIMEDOUT', 'no connection in time'],
    ['EHOSTUNREACH', 'the host cannot be reached'],
    ['ENETUNREACH', 'the network cannot be reached'],
    ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
    ['UND_ERR_SOCKET', 'the connection was lost'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'the connection was lost'],
    ['UND_ERR_HEADERS_OVERFLOW', 'an answer with headers that are too long'],
    ['ENEW_1', 'the connection failed (ENEW_1)'],
    ['X'.repeat(60), `the connection failed (${'X'.repeat(60)})`],
    ['X'.repeat(61), 'the connection failed'],
    ['told by the server', 'the connection failed'],
    ['lower', 'the connection failed'],
    [undefined, 'the connection failed'],
  ])('is told by the code alone, and whether something was sent by when it failed: %s', (code, message) => {
    const shown = ({ kind, message, isProxy }: ConnectionFault) => ({ kind, message, isProxy });
    expect(shown(faultOf(errorWith(code), false, DIRECT))).toEqual({
      kind: 'unsent',
      message,
      isProxy: false,
    });
    expect(shown(faultOf(errorWith(code), true, DIRECT))).toEqual({ kind: 'lost', message, isProxy: false });
  });

  it.each([
    ['SELF_SIGNED_CERT_IN_CHAIN', untrusted(`signed by a CA that this machine does not know: ${ofCa}`)],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', untrusted(`signed by itself: ${ofCa}`)],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted(`signed by a CA that this machine does not know: ${ofCa}`)],
    ['UNABLE_TO_GET_ISSUER_CERT', untrusted(`signed by a CA that this machine does not know: ${ofCa}`)],
    [
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      untrusted(`signed by a CA that this machine does not know: ${ofCa}`),
    ],
    ['CERT_UNTRUSTED', untrusted(`not trusted: ${ofCa}`)],
    ['CERT_HAS_EXPIRED', 'TLS failed: its certificate has expired, or the clock of this machine is wrong'],
    [
      'CERT_NOT_YET_VALID',
      'TLS failed: its certificate is not valid yet, or the clock of this machine is wrong',
    ],
    ['CERT_REVOKED', untrusted('revoked')],
    ...['ERR_TLS_CERT_ALTNAME_INVALID', 'UND_ERR_PRX_TLS', 'HOSTNAME_MISMATCH'].map((code) => [
      code,
      untrusted('for another host name: is the address right, or does something stand in between?'),
    ]),
    ['INVALID_PURPOSE', 'TLS failed: its certificate, or one that it is signed by, is not made for servers'],
    ['INVALID_CA', untrusted('signed by one that is not a CA')],
    ['CERT_REJECTED', untrusted('not accepted (CERT_REJECTED)')],
    ['PATH_LENGTH_EXCEEDED', untrusted('not accepted (PATH_LENGTH_EXCEEDED)')],
  ])('is a certificate with which no other attempt ends otherwise: %s', (code, message) => {
    expect(faultOf(errorWith(code), false, DIRECT)).toMatchObject({
      kind: 'unusable',
      message,
      isProxy: false,
    });
    expect(faultOf(errorWith(code), true, DIRECT)).toMatchObject({ kind: 'lost', message, isProxy: false });
  });

  it.each([
    ['ENOTFOUND', 'unset', true],
    ['ENETUNREACH', 'unset', true],
    ['ECONNREFUSED', 'unset', false],
    ['ENOTFOUND', 'excepted', false],
    ['ENOTFOUND', 'no-tls', false],
  ] as const)('may lack a proxy: %s where the proxy is %s: %s', (code, because, mayNeedProxy) => {
    expect(faultOf(errorWith(code), false, { kind: 'direct', because })).toMatchObject({ mayNeedProxy });
    expect(faultOf(errorWith(code), true, { kind: 'direct', because })).toMatchObject({
      mayNeedProxy: false,
    });
  });

  it('is no HTTP, whatever code that has', () => {
    const error = Object.assign(errorWith('HPE_INVALID_CONSTANT'), { name: 'HTTPParserError' });
    expect(faultOf(error, true, DIRECT)).toEqual(new ConnectionFault('lost', 'an answer that is not HTTP'));
  });

  it.each<[string, Error, ConnectionFault['kind'], string]>([
    [
      'wants a password',
      errorWith(undefined, 'Proxy response (407) canary'),
      'unusable',
      'the proxy that HTTPS_PROXY names needs another name and password (407): write them as http://NAME:PASSWORD@HOST:PORT',
    ],
    [
      'forbids it',
      errorWith(undefined, 'Proxy response (403)'),
      'unusable',
      'the proxy that HTTPS_PROXY names does not let this host through (403): ask its administrator to allow the host',
    ],
    [
      'refuses',
      errorWith(undefined, 'Proxy response (502)'),
      'unsent',
      'the proxy that HTTPS_PROXY names refused to connect (502)',
    ],
    [
      'says something else',
      errorWith('ECONNREFUSED', 'a Proxy response (502)'),
      'unsent',
      'the proxy that HTTPS_PROXY names: connection refused',
    ],
    [
      'is silent',
      errorWith('UND_ERR_HEADERS_TIMEOUT'),
      'unsent',
      'the proxy that HTTPS_PROXY names does not answer',
    ],
    [
      'is not trusted',
      errorWith('CERT_REVOKED'),
      'unusable',
      'the proxy that HTTPS_PROXY names: TLS failed: its certificate is revoked',
    ],
    ['does not exist', errorWith('ENOTFOUND'), 'unsent', 'the proxy that HTTPS_PROXY names: host not found'],
  ])('is a proxy, named by its variable, that %s', (_, cause, kind, message) => {
    const fault = faultOf(new ProxyError('HTTPS_PROXY', cause), true, DIRECT);
    expect(fault).toMatchObject({ name: 'Fault', kind, message, isProxy: true });
  });

  it('names a proxy that lets through, beside a server that could as well be to blame', () => {
    const route = {
      kind: 'proxy',
      variable: 'https_proxy',
      origin: 'http://proxy.example.com:3128',
      authorization: null,
    } as const;
    expect(faultOf(errorWith('ECONNRESET'), false, route)).toEqual(
      new ConnectionFault('unsent', 'the connection was lost (through the proxy that https_proxy names)'),
    );
  });

  it('says that NO_PROXY keeps the proxy out where a host is not reached', () => {
    expect(faultOf(errorWith('ENOTFOUND'), false, { kind: 'direct', because: 'excepted' })).toEqual(
      new ConnectionFault('unsent', 'host not found (without the proxy, since NO_PROXY names the host)'),
    );
  });

  it.each<[string, Error, string]>([
    [
      'does not speak TLS',
      errorWith('ERR_SSL_WRONG_VERSION_NUMBER'),
      ' does not speak TLS: does its URL begin with http:// in place of https://?',
    ],
    [
      'redirects',
      errorWith(undefined, 'Proxy response (302)'),
      ' answered with a redirect (302), and regsync does not follow it: sign in to the proxy in a browser, or ask its administrator',
    ],
  ])('is a proxy that %s, and is not asked twice', (_, cause, message) => {
    const fault = faultOf(new ProxyError('HTTPS_PROXY', cause), false, DIRECT);
    expect(fault).toEqual(
      new ConnectionFault('unusable', `the proxy that HTTPS_PROXY names${message}`, true),
    );
  });
});
