import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildWithClocks } from '../support/programs/builds.ts';
import { makeCertificates, serveTls, startProxy, startRawProxy } from '../support/servers/network.ts';
import {
  frenchGroup,
  openTestRepository,
  SAMPLE_KEY,
  type TestRepository,
} from '../support/test-repository.ts';

/** The program as a process: Node reads NODE_EXTRA_CA_CERTS when it starts. */
const quick = buildWithClocks(0.1);
let repository: TestRepository;
beforeEach(async () => {
  repository = await openTestRepository({ 'groups/fr.yaml': frenchGroup() }, 'processes', quick);
});
afterEach(() => repository.end());

async function companyNetwork(rule?: Parameters<typeof startProxy>[0]) {
  const certificates = makeCertificates();
  const proxy = await startProxy(rule);
  const port = await serveTls(certificates.issue(), repository.sandbox.origin);
  const env = {
    // This name leads nowhere but through the proxy.
    TELNYX_BASE_URL: `https://api.example.com:${port}/v2`,
    NODE_EXTRA_CA_CERTS: certificates.caFile,
  };
  return { certificates, proxy, port, env };
}

describe('behind a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])(
    'a plan and an apply go through what %s names, and the key does not reach it',
    async (variable) => {
      const { proxy, port, env } = await companyNetwork();
      const through = { env: { ...env, [variable]: proxy.url } };
      expect(await repository.run(['apply', '--yes'], through)).toMatchObject({ code: 0 });
      expect((await repository.run(['plan'], through)).out).toContain(
        'No changes. 1 group matches its manifest.',
      );
      expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([`api.example.com:${port}`]));
      expect(proxy.carried().length).toBeGreaterThan(1000);
      expect(proxy.carried().includes(SAMPLE_KEY)).toBe(false);
    },
  );

  it('its name and password are given to it and shown nowhere', async () => {
    const wanted = `Basic ${Buffer.from('proxy-user:pass word').toString('base64')}`;
    const { proxy, env } = await companyNetwork((_, authorization) => (authorization === wanted ? 200 : 407));
    const withPassword = (password: string) =>
      proxy.url.replace('http://', `http://proxy-user:${encodeURIComponent(password)}@`);
    const right = await repository.run(['plan', '--verbose'], {
      env: { ...env, HTTPS_PROXY: withPassword('pass word') },
    });
    expect(right.code).toBe(0);
    const wrong = await repository.run(['plan', '--verbose'], {
      env: { ...env, HTTPS_PROXY: withPassword('canary') },
    });
    expect([wrong.code, wrong.err]).toEqual([
      8,
      expect.stringContaining('the proxy that HTTPS_PROXY names needs another name and password (407)'),
    ]);
    for (const { out, err } of [right, wrong]) expect(out + err).not.toMatch(/proxy-user|pass.word|canary/);
    // A refusal is final.
    expect(proxy.asked.filter(({ authorization }) => authorization !== wanted).length).toBeLessThanOrEqual(8);
  });

  it.each([
    [
      403,
      'in 1 attempt: the proxy that HTTPS_PROXY names does not let this host through (403): ask its administrator to allow the host',
    ],
    [
      302,
      'in 1 attempt: the proxy that HTTPS_PROXY names answered with a redirect (302), and regsync does not follow it: sign in to the proxy in a browser, or ask its administrator',
    ],
    [502, 'the proxy that HTTPS_PROXY names refused to connect (502)'],
  ] as const)('a refusal says that it was the proxy: %s', async (status, message) => {
    const { proxy, env } = await companyNetwork(() => status);
    const { code, err } = await repository.run(['plan'], { env: { ...env, HTTPS_PROXY: proxy.url } });
    expect([code, err]).toEqual([8, expect.stringContaining(message)]);
  });

  it('that is not there, or takes connections and is silent, the run ends and names the variable', async () => {
    const { proxy, env } = await companyNetwork(() => 'silent');
    for (const [url, cause] of [
      [proxy.url, 'does not answer'],
      ['http://127.0.0.1:9', 'connection refused'],
    ]) {
      const { code, err } = await repository.run(['plan'], { env: { ...env, https_proxy: url } });
      expect(code).toBe(8);
      expect(err).toMatch(new RegExp(`the proxy that https_proxy names:? ${cause}`));
    }
  });

  it('a server that NO_PROXY names is reached without it', async () => {
    const { proxy, port, env } = await companyNetwork();
    for (const [name, value] of [
      ['NO_PROXY', 'localhost,.example.org'],
      ['no_proxy', '*'],
    ] as const) {
      const direct = {
        ...env,
        TELNYX_BASE_URL: `https://localhost:${port}/v2`,
        HTTPS_PROXY: proxy.url,
        [name]: value,
      };
      expect((await repository.run(['plan'], { env: direct })).code).toBe(0);
    }
    expect(proxy.asked).toEqual([]);
  });

  it('the sandbox of this machine is reached without it', async () => {
    const proxy = await startProxy(() => 403);
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url };
    expect((await repository.run(['plan'], { env })).code).toBe(0);
    expect((await repository.run(['plan', '--sandbox'], { env })).code).toBe(0);
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['proxy.example.com:3128', 'HTTPS_PROXY is not a URL such as http://proxy.example.com:3128'],
    ['http://name:canary%zz@127.0.0.1:9', 'HTTPS_PROXY has a % in its name or password that begins no code'],
  ])('a variable that is not a URL of one is named, and its value is not: %s', async (HTTPS_PROXY, says) => {
    const { code, out, err } = await repository.run(['plan'], {
      env: { TELNYX_BASE_URL: 'https://api.example.com/v2', HTTPS_PROXY },
    });
    expect([code, err]).toEqual([3, expect.stringContaining(`error: ${says}`)]);
    expect(out + err).not.toContain('canary');
  });

  it.each([
    ['closes', '', 'the connection was lost (through the proxy that HTTPS_PROXY names). Is TELNYX_BASE_URL'],
    [
      'answers for the server',
      '<html>canary</html>',
      'the server does not speak TLS there (through the proxy that HTTPS_PROXY names). Is TELNYX_BASE_URL',
    ],
  ])('one that lets through and %s is named beside the server', async (_, sends, message) => {
    const proxy = await startRawProxy((client) =>
      client.end(`HTTP/1.1 200 Connection established\r\n\r\n${sends}`),
    );
    const { env } = await companyNetwork();
    const { code, out, err } = await repository.run(['plan'], { env: { ...env, HTTPS_PROXY: proxy } });
    expect([code, err]).toEqual([8, expect.stringContaining(message)]);
    expect(out + err).not.toContain('canary');
  });

  it('one that answers without HTTP is said to', async () => {
    const proxy = await startRawProxy((client) => client.end('<html>canary</html>'));
    const { env } = await companyNetwork();
    const { code, out, err } = await repository.run(['plan'], { env: { ...env, HTTPS_PROXY: proxy } });
    expect([code, err]).toEqual([
      8,
      expect.stringContaining('the proxy that HTTPS_PROXY names: an answer that is not HTTP'),
    ]);
    expect(out + err).not.toContain('canary');
  });

  it('one that does not speak TLS is not asked twice over https://', async () => {
    const { proxy, env } = await companyNetwork();
    const HTTPS_PROXY = proxy.url.replace('http:', 'https:');
    const { code, err } = await repository.run(['plan'], { env: { ...env, HTTPS_PROXY } });
    expect([code, err]).toEqual([
      8,
      expect.stringContaining(
        'in 1 attempt: the proxy that HTTPS_PROXY names does not speak TLS: does its URL begin with http:// in place of https://?',
      ),
    ]);
  });

  it('one over TLS is reached by its address, and Node has nothing to warn of', async () => {
    const { certificates, env } = await companyNetwork();
    const proxy = await startProxy(() => 200, certificates.issue());
    const { code, err } = await repository.run(['plan'], { env: { ...env, HTTPS_PROXY: proxy.url } });
    expect([code, err]).toEqual([0, expect.not.stringContaining('Warning')]);
    const other = await startProxy(() => 200, certificates.issue({ names: 'DNS:other.example.com' }));
    expect(await repository.run(['plan'], { env: { ...env, HTTPS_PROXY: other.url } })).toMatchObject({
      code: 8,
      err: expect.stringContaining(
        'in 1 attempt: the proxy that HTTPS_PROXY names: TLS failed: its certificate is for another host name',
      ),
    });
  });
});

describe('a server that cannot be reached', () => {
  it('is named with the variable that names it', async () => {
    const env = { TELNYX_BASE_URL: 'https://regsync.invalid/v2' };
    const { code, err } = await repository.run(['plan'], { env });
    expect(code).toBe(8);
    expect(err).toMatch(/host (?:not found|name could not be resolved)\. Is TELNYX_BASE_URL right\?/);
  });
});

describe('a certificate', () => {
  it('of a private CA is trusted where NODE_EXTRA_CA_CERTS names the CA', async () => {
    const { port, env } = await companyNetwork();
    const local = { ...env, TELNYX_BASE_URL: `https://localhost:${port}/v2` };
    expect((await repository.run(['plan'], { env: local })).code).toBe(0);
  });

  it.each([
    [
      'a private CA that this machine does not know',
      'issued',
      'signed by a CA that this machine does not know',
    ],
    ['itself alone', 'self-signed', 'signed by itself'],
    ['another host', 'other-name', 'is for another host name: is the address right'],
    ['clients', 'for-clients', 'or one that it is signed by, is not made for servers'],
    ['yesterday', 'expired', 'has expired, or the clock of this machine is wrong'],
  ])('for %s is refused at once, in words and with the next step', async (_, kind, cause) => {
    const certificates = makeCertificates();
    const identity = {
      issued: () => certificates.issue(),
      'self-signed': () => certificates.selfSigned(),
      'for-clients': () => certificates.issue({ extra: 'extendedKeyUsage=clientAuth' }),
      'other-name': () => certificates.issue({ names: 'DNS:other.example.com' }),
      expired: () => certificates.issue({ days: -1 }),
    }[kind as 'issued'];
    const port = await serveTls(identity(), repository.sandbox.origin);
    const trusts = kind === 'issued' ? {} : { NODE_EXTRA_CA_CERTS: certificates.caFile };
    const { code, err } = await repository.run(['plan'], {
      env: { ...trusts, TELNYX_BASE_URL: `https://localhost:${port}/v2` },
    });
    expect(code).toBe(8);
    expect(err).toContain(cause);
    expect(err).toContain('in 1 attempt:');
    if (kind === 'issued')
      expect(err).toContain('set NODE_EXTRA_CA_CERTS to a file with the certificate of that CA');
    expect(err).not.toContain('Waiting');
  });
});
