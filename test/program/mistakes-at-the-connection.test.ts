import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Build, buildWithClocks } from '../support/builds.ts';
import { makeCertificates, serveTls } from '../support/network.ts';
import { frenchGroup, type Rehearsal, rehearse } from '../support/rehearsal.ts';

/** Mistakes with keys, addresses and networks: each message names the cause and what to set. */
const quick: Build = buildWithClocks(0.1);
let stage: Rehearsal;
beforeEach(async () => {
  stage = await rehearse({ 'groups/fr.yaml': frenchGroup() }, 'here', quick);
});
afterEach(() => stage.end());

async function planned(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return (await stage.run(['plan'], { env })).err;
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
    await stage.control('faults', { times: 50, kind: 'status', status });
    expect(await planned({})).toContain(next);
  });

  it('of a base URL without /v2', async () => {
    expect(await planned({ TELNYX_BASE_URL: stage.sandbox.origin })).toContain(
      'TELNYX_BASE_URL ends in /v2, such as https://api.telnyx.com/v2',
    );
  });

  it('of an address at which nothing listens', async () => {
    const told = await planned({ TELNYX_BASE_URL: 'http://127.0.0.1:9/v2' });
    expect(told).toContain('connection refused. Is TELNYX_BASE_URL right?');
    expect(told).toContain('Run `regsync doctor` to find the cause.');
  });

  it('of a proxy that does not answer', async () => {
    const told = await planned({
      HTTPS_PROXY: 'http://127.0.0.1:9',
      TELNYX_BASE_URL: 'https://api.example.com/v2',
    });
    expect(told).toContain('the proxy that HTTPS_PROXY names: connection refused');
  });
});

it('plan behind a CA of the company names the variable to set, and tries once', async () => {
  // Node reads the variable when a process starts.
  const other = await rehearse({ 'groups/fr.yaml': frenchGroup() }, 'processes', quick);
  const port = await serveTls(makeCertificates().issue(), other.sandbox.origin);
  const { code, err } = await other.run(['plan'], {
    env: { TELNYX_BASE_URL: `https://localhost:${port}/v2` },
  });
  await other.end();
  expect(code).toBe(8);
  expect(err).toContain('set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA');
  expect(err).not.toContain('Waiting');
});
