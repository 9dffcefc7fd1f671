import type { Answer } from './answer.ts';
import { ANSWER, FILE, PAGE } from './format.ts';
import type { ClientOptions, Statistics } from './options.ts';
import { PAGE_SIZE } from './page.ts';
import { type BegunListing, beginListing, type Listing } from './paging.ts';
import type { Params, Query, Request } from './request.ts';
import { ApiSession } from './session.ts';

/**
 * All methods reject with `AuthenticationError` (401, 403), `ApiError` (other 4xx), `UnreachableError` (no
 * usable answer after all attempts) or `InterruptedError`. A template is a path such as
 * `/requirement_groups/{id}`.
 */
export interface ReadClient {
  get(template: string, params?: Params, query?: Query): Promise<Answer>;
  /** Reads all pages. */
  list<Row = unknown>(
    template: string,
    query?: Query,
    params?: Params,
    decode?: (row: unknown) => Row,
  ): Promise<Listing<Row>>;
  /** Reads the first page. A caller that knows how many pages are left may find a cheaper way. */
  begin<Row = unknown>(
    template: string,
    query?: Query,
    params?: Params,
    decode?: (row: unknown) => Row,
  ): Promise<BegunListing<Row>>;
  /** Returns the bytes of a file. */
  download(template: string, params?: Params): Promise<Buffer>;
  statistics(): Statistics;
  close(): Promise<void>;
}

export interface WriteClient extends ReadClient {
  /** Rejects also with `UnknownOutcomeError`, if `repeat` is `never`. */
  send(write: Write): Promise<Answer>;
}

export interface Write extends Omit<Request, 'query'> {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
}

/** Opens a client that can only GET: its lowest layer refuses every other method. */
export function openReadClient(options: ClientOptions): ReadClient {
  return openClient(new ApiSession(options, 'read'));
}

export function openWriteClient(options: ClientOptions): WriteClient {
  return openClient(new ApiSession(options, 'write'));
}

function openClient(session: ApiSession): WriteClient {
  const get = { method: 'GET', repeat: 'safe' } as const;
  const begin: ReadClient['begin'] = (template, query, params, decode) =>
    beginListing(
      {
        request: `GET ${template}`,
        fetchPage: (number) => {
          const page = { 'page[number]': number, 'page[size]': PAGE_SIZE };
          return session.perform({ ...get, template, params, query: { ...query, ...page } }, PAGE);
        },
        pause: (attempt) => session.pause({ ...get, template }, attempt, 'the list changes while it is read'),
      },
      decode,
    );
  return {
    begin,
    get: (template, params, query) => session.perform({ ...get, template, params, query }, ANSWER),
    list: async (template, query, params, decode) => (await begin(template, query, params, decode)).finish(),
    download: (template, params) => session.perform({ ...get, template, params }, FILE),
    send: (write) => session.write(write),
    statistics: () => session.statistics(),
    close: () => session.close(),
  };
}
