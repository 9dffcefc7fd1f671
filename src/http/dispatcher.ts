import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool } from 'undici';
import { InvalidInputError } from '../model/errors.ts';
import { ProxyError } from './fault.ts';
import type { WireOptions } from './wire.ts';

/**
 * Servers close connections that idle, most of them after 5 s (Node, Apache) or more, and a request that meets the closing is
 * lost. regsync closes its own first.
 */
const IDLE_MS = 4_000;

/** Connections to one server, through a proxy where a variable names one. */
export function openDispatcher({ origin, connections, connectMs, env }: WireOptions): Dispatcher {
  const options: Agent.Options = {
    connections,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    connect: { timeout: connectMs },
  };
  const proxy = proxyOf(env);
  // A server without TLS is on this machine: no other is taken for a base URL.
  if (proxy === null || new URL(origin).protocol !== 'https:') return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    httpProxy: proxy.url,
    httpsProxy: proxy.url,
    noProxy: env.no_proxy ?? env.NO_PROXY ?? '',
    clientFactory: (url: URL) => openProxy(url, proxy.variable, connectMs),
  });
}

interface Proxy {
  /** `HTTPS_PROXY` */
  readonly variable: string;
  readonly url: string;
}

/** curl and Node read the lower case first, and use the variable for plain HTTP where there is no other. */
const VARIABLES = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'] as const;

/** Which variable names a proxy for servers with TLS, or null. What NO_PROXY excepts is undici's to tell. */
export function proxyVariableOf(env: NodeJS.ProcessEnv): string | null {
  return proxyOf(env)?.variable ?? null;
}

function proxyOf(env: NodeJS.ProcessEnv): Proxy | null {
  const variable = VARIABLES.find((name) => env[name]?.trim());
  if (variable === undefined) return null;
  const url = env[variable]?.trim() ?? '';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    const message = `${variable} is not a URL such as http://proxy.example.com:3128`;
    throw new InvalidInputError(message, [], { isAboutAccess: true });
  }
  return { variable, url };
}

/** What fails on the way to the proxy, or is refused by it, is told apart from what fails behind it. */
function openProxy(url: URL, variable: string, connectMs: number): Dispatcher {
  const connect = buildConnector({ timeout: connectMs });
  const pool = new Pool(url.origin, { connect, headersTimeout: connectMs });
  const connectThrough = pool.connect.bind(pool);
  pool.connect = (async (options: Dispatcher.ConnectOptions) => {
    const answer = await connectThrough(options).catch((error: Error) => {
      throw new ProxyError(variable, error);
    });
    if (answer.statusCode === 200) return answer;
    answer.socket.on('error', () => {}).destroy();
    throw new ProxyError(variable, new Error(`Proxy response (${answer.statusCode})`));
  }) as typeof pool.connect;
  return pool;
}
