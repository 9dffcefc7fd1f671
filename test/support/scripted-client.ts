import type { Write, WriteClient } from '../../src/telnyx/client.ts';
import { UnknownOutcomeError } from '../../src/telnyx/failure.ts';
import { beginListing } from '../../src/telnyx/paging.ts';
import type { Params, Query } from '../../src/telnyx/request.ts';

/** What a request is answered with: the data of one thing, the rows of a list, or an error to throw. */
type Given = object | Error;

/** By request, with its ids and its query: `GET /requirement_groups/g1`. */
export type ClientScript = Readonly<Record<string, Given | (() => Given) | Turns | Pages>>;

export interface ScriptedClient {
  readonly client: WriteClient;
  /** What was asked, in order: `GET …` or `[request, body]`. */
  readonly asked: unknown[];
}

/** One answer after the other; the last is given again and again. */
export function inTurn(...answers: readonly (Given | (() => Given))[]): Turns {
  return new Turns(answers);
}

class Turns {
  readonly answers: readonly (Given | (() => Given))[];
  constructor(answers: Turns['answers']) {
    this.answers = answers;
  }
}

/** A list that comes in so many pages, or says when it was read. */
export function pages(rows: readonly object[], count: number | null, dateMs: number | null = null): Pages {
  return new Pages(rows, count, dateMs);
}

class Pages {
  readonly rows: readonly object[];
  readonly count: number | null;
  readonly dateMs: number | null;
  constructor(rows: readonly object[], count: number | null, dateMs: number | null) {
    this.rows = rows;
    this.count = count;
    this.dateMs = dateMs;
  }
}

/** A client that answers what a script says, without any server, and notes what it is asked. */
export function scriptedClient(script: ClientScript): ScriptedClient {
  const asked: unknown[] = [];
  const turns = new Map<string, number>();
  const answer = (request: string): Given | Pages => {
    let scripted = script[request];
    if (scripted === undefined) throw new Error(`the script has no answer to ${request}`);
    if (scripted instanceof Turns) {
      const turn = turns.get(request) ?? 0;
      turns.set(request, turn + 1);
      scripted = scripted.answers[Math.min(turn, scripted.answers.length - 1)] ?? [];
    }
    const given = typeof scripted === 'function' ? scripted() : scripted;
    if (given instanceof Error) throw given;
    return given;
  };
  const begin: WriteClient['begin'] = async (template, query, params, decode) => {
    const request = nameOf('GET', template, params, query);
    asked.push(request);
    const given = answer(request);
    const { rows, count, dateMs } = given instanceof Pages ? given : pages(given as object[], 1);
    const fetchPage = async () => ({ rows, totalRows: rows.length, totalPages: 1, dateMs });
    const begun = await beginListing(
      { request: `GET ${template}`, fetchPage, pause: async () => {} },
      decode,
    );
    const finish = () => {
      if (count !== 1) asked.push(`${request}, the rest`);
      return begun.finish();
    };
    return { ...begun, pagesLeft: count === null ? null : count - 1, dateMs, finish };
  };
  const client: WriteClient = {
    begin,
    list: async (...of) => (await begin(...of)).finish(),
    get: async (template, params, query) => {
      const request = nameOf('GET', template, params, query);
      asked.push(request);
      return { status: 200, body: { data: answer(request) }, dateMs: null };
    },
    send: async (write) => {
      const request = nameOf(write.method, write.template, write.params);
      const body = describeBody(write);
      asked.push(body === null ? request : [request, body]);
      try {
        return { status: 200, body: { data: answer(request) }, dateMs: null };
      } catch (error) {
        if (error instanceof UnknownOutcomeError) write.onLoss?.();
        throw error;
      }
    },
    download: () => Promise.reject(new Error('the script holds no files')),
    statistics: () => {
      throw new Error('the script does not count');
    },
    close: async () => {},
  };
  return { client, asked };
}

function nameOf(method: string, template: string, params: Params = {}, query: Query = {}): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const asked = Object.entries(query).map(([key, value]) => `${key}=${[value].flat().join()}`);
  return `${method} ${path}${asked.length === 0 ? '' : `?${asked.join('&')}`}`;
}

function describeBody({ body }: Write): unknown {
  if (body === undefined) return null;
  if (body.kind === 'json') return body.value;
  return { ...body.fields, [body.file.filename]: body.file.bytes.toString() };
}
