import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ActionStage, openActionStage } from '../../support/action-stage.ts';
import { TOKEN } from '../../support/github.ts';
import { makeCertificates, serveTls, startProxy } from '../../support/network.ts';
import { frenchGroup, SAMPLE_KEY } from '../../support/rehearsal.ts';

/** The action as a process: Node reads NODE_EXTRA_CA_CERTS when it starts. */
let stage: ActionStage;
beforeEach(async () => {
  stage = await openActionStage({}, 'processes');
});
afterEach(() => stage.end());

it('behind a proxy, the action plans, comments and applies through it, and neither key nor token reaches it', async () => {
  const certificates = makeCertificates();
  const proxy = await startProxy();
  const telnyx = await serveTls(certificates.issue(), stage.rehearsal.sandbox.origin);
  const github = await serveTls(certificates.issue(), stage.github.url);
  const env = {
    TELNYX_BASE_URL: `https://api.example.com:${telnyx}/v2`,
    GITHUB_API_URL: `https://api.example.com:${github}`,
    NODE_EXTRA_CA_CERTS: certificates.caFile,
    https_proxy: proxy.url,
  };
  const proposed = await stage.pushToPull(7, { 'groups/fr.yaml': frenchGroup() });
  const planned = await stage.run({ ...proposed, env: { ...proposed.env, ...env } }, { command: 'plan' });
  expect(planned.code, planned.err).toBe(0);
  expect(stage.comments(7)[0]?.body).toContain('fr-local');
  const merged = stage.merge(7);
  const applied = await stage.run({ ...merged, env: { ...merged.env, ...env } }, { command: 'apply' });
  expect(applied.code, applied.err).toBe(0);
  expect((await stage.rehearsal.state()).groups).toHaveLength(1);
  const targets = new Set(proxy.asked.map(({ target }) => target));
  expect(targets).toEqual(new Set([`api.example.com:${telnyx}`, `api.example.com:${github}`]));
  for (const secret of [SAMPLE_KEY, TOKEN]) expect(proxy.carried().includes(secret)).toBe(false);
});
