import type { ProxyRoute } from './proxy.ts';

/**
 * The reason why there is no answer. The message is our own: some errors of Node and undici carry what the
 * server sent.
 * - `unsent`: not a byte of the request went out.
 * - `unusable`: not a byte went out, and a retry would end the same way, such as with a certificate that is
 *   not trusted.
 * - `lost`: the server may or may not have acted on it.
 * - `oversized`: the answer was longer than allowed, and a retry would not help.
 */
export class ConnectionFault extends Error {
  override readonly name = 'Fault';
  readonly kind: 'unsent' | 'unusable' | 'lost' | 'oversized';
  /** The failure happened at a proxy and says nothing about the server. */
  readonly isProxy: boolean;
  /** Nothing beyond this network answered, and no proxy is set. */
  readonly mayNeedProxy: boolean;
  constructor(kind: ConnectionFault['kind'], message: string, isProxy = false, mayNeedProxy = false) {
    super(message);
    this.kind = kind;
    this.isProxy = isProxy;
    this.mayNeedProxy = mayNeedProxy;
  }
}

/** A failure of the proxy. It names the variable that configures the proxy, never the variable's value. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly variable: string;
  /** The name is not `code`, because undici reconnects endlessly for some values of `code`. */
  readonly failure: string;
  constructor(variable: string, cause: Error) {
    super('the proxy failed', { cause });
    this.variable = variable;
    this.failure = codeOf(cause);
  }
}

const LOST = 'the connection was lost';
const NOTHING_IN_COMMON = 'TLS failed: the server speaks no version or cipher of it that Node accepts';

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host name could not be resolved',
  ECONNRESET: LOST,
  EPIPE: LOST,
  EPROTO: 'TLS failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS failed: the server does not speak TLS there',
  ERR_SSL_UNSUPPORTED_PROTOCOL: NOTHING_IN_COMMON,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NOTHING_IN_COMMON,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NOTHING_IN_COMMON,
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: LOST,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: LOST,
  UND_ERR_HEADERS_OVERFLOW: 'an answer with headers that are too long',
};

const PRIVATE_CA =
  'if your company inspects TLS or has a CA of its own, set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA';

const OTHER_HOST =
  'its certificate is for another host name: is the address right, or does something stand in between?';

/** The codes of OpenSSL and Node. A retry ends the same way for each of them. */
const UNTRUSTED: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: `its certificate is signed by a CA that this machine does not know: ${PRIVATE_CA}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: `its certificate is signed by itself: ${PRIVATE_CA}`,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: `its certificate is signed by a CA that this machine does not know: ${PRIVATE_CA}`,
  UNABLE_TO_GET_ISSUER_CERT: `its certificate is signed by a CA that this machine does not know: ${PRIVATE_CA}`,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: `its certificate is signed by a CA that this machine does not know: ${PRIVATE_CA}`,
  CERT_UNTRUSTED: `its certificate is not trusted: ${PRIVATE_CA}`,
  CERT_HAS_EXPIRED: 'its certificate has expired, or the clock of this machine is wrong',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet, or the clock of this machine is wrong',
  CERT_REVOKED: 'its certificate is revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
  UND_ERR_PRX_TLS: OTHER_HOST,
  HOSTNAME_MISMATCH: OTHER_HOST,
  INVALID_PURPOSE: 'its certificate, or one that it is signed by, is not made for servers',
  INVALID_CA: 'its certificate is signed by one that is not a CA',
};

/** Matches the other codes that Node lists. */
const OTHER_UNTRUSTED = /^(?:CERT|CRL|UNABLE_TO|ERROR_IN)_|^PATH_LENGTH_EXCEEDED$/;

/** @param isStarted true if the request may have been sent. */
export function faultOf(error: Error, isStarted: boolean, route: ProxyRoute): ConnectionFault {
  if (error instanceof ProxyError) {
    const { kind, message } = describeProxyError(error);
    return new ConnectionFault(kind, message, true);
  }
  const code = codeOf(error);
  const untrusted = describeCertificate(code);
  if (untrusted !== null)
    return new ConnectionFault(isStarted ? 'lost' : 'unusable', `TLS failed: ${untrusted}`);
  const message = describe(error);
  if (isStarted) return new ConnectionFault('lost', message);
  const mayNeedProxy = route.kind === 'direct' && route.because === 'unset' && BEYOND_NETWORK.has(code);
  return new ConnectionFault('unsent', withRoute(message, route), false, mayNeedProxy);
}

/** The codes of a machine that reaches others through a proxy only. */
const BEYOND_NETWORK: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Names the proxy as well as the server, since a failure behind the proxy may be the fault of either. If
 * NO_PROXY excludes the host, says so, since the server may be reachable through the proxy only.
 */
export function withRoute(message: string, route: ProxyRoute): string {
  if (route.kind === 'proxy') return `${message} (through the proxy that ${route.variable} names)`;
  return route.because === 'excepted'
    ? `${message} (without the proxy, since NO_PROXY names the host)`
    : message;
}

function describeProxyError({
  variable,
  failure: code,
  cause,
}: ProxyError): Pick<ConnectionFault, 'kind' | 'message'> {
  const proxy = `the proxy that ${variable} names`;
  const status = /^Proxy response \((\d{3})\)/.exec((cause as Error).message)?.[1];
  if (status !== undefined) return describeRefusal(proxy, status);
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { kind: 'unsent', message: `${proxy} does not answer` };
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    const message = `${proxy} does not speak TLS: does its URL begin with http:// in place of https://?`;
    return { kind: 'unusable', message };
  }
  const untrusted = describeCertificate(code);
  if (untrusted !== null) return { kind: 'unusable', message: `${proxy}: TLS failed: ${untrusted}` };
  return { kind: 'unsent', message: `${proxy}: ${describe(cause as Error)}` };
}

function describeRefusal(proxy: string, status: string): Pick<ConnectionFault, 'kind' | 'message'> {
  const advice = adviceOn(status);
  if (advice === null) return { kind: 'unsent', message: `${proxy} refused to connect (${status})` };
  return { kind: 'unusable', message: `${proxy} ${advice}` };
}

/** Returns null for a refusal that may end otherwise the next time. */
function adviceOn(status: string): string | null {
  if (status === '407')
    return 'needs another name and password (407): write them as http://NAME:PASSWORD@HOST:PORT';
  if (status === '403')
    return 'does not let this host through (403): ask its administrator to allow the host';
  if (!status.startsWith('3')) return null;
  // Many proxies require a login in a browser first.
  return `answered with a redirect (${status}), and regsync does not follow it: sign in to the proxy in a browser, or ask its administrator`;
}

/**
 * Describes an error by its code alone, because messages and further fields may hold what the server sent.
 */
function describe(error: Error): string {
  // This error does not always have a code.
  if (error.name === 'HTTPParserError') return 'an answer that is not HTTP';
  const code = codeOf(error);
  const known = CAUSES[code];
  if (known !== undefined) return known;
  if (!/^[A-Z0-9_]{1,60}$/.test(code)) return 'the connection failed';
  return code.startsWith('ERR_SSL_') ? `TLS failed (${code})` : `the connection failed (${code})`;
}

/** Returns null if the code is not about a certificate. */
function describeCertificate(code: string): string | null {
  return UNTRUSTED[code] ?? (OTHER_UNTRUSTED.test(code) ? `its certificate is not accepted (${code})` : null);
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? '');
}
