import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { ProxyError } from './fault.ts';
import type { ProxyRoute } from './proxy.ts';
import type { TransportOptions } from './transport.ts';

/**
 * The time after which regsync closes an idle connection. Servers close theirs after 5 s (Node, Apache) or
 * more, and a request that meets the closing is lost.
 */
const IDLE_MS = 4_000;

/** Opens connections to one server. */
export function openDispatcher({ connections, connectMs }: TransportOptions, route: ProxyRoute): Dispatcher {
  const options: Agent.Options = {
    connections,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: { timeout: connectMs },
  };
  if (route.kind === 'direct') return new Agent(options);
  return new ProxyAgent({
    ...options,
    uri: route.origin,
    ...(route.authorization === null ? {} : { token: route.authorization }),
    clientFactory: (url: URL) => openProxy(url, route.variable, connectMs),
  });
}

/**
 * Opens connections to a proxy. A failure on the way to it, or a refusal by it, is a `ProxyError`, unlike a
 * failure behind it.
 */
function openProxy(url: URL, variable: string, connectMs: number): Dispatcher {
  const connect = buildConnector({ timeout: connectMs });
  const pool = new Pool(url.origin, { connect, headersTimeout: connectMs });
  const connectThrough = pool.connect.bind(pool);
  // TLS does not allow an address as a server name, and Node warns of one.
  const name = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? {} : { servername: null };
  pool.connect = (async (options: Dispatcher.ConnectOptions) => {
    const answer = await connectThrough({ ...options, ...name }).catch((error: Error) => {
      throw new ProxyError(variable, error);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => {}).destroy();
    throw new ProxyError(variable, new Error(`Proxy response (${answer.statusCode})`));
  }) as typeof pool.connect;
  return pool;
}
