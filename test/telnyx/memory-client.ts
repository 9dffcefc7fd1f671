import { reveal, Sensitive } from '../../src/model/privacy/sensitive.ts';
import type { Write, WriteClient } from '../../src/telnyx/client.ts';
import { beginListing } from '../../src/telnyx/paging.ts';
import type { Params, Query } from '../../src/telnyx/request.ts';

/** What a client was asked to read: its template, the parameters of its path, and its query. */
export interface Question {
  readonly template: string;
  readonly params: Params;
  readonly query: Query;
}

export interface MemoryClient extends WriteClient {
  readonly asked: readonly Question[];
  readonly sent: readonly Write[];
}

/** A body for each request; thrown where it is an error. */
export type Memory = (question: Question) => unknown;

/** A client without network: what it is asked, and what it sends, is noted. Lists come as one page that is all of them. */
export function answering(memory: Memory, dateMs: number | null = null): MemoryClient {
  const asked: Question[] = [];
  const sent: Write[] = [];
  const look = async (template: string, params: Params = {}, query: Query = {}): Promise<unknown> => {
    const question = { template, params, query };
    asked.push(question);
    const body = await memory(question);
    if (body instanceof Error) throw body;
    return body;
  };
  const begin: WriteClient['begin'] = (template, query, params, decode) => {
    const fetchPage = async () => {
      const rows = (await look(template, params, query)) as readonly unknown[];
      return { rows, totalRows: rows.length, totalPages: 1, dateMs };
    };
    return beginListing({ request: `GET ${template}`, fetchPage, pause: async () => {} }, decode);
  };
  return {
    asked,
    sent,
    begin,
    get: async (template, params, query) => ({
      status: 200,
      body: await look(template, params, query),
      dateMs,
    }),
    list: async (template, query, params, decode) => (await begin(template, query, params, decode)).finish(),
    download: async (template, params) => (await look(template, params)) as Buffer,
    send: async (write) => {
      sent.push(write);
      const { template, params = {} } = write;
      const body = await memory({ template, params, query: {} });
      if (body instanceof Error) throw body;
      return { status: 200, body, dateMs };
    },
    statistics: () => {
      throw new Error('Nobody counts here');
    },
    close: async () => {},
  };
}

/** With every sensitive text as «text», and maps as lists of their entries: what `toEqual` can compare. */
export function bare(value: unknown): unknown {
  if (value instanceof Sensitive) return `«${reveal(value)}»`;
  if (value instanceof Map) return [...value].map(bare);
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, bare(inner)]));
}
