import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerTo } from '../../support/mistakes.ts';
import { type Build, buildWithClocks } from '../../support/programs/builds.ts';
import { makeCertificates, serveTls } from '../../support/servers/network.ts';
import { frenchGroup, openTestRepository, type TestRepository } from '../../support/test-repository.ts';

/** Mistakes with keys, addresses and networks: each message names the cause and what to set. */
const quick: Build = buildWithClocks(0.1);
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() }, 'here', quick);
});
afterEach(() => repository.end());

async function planned(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return answerTo(repository, ['plan'], { env });
}

describe('plan names the cause and what to set', () => {
  it.each([
    ['without a key', undefined, 'The API key is missing. Set TELNYX_API_KEY, or add --api-key-file FILE'],
    [
      'with a key behind Bearer',
      'Bearer KEY0123456789ABCDEF_sample',
      'Delete that word: a key begins with KEY',
    ],
    ['with a key in quotes', '"KEY0123456789ABCDEF_sample"', 'Delete the quotes'],
  ])('%s', async (_, key, next) => {
    expect(await planned({ TELNYX_API_KEY: key })).toContain(next);
  });

  it.each([
    ['of a revoked key', 401, 'make a new one in the portal and set it as TELNYX_API_KEY'],
    ['of a key without a permission', 403, 'lacks the permission for GET /'],
  ])('%s', async (_, status, next) => {
    await repository.control('faults', { times: 50, kind: 'status', status });
    expect(await planned({})).toContain(next);
  });

  it('of a base URL without /v2', async () => {
    expect(await planned({ TELNYX_BASE_URL: repository.sandbox.origin })).toContain(
      'TELNYX_BASE_URL ends in /v2, such as https://api.telnyx.com/v2',
    );
  });

  it.each([
    ['of a base URL without TLS', 'http://api.example.com/v2', 'TELNYX_BASE_URL must begin with https://'],
    ['of a base URL without a scheme', 'api.example.com/v2', 'TELNYX_BASE_URL is not a URL'],
  ])('%s', async (_, url, what) => {
    const told = await planned({ TELNYX_BASE_URL: url });
    expect(told).toContain(what);
    expect(told).toContain('Unset it, or write https://api.telnyx.com/v2');
    expect(told).not.toContain('to find the cause');
  });

  it('of a host that does not exist', async () => {
    const told = await planned({ TELNYX_BASE_URL: 'https://regsync.invalid/v2' });
    expect(told).toMatch(/host (?:not found|name could not be resolved)\. Is TELNYX_BASE_URL right\?/);
    expect(told).toContain('If this machine reaches the internet only through a proxy, set HTTPS_PROXY');
    expect(told).toContain('Run `regsync doctor` to find the cause.');
  });

  it('of an address at which nothing listens', async () => {
    const told = await planned({ TELNYX_BASE_URL: 'http://127.0.0.1:9/v2' });
    expect(told).toContain(
      'connection refused. Is TELNYX_BASE_URL right? If it names a sandbox, start that with `regsync sandbox`',
    );
    expect(told).toContain('Run `regsync doctor` to find the cause.');
  });

  it('of a proxy that does not answer', async () => {
    const told = await planned({
      HTTPS_PROXY: 'http://127.0.0.1:9',
      TELNYX_BASE_URL: 'https://api.example.com/v2',
    });
    expect(told).toContain(
      'the proxy that HTTPS_PROXY names: connection refused. Correct the URL of that proxy, or unset the variable',
    );
  });
});

it('plan behind a CA of the company names the variable to set, and tries once', async () => {
  // Node reads the variable when a process starts.
  const other = await openTestRepository({ 'groups/fr.yaml': frenchGroup() }, 'processes', quick);
  const port = await serveTls(makeCertificates().issue(), other.sandbox.origin);
  const told = await answerTo(other, ['plan'], {
    env: { TELNYX_BASE_URL: `https://localhost:${port}/v2` },
  });
  await other.end();
  expect(told).toContain('set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA');
  expect(told).not.toContain('Waiting');
});
