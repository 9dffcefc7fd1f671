import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionRepository, openActionRepository, schedule } from '../support/action-repository.ts';
import { TOKEN } from '../support/servers/github.ts';
import { frenchGroup, germanGroup } from '../support/test-repository.ts';

/** All that the action writes, anywhere: the log, the summary, the outputs, the plan file, and every byte sent to GitHub. */
const CANARIES = {
  text: 'Canary-Text Zoë 4711 Söhne',
  variable: 'Canary-Variable 4712 §',
  key: 'KEY4718CANARY_sample',
  planKey: 'canary-plan-key-4719-of-the-tests-alone',
  token: TOKEN,
};
const ENV = { REGSYNC_VAR_CONTACT: CANARIES.variable, REGSYNC_PLAN_KEY: CANARIES.planKey };
const INPUTS = { 'api-key': CANARIES.key };

let repository: ActionRepository;
let written: string[];
beforeEach(async () => {
  repository = await openActionRepository({ 'groups/fr.yaml': frenchGroup() });
  written = [];
});
afterEach(() => repository.end());

type Run = ActionRepository['run'];
const run: Run = async (happening, inputs = {}) => {
  const result = await repository.run(
    { ...happening, env: { ...ENV, ...happening.env } },
    { ...INPUTS, ...inputs },
  );
  const { out, err, summary, outputFile, outputs } = result;
  const plan = await readFile(outputs['plan-file'] ?? '', 'utf8').catch(() => '');
  written.push(out, err, summary, outputFile, plan);
  return result;
};

function expectNoCanary(): void {
  const sent = repository.github.asked.map(
    ({ method, path, body }) => `${method} ${path} ${JSON.stringify(body)}`,
  );
  expect(written.join('').length).toBeGreaterThan(0);
  for (const text of [...written, ...sent]) {
    for (const canary of Object.values(CANARIES)) {
      const bytes = Buffer.from(canary);
      const escaped = JSON.stringify(canary).slice(1, -1);
      const basic = Buffer.from(`x-access-token:${canary}`).toString('base64');
      const encoded = [
        bytes.toString('base64').replace(/=+$/, ''),
        bytes.toString('hex'),
        encodeURIComponent(canary),
      ];
      for (const form of [canary, escaped, basic, ...encoded]) expect(text.includes(form), text).toBe(false);
    }
  }
}

const withText = germanGroup({ contact: CANARIES.text });
const withVariable = germanGroup().replace(/text: .*/, 'text_from: { env: REGSYNC_VAR_CONTACT }');

describe('nothing private is written anywhere by the action', () => {
  it.each([
    ['a text', withText],
    ['a text from the environment', withVariable],
  ])('when all goes well, with %s', async (_, manifest) => {
    await run(await repository.pushToPull(7, { 'groups/de.yaml': manifest }));
    const merged = repository.merge(7);
    expect((await run(merged, { command: 'apply' })).code).toBe(0);
    await repository.write('groups/de.yaml', withText.replace('4711', '4720'));
    await run(schedule(merged.sha), { command: 'drift' });
    expectNoCanary();
  });

  it.each([
    ['echo', 401],
    ['echo_html', 422],
    ['echo', 422],
  ])('when Telnyx echoes the request (%s, %i)', async (body, status) => {
    await run(await repository.pushToPull(7, { 'groups/de.yaml': withText }));
    const merged = repository.merge(7);
    await repository.testRepository.control('faults', {
      kind: 'status',
      status,
      body,
      times: 99,
      match: { method: 'POST' },
    });
    expect((await run(merged, { command: 'apply' })).code).not.toBe(0);
    await repository.testRepository.control('reset', {});
    await repository.testRepository.control('faults', {
      kind: 'status',
      status,
      body,
      times: 99,
      match: { method: 'GET' },
    });
    await run(await repository.pushToPull(8, { 'groups/fr2.yaml': frenchGroup({ name: 'other' }) }));
    expectNoCanary();
  });

  it('when GitHub echoes the token, or a part of the request', async () => {
    const echo = JSON.stringify({
      message: `Bearer ${TOKEN} is bad, ${Buffer.from(TOKEN).toString('base64')} too`,
    });
    repository.github.trouble({ path: /./, status: 400, body: echo, times: 99 });
    const { out } = await run(await repository.pushToPull(7, { 'groups/de.yaml': withText }));
    expect(out).toContain('«sensitive»');
    await run(repository.merge(7), { command: 'apply' });
    expectNoCanary();
  });

  it('when the manifest is wrong right there, or the token is', async () => {
    const wrong = withText.replace('text:', 'txt:');
    expect((await run(await repository.pushToPull(7, { 'groups/de.yaml': wrong }))).code).toBe(3);
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': withText });
    for (const token of [`${TOKEN}\ninner`, `${TOKEN} inner`]) {
      await run(pushed, { 'github-token': token });
    }
    for (const name of ['command', 'prune', 'parallelism', 'fingerprint']) {
      expect((await run(pushed, { [name]: CANARIES.key })).code).toBe(3);
    }
    expectNoCanary();
  });

  it('when a manifest names the key or the token where names are shown', async () => {
    await run(await repository.pushToPull(7, { 'groups/de.yaml': withText }));
    for (const secret of [CANARIES.key, CANARIES.token, CANARIES.planKey]) {
      const { code, summary } = await run(
        await repository.pushToPull(7, { 'groups/de.yaml': `${withText}${secret}: x\n` }),
      );
      expect([code, summary.includes('«sensitive»')]).toEqual([3, true]);
    }
    expect(repository.comments(7)[0]?.body).toContain('«sensitive»');
    expectNoCanary();
  });
});

describe('Log commands', () => {
  it('in what a reviewer writes are not obeyed by the runner, nor let out of their line in the outputs', async () => {
    const comment =
      '::set-output name=changes::9\n::error::boo\n##[command]x\n::add-mask::a @everyone <img src=x>';
    const pushed = await repository.pushToPull(7, { 'groups/de.yaml': germanGroup() });
    await run(pushed);
    const merged = repository.merge(7);
    await run(merged, { command: 'apply' });
    await repository.testRepository.control('groups/decline?reference=regsync/acme/de-local', { comment });
    const { out, err, outputs, outputFile } = await run(schedule(merged.sha), { command: 'drift' });
    const issuedCommands = `${out}\n${err}`.split('\n').filter((line) => /^\s*::|##\[/.test(line));
    expect(issuedCommands.filter((line) => !/^::(warning|notice) (file|title)=/.test(line))).toEqual([]);
    expect(outputs.changes).toBe('0');
    const delimiters = [...outputFile.matchAll(/<<(.+)/g)].map(([, delimiter]) => delimiter);
    expect(new Set(delimiters).size).toBe(delimiters.length);
    const body = repository.github.issues[0]?.body ?? '';
    expect(body).toContain('everyone');
    expect(body.replace(/`[^`]*`/g, '')).not.toMatch(/@everyone|<img/);
  });
});
