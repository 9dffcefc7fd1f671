import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository } from '../../support/action-repository.ts';
import { TOKEN } from '../../support/servers/github.ts';
import { makeCertificates, serveTls, startProxy } from '../../support/servers/network.ts';
import { frenchGroup, SAMPLE_KEY } from '../../support/test-repository.ts';

/** The action as a process: Node reads NODE_EXTRA_CA_CERTS when it starts. */
let repository: ActionRepository;
beforeEach(async () => {
  repository = await openActionRepository({}, 'processes');
});
afterEach(() => repository.end());

it('behind a proxy, the action plans, comments and applies through it, and neither key nor token reaches it', async () => {
  const certificates = makeCertificates();
  const proxy = await startProxy();
  const telnyx = await serveTls(certificates.issue(), repository.testRepository.sandbox.origin);
  const github = await serveTls(certificates.issue(), repository.github.url);
  const env = {
    TELNYX_BASE_URL: `https://api.example.com:${telnyx}/v2`,
    GITHUB_API_URL: `https://api.example.com:${github}`,
    NODE_EXTRA_CA_CERTS: certificates.caFile,
    https_proxy: proxy.url,
  };
  const proposed = await repository.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
  const planned = await repository.run(
    { ...proposed, env: { ...proposed.env, ...env } },
    { command: 'plan' },
  );
  expect(planned.code, planned.err).toBe(0);
  expect(repository.comments(7)[0]?.body).toContain('fr-local');
  const merged = repository.merge(7);
  const applied = await repository.run({ ...merged, env: { ...merged.env, ...env } }, { command: 'apply' });
  expect(applied.code, applied.err).toBe(0);
  expect((await repository.testRepository.state()).groups).toHaveLength(1);
  const targets = new Set(proxy.asked.map(({ target }) => target));
  expect(targets).toEqual(new Set([`api.example.com:${telnyx}`, `api.example.com:${github}`]));
  for (const secret of [SAMPLE_KEY, TOKEN]) expect(proxy.carried().includes(secret)).toBe(false);
});
