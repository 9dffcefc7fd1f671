import { BlockList, isIP } from 'node:net';
import { InvalidInputError } from '../model/errors.ts';

/** The way to a server: direct, or through the proxy that the usual environment variables name. */
export type ProxyRoute =
  | { readonly kind: 'direct'; readonly because: 'no-tls' | 'unset' | 'excepted' }
  | {
      readonly kind: 'proxy';
      /**
       * The name of the variable: `HTTPS_PROXY`. Messages show it in place of the value, which may hold a
       * password.
       */
      readonly variable: string;
      /** `http://proxy.example.com:3128` */
      readonly origin: string;
      /** `Basic …`, or null if the URL has no name and password. */
      readonly authorization: string | null;
    };

/** The order in which undici reads them: lower case first, and the variables for plain HTTP last. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** @throws InvalidInputError if the variable in use does not name a proxy. */
export function routeTo(origin: string, env: NodeJS.ProcessEnv): ProxyRoute {
  const server = new URL(origin);
  // A server without TLS is on this machine, because a base URL with `http:` is accepted for localhost only.
  if (server.protocol !== 'https:') return { kind: 'direct', because: 'no-tls' };
  const variable = VARIABLES.find((name) => env[name]?.trim());
  if (variable === undefined) return { kind: 'direct', because: 'unset' };
  if (isExcepted(server, env.no_proxy?.trim() || env.NO_PROXY || '')) {
    return { kind: 'direct', because: 'excepted' };
  }
  return { kind: 'proxy', variable, ...readProxy(variable, env[variable]?.trim() ?? '') };
}

/* ---- NO_PROXY ---- */

/**
 * Reads host names, each of which includes its subdomains and may have a port, ranges of addresses, and `*`
 * for every host.
 */
function isExcepted({ hostname, port }: URL, exceptions: string): boolean {
  const host = withoutBrackets(hostname);
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInRange(host, entry);
      const [, name = entry, onlyPort] = /^([^:]+|\[.*\]):(\d+)$/.exec(entry) ?? [];
      const domain = withoutBrackets(name).replace(/^\*?\.|\.$/g, '');
      const isNamed = domain !== '' && (host === domain || host.endsWith(`.${domain}`));
      return isNamed && (onlyPort === undefined || onlyPort === (port || '443'));
    });
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}

/** @param range `10.0.0.0/8` */
function isInRange(host: string, range: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), family);
  return list.check(host, family);
}

/* ---- The proxy ---- */

function readProxy(
  variable: string,
  text: string,
): { readonly origin: string; readonly authorization: string | null } {
  const refuse = (what: string): InvalidInputError =>
    new InvalidInputError(`${variable} ${what}`, [], { isAboutAccess: true });
  if (/^socks/i.test(text)) {
    throw refuse(
      'names a SOCKS proxy, which regsync cannot use. Write the URL of an HTTP proxy, such as http://proxy.example.com:3128',
    );
  }
  const url = /^https?:/i.test(text) && URL.canParse(text) ? new URL(text) : null;
  // A `/`, `?` or `#` in a password ends the host, and the rest of the password would be ignored.
  if (url === null || `${url.pathname}${url.search}${url.hash}` !== '/') {
    throw refuse(
      'is not a URL such as http://proxy.example.com:3128 (in a name or password, write %2F for /, %3F for ?, %23 for # and %25 for %)',
    );
  }
  const { origin, username, password } = url;
  if (username === '' && password === '') return { origin, authorization: null };
  const credentials = decode(`${username}:${password}`);
  if (credentials === null) {
    throw refuse('has a % in its name or password that begins no code: write it as %25');
  }
  return { origin, authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
