/**
 * Why there is no answer. The message is ours, never Node's or undici's: some of their errors carry what the server sent.
 * - `unsent`: not a byte of the request went out.
 * - `unusable`: as `unsent`, and asking again would end the same way, such as with a certificate that is not trusted.
 * - `lost`: the server may or may not have acted on it.
 * - `oversized`: the answer was longer than allowed; asking again would not help.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly kind: 'unsent' | 'unusable' | 'lost' | 'oversized';
  /** It failed at a proxy, and says nothing about the server. */
  readonly isProxy: boolean;
  constructor(kind: Fault['kind'], message: string, isProxy = false) {
    super(message);
    this.kind = kind;
    this.isProxy = isProxy;
  }
}

/** What was between this machine and the server when a connection failed: the name of the variable, never its value. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly variable: string;
  /** Not `code`: undici connects again, without end, for some values of that. */
  readonly failure: string;
  constructor(variable: string, cause: Error) {
    super('the proxy failed', { cause });
    this.variable = variable;
    this.failure = codeOf(cause);
  }
}

const LOST = 'the connection was lost';

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host name could not be resolved',
  ECONNRESET: LOST,
  EPIPE: LOST,
  EPROTO: 'TLS failed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS failed: the server does not speak TLS there',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_SOCKET: LOST,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: LOST,
  UND_ERR_HEADERS_OVERFLOW: 'an answer with headers that are too long',
};

const PRIVATE_CA =
  'if your company inspects TLS or has a CA of its own, set NODE_EXTRA_CA_CERTS to the file with its certificate';

/** Codes of OpenSSL and Node. None of them ends otherwise when the request is repeated. */
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
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  UND_ERR_PRX_TLS: 'its certificate is for another host name',
};

/** @param isStarted the request may have been sent. */
export function faultOf(error: Error, isStarted: boolean): Fault {
  if (error instanceof ProxyError) {
    const { kind, message } = describeProxyError(error);
    return new Fault(kind, message, true);
  }
  // Its code is not always there.
  if (error.name === 'HTTPParserError') return new Fault('lost', 'an answer that is no HTTP');
  const code = codeOf(error);
  const untrusted = UNTRUSTED[code];
  if (untrusted !== undefined) return new Fault(isStarted ? 'lost' : 'unusable', `TLS failed: ${untrusted}`);
  return new Fault(isStarted ? 'lost' : 'unsent', describeCode(code));
}

function describeProxyError({ variable, failure: code, cause }: ProxyError): Pick<Fault, 'kind' | 'message'> {
  const proxy = `the proxy that ${variable} names`;
  const status = /^Proxy response \((\d{3})\)/.exec((cause as Error).message)?.[1];
  if (status === '407') {
    const message = `${proxy} wants a name and a password, or others (407): write them as http://NAME:PASSWORD@HOST:PORT`;
    return { kind: 'unusable', message };
  }
  if (status === '403') return { kind: 'unusable', message: `${proxy} does not let this host through (403)` };
  if (status !== undefined) return { kind: 'unsent', message: `${proxy} refused to connect (${status})` };
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return { kind: 'unsent', message: `${proxy} does not answer` };
  const untrusted = UNTRUSTED[code];
  if (untrusted !== undefined) return { kind: 'unusable', message: `${proxy}: TLS failed: ${untrusted}` };
  return { kind: 'unsent', message: `${proxy}: ${describeCode(code)}` };
}

/** From the code alone: messages and further fields may hold what the server sent. */
function describeCode(code: string): string {
  const known = CAUSES[code];
  if (known !== undefined) return known;
  return /^[A-Z0-9_]{1,60}$/.test(code) ? `the connection failed (${code})` : 'the connection failed';
}

function codeOf(error: Error): string {
  return String((error as NodeJS.ErrnoException).code ?? '');
}
