import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export const TOKEN = 'ghs_sampleTokenThatNobodyHas0123456789';
export const REPOSITORY = 'example/telephony';
export const BOT = 'github-actions[bot]';

export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string };
}

export interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  readonly user: { readonly login: string };
  readonly pull_request?: object;
}

export interface Pull {
  readonly number: number;
  head: { sha: string };
  readonly base?: { readonly ref: string };
  state: 'open' | 'closed';
  merged_at: string | null;
  merge_commit_sha: string | null;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** An answer in place of the right one. */
export interface Trouble {
  readonly method?: string;
  readonly path: RegExp;
  /** `lost`: the connection ends without an answer. */
  readonly status: number | 'lost';
  /** Whether GitHub does what it was asked before it answers like this. */
  readonly isDone?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How many of such requests go well before that. */
  readonly after?: number;
  /** Once, unless told. */
  readonly times?: number;
}

/** A small GitHub on loopback: real HTTP, strict about what it is asked, and it remembers all of it. */
export interface GitHubServer {
  readonly url: string;
  readonly comments: Map<number, Comment[]>;
  readonly issues: Issue[];
  readonly pulls: Pull[];
  /** What workflows keep, each in an archive. */
  readonly artifacts: {
    readonly id: number;
    readonly name: string;
    readonly archive: Buffer;
    expired: boolean;
  }[];
  /** Commit → pull requests that it belongs to. */
  readonly branches: Map<string, string>;
  readonly asked: Asked[];
  /** What a client must not do: wrong path, header, type, field. */
  readonly violations: string[];
  /** Who writes with the token; `null`: an app, which may not ask. */
  login: { readonly asks: string | null; readonly writes: string };
  readonly trouble: (trouble: Trouble) => void;
  readonly writes: () => readonly string[];
  readonly forget: () => void;
  readonly close: () => Promise<void>;
}

export async function startGitHub(): Promise<GitHubServer> {
  const troubles: (Trouble & { left: number; ahead: number })[] = [];
  let ids = 1000;
  const world: GitHubServer = {
    url: '',
    comments: new Map(),
    issues: [],
    pulls: [],
    artifacts: [],
    branches: new Map(),
    asked: [],
    violations: [],
    login: { asks: null, writes: BOT },
    trouble: (trouble) =>
      void troubles.push({ ...trouble, left: trouble.times ?? 1, ahead: trouble.after ?? 0 }),
    writes: () =>
      world.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    forget: () => void world.asked.splice(0),
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };

  const server = createServer(async (request, response) => {
    const text = await readBody(request);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? '';
    const path = url.pathname.replace(/^\/api\/v3/, '');
    const body = parse(text);
    world.asked.push({ method, path: path + url.search, body });
    const blob = path.match(/^\/blobs\/(\d+)$/);
    if (blob !== null) {
      if (request.headers.authorization !== undefined)
        world.violations.push('a token for the store of files');
      response.writeHead(200, { 'content-type': 'application/zip' });
      return void response.end(world.artifacts.find(({ id }) => id === Number(blob[1]))?.archive);
    }
    checkHeaders(request, text);
    const trouble = troubles.find(
      (one) => one.left > 0 && one.path.test(path) && (one.method ?? method) === method && one.ahead-- <= 0,
    );
    const usual = () => route(method, path, url.searchParams, body);
    if (trouble?.isDone) usual();
    const answer = trouble === undefined ? usual() : spend(trouble);
    if (answer.status === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.text);
  });

  function spend(trouble: Trouble & { left: number }): Answer {
    trouble.left--;
    const { status, headers = {}, body = JSON.stringify({ message: 'planned trouble' }) } = trouble;
    return { status, headers, text: body };
  }

  function checkHeaders({ method, headers }: IncomingMessage, text: string): void {
    const wrong = (what: string) => world.violations.push(`${method}: ${what}`);
    if (headers.authorization !== `Bearer ${TOKEN}`) wrong('authorization');
    if (headers.accept !== 'application/vnd.github+json') wrong(`accept ${headers.accept}`);
    if (headers['x-github-api-version'] !== '2022-11-28') wrong('api version');
    if (!/^regsync\//.test(headers['user-agent'] ?? '')) wrong(`user-agent ${headers['user-agent']}`);
    if (method === 'GET' ? text !== '' : headers['content-type'] !== 'application/json')
      wrong('body or its type');
  }

  function route(method: string, path: string, query: URLSearchParams, body: Asked['body']): Answer {
    const is = (wanted: string, pattern: string): RegExpMatchArray | null =>
      method === wanted ? path.match(new RegExp(`^${pattern}$`)) : null;
    const repo = `/repos/${REPOSITORY}`;

    if (is('GET', '/user')) {
      const { asks } = world.login;
      return asks === null ? refuse(403, 'Resource not accessible by integration') : ok({ login: asks });
    }
    const pull = is('GET', `${repo}/pulls/(\\d+)`);
    if (pull) return found(world.pulls.find(({ number }) => number === Number(pull[1])));

    if (is('GET', `${repo}/pulls`)) {
      if (query.get('state') !== 'closed' || query.get('sort') !== 'updated') world.violations.push('pulls');
      // The latest first, and which that is, the numbers tell.
      return page(
        world.pulls.filter(({ state }) => state === 'closed').toSorted((a, b) => b.number - a.number),
        query,
      );
    }
    if (is('GET', `${repo}/actions/artifacts`)) {
      const artifacts = world.artifacts.filter(({ name }) => name === query.get('name'));
      return ok({
        total_count: artifacts.length,
        artifacts: artifacts.map(({ id, name, expired }) => ({ id, name, expired })),
      });
    }
    const archive = is('GET', `${repo}/actions/artifacts/(\\d+)/zip`);
    if (archive) {
      const location = `${world.url.replace('/api/v3', '')}/blobs/${archive[1]}?sig=sample`;
      return { status: 302, headers: { location }, text: '' };
    }
    const ofCommit = is('GET', `${repo}/commits/([0-9a-f]{40})/pulls`);
    if (ofCommit) {
      return page(
        world.pulls.filter((one) => one.merge_commit_sha === ofCommit[1] || one.head.sha === ofCommit[1]),
        query,
      );
    }
    const branch = is('GET', `${repo}/branches/(.+)`);
    if (branch) {
      const sha = world.branches.get(branch[1] ?? '');
      return found(sha && { name: branch[1], commit: { sha } });
    }
    const comments = is('GET', `${repo}/issues/(\\d+)/comments`);
    if (comments) return page(world.comments.get(Number(comments[1])) ?? [], query);

    const making = is('POST', `${repo}/issues/(\\d+)/comments`);
    if (making) {
      return accept(body, ['body'], (fields) => {
        const comment = { id: ++ids, body: fields.body ?? '', user: { login: world.login.writes } };
        const list = world.comments.get(Number(making[1])) ?? [];
        world.comments.set(Number(making[1]), [...list, comment]);
        return { status: 201, row: comment };
      });
    }
    const changing = is('PATCH', `${repo}/issues/comments/(\\d+)`);
    if (changing) {
      const comment = [...world.comments.values()].flat().find(({ id }) => id === Number(changing[1]));
      if (comment === undefined) return refuse(404, 'Not Found');
      return accept(body, ['body'], (fields) => ({ status: 200, row: Object.assign(comment, fields) }));
    }
    if (is('GET', `${repo}/issues`)) {
      const creator = query.get('creator');
      const rows = world.issues.filter(
        ({ state, user }) =>
          state === (query.get('state') ?? 'open') && (creator === null || user.login === creator),
      );
      return page(rows, query);
    }
    if (is('POST', `${repo}/issues`)) {
      return accept(body, ['body', 'title'], (fields) => {
        const { title = '', body: text = '' } = fields;
        const issue: Issue = {
          number: ++ids,
          title,
          body: text,
          state: 'open',
          user: { login: world.login.writes },
        };
        world.issues.push(issue);
        return { status: 201, row: issue };
      });
    }
    const repairing = is('PATCH', `${repo}/issues/(\\d+)`);
    if (repairing) {
      const issue = world.issues.find(({ number }) => number === Number(repairing[1]));
      if (issue === undefined) return refuse(404, 'Not Found');
      return accept(body, ['body', 'title', 'state', 'state_reason'], (fields) => ({
        status: 200,
        row: Object.assign(issue, fields),
      }));
    }
    world.violations.push(`nothing like ${method} ${path}`);
    return refuse(404, 'Not Found');
  }

  function accept(
    body: Asked['body'],
    known: readonly string[],
    write: (fields: Record<string, string>) => { status: number; row: unknown },
  ): Answer {
    for (const [key, value] of Object.entries(body ?? {})) {
      if (!known.includes(key) || typeof value !== 'string') world.violations.push(`field ${key}`);
    }
    const fields = (body ?? {}) as Record<string, string>;
    if ((fields.body ?? '').length > 65_536)
      return refuse(422, 'Body is too long (maximum is 65536 characters)');
    const { status, row } = write(fields);
    return { status, headers: {}, text: JSON.stringify(row) };
  }

  function page(rows: readonly unknown[], query: URLSearchParams): Answer {
    const size = Math.min(Number(query.get('per_page') ?? 30), 100);
    const number = Number(query.get('page') ?? 1);
    const next = number * size < rows.length;
    const link = `<${world.url}/somewhere?page=${number + 1}>; rel="next", <${world.url}/x?page=9>; rel="last"`;
    const slice = rows.slice((number - 1) * size, number * size);
    return { status: 200, headers: next ? { link } : {}, text: JSON.stringify(slice) };
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return Object.assign(world, { url: `http://127.0.0.1:${port}/api/v3` });
}

interface Answer {
  readonly status: number | 'lost';
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

function ok(row: unknown): Answer {
  return { status: 200, headers: {}, text: JSON.stringify(row) };
}

function refuse(status: number, message: string): Answer {
  return { status, headers: {}, text: JSON.stringify({ message, documentation_url: 'https://example.com' }) };
}

function found(row: unknown): Answer {
  return row ? ok(row) : refuse(404, 'Not Found');
}

function parse(text: string): Asked['body'] {
  return text === '' ? null : JSON.parse(text);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
