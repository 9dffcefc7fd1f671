import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type GitHub, GitHubError, openGitHub } from '../../src/github/rest.ts';
import { Mask } from '../../src/model/mask.ts';
import { Sensitive } from '../../src/model/sensitive.ts';
import { makeCertificates, serveTls, startProxy } from '../support/network.ts';

const MEBIBYTE = 1024 * 1024;
const LIST = '/repos/{repository}/issues';

let server: Server | null = null;
let github: GitHub | null = null;
afterEach(async () => {
  await github?.close();
  server?.closeAllConnections();
  await new Promise((done) => (server === null ? done(null) : server.close(done)));
});

/** A list without end: each page is the same, and names a next one. */
async function endless(page: string): Promise<{ readonly pages: () => number; readonly github: GitHub }> {
  let pages = 0;
  const bytes = gzipSync(page);
  server = createServer((_, response) => {
    pages++;
    const link = '<http://127.0.0.1/next>; rel="next"';
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip', link });
    response.end(bytes);
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  github = openGitHub({
    apiUrl: `http://127.0.0.1:${port}`,
    token: new Sensitive('ghs_sampleToken0123456789'),
    mask: new Mask(),
    userAgent: 'regsync/test',
    env: {},
  });
  return { pages: () => pages, github };
}

async function readAll(list: AsyncIterable<unknown>): Promise<GitHubError> {
  try {
    for await (const _ of list);
  } catch (error) {
    if (error instanceof GitHubError) return error;
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
      'GET /repos/{repository}/issues is longer than the 100 pages and 64 MiB that regsync reads: delete what nobody needs there',
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

describe('a certificate that is not trusted', () => {
  it('is refused in one attempt, with the next step', async () => {
    const port = await serveTls(makeCertificates().selfSigned(), 'http://127.0.0.1:9');
    const proxy = await startProxy();
    github = openGitHub({
      apiUrl: `https://api.example.com:${port}`,
      token: new Sensitive('ghs_sampleToken0123456789'),
      mask: new Mask(),
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
      mask: new Mask(),
      userAgent: 'regsync/test',
      env: { HTTPS_PROXY: 'socks5://proxy.example.com' },
    });
  expect(open).toThrow(expect.objectContaining({ name: 'InvalidInputError', isAboutAccess: true }));
});
