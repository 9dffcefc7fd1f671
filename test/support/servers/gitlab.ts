import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Asked, Trouble } from './github.ts';

export const GITLAB_TOKEN = 'glpat-sampleTokenThatNobodyHas';
export const PROJECT = 42;
export const PROJECT_URL = 'https://gitlab.example.com/example/telephony';
export const GITLAB_BOT = 'project_42_bot_0123456789abcdef';

export interface GitLabNote {
  readonly id: number;
  body: string;
  author: { readonly id: number; readonly username: string };
  readonly system: boolean;
}

export interface MergeRequest {
  readonly iid: number;
  sha: string;
  state: 'opened' | 'closed' | 'merged';
  readonly target_branch: string;
  readonly target_project_id: number;
  merge_commit_sha: string | null;
  squash_commit_sha: string | null;
}

/** A small GitLab on loopback: real HTTP, strict about what it is asked, and it remembers all of it. */
export interface GitLabServer {
  readonly url: string;
  readonly notes: Map<number, GitLabNote[]>;
  readonly requests: MergeRequest[];
  readonly branches: Map<string, string>;
  /** `from..to` → the commits between them, oldest first. */
  readonly comparisons: Map<string, readonly string[]>;
  readonly asked: Asked[];
  /** What a client must not do: wrong path, header, type, field, or a line that GitLab would carry out. */
  readonly violations: string[];
  /** Whose token it is. */
  user: string;
  /** How GitLab tells of a next page. */
  paging: 'header' | 'link';
  readonly trouble: (trouble: Trouble) => void;
  readonly writes: () => readonly string[];
  readonly addNote: (request: number, note: Partial<GitLabNote>) => GitLabNote;
  readonly close: () => Promise<void>;
}

interface Answer {
  readonly status: number | 'lost';
  readonly headers?: Readonly<Record<string, string>>;
  readonly text: string;
}

export async function startGitLab(): Promise<GitLabServer> {
  const troubles: (Trouble & { left: number; ahead: number })[] = [];
  let ids = 500;
  const world: GitLabServer = {
    url: '',
    notes: new Map(),
    requests: [],
    branches: new Map(),
    comparisons: new Map(),
    asked: [],
    violations: [],
    user: GITLAB_BOT,
    paging: 'header',
    trouble: (trouble) =>
      void troubles.push({ ...trouble, left: trouble.times ?? 1, ahead: trouble.after ?? 0 }),
    writes: () =>
      world.asked.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
    addNote: (request, given) => {
      const author = { id: 1, username: 'somebody' };
      const note = { id: ++ids, body: '', author, system: false, ...given };
      world.notes.set(request, [...(world.notes.get(request) ?? []), note]);
      return note;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace(/^\/api\/v4/, '');
    const method = request.method ?? '';
    const body = text === '' ? null : (JSON.parse(text) as Asked['body']);
    world.asked.push({ method, path: path + url.search, body });
    checkHeaders(request, text);
    const trouble = troubles.find(
      (one) => one.left > 0 && one.path.test(path) && (one.method ?? method) === method && one.ahead-- <= 0,
    );
    if (trouble?.isDone) route(method, path, url.searchParams, body);
    const answer = trouble === undefined ? route(method, path, url.searchParams, body) : spend(trouble);
    if (answer.status === 'lost') return void request.socket.destroy();
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.text);
  });

  function spend(trouble: Trouble & { left: number }): Answer {
    trouble.left--;
    const { status, headers = {}, body = '{"message":"planned trouble"}' } = trouble;
    return { status, headers, text: body };
  }

  function checkHeaders({ method, headers }: IncomingMessage, text: string): void {
    const wrong = (what: string) => world.violations.push(`${method}: ${what}`);
    if (headers['private-token'] !== GITLAB_TOKEN) wrong('token');
    if (headers.authorization !== undefined) wrong('a second token');
    if (!/^regsync\//.test(headers['user-agent'] ?? '')) wrong(`user-agent ${headers['user-agent']}`);
    if (method === 'GET' ? text !== '' : headers['content-type'] !== 'application/json')
      wrong('body or its type');
  }

  function route(method: string, path: string, query: URLSearchParams, body: Asked['body']): Answer {
    const is = (wanted: string, pattern: string): RegExpMatchArray | null =>
      method === wanted ? path.match(new RegExp(`^${pattern}$`)) : null;
    const project = `/projects/${PROJECT}`;

    if (is('GET', '/user')) return ok({ id: 7, username: world.user });
    const one = is('GET', `${project}/merge_requests/(\\d+)`);
    if (one) return found(world.requests.find(({ iid }) => iid === Number(one[1])));
    if (is('GET', `${project}/merge_requests`)) {
      if (query.get('state') !== 'merged' || query.get('order_by') !== 'updated_at')
        world.violations.push('merge requests');
      const branch = query.get('target_branch');
      const rows = world.requests.filter(
        ({ state, target_branch }) => state === 'merged' && target_branch === branch,
      );
      return page(
        rows.toSorted((a, b) => b.iid - a.iid),
        query,
      );
    }
    const ofCommit = is('GET', `${project}/repository/commits/([0-9a-f]{40})/merge_requests`);
    if (ofCommit) {
      return page(
        world.requests.filter((request) =>
          [request.merge_commit_sha, request.squash_commit_sha, request.sha].includes(ofCommit[1] ?? ''),
        ),
        query,
      );
    }
    if (is('GET', `${project}/repository/compare`)) {
      const commits = world.comparisons.get(`${query.get('from')}..${query.get('to')}`);
      return found(commits && { commits: commits.map((id) => ({ id })) });
    }
    const branch = is('GET', `${project}/repository/branches/([^/]+)`);
    if (branch) {
      const id = world.branches.get(decodeURIComponent(branch[1] ?? ''));
      return found(id && { name: branch[1], commit: { id } });
    }
    const notes = is('GET', `${project}/merge_requests/(\\d+)/notes`);
    if (notes) {
      const all = world.notes.get(Number(notes[1])) ?? [];
      // The newest first, unless it is told.
      return page(query.get('sort') === 'asc' ? all : all.toReversed(), query);
    }
    const making = is('POST', `${project}/merge_requests/(\\d+)/notes`);
    if (making) {
      const author = { id: 7, username: world.user };
      return accept(body, (text) => world.addNote(Number(making[1]), { body: text, author }), 201);
    }
    const changing = is('PUT', `${project}/merge_requests/(\\d+)/notes/(\\d+)`);
    if (changing) {
      const list = world.notes.get(Number(changing[1])) ?? [];
      const note = list.find(({ id }) => id === Number(changing[2]));
      if (note === undefined) return refuse(404, '404 Not Found');
      if (note.author.username !== world.user) world.violations.push('a note of somebody else was changed');
      return accept(body, (text) => Object.assign(note, { body: text }), 200);
    }
    world.violations.push(`nothing like ${method} ${path}`);
    return refuse(404, '404 Not Found');
  }

  function accept(body: Asked['body'], write: (text: string) => unknown, status: number): Answer {
    const { body: text, ...others } = body ?? {};
    if (typeof text !== 'string' || Object.keys(others).length > 0) world.violations.push('fields');
    const note = String(text);
    if (/^\/[a-z]/m.test(note)) world.violations.push('a quick action');
    if (note.length > 1_000_000)
      return refuse(400, { note: ['is too long (maximum is 1000000 characters)'] });
    return { status, text: JSON.stringify(write(note)) };
  }

  function page(rows: readonly unknown[], query: URLSearchParams): Answer {
    const size = Math.min(Number(query.get('per_page') ?? 20), 100);
    const number = Number(query.get('page') ?? 1);
    const hasNext = number * size < rows.length;
    const text = JSON.stringify(rows.slice((number - 1) * size, number * size));
    const link = `<https://elsewhere.example.com/?page=${number + 1}>; rel="next", <${world.url}/x?page=9>; rel="last"`;
    const headers: Record<string, string> =
      world.paging === 'header' ? { 'x-next-page': hasNext ? `${number + 1}` : '' } : hasNext ? { link } : {};
    return { status: 200, headers, text };
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return Object.assign(world, { url: `http://127.0.0.1:${port}/api/v4` });
}

function ok(row: unknown): Answer {
  return { status: 200, text: JSON.stringify(row) };
}

function refuse(status: number, message: unknown): Answer {
  return { status, text: JSON.stringify({ message }) };
}

function found(row: unknown): Answer {
  return row ? ok(row) : refuse(404, '404 Not Found');
}
