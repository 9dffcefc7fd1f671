import { setTimeout } from 'node:timers/promises';
import { ConnectionFault } from '../http/fault.ts';
import { type Headers, openTransport, type ReceivedAnswer, type Transport } from '../http/transport.ts';
import type { Redactor } from '../model/privacy/redactor.ts';
import { reveal, type Sensitive } from '../model/privacy/sensitive.ts';
import { visible } from '../model/text/visible.ts';
import { ForgeError } from './forge-error.ts';
import { type ForgeRequest, nameAndPlace } from './request.ts';
import { checkApiUrl, checkToken, isSafe } from './safe-address.ts';

/**
 * The REST API of a forge, as far as a review needs it. Follows no redirects except in `download`, and bounds
 * answers in bytes and time. Retries a GET, PATCH or PUT as it is, and a POST only after looking for what an
 * earlier attempt may have made. All methods reject with `ForgeError`.
 */
export interface ForgeClient {
  get(template: string, params?: PathParams): Promise<unknown>;
  /**
   * Yields the rows of a list in its order, page by page. Throws if the list is longer than regsync's bounds.
   */
  list(template: string, params?: PathParams, query?: ForgeQuery): AsyncIterable<unknown>;
  /** Downloads what the forge redirects to. That is another server, so it gets no secret. */
  download(template: string, params: PathParams, maxBytes: number): Promise<Buffer>;
  /**
   * @param findMade is called before each further attempt. It returns what an earlier attempt has made, or
   * undefined, and throws if it is too late. Without it, a POST is not retried.
   */
  send(
    method: 'POST' | 'PATCH' | 'PUT',
    template: string,
    params: PathParams,
    body: unknown,
    findMade?: FindMade,
  ): Promise<unknown>;
  close(): Promise<void>;
}

/** The values for the parameters of a template. `{repository}` is `owner/name`, which makes two segments. */
export type PathParams = Readonly<Record<string, string | number>>;

export type ForgeQuery = Readonly<Record<string, string>>;

export type FindMade = () => Promise<unknown>;

export interface ForgeOptions {
  /** `https://api.github.com`, or `https://HOST/api/v4` */
  readonly apiUrl: string;
  readonly token: Sensitive;
  /** Redacts what the forge says in errors. The token is added to it. */
  readonly redactor: Redactor;
  readonly userAgent: string;
  /** The environment with the variables for proxies. */
  readonly env: NodeJS.ProcessEnv;
  /** Waits between attempts. A test replaces it. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/** The ways in which one forge differs from the others. */
export interface Dialect {
  readonly forge: 'GitHub' | 'GitLab';
  /** The variable with the address of the API. */
  readonly apiUrlVariable: string;
  /** The headers with the token and the version of the API. */
  readonly headersOf: (token: string) => Readonly<Record<string, string>>;
  /** Returns the template's parameters split at `/`, or as one segment. */
  readonly segmentsOf: (value: string) => readonly string[];
  /** The rows of a page of a list, so that a page of the greatest texts is within bounds. */
  readonly rowsOfPage: number;
  /** Returns what an error says, or `''`. */
  readonly reasonIn: (body: unknown) => string;
  /** Returns true if an answer of 403 without `Retry-After` is a rate limit. */
  readonly isRateLimit: (headers: Headers, why: string) => boolean;
  /** Returns the wait that the forge asks for without `Retry-After`, or null. */
  readonly untilResetMs: (headers: Headers, why: string) => number | null;
  /** Returns a sentence about the cause of a refusal, or `''`. */
  readonly explain: (status: number, why: string, asked: ForgeRequest) => string;
}

/**
 * @throws InvalidInputError if a variable for a proxy is not a proxy's address.
 * @throws ForgeError if the API's address or the token is malformed.
 */
export function openClient(given: ForgeOptions, dialect: Dialect): ForgeClient {
  const { origin, path } = checkApiUrl(given.apiUrl, dialect.apiUrlVariable);
  checkToken(given.token, dialect.forge);
  given.redactor.addSecret(given.token);
  const options = { ...given, dialect };
  const { env } = options;
  const transport = openTransport({ origin, access: 'write', connections: 2, connectMs: CONNECT_MS, env });
  const place = (method: ForgeRequest['method'], template: string, params: PathParams, query?: ForgeQuery) =>
    nameAndPlace({ method, template, params, query }, dialect);
  const ask = (asked: ForgeRequest, findMade?: FindMade) =>
    perform(transport, options, { ...asked, path: path + asked.path }, findMade);
  return {
    get: async (template, params = {}) => (await ask(place('GET', template, params))).body,
    list: (template, params = {}, query = {}) =>
      listAll(dialect, template, (page) =>
        ask(place('GET', template, params, { ...query, per_page: `${dialect.rowsOfPage}`, page: `${page}` })),
      ),
    send: async (method, template, params, body, findMade) =>
      (await ask({ ...place(method, template, params), body }, findMade)).body,
    download: async (template, params, maxBytes) => {
      const { body } = await ask({ ...place('GET', template, params), wants: 'location' });
      return fetchElsewhere(String(body), options, { name: `GET ${template}`, maxBytes });
    },
    close: () => transport.close(),
  };
}

type OpenOptions = ForgeOptions & { readonly dialect: Dialect };

async function fetchElsewhere(
  location: string,
  options: OpenOptions,
  { name, maxBytes }: { readonly name: string; readonly maxBytes: number },
): Promise<Buffer> {
  const url = URL.canParse(location) ? new URL(location) : null;
  if (url === null || !isSafe(url))
    throw new ForgeError(`${name} was redirected to a URL that does not begin with https://`, null);
  const { origin, pathname, search } = url;
  const { env } = options;
  const transport = openTransport({ origin, access: 'read', connections: 1, connectMs: CONNECT_MS, env });
  try {
    const asked = { method: 'GET', template: name, name, path: `${pathname}${search}` } as const;
    return (await perform(transport, options, { ...asked, wants: 'bytes', maxBytes })).raw;
  } finally {
    await transport.close();
  }
}

interface Reply {
  readonly body: unknown;
  readonly raw: Buffer;
  /** True if a list has another page. */
  readonly hasNext: boolean;
}

/** A bound of 10,000 comments on GitHub and 3,000 on GitLab, more than change requests have. */
const MAX_PAGES = 100;

/** A bound on all pages together, a thousand comments of the greatest length that GitHub takes, 64 of GitLab's. */
const MAX_LIST_BYTES = 64 * 1024 * 1024;

/**
 * Requests each page by its number, because the address in a link is not trusted. Keeps only one page in
 * memory.
 */
async function* listAll(
  { forge }: Dialect,
  template: string,
  readPage: (number: number) => Promise<Reply>,
): AsyncGenerator<unknown> {
  let bytesRead = 0;
  for (let number = 1; number <= MAX_PAGES && bytesRead <= MAX_LIST_BYTES; number++) {
    const { body, raw, hasNext } = await readPage(number);
    if (!Array.isArray(body)) throw new ForgeError(`${forge} did not answer with a list`, null);
    yield* body;
    if (!hasNext) return;
    bytesRead += raw.length;
  }
  throw new ForgeError(
    `GET ${template} has more than the ${MAX_PAGES} pages or ${MAX_LIST_BYTES / 1024 / 1024} MiB that regsync reads: ` +
      'delete entries that nobody needs',
    null,
  );
}

/**
 * The number of attempts, which last up to half a minute with their waits, longer than most short outages of
 * a forge.
 */
const ATTEMPTS = 6;

const BACKOFF_MS = 1000;

/** The longest wait. A limit that lasts longer is reported instead. */
const MAX_WAIT_MS = 60_000;

async function perform(
  transport: Transport,
  options: OpenOptions,
  asked: ForgeRequest,
  findMade?: FindMade,
): Promise<Reply> {
  const { sleep = setTimeout } = options;
  for (let attempt = 1; ; attempt++) {
    const outcome = await exchange(transport, options, asked);
    if (!(outcome instanceof Failure)) return outcome;
    const { isPassing, askedMs } = outcome;
    const waitMs = askedMs ?? BACKOFF_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
    const mayRepeat = isPassing && (asked.method !== 'POST' || findMade !== undefined);
    if (!mayRepeat || attempt === ATTEMPTS || waitMs > MAX_WAIT_MS) throw outcome;
    await sleep(waitMs);
    const made = await findMade?.();
    if (made !== undefined) return { body: made, raw: Buffer.alloc(0), hasNext: false };
  }
}

/** One attempt that failed. */
class Failure extends ForgeError {
  /** The wait that the forge asks for before a retry. Null if it asks for none. */
  readonly askedMs: number | null;
  constructor(message: string, status: number | null, isPassing: boolean, askedMs: number | null = null) {
    super(message, status, isPassing);
    this.askedMs = askedMs;
  }
}

const CONNECT_MS = 10_000;
const REQUEST_MS = 30_000;

/** A bound of a page of a hundred comments of 64 KiB each, escaped, or of 30 of a megabyte. */
const MAX_BYTES = 32 * 1024 * 1024;

async function exchange(
  transport: Transport,
  options: OpenOptions,
  asked: ForgeRequest,
): Promise<Reply | Failure> {
  const body = asked.body === undefined ? [] : [Buffer.from(JSON.stringify(asked.body))];
  try {
    const received = await transport.exchange({
      method: asked.method,
      path: asked.path,
      headers: {
        'accept-encoding': 'gzip',
        'user-agent': options.userAgent,
        ...(asked.wants === 'bytes' ? {} : options.dialect.headersOf(reveal(options.token))),
        ...(body.length === 0 ? {} : { 'content-type': 'application/json' }),
      },
      body,
      timeoutMs: REQUEST_MS,
      maxBytes: asked.maxBytes ?? MAX_BYTES,
    });
    return judge(received, asked, options);
  } catch (error) {
    if (!(error instanceof ConnectionFault)) throw error;
    const isPassing = error.kind === 'unsent' || error.kind === 'lost';
    return new Failure(`${asked.name} got no answer: ${error.message}`, null, isPassing);
  }
}

function judge(
  received: ReceivedAnswer,
  asked: ForgeRequest,
  { redactor, dialect }: OpenOptions,
): Reply | Failure {
  const { status, headers, bytes: raw } = received;
  if (asked.wants === 'location' && status === 302 && headers.location !== undefined)
    return { body: String(headers.location), raw, hasNext: false };
  if (asked.wants === 'bytes' && status === 200) return { body: null, raw, hasNext: false };
  const body = parse(raw);
  if (status >= 200 && status < 300) {
    if (body === undefined) return new Failure(`${asked.name} got an answer that is not JSON`, null, true);
    return { body, raw, hasNext: hasNextPage(headers) };
  }
  const reason = dialect.reasonIn(body);
  // HTML from a gateway has no reason, and is left out.
  const why = reason === '' ? '' : `: ${visible(redactor.cover(reason).slice(0, 300))}`;
  const said = `${asked.name} answered ${status}${why}`;
  const seconds = headers['retry-after'];
  const isLimit = seconds !== undefined || dialect.isRateLimit(headers, why);
  if (status === 429 || (status === 403 && isLimit)) {
    const askedMs = Number(seconds) >= 0 ? Number(seconds) * 1000 : dialect.untilResetMs(headers, why);
    return new Failure(said, status, true, askedMs);
  }
  const cause = dialect.explain(status, why, asked);
  return new Failure(`${said}${cause}`, status, status === 408 || status >= 500);
}

/** A link names the next page. GitLab has a header of its own besides, which is empty on the last page. */
function hasNextPage(headers: Headers): boolean {
  return String(headers['x-next-page'] ?? '') !== '' || /;\s*rel="?next"?/.test(String(headers.link ?? ''));
}

/** Returns the time until a limit is reset, which a header states in seconds since 1970, by the forge's clock. */
export function untilMs(headers: Headers, name: string): number | null {
  const resetMs = Number(headers[name] ?? Number.NaN) * 1000;
  const nowMs = Date.parse(String(headers.date ?? '')) || Date.now();
  return resetMs > nowMs ? resetMs - nowMs : null;
}

/** Returns undefined if the bytes are not JSON. Node's error would quote the text, so it is dropped. */
function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
