import { afterEach, beforeEach, expect, it } from 'vitest';
import { type GitLabRepository, openGitLabRepository } from '../../support/gitlab-repository.ts';
import { GITLAB_TOKEN } from '../../support/servers/gitlab.ts';
import { makeCertificates, serveTls, startProxy } from '../../support/servers/network.ts';
import { frenchGroup, SAMPLE_KEY } from '../../support/test-repository.ts';

/** The program as a process: Node reads NODE_EXTRA_CA_CERTS when it starts. */
let repository: GitLabRepository;
beforeEach(async () => {
  repository = await openGitLabRepository({}, 'processes');
});
afterEach(() => repository.end());

it('behind a proxy, jobs of GitLab plan and apply through it, and neither key nor token reaches it', async () => {
  const certificates = makeCertificates();
  const proxy = await startProxy();
  const telnyx = await serveTls(certificates.issue(), repository.repository.sandbox.origin);
  const gitlab = await serveTls(certificates.issue(), repository.gitlab.url);
  const network = {
    TELNYX_BASE_URL: `https://api.example.com:${telnyx}/v2`,
    CI_API_V4_URL: `https://api.example.com:${gitlab}`,
    NODE_EXTRA_CA_CERTS: certificates.caFile,
    https_proxy: proxy.url,
  };
  const pushed = await repository.pushToRequest(7, { 'groups/fr.yaml': frenchGroup() });
  const planned = await repository.job('plan', { ...pushed, ...network });
  expect(planned.code, planned.err).toBe(0);
  expect(repository.notes(7)[0]?.body).toContain('fr-local');
  const applied = await repository.job('apply', { ...repository.merge([7]), ...network });
  expect(applied.code, applied.err).toBe(0);
  expect(repository.notes(7)[0]?.body).toContain('✅ **Applied**');
  expect((await repository.repository.state()).groups).toHaveLength(1);
  const targets = new Set(proxy.asked.map(({ target }) => target));
  expect(targets).toEqual(new Set([`api.example.com:${telnyx}`, `api.example.com:${gitlab}`]));
  for (const secret of [SAMPLE_KEY, GITLAB_TOKEN]) expect(proxy.carried().includes(secret)).toBe(false);
});
