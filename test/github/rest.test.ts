import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ForgeError } from '../../src/forge/forge-error.ts';
import { type GitHub, openGitHub } from '../../src/github/rest.ts';
import { Redactor } from '../../src/model/privacy/redactor.ts';
import { Sensitive } from '../../src/model/privacy/sensitive.ts';
import { makeCertificates, serveTls, startProxy } from '../support/servers/network.ts';

const MEBIBYTE = 1024 * 1024;
const LIST = '/repos/{repository}/issues';

const TOKEN = 'ghs_sampleToken0123456789';

let server: Server | null = null;
let github: GitHub | null = null;
afterEach(async () => {
  vi.restoreAllMocks();
  await github?.close();
  server?.closeAllConnections();
  await new Promise((done) => (server === null ? done(null) : server.close(done)));
  [server, github] = [null, null];
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** GitHub's API on loopback, answered by `handle`; nothing is waited for between attempts, only noted. */
async function open(
  handle: Handler,
  path = '',
): Promise<{ readonly github: GitHub; readonly waits: number[] }> {
  server = createServer(handle);
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const waits: number[] = [];
  github = openGitHub({
    apiUrl: `http://127.0.0.1:${port}${path}`,
    token: new Sensitive(TOKEN),
    redactor: new Redactor(),
    userAgent: 'regsync/test',
    env: {},
    sleep: async (ms) => void waits.push(ms),
  });
  return { github, waits };
}

/** A list without end: each page is the same, and names a next one. */
async function endless(page: string): Promise<{ readonly pages: () => number; readonly github: GitHub }> {
  let pages = 0;
  const bytes = gzipSync(page);
  const { github } = await open((_, response) => {
    pages++;
    const link = '<http://127.0.0.1/next>; rel="next"';
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', link });
    response.end(bytes);
  });
  return { pages: () => pages, github };
}

async function readAll(list: AsyncIterable<unknown>): Promise<ForgeError> {
  try {
    for await (const _ of list);
  } catch (error) {
    if (error instanceof ForgeError) return error;
    throw error;
  }
  throw new Error('The list had an end');
}

describe('a list without end', () => {
  it('of large pages is given up by its bytes, after decompression', async () => {
    const rows = Array.from({ length: 100 }, () => ({ body: 'x'.repeat(MEBIBYTE / 10) }));
    const { pages, github } = await endless(JSON.stringify(rows));
    const { message } = await readAll(github.list(LIST, { repository: 'example/telephony' }));
    expect(message).toBe(
      'GET /repos/{repository}/issues has more than the 100 pages or 64 MiB that regsync reads: delete entries that nobody needs',
    );
    expect(pages()).toBeLessThanOrEqual(7);
  });

  it('of small pages is given up by their number', async () => {
    const { pages, github } = await endless('[]');
    const { message } = await readAll(github.list(LIST, { repository: 'example/telephony' }));
    expect(message).toContain('100 pages');
    expect(pages()).toBe(100);
  });

  it('whose one page is larger than all may be is not unpacked', async () => {
    const { pages, github } = await endless(`["${'0'.repeat(33 * MEBIBYTE)}"]`);
    const { message } = await readAll(github.list(LIST, { repository: 'example/telephony' }));
    expect(message).toContain('an answer of more than 32 MiB');
    expect(pages()).toBe(1);
  });
});

/** What GitHub answers; `lost` for none. */
type Answer =
  | 'lost'
  | { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

interface Heard {
  readonly request: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One answer after the other, the last one for good. */
async function scripted(answers: readonly Answer[], path = '') {
  const heard: Heard[] = [];
  const opened = await open(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url, headers } = request;
    heard.push({ request: `${method} ${url}`, headers, body: Buffer.concat(chunks).toString('utf8') });
    const answer = answers[Math.min(heard.length, answers.length) - 1] ?? {};
    if (answer === 'lost') return void request.socket.destroy();
    const { status = 200, headers: own = {}, body = '{}' } = answer;
    if (own.date === '') response.sendDate = false;
    const { date, ...others } = own;
    response.writeHead(status, date ? own : others);
    response.end(body);
  }, path);
  return { ...opened, heard };
}

async function failureOf(
  task: Promise<unknown>,
): Promise<Pick<ForgeError, 'message' | 'status' | 'isPassing'>> {
  const error = await task.then(
    () => new Error('It did not fail'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ForgeError)) throw error;
  expect(error.name).toBe('ForgeError');
  const { message, status, isPassing } = error;
  return { message, status, isPassing };
}

const PULL = '/repos/{repository}/pulls/{pull}';
const SEVEN = { repository: 'example/telephony', pull: 7 };

describe('A question to GitHub', () => {
  it('is one request with the token, and its answer is what GitHub holds', async () => {
    const { github, heard } = await scripted([{ body: '{"number":7}' }], '/api/v3//');
    expect(await github.get(PULL, SEVEN)).toEqual({ number: 7 });
    expect(heard).toEqual([
      {
        request: 'GET /api/v3/repos/example/telephony/pulls/7',
        headers: {
          host: expect.any(String),
          connection: 'keep-alive',
          authorization: `Bearer ${TOKEN}`,
          accept: 'application/vnd.github+json',
          'accept-encoding': 'gzip',
          'user-agent': 'regsync/test',
          'x-github-api-version': '2022-11-28',
        },
        body: '',
      },
    ]);
  });

  it('needs no parameters', async () => {
    const { github, heard } = await scripted([{ body: '{"login":"somebody"}' }]);
    expect(await github.get('/user')).toEqual({ login: 'somebody' });
    expect(heard.map(({ request }) => request)).toEqual(['GET /user']);
  });

  it.each([
    ['feature/a b', '/branches/feature/a%20b'],
    ['a?b#c', '/branches/a%3Fb%23c'],
    ['...', '/branches/...'],
  ])('about the branch %j asks for it alone', async (branch, path) => {
    const { github, heard } = await scripted([{}]);
    await github.get('/branches/{branch}', { branch });
    expect(heard.map(({ request }) => request)).toEqual([`GET ${path}`]);
  });

  it.each(['', '.', '..', 'a//b', 'a/../b', '/a'])(
    'about the branch %j is not asked: it would be about something else',
    async (branch) => {
      const { github, heard } = await scripted([{}]);
      expect(await failureOf(github.get('/branches/{branch}', { branch }))).toEqual({
        message: '/branches/{branch}: something is missing in the path',
        status: null,
        isPassing: false,
      });
      expect(heard).toEqual([]);
    },
  );

  it('with a parameter missing is not asked', async () => {
    const { github, heard } = await scripted([{}]);
    expect(await failureOf(github.get(PULL, { repository: 'example/telephony' }))).toEqual({
      message: `${PULL}: something is missing in the path`,
      status: null,
      isPassing: false,
    });
    expect(heard).toEqual([]);
  });
});

describe('A write to GitHub', () => {
  it.each(['POST', 'PATCH'] as const)('by %s is one request with its body as JSON', async (method) => {
    const { github, heard } = await scripted([{ status: 201, body: '{"id":1001}' }]);
    expect(await github.send(method, PULL, SEVEN, { body: 'Grüße' })).toEqual({ id: 1001 });
    expect(heard).toEqual([
      expect.objectContaining({
        request: `${method} /repos/example/telephony/pulls/7`,
        headers: expect.objectContaining({
          'content-type': 'application/json',
          authorization: `Bearer ${TOKEN}`,
        }),
        body: '{"body":"Grüße"}',
      }),
    ]);
  });

  const PASSING: readonly (readonly [string, Answer, string, number | null])[] = [
    ['502', { status: 502, body: '<html>' }, 'answered 502', 502],
    ['429 and a time to wait', { status: 429, headers: { 'retry-after': '1' } }, 'answered 429', 429],
    ['nothing', 'lost', 'got no answer: the connection was lost', null],
    ['no JSON', { body: '<html>' }, 'got an answer that is not JSON', null],
  ];

  it.each(PASSING)(
    'by POST that is answered by %s is not repeated unlooked',
    async (_, answer, said, status) => {
      const { github, heard, waits } = await scripted([answer]);
      expect(await failureOf(github.send('POST', PULL, SEVEN, {}))).toEqual({
        message: `POST ${PULL} ${said}`,
        status,
        isPassing: true,
      });
      expect([heard.length, waits]).toEqual([1, []]);
    },
  );

  it.each(PASSING)(
    'by POST that is answered by %s is looked for, and made again only if it is not there',
    async (_, answer) => {
      const { github, heard, waits } = await scripted([answer, answer, { body: '{"id":1002}' }]);
      const looks: number[] = [];
      const findMade = async () => void looks.push(heard.length);
      expect(await github.send('POST', PULL, SEVEN, {}, findMade)).toEqual({ id: 1002 });
      expect([heard.length, looks, waits.length]).toEqual([3, [1, 2], 2]);
    },
  );

  it.each(PASSING)('by POST that is answered by %s and is there is what was found', async (_, answer) => {
    const { github, heard } = await scripted([answer, {}]);
    expect(await github.send('POST', PULL, SEVEN, {}, async () => ({ id: 1001 }))).toEqual({ id: 1001 });
    expect(heard).toHaveLength(1);
  });

  it('by POST whose look fails fails as the look does', async () => {
    const { github, heard } = await scripted([{ status: 502 }, {}]);
    const error = new ForgeError('Down', null, true);
    await expect(github.send('POST', PULL, SEVEN, {}, () => Promise.reject(error))).rejects.toBe(error);
    expect(heard).toHaveLength(1);
  });

  it.each(PASSING)('by PATCH that is answered by %s is made again, after a look', async (_, answer) => {
    const { github, heard } = await scripted([answer, { body: '{"id":7}' }]);
    const findMade = async () => undefined;
    expect(await github.send('PATCH', PULL, SEVEN, { body: 'a' }, findMade)).toEqual({ id: 7 });
    expect(heard.map(({ body }) => body)).toEqual(['{"body":"a"}', '{"body":"a"}']);
  });

  it.each(['POST', 'PATCH'] as const)('by %s that is refused is not repeated', async (method) => {
    const { github, heard } = await scripted([{ status: 422, body: '{"message":"No"}' }]);
    const looked = github.send(method, PULL, SEVEN, {}, async () => undefined);
    expect(await failureOf(looked)).toEqual({
      message: `${method} ${PULL} answered 422: No`,
      status: 422,
      isPassing: false,
    });
    expect(heard).toHaveLength(1);
  });
});

describe('A permission that the token lacks', () => {
  const DENIED = { status: 403, body: '{"message":"Resource not accessible by integration"}' };

  it.each<['GET' | 'POST' | 'PATCH', string, string]>([
    ['POST', '/repos/{repository}/issues/{pull}/comments', 'pull-requests: write'],
    ['PATCH', '/repos/{repository}/issues/comments/{pull}', 'pull-requests: write'],
    ['GET', '/repos/{repository}/pulls/{pull}', 'pull-requests: read'],
    ['GET', '/repos/{repository}/commits/{pull}/pulls', 'pull-requests: read'],
    ['POST', '/repos/{repository}/issues', 'issues: write'],
    ['PATCH', '/repos/{repository}/issues/{pull}', 'issues: write'],
    ['GET', '/repos/{repository}/branches/{pull}', 'contents: read'],
    ['GET', '/repos/{repository}/actions/runs/{pull}/artifacts', 'actions: read'],
  ])('for %s %s is named as a workflow spells it', async (method, template, permission) => {
    const { github } = await scripted([DENIED]);
    const asked = method === 'GET' ? github.get(template, SEVEN) : github.send(method, template, SEVEN, {});
    expect(await failureOf(asked)).toEqual({
      message: `${method} ${template} answered 403: Resource not accessible by integration. The token lacks the permission "${permission}"`,
      status: 403,
      isPassing: false,
    });
  });

  it.each<[string, string, string]>([
    ['/user', 'Resource not accessible by integration', ''],
    [PULL, 'Unable to create comment because issue is locked.', ''],
  ])('is not what is in the way of %s, of which GitHub says %j', async (template, message) => {
    const { github } = await scripted([{ status: 403, body: JSON.stringify({ message }) }]);
    const { message: said } = await failureOf(github.get(template, SEVEN));
    expect(said).toBe(`GET ${template} answered 403: ${message}`);
  });
});

describe('A list of GitHub', () => {
  const collect = async (list: AsyncIterable<unknown>) => {
    const rows = [];
    for await (const row of list) rows.push(row);
    return rows;
  };

  it('is read page by page, by number, for as long as GitHub names a next one', async () => {
    const link =
      '<https://elsewhere.example.com/?page=9>; rel="next", <https://elsewhere.example.com/>; rel="last"';
    const { github, heard } = await scripted([
      { headers: { link }, body: '[1,2]' },
      { headers: { link: '<https://elsewhere.example.com/>;rel=next' }, body: '[]' },
      { headers: { link: '<https://elsewhere.example.com/>; rel="prev"' }, body: '[3]' },
    ]);
    const query = { state: 'open', labels: 'a&b' };
    expect(await collect(github.list(LIST, { repository: 'example/telephony' }, query))).toEqual([1, 2, 3]);
    expect(heard.map(({ request }) => request)).toEqual(
      [1, 2, 3].map(
        (page) => `GET /repos/example/telephony/issues?state=open&labels=a%26b&per_page=100&page=${page}`,
      ),
    );
  });

  it('needs neither parameters nor a query', async () => {
    const { github, heard } = await scripted([{ body: '["a"]' }]);
    expect(await collect(github.list('/issues'))).toEqual(['a']);
    expect(heard.map(({ request }) => request)).toEqual(['GET /issues?per_page=100&page=1']);
  });

  it.each(['{}', '"text"', 'null'])('is none where GitHub answers %s', async (body) => {
    const { github } = await scripted([{ body }]);
    expect(await failureOf(collect(github.list('/issues')))).toEqual({
      message: 'GitHub did not answer with a list',
      status: null,
      isPassing: false,
    });
  });
});

describe('A question that GitHub may answer the next time', () => {
  it.each<[string, Answer, number]>([
    ['408', { status: 408 }, 750],
    ['500', { status: 500 }, 750],
    ['502', { status: 502, body: '<html>' }, 750],
    ['429', { status: 429 }, 750],
    ['429 and a time to wait', { status: 429, headers: { 'retry-after': '7' } }, 7000],
    ['429 and no time to wait', { status: 429, headers: { 'retry-after': '0' } }, 0],
    ['403 and a time to wait', { status: 403, headers: { 'retry-after': '60' } }, 60_000],
    ['429 and a time that is none', { status: 429, headers: { 'retry-after': 'soon' } }, 750],
    ['403 and no requests left', { status: 403, headers: { 'x-ratelimit-remaining': '0' } }, 750],
    [
      '403, no requests left, and when there will be some',
      {
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': '1767225612',
          date: 'Thu, 01 Jan 2026 00:00:00 GMT',
        },
      },
      12_000,
    ],
    [
      '429 and a time that is over',
      { status: 429, headers: { 'x-ratelimit-reset': '1767225600', date: 'Thu, 01 Jan 2026 00:00:00 GMT' } },
      750,
    ],
    [
      '429 and a time at which there will be more than there is',
      {
        status: 429,
        headers: {
          'x-ratelimit-remaining': '4000',
          'x-ratelimit-reset': '1767225612',
          date: 'Thu, 01 Jan 2026 00:00:00 GMT',
        },
      },
      750,
    ],
    [
      '403 for a secondary limit, of which nobody knows how long it lasts',
      { status: 403, body: '{"message":"You have exceeded a secondary rate limit."}' },
      60_000,
    ],
    ['200 and no JSON', { body: '<html>' }, 750],
    ['nothing', 'lost', 750],
  ])('as after %s, is asked again', async (_, answer, wait) => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const { github, heard, waits } = await scripted([answer, { body: '{"number":7}' }]);
    expect(await github.get(PULL, SEVEN)).toEqual({ number: 7 });
    expect([heard.length, waits]).toEqual([2, [wait]]);
  });

  it('is waited for by this machine’s clock where GitHub does not tell the time', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-01-01T00:00:00Z'));
    const headers = { 'x-ratelimit-reset': '1767225612', date: '' };
    const { github, waits } = await scripted([{ status: 429, headers }, {}]);
    await github.get(PULL, SEVEN);
    expect(waits).toEqual([12_000]);
  });

  it('is asked six times, each time after longer', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const { github, heard, waits } = await scripted([{ status: 503, body: '{"message":"Down"}' }]);
    expect(await failureOf(github.get(PULL, SEVEN))).toEqual({
      message: `GET ${PULL} answered 503: Down`,
      status: 503,
      isPassing: true,
    });
    expect([heard.length, waits]).toEqual([6, [500, 1000, 2000, 4000, 8000]]);
  });

  it('is not waited for longer than a minute', async () => {
    const { github, heard, waits } = await scripted([{ status: 429, headers: { 'retry-after': '61' } }, {}]);
    expect(await failureOf(github.get(PULL, SEVEN))).toEqual({
      message: `GET ${PULL} answered 429`,
      status: 429,
      isPassing: true,
    });
    expect([heard.length, waits]).toEqual([1, []]);
  });
});

describe('A file that GitHub redirects to', () => {
  const ARCHIVE = '/repos/{repository}/actions/artifacts/{pull}/zip';
  const FILE = Buffer.from([0x50, 0x4b, 0, 255]);

  /** The store of files, elsewhere. */
  const store = async (answer: (response: ServerResponse) => void) => {
    const asked: { readonly url: string | undefined; readonly headers: IncomingMessage['headers'] }[] = [];
    const files = createServer(({ url, headers }, response) => {
      asked.push({ url, headers });
      answer(response);
    });
    await new Promise<void>((listening) => files.listen(0, '127.0.0.1', listening));
    const { port } = files.address() as AddressInfo;
    return { origin: `http://127.0.0.1:${port}`, asked, close: () => void files.closeAllConnections() };
  };

  it('is fetched there, without the token', async () => {
    const { origin, asked, close } = await store((response) => response.end(FILE));
    const { github, heard } = await scripted([
      { status: 302, headers: { location: `${origin}/a%20b?sig=c` } },
    ]);
    expect(await github.download(ARCHIVE, SEVEN, 4)).toEqual(FILE);
    expect(heard.map(({ request }) => request)).toEqual([
      'GET /repos/example/telephony/actions/artifacts/7/zip',
    ]);
    expect(asked.map(({ url }) => url)).toEqual(['/a%20b?sig=c']);
    expect(Object.keys(asked[0]?.headers ?? {}).sort()).toEqual([
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
    close();
  });

  it('is not taken where it is larger than it may be', async () => {
    const { origin, close } = await store((response) => response.end(FILE));
    const { github } = await scripted([{ status: 302, headers: { location: origin } }]);
    await expect(github.download(ARCHIVE, SEVEN, 3)).rejects.toThrow(ForgeError);
    close();
  });

  it('is asked for again where the store fails', async () => {
    let times = 0;
    const { origin, close } = await store((response) => {
      response.statusCode = ++times === 1 ? 503 : 200;
      response.end(FILE);
    });
    const { github } = await scripted([{ status: 302, headers: { location: origin } }]);
    expect(await github.download(ARCHIVE, SEVEN, 100)).toEqual(FILE);
    close();
  });

  it.each(['http://files.example.com/', 'ftp://files.example.com/', '/relative', ''])(
    'is not looked for at %j',
    async (location) => {
      const { github } = await scripted([{ status: 302, headers: { location } }]);
      expect(await failureOf(github.download(ARCHIVE, SEVEN, 100))).toEqual({
        message: `GET ${ARCHIVE} was redirected to a URL that does not begin with https://`,
        status: null,
        isPassing: false,
      });
    },
  );

  it('is nowhere where GitHub does not redirect', async () => {
    const { github } = await scripted([{ status: 410, body: '{"message":"Gone"}' }]);
    expect(await failureOf(github.download(ARCHIVE, SEVEN, 100))).toMatchObject({ status: 410 });
  });
});

describe('What GitHub refuses', () => {
  it.each<[number, Answer & object, string]>([
    [401, { body: '{"message":"Bad credentials"}' }, ': Bad credentials'],
    [403, { body: '{"message":"Not yours"}' }, ': Not yours'],
    [403, { headers: { 'x-ratelimit-remaining': '1' }, body: '{}' }, ''],
    [404, { body: '{"message":"Not Found"}' }, ': Not Found'],
    [422, { body: '{"message":""}' }, ''],
    [422, { body: '{"message":{"text":"x"}}' }, ''],
    [422, { body: 'null' }, ''],
    [404, { body: '<html>Not found</html>' }, ''],
    [307, { headers: { location: 'https://elsewhere.example.com/' }, body: '' }, ''],
    [304, { body: '' }, ''],
    [300, { body: '[]' }, ''],
    [404, { headers: { 'retry-after': '1' }, body: '{}' }, ''],
    [
      422,
      { body: JSON.stringify({ message: `of ${TOKEN}\n::error::` }) },
      ': of «sensitive»\\u000a::error::',
    ],
    [422, { body: JSON.stringify({ message: 'x'.repeat(301) }) }, `: ${'x'.repeat(300)}`],
  ])('with %i is an error that says so, and is not asked again: %j', async (status, answer, said) => {
    const { github, heard, waits } = await scripted([{ ...answer, status }]);
    expect(await failureOf(github.get(PULL, SEVEN))).toEqual({
      message: `GET ${PULL} answered ${status}${said}`,
      status,
      isPassing: false,
    });
    expect([heard.length, waits]).toEqual([1, []]);
  });
});

describe('An address of GitHub’s API', () => {
  const opening =
    (apiUrl: string, token = TOKEN) =>
    () =>
      openGitHub({
        apiUrl,
        token: new Sensitive(token),
        redactor: new Redactor(),
        userAgent: 'regsync/test',
        env: {},
      });
  const message = (act: () => unknown) => {
    try {
      act();
    } catch (error) {
      if (error instanceof ForgeError) return { message: error.message, status: error.status };
      throw error;
    }
    return null;
  };

  it.each([
    'https://api.github.com',
    'https://git.example.com/api/v3',
    'http://localhost:1',
    'http://127.12.34.56',
    'http://[::1]:8080/v3//',
  ])('%s is one', async (url) => {
    await opening(url)().close();
  });

  it.each([
    ['nowhere', 'GITHUB_API_URL must be a URL that begins with https://'],
    ['http://api.github.com', 'GITHUB_API_URL must be a URL that begins with https://'],
    ['http://localhost.example.com', 'GITHUB_API_URL must be a URL that begins with https://'],
    ['http://my-localhost', 'GITHUB_API_URL must be a URL that begins with https://'],
    ['http://127.0.0.1.example.com', 'GITHUB_API_URL must be a URL that begins with https://'],
    ['ftp://localhost', 'GITHUB_API_URL must be a URL that begins with https://'],
    [
      'https://somebody@example.com',
      'GITHUB_API_URL must be a URL without user, password, query and fragment',
    ],
    [
      'https://:password@example.com',
      'GITHUB_API_URL must be a URL without user, password, query and fragment',
    ],
    [
      'https://example.com/?page=1',
      'GITHUB_API_URL must be a URL without user, password, query and fragment',
    ],
    ['https://example.com/#top', 'GITHUB_API_URL must be a URL without user, password, query and fragment'],
  ])('%s is none', (url, expected) => {
    expect(message(opening(url))).toEqual({ message: expected, status: null });
  });

  it.each(['', 'two words', 'line\nbreak', ' before', 'behind ', 'tökn'])(
    'does not get the token %j',
    (token) => {
      expect(message(opening('https://api.github.com', token))).toEqual({
        message:
          'the GitHub token contains a space or another character that tokens never contain: save the secret again',
        status: null,
      });
    },
  );
});

describe('a certificate that is not trusted', () => {
  it('is refused in one attempt, with the next step', async () => {
    const port = await serveTls(makeCertificates().selfSigned(), 'http://127.0.0.1:9');
    const proxy = await startProxy();
    github = openGitHub({
      apiUrl: `https://api.example.com:${port}`,
      token: new Sensitive('ghs_sampleToken0123456789'),
      redactor: new Redactor(),
      userAgent: 'regsync/test',
      env: { HTTPS_PROXY: proxy.url },
    });
    const refused = github.get('/repos/{repository}', { repository: 'example/telephony' });
    await expect(refused).rejects.toThrow(
      'GET /repos/{repository} got no answer: TLS failed: its certificate is signed by itself: if your company inspects TLS',
    );
    expect(proxy.asked).toHaveLength(1);
  });
});

it('a variable that names no proxy is refused before anything is asked', () => {
  const open = () =>
    openGitHub({
      apiUrl: 'https://api.example.com',
      token: new Sensitive('ghs_sampleToken0123456789'),
      redactor: new Redactor(),
      userAgent: 'regsync/test',
      env: { HTTPS_PROXY: 'socks5://proxy.example.com' },
    });
  expect(open).toThrow(expect.objectContaining({ name: 'InvalidInputError', isAboutAccess: true }));
});
